"""What is not known is said, and only where it matters."""

import dataclasses

import pytest

from bulkhead.explain import explain
from bulkhead.network import TCP, Unmodelled, Verdict
from bulkhead.prove import prove
from tests.support.estate import ANYWHERE, Estate, endpoint

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def estate():
    made = Estate()
    made.acl("acl-b", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    made.table("table-b")
    made.subnet("a", "10.0.1.0/24")
    made.subnet("b", "10.0.2.0/24", acl="acl-b", table="table-b")
    made.subnet("c", "10.0.3.0/24")
    made.group("client", "out tcp 1-99 server")
    made.group("server", "in tcp 5 client")
    made.host("x", "a", "10.0.1.10", "client")
    made.host("s", "b", "10.0.2.10", "server")
    return made


def verdict(made, source, destination, port):
    reach = prove(made.build())
    return reach.verdict(endpoint(reach, source), endpoint(reach, destination), TCP, port)


def test_the_estate_itself_is_known():
    assert [verdict(estate(), "x", "s", port) for port in (5, 6, 100)] == [A, D, D]


@pytest.mark.parametrize("scope", ["vpc", "b", "s", "nowhere", "acl-b", "table-b"])
def test_an_unknown_part_makes_its_cells_undetermined(scope):
    made = estate()
    made.unmodelled(scope)
    assert verdict(made, "x", "s", 5) is U


def test_what_lies_outside_the_network_and_says_so_leaves_everything_decided():
    network = dataclasses.replace(
        estate().build(),
        unmodelled=(
            Unmodelled(kind="peering", id="pcx-1", scope="pcx-1", why="leads to another account"),
        ),
    )
    reach = prove(network)
    one, other = endpoint(reach, "x"), endpoint(reach, "s")
    assert reach.verdict(one, other, TCP, 5) is A
    assert explain(network, one, other, TCP, 5).verdict is A


@pytest.mark.parametrize("scope", ["b", "s", "acl-b"])
def test_the_layers_of_the_other_end_still_deny(scope):
    made = estate()
    made.unmodelled(scope)
    assert verdict(made, "x", "s", 100) is D


@pytest.mark.parametrize("scope", ["vpc", "nowhere"])
def test_where_both_ends_are_in_doubt_nothing_is_denied_for_sure(scope):
    made = estate()
    made.unmodelled(scope)
    assert verdict(made, "x", "s", 100) is U


@pytest.mark.parametrize("scope", ["b", "s", "acl-b", "table-b", "server"])
def test_what_does_not_touch_the_unknown_stays_decided(scope):
    made = estate()
    made.unmodelled(scope)
    assert verdict(made, "any host in a", "any host in c", 5) is A


def test_a_group_in_doubt_lets_nothing_pass_for_sure_and_keeps_nothing_out():
    made = estate()
    made.unmodelled("server")
    assert [verdict(made, "x", "s", port) for port in (5, 6, 100)] == [U, U, D]


def test_a_group_beside_one_in_doubt_still_lets_pass_what_it_says():
    made = estate()
    made.group("spare")
    made.host("t", "c", "10.0.3.20", "server", "spare")
    made.unmodelled("spare")
    assert [verdict(made, "x", "t", port) for port in (5, 6, 100)] == [A, U, D]


def test_a_group_that_is_not_in_the_network_leaves_its_holders_undetermined():
    made = estate()
    made.host("y", "c", "10.0.3.10", "client", "gone")
    assert [verdict(made, "y", "s", port) for port in (5, 6)] == [A, D]
    assert verdict(made, "x", "y", 5) is D
    assert verdict(made, "any host in a", "y", 5) is U


def test_an_interface_without_any_group_is_undetermined():
    made = estate()
    made.host("nat", "c", "10.0.3.10")
    assert verdict(made, "any host in a", "nat", 5) is U


@pytest.mark.parametrize("part", ["nacl", "table"])
def test_a_reference_to_nothing_is_undetermined(part):
    made = estate()
    made.subnet("d", "10.0.4.0/24", **({"acl": "gone"} if part == "nacl" else {"table": "gone"}))
    assert verdict(made, "any host in d", "any host in a", 5) is U
    assert verdict(made, "any host in a", "any host in c", 5) is A


def test_a_route_to_an_unmodelled_target_is_undetermined_and_the_senders_layers_still_deny():
    made = estate()
    made.table("peered", "172.16.0.0/12 pcx")
    made.subnet("d", "10.0.4.0/24", table="peered")
    made.host("z", "d", "10.0.4.10", "client")
    assert verdict(made, "any host in d", "elsewhere (172.16.0.0/12)", 5) is U
    assert verdict(made, "elsewhere (172.16.0.0/12)", "any host in d", 5) is U
    assert verdict(made, "z", "elsewhere (172.16.0.0/12)", 5) is D


def test_the_internet_behind_a_nat_gateway_is_undetermined():
    made = estate()
    made.table("nated", "0.0.0.0/0 nat")
    made.subnet("d", "10.0.4.0/24", table="nated")
    assert verdict(made, "any host in d", "internet", 5) is U
    assert verdict(made, "internet", "any host in d", 5) is D


def test_a_blackhole_is_known_whatever_its_target_was():
    made = estate()
    made.table("dead", "0.0.0.0/0 nat blackhole")
    made.subnet("d", "10.0.4.0/24", table="dead")
    assert verdict(made, "any host in d", "internet", 5) is D


def test_a_middlebox_between_subnets_is_undetermined():
    made = estate()
    made.table("inspected", "10.0.1.0/24 nat")
    made.subnet("d", "10.0.4.0/24", table="inspected")
    assert verdict(made, "any host in d", "any host in a", 5) is U
    assert verdict(made, "any host in a", "any host in d", 5) is U
    assert verdict(made, "any host in d", "any host in c", 5) is A


def test_two_sites_behind_one_gateway_may_or_may_not_reach_each_other():
    made = estate()
    made.vgw()
    made.site("plant", "192.168.1.0/24")
    made.site("depot", "192.168.2.0/24")
    assert verdict(made, "plant", "depot", 5) is U


def test_a_prefix_that_two_sites_claim_is_undetermined():
    made = estate()
    made.vgw()
    made.table("vpn", "192.168.0.0/16 vgw")
    made.subnet("d", "10.0.4.0/24", table="vpn")
    made.site("plant", "192.168.1.0/24")
    made.site("depot", "192.168.1.0/24")
    assert verdict(made, "any host in d", "plant", 5) is U


def doubted(*rules, entries=("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")):
    """Two hosts in two subnets; the server's group has these rules, its NACL these entries."""
    made = Estate()
    made.acl("acl-b", *entries)
    made.subnet("a", "10.0.1.0/24")
    made.subnet("b", "10.0.2.0/24", acl="acl-b")
    made.group("client", "out all 0.0.0.0/0")
    made.group("server", *rules)
    made.host("x", "a", "10.0.1.10", "client")
    made.host("s", "b", "10.0.2.10", "server")
    return made


def both(made, port):
    """What the proof and the walk say alike of tcp from the client to the server."""
    network = made.build()
    reach = prove(network)
    one, other = endpoint(reach, "x"), endpoint(reach, "s")
    said = explain(network, one, other, TCP, port)
    assert said.verdict is reach.verdict(one, other, TCP, port)
    return said


def test_a_rule_in_doubt_leaves_open_only_what_it_speaks_of():
    made = doubted("in tcp 8080 10.0.0.0/16 ?", "in tcp 443 10.0.0.0/16")
    assert [both(made, port).verdict for port in (22, 443, 8080)] == [D, A, U]


def test_a_rule_in_doubt_takes_nothing_from_what_another_lets_pass():
    made = doubted("in tcp 1-9 client ?", "in tcp 5 10.0.1.0/24")
    assert [both(made, port).verdict for port in (4, 5)] == [U, A]


def test_the_answer_names_the_rule_that_is_in_doubt():
    (hop,) = both(doubted("in tcp 8080 10.0.0.0/16 ?"), 8080).doubtful
    assert "tcp 8080 from 10.0.0.0/16 (in doubt)" in str(hop)
    assert "not known" in hop.why


@pytest.mark.parametrize(
    ("entries", "verdicts"),
    [
        pytest.param(("in 10 allow tcp 1-9 10.0.0.0/16 ?",), (U, D), id="allow before nothing"),
        pytest.param(
            ("in 10 allow tcp 1-9 10.0.0.0/16 ?", "in 20 allow all 0.0.0.0/0"),
            (A, A),
            id="allow before an allow",
        ),
        pytest.param(
            ("in 10 deny tcp 1-9 10.0.0.0/16 ?", "in 20 allow all 0.0.0.0/0"),
            (U, A),
            id="deny before an allow",
        ),
        pytest.param(
            ("in 10 deny tcp 1-9 10.0.0.0/16 ?", "in 20 deny all 0.0.0.0/0"),
            (D, D),
            id="deny before a deny",
        ),
        pytest.param(
            ("in 5 deny tcp 1-9 10.0.1.0/24", "in 10 allow tcp 1-9 10.0.0.0/16 ?"),
            (D, D),
            id="allow behind a deny",
        ),
        pytest.param(
            ("in 10 allow all 0.0.0.0/0 ?", "in 10 deny all 0.0.0.0/0 ?", "in 20 allow tcp 5 ::/0"),
            (U, U),
            id="an action that is not known",
        ),
    ],
)
def test_an_entry_in_doubt_decides_nothing_that_the_others_do_not(entries, verdicts):
    made = doubted("in all 0.0.0.0/0", entries=(*entries, "out 100 allow all 0.0.0.0/0"))
    assert tuple(both(made, port).verdict for port in (5, 100)) == verdicts


def test_an_entry_in_doubt_leaves_open_the_replies_that_it_speaks_of():
    made = doubted(
        "in tcp 5 10.0.0.0/16",
        entries=(
            "in 100 allow all 0.0.0.0/0",
            "out 10 deny tcp 40000 10.0.0.0/16 ?",
            "out 100 allow all 0.0.0.0/0",
        ),
    )
    assert both(made, 5).verdict is U


def watched(*subnets):
    """Two subnets with a public host each, and one behind a NAT gateway of the first."""
    made = Estate()
    made.igw()
    made.table("public", "0.0.0.0/0 igw")
    made.table("private", "0.0.0.0/0 nat")
    for number, name in enumerate(("a", "b", "priv")):
        table = "private" if name == "priv" else "public"
        block = f"10.0.{number}.0/24"
        made.subnet(name, block, table=table, inspected=name in subnets)
    made.group("any", *ANYWHERE)
    made.host("x", "a", "10.0.0.10", "any", public="198.51.100.1")
    made.host("bare", "a", "10.0.0.11", "any")
    made.host("y", "b", "10.0.1.10", "any", public="198.51.100.2")
    made.host("h", "priv", "10.0.2.10", "any")
    made.nat("nat", "a", "10.0.0.5", public="203.0.113.9")
    return made


@pytest.mark.parametrize(
    ("subnets", "undecided"),
    [
        ((), set()),
        (("a",), {"x out", "x in", "bare out", "h out"}),
        (("b",), {"y out", "y in"}),
        (("priv",), {"h out"}),
    ],
)
def test_what_an_inspected_subnet_exchanges_with_the_internet_is_undetermined_and_no_more(
    subnets, undecided
):
    made, found = watched(*subnets), {}
    for host in ("x", "bare", "y", "h"):
        found[f"{host} out"] = verdict(made, host, "internet", 443)
        found[f"{host} in"] = verdict(made, "internet", host, 443)
    assert {each for each, said in found.items() if said is U} == undecided
    assert {each for each, said in found.items() if said is A} == (
        {"x out", "x in", "y out", "y in", "h out"} - undecided
    )
    assert verdict(made, "x", "y", 443) is A
