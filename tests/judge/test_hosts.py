"""What is for some addresses of a site is for no other: in a plan, and in what was found."""

import tempfile
from dataclasses import replace
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.agree import tabulate
from bulkhead.agree.table import Status
from bulkhead.ends import resolve_among
from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import CidrPeer, Verdict
from bulkhead.plan import plan
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import prove
from bulkhead.twin.layout import lay_out
from bulkhead.twin.measured import PartyKind
from bulkhead.twin.trials import trials
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from

SITE = ("192.168.10.0/24", "192.168.11.7/32")


def planned(host, *, whole=False, tests=()):
    """A gateway to which one host of an exchange connects, and with `whole` any on port 5561."""
    sockets = {"out": {"type": "PUSH", "connect": "gateway.prices", "host": "one"}}
    if whole:
        sockets["all"] = {"type": "PUSH", "connect": "gateway.more"}
    document = {
        **HEAD,
        "zones": 1,
        "segments": {"edge": {"purpose": "feeds"}},
        "services": {
            "gateway": {
                "segment": "edge",
                "sockets": {
                    "prices": {"type": "PULL", "bind": "tcp://*:5560"},
                    "more": {"type": "PULL", "bind": "tcp://*:5561"},
                },
            }
        },
        "sites": {
            "exchange": {
                "cidrs": list(SITE),
                "gateway": {"address": "203.0.113.10"},
                "hosts": {"one": host, "other": {"address": "192.168.10.200"}},
                "sockets": sockets,
            }
        },
        **({"tests": list(tests)} if tests else {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document))


def networks():
    addresses = st.integers(1, 254).map(lambda last: {"address": f"192.168.10.{min(last, 199)}"})
    blocks = st.sampled_from((25, 26, 28, 30)).flatmap(
        lambda length: st.integers(0, 2 ** (length - 24) - 1).map(
            lambda n: {"cidr": f"192.168.10.{n * 2 ** (32 - length)}/{length}"}
        )
    )
    return st.one_of(addresses, blocks, st.just({"address": "192.168.11.7"}))


@given(networks(), st.booleans())
@examples()
def test_it_is_open_to_exactly_these_addresses_and_to_no_other_of_the_site(host, whole):
    made = planned(host, whole=whole)
    reach = prove(made.network)
    assert not judge(reach, made.declaration).findings
    meant = ip_network(host.get("cidr", host.get("address")))
    (gateway,) = resolve_among(made.network, reach.endpoints, "gateway")
    for end in resolve_among(made.network, reach.endpoints, "exchange"):
        wanted = Verdict.ALLOWED if end.address in meant else Verdict.DENIED
        assert reach.verdict(end, gateway, 6, 5560) is wanted
        # A class is in or out as a whole.
        assert end.lies_in(meant) is (end.address in meant)
        assert reach.verdict(end, gateway, 6, 5561) is (
            Verdict.ALLOWED if whole else Verdict.DENIED
        )


@pytest.mark.parametrize("host", [{"address": "192.168.10.5"}, {"cidr": "192.168.10.64/26"}])
def test_what_was_found_to_let_in_all_of_the_site_is_told_though_nothing_there_names_the_host(host):
    made = planned(host)
    (alone,) = made.flows[0].clients_at
    wide = ip_network("192.168.10.0/24")

    def widened(rule):
        peer = rule.peer
        same = isinstance(peer, CidrPeer) and peer.cidr == alone
        return replace(rule, peer=CidrPeer(wide)) if same else rule

    network = replace(
        made.network,
        security_groups=tuple(
            replace(each, rules=tuple(map(widened, each.rules)))
            for each in made.network.security_groups
        ),
        nacls=tuple(
            replace(
                each,
                entries=tuple(
                    replace(entry, cidr=wide) if entry.cidr == alone else entry
                    for entry in each.entries
                ),
            )
            for each in made.network.nacls
        ),
    )
    assert alone not in {each.cidr for nacl in network.nacls for each in nacl.entries}
    declaration = replace(made.declaration, planned=None)
    found = judge(prove(network), declaration).findings
    assert {each.kind for each in found} >= {FindingKind.EXTRA}
    assert FindingKind.MISSING not in {each.kind for each in found}
    matrix = tabulate(prove(network), declaration)
    told = {
        pair.status
        for (row, column), pair in matrix.pairs.items()
        if (row.name, column.name) == ("exchange", "gateway.prices")
    }
    assert told == {Status.PARTLY}
    assert not all(pair.as_declared for pair in matrix.pairs.values())


def test_a_matrix_of_the_plan_is_as_declared():
    made = planned({"cidr": "192.168.10.64/26"})
    matrix = tabulate(prove(made.network), made.declaration)
    assert all(pair.as_it_should_be for pair in matrix.pairs.values())


def test_the_twin_has_a_host_there_and_one_beside_it():
    made = planned({"cidr": "192.168.10.64/26"})
    layout = lay_out(made.network, made.flows)
    there = {each.party.address for each in layout.of_kind(PartyKind.SITE)}
    inside = {each for each in there if each in ip_network("192.168.10.64/26")}
    assert len(inside) == 1
    assert IPv4Address("192.168.10.10") in there - inside
    declared = {each.source.party.address for each in trials(layout, made.flows).every if each.flow}
    assert declared == inside


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ({"from": "exchange/one", "accept": ["gateway.prices"], "deny": ["*"]}, True),
        ({"from": "exchange/other", "deny": ["*"]}, True),
        ({"from": "exchange/other", "accept": ["gateway.prices"]}, False),
        ({"from": "exchange/one", "deny": ["gateway"]}, False),
        ({"from": "exchange", "accept": ["gateway.prices"]}, False),
    ],
)
def test_a_test_is_from_one_host_of_a_site(test, holds):
    made = planned({"address": "192.168.10.5"}, tests=[test])
    assert bool(judge(prove(made.network), made.declaration).findings) is not holds


def test_what_any_host_may_send_to_a_whole_site_is_not_said_again_of_each_host_of_it(tmp_path):
    document = {
        **HEAD,
        "zones": 1,
        "segments": {"edge": {"purpose": "feeds"}},
        "services": {
            "gateway": {
                "segment": "edge",
                "sockets": {"out": {"type": "PUSH", "connect": ["exchange.all", "exchange.one"]}},
            }
        },
        "sites": {
            "exchange": {
                "cidrs": list(SITE),
                "gateway": {"address": "203.0.113.10"},
                "hosts": {"one": {"address": "192.168.10.5"}, "two": {"address": "192.168.10.6"}},
                "sockets": {
                    "all": {"type": "PULL", "bind": "tcp://*:6001"},
                    "one": {"type": "PULL", "bind": ["tcp://*:6002"], "host": "one"},
                    "in": {"type": "PULL", "bind": ["tcp://*:6003"], "host": "two"},
                },
            }
        },
    }
    made = plan(topology_from(tmp_path, document))
    judged = judge(telling_apart(prove(made.network), made.declaration), made.declaration)
    assert judged.ok
    assert {
        (each.destination, str(each.ports))
        for each in judged.residue
        if each.kind is ResidueKind.ANY_HOST
    } == {("exchange", "6001"), ("exchange (192.168.10.5)", "6002")}
