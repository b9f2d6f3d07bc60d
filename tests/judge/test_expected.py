"""Tests of a topology: whom they mean, what they ask, and what is said where one fails."""

from collections import defaultdict
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.explain import explain
from bulkhead.intent import load
from bulkhead.judge import FindingKind, judge
from bulkhead.network import ANY_PROTOCOL, TCP, UDP, Declaration, Verdict
from bulkhead.plan import plan
from bulkhead.plan.expectations import expectations_of
from bulkhead.plan.wiring import Wiring
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.shop import with_entry, with_rule

TOPOLOGY = """
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments: { left: { purpose: one side }, right: { purpose: the other } }
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 }, hosts: { h: { address: 192.168.1.9 }, i: { address: 192.168.1.7 } }, sockets: { in: { type: PUSH, connect: a.in }, o: { type: PULL, bind: "tcp://192.168.1.7:6001" } } }
services:
  a: { segment: left, labels: { tier: back }, sockets: { in: { type: PULL, bind: "tcp://*:5570" }, out: { type: PUB, bind: "tcp://*:5571" } } }
  b: { segment: right, sockets: { in: { type: PUSH, connect: [a.in, x.o] } } }
  c: { segment: right, labels: { tier: back } }
flows:
  - { name: ping, from: b, to: a, traffic: icmp 8, why: tells whether it is there, owner: ops }
tests:
"""  # noqa: E501 - one service a line


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """What a network that leaves more open than was planned says to lines of `tests:`."""
    path = tmp_path_factory.mktemp("demo") / "topology.yaml"
    path.write_text(TOPOLOGY.replace("tests:", ""))
    planned = plan(load(path))
    network = with_rule(planned.network, "sg/a", "in tcp 20-30 10.20.0.0/16")
    network = with_rule(network, "sg/b", "out tcp 20-25 10.20.0.0/16", "more")
    network = with_rule(network, "sg/c", "out all 0.0.0.0/0", "all")
    for acl in ("acl/left", "acl/right"):
        for way in ("in", "out"):
            network = with_entry(network, acl, f"{way} 900 allow tcp 1-65535 10.20.0.0/16")
    reach = prove(network)
    empty = judge(reach, Declaration(topology="demo"))

    def ask(*lines):
        path.write_text(TOPOLOGY + "".join(f"  - {each}\n" for each in lines))
        tests = expectations_of(Wiring(load(path)))
        judgement = judge(reach, Declaration(topology="demo", expectations=tests))
        known = {each.message for each in empty.findings}
        findings = [
            each
            for each in judgement.findings
            if each.kind is FindingKind.EXPECTATION and each.message not in known
        ]
        return reach, tests, findings

    return ask


def failing(asked, *lines):
    return [(each.source, each.destination, each.ports) for each in asked(*lines)[2]]


def test_a_port_that_nobody_declared_is_asked_of_whoever_is_meant(asked):
    assert failing(asked, '{ from: b, deny: ["a:26"] }') == []
    (found,) = asked('{ from: b, deny: ["a:1-1024"] }')[2]
    assert (found.source, found.destination) == ("b", "a")
    assert "allowed on tcp 20-25" in found.message


def test_a_segment_is_every_host_in_it_in_deny_and_its_services_in_accept(asked):
    said = failing(asked, '{ from: segment:right, deny: ["a:28"] }')
    assert [each[0] for each in said] == ["c", "any host in right"]
    assert failing(asked, '{ from: segment:right, accept: ["a:22"] }') == []


def test_how_hosts_of_one_segment_that_nobody_declared_reach_each_other_no_test_asks(asked):
    _, tests, _ = asked('{ from: "*", deny: ["segment:left:22"] }')
    pairs = {(each.client, each.server.owner) for each in tests}
    assert ("any host in right", "any host in left") in pairs
    assert ("any host in left", "any host in left") not in pairs


def test_all_traffic_leaves_out_what_the_same_test_accepts(asked):
    (found,) = asked('{ from: x, accept: [a.in], deny: ["a:*", b, c, "*"] }')[2] or [None]
    assert found is None
    (found,) = asked('{ from: x, deny: ["a:*"] }')[2]
    assert (found.protocol, found.verdict) == (None, Verdict.ALLOWED)
    assert "denied and is allowed on tcp 5570" in found.message


def test_deny_of_what_binds_nothing_is_of_all_traffic(asked):
    assert failing(asked, "{ from: a, deny: [b, internet] }") == []
    (found,) = asked("{ from: c, deny: [b] }")[2] or [None]
    assert found is None, "b's group lets nothing in"


def test_a_test_that_fails_tells_its_name_its_reason_and_the_path_that_decides(asked):
    (found,) = asked('{ name: no logins, why: shells move money, from: c, deny: ["a:22"] }')[2]
    assert found.test == "no logins"
    assert found.message.startswith("test 'no logins': c -> a (tcp 22) should be denied and is")
    assert "(shells move money)" in found.why
    assert [hop.passes for hop in found.path] == [True] * len(found.path)
    assert found.path[-1].rules[0].text in str(found.path[-1])
    (found,) = asked('{ from: b, accept: ["a:23", "a:5571"] }')[2]
    assert [hop.passes for hop in found.path].count(False) == 2


def test_who_is_left_out_is_not_asked_be_it_one_host_of_a_site(asked):
    said = failing(asked, '{ from: "*", except: [c, b], deny: ["a:22"] }')
    assert [each[0] for each in said] == ["any host in left", "any host in right"]
    line = '{ from: [c, x], except: [c, x/i], deny: ["a:5570"] }'
    _, (test,), (found,) = asked(line)
    assert (test.client, found.source) == ("x", "x")
    assert sum(each.num_addresses for each in test.clients_at) == 255
    assert not any(IPv4Address("192.168.1.7") in each for each in test.clients_at)


WHO = st.sampled_from(
    ["a", "b", "c", "x", "internet", "segment:left", "segment:right", "label:tier=back", '"*"']
)
EXCEPT = st.sampled_from(["b", "c", "x", "x/i", "internet", "segment:right", "label:tier=back"])
WHOM = st.sampled_from(
    ["a", "b", "c", "x", "x/h", "x/i", "internet", "segment:left", "label:tier=back", "*"]
)
TRAFFIC = st.sampled_from(
    ["22", "20-30", "5570", "5560-5580", "6001-6002", "udp 53", "icmp", "icmp 8", "gre", "*"]
)
ITEM = st.one_of(
    st.sampled_from(
        ["a.in", "a.out", "a.ping", "x.o", "x", "x/h", "x/i", "a", "b", "c", "segment:left", "*"]
    ),
    st.tuples(WHOM, TRAFFIC).map(":".join),
)


ACCEPTED = st.sampled_from(["a.in", "a.out", "a.ping", "a:22", "a:20-25", "a:udp 53", "x.o"])


def hosts(reach, name):
    """The ends by a name, told apart as plainly as can be."""
    for each in reach.endpoints:
        match each.kind:
            case EndpointKind.INTERFACE if each.service == name:
                yield each
            case EndpointKind.SITE if each.id == name:
                yield each
            case EndpointKind.INTERNET if name == "internet":
                yield each
            case EndpointKind.STRANGER if name == f"any host in {each.segment}":
                yield each


def packets(server):
    """Some of what it asks: ports at which anything here changes, and those beside them."""
    protocols = (TCP, UDP, 1, 47) if server.protocol == ANY_PROTOCOL else (server.protocol,)
    for protocol in protocols:
        edges = {server.ports.first, server.ports.last, 53, 2048, 2303, 2304}
        # Replies come to the ports of clients, whoever else sends there too.
        edges |= {1024, 32_768, 60_999, 61_000}
        edges |= {edge + by for edge in (20, 25, 26, 30, 5570, 5571, 6001) for by in (-1, 0, 1)}
        yield from ((protocol, port) for port in sorted(edges) if port in server.ports)


def waits(server, end):
    return server.address is None or server.address in end


def is_in(end, networks):
    """Of an end that is cut wherever one of those whom a test leaves out begins."""
    return all(
        any(address in each for each in networks) for edges in end.ranges for address in edges
    )


def fails(reach, test):
    """By single packets, each walked by itself."""
    wanted = Verdict.ALLOWED if test.accept else Verdict.DENIED
    return any(
        explain(reach.network, source, destination, protocol, port).verdict is not wanted
        for source in hosts(reach, test.client)
        if not test.clients_at or is_in(source, test.clients_at)
        for destination in hosts(reach, test.server.owner)
        if (source.kind, source.id) != (destination.kind, destination.id)
        and waits(test.server, destination)
        for protocol, port in packets(test.server)
        if not any(
            each.protocol == protocol and port in each.ports and waits(each, destination)
            for each in test.but
        )
    )


@examples(2)
@given(
    WHO,
    st.lists(EXCEPT, max_size=2, unique=True),
    st.lists(ACCEPTED, max_size=2),
    st.lists(ITEM, min_size=1, max_size=3),
)
def test_a_test_fails_just_where_a_packet_that_it_speaks_of_does_otherwise(
    asked, who, left_out, accept, deny
):
    keys = {"except": left_out, "accept": accept, "deny": deny}
    lists = ", ".join(f"{key}: {texts}" for key, texts in keys.items() if texts)
    try:
        reach, tests, findings = asked(f"{{ from: {who}, {lists} }}")
    except InputError:  # a contradiction, or nothing that could be asked
        return
    found = {(each.source, each.destination, each.protocol, each.ports) for each in findings}
    # Of a site less some of its hosts there is a test for each part that is left.
    alike = defaultdict(list)
    for test in tests:
        protocol = None if test.server.protocol == ANY_PROTOCOL else test.server.protocol
        alike[test.client, test.server.name, protocol, (test.server.ports,)].append(test)
    for key, parts in alike.items():
        assert (key in found) == any(fails(reach, each) for each in parts), str(parts[0])
