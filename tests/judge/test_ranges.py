"""A socket that waits in a range is judged as it would be at each port of it."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, judge
from bulkhead.network import ALL_PORTS, Declaration, Expectation, PortRange
from bulkhead.network.traffic import merge
from bulkhead.prove import prove
from tests.support.estate import Estate, flow
from tests.support.examples import examples

FIRST, LAST = 5000, 5012
SOME = st.tuples(st.integers(FIRST, LAST), st.integers(FIRST, LAST)).map(
    lambda ports: PortRange(min(ports), max(ports))
)


def built(*, rules, entries, listeners):
    """web in front of store, whose group and NACL let in some ranges each; two declared sockets."""
    estate = Estate()
    ports = [f"in {100 + n} allow tcp {each} 10.0.1.0/24" for n, each in enumerate(entries)]
    estate.acl("back", *ports, "out 200 allow tcp 32768-60999 10.0.1.0/24")
    estate.subnet("front", "10.0.1.0/24", segment="front")
    estate.subnet("back", "10.0.2.0/24", acl="back", segment="back")
    estate.group("sg-web", "out all 0.0.0.0/0", service="web")
    estate.group("sg-store", *(f"in tcp {each} sg-web" for each in rules), service="store")
    estate.host("web-1", "front", "10.0.1.10", "sg-web", service="web")
    estate.host("store-1", "back", "10.0.2.10", "sg-store", service="store")
    estate.service("web", "sg-web", segment="front")
    estate.service("store", "sg-store", segment="back")
    found = [estate.listener("store", f"in{n}", each) for n, each in enumerate(listeners)]
    return estate.build(), [flow("web", each) for each in found]


def one_by_one(network, flows):
    """The same, and each port of a socket is declared by itself."""

    def each_port(listener):
        ports = range(listener.ports.first, listener.ports.last + 1)
        return [replace(listener, ports=PortRange(port, port)) for port in ports]

    alone = tuple(one for each in network.listeners for one in each_port(each))
    declared = [replace(each, server=one) for each in flows for one in each_port(each.server)]
    return replace(network, listeners=alone), declared


def said(network, flows):
    """By kind and ends: at which ports something was found."""
    found = defaultdict(list)
    tests = tuple(
        Expectation(client="web", server=each.server, accept=False, file="t", line=1)
        for each in flows
    )
    declared = Declaration(topology="shop", flows=tuple(flows), expectations=tests)
    judgement = judge(prove(network), declared)
    for each in judgement.findings:
        if each.kind not in (FindingKind.MISSING, FindingKind.EXPECTATION):
            to = each.destination.partition(".")[0]
            found[each.kind, each.source, to, each.protocol] += each.ports
    missing = {
        (each.source, each.destination, each.verdict)
        for each in judgement.findings
        if each.kind in (FindingKind.MISSING, FindingKind.EXPECTATION)
    }
    residue = {(each.source, each.destination, each.ports) for each in judgement.residue}
    return {key: merge(ports) for key, ports in found.items()}, missing, residue


@given(
    st.lists(SOME, max_size=3),
    st.lists(SOME, max_size=3, unique=True),
    st.lists(SOME, min_size=1, max_size=2),
)
@examples()
def test_what_is_found_of_a_range_is_what_is_found_of_its_ports(rules, entries, listeners):
    network, flows = built(rules=rules, entries=entries, listeners=listeners)
    assert said(network, flows) == said(*one_by_one(network, flows))


def findings(network, flows, kind, **more):
    declared = Declaration(topology="shop", flows=tuple(flows), **more)
    return [each for each in judge(prove(network), declared).findings if each.kind is kind]


def test_a_range_of_which_some_ports_are_closed_is_missing_and_says_which():
    network, flows = built(
        rules=["5000-5009"], entries=["5000-5003", "5006-5009"], listeners=["5000-5009"]
    )
    (missing,) = findings(network, flows, FindingKind.MISSING)
    assert missing.message.startswith(
        "web.out -> store.in0 (tcp 5000-5009): denied on tcp 5004-5005; NACL"
    )


@pytest.mark.parametrize(
    ("accept", "message"),
    [
        (True, "web -> store.in0 (tcp 5000-5009) should be allowed and is denied on tcp 5009: "),
        (
            False,
            "web -> store.in0 (tcp 5000-5009) should be denied and is allowed on tcp 5000-5008",
        ),
    ],
)
def test_a_test_of_a_range_is_of_every_port_and_says_which_fail(accept, message):
    network, flows = built(rules=["5000-5009"], entries=["5000-5008"], listeners=["5000-5009"])
    asked = Expectation(client="web", server=flows[0].server, accept=accept, file="t", line=1)
    (failed,) = findings(network, flows, FindingKind.EXPECTATION, expectations=(asked,))
    assert failed.message.startswith(message)


def test_a_rule_beside_a_declared_range_is_found_with_the_ports_that_are_too_many():
    network, flows = built(rules=["4990-5010"], entries=["5000-5009"], listeners=["5000-5009"])
    (soft,) = [
        each
        for each in findings(network, flows, FindingKind.LAYER)
        if each.destination == "store" and "ingress" in each.message
    ]
    assert soft.ports == (PortRange(4990, 4999), PortRange(5010, 5010))


@pytest.mark.parametrize(
    ("protocol", "port", "back"),
    [
        ("udp", "5000-5009", "udp 32768-60999"),
        ("113", "*", "113"),
        ("47", "*", "47"),
        ("132", "*", "132"),
        ("icmp:8", "*", "icmp:0"),
    ],
)
def test_a_flow_of_any_protocol_is_judged_as_one_of_tcp(protocol, port, back):
    what = protocol if port == "*" else f"{protocol} {port}"
    estate = Estate()
    estate.acl("front", f"out 100 allow {what} 10.0.2.0/24", f"in 200 allow {back} 10.0.2.0/24")
    estate.acl("back", f"in 100 allow {what} 10.0.1.0/24", f"out 200 allow {back} 10.0.1.0/24")
    estate.subnet("front", "10.0.1.0/24", acl="front", segment="front")
    estate.subnet("back", "10.0.2.0/24", acl="back", segment="back")
    estate.group("sg-web", f"out {what} sg-store", service="web")
    estate.group("sg-store", f"in {what} sg-web", service="store")
    estate.host("web-1", "front", "10.0.1.10", "sg-web", service="web")
    estate.host("store-1", "back", "10.0.2.10", "sg-store", service="store")
    estate.service("web", "sg-web", segment="front")
    estate.service("store", "sg-store", segment="back")
    waiting = estate.listener("store", "in", port, protocol)
    network, flows = estate.build(), [flow("web", waiting)]
    assert findings(network, flows, FindingKind.MISSING) == []
    assert findings(network, flows, FindingKind.EXTRA) == []
    assert findings(network, flows, FindingKind.LAYER) == []
    (extra,) = findings(network, [], FindingKind.EXTRA)
    assert (extra.source, extra.destination) == ("web", "store.in")
    shut = (replace(each, entries=()) if each.name == "back" else each for each in network.nacls)
    closed = replace(network, nacls=tuple(shut))
    (missing,) = findings(closed, flows, FindingKind.MISSING)
    assert missing.verdict == "denied"
    assert waiting.ports == ALL_PORTS or protocol in ("udp", "icmp:8")
