"""What IPv6 reaches, and by which way."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from bulkhead.ends import EndpointKind
from bulkhead.explain import explain
from bulkhead.network import TCP, Verdict
from bulkhead.prove import matrix, prove
from tests.support.estate import ANYWHERE, Estate, endpoint
from tests.support.estate import rule as group_rule
from tests.support.verdicts import verdicts

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def ask(network, source, destination, port=443):
    """The verdict of one cell, by the proof and by the walk of its packet."""
    reach = prove(network)
    ends = endpoint(reach, source), endpoint(reach, destination)
    proved = reach.verdict(*ends, TCP, port)
    assert explain(network, *ends, TCP, port).verdict is proved
    return proved


# Subnets with IPv6 alone


def ipv6_alone():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.subnet("six", "2a05:d018:1:1::/64")
    estate.subnet("both", "10.0.2.0/24 2a05:d018:1:2::/64")
    estate.group("any", *ANYWHERE)
    estate.host("h6", "six", "2a05:d018:1:1::a", "any")
    estate.host("hb", "both", "10.0.2.10 2a05:d018:1:2::b", "any")
    return estate.build()


def test_a_host_with_ipv6_alone_is_an_end_by_its_name():
    assert ask(ipv6_alone(), "h6", "hb (2a05:d018:1:2::b)") is A
    assert ask(ipv6_alone(), "hb (2a05:d018:1:2::b)", "h6") is A


def test_in_a_subnet_with_ipv6_alone_nobody_has_an_ipv4_address():
    inside = [each for each in prove(ipv6_alone()).endpoints if each.subnet == "six"]
    assert {each.version for each in inside} == {6}
    assert EndpointKind.STRANGER in {each.kind for each in inside}


# No IPv6 at all


@pytest.mark.parametrize(
    "route",
    [
        "::/0 igw",
        "2001:4860::/32 igw",
        "2001:4860::/32 igw list",
        "2001:4860::/32 igw uncertain",
        "2001:4860::/32 igw blackhole",
        "64:ff9b::/96 nat",
        "2a05:d018::/32 tgw",
    ],
)
def test_where_nothing_has_ipv6_a_route_for_it_says_nothing(route):
    def network(*routes):
        estate = Estate()
        estate.igw()
        estate.tgw()
        estate.table("t", *routes)
        estate.subnet("a", "10.0.1.0/24", table="t")
        estate.subnet("b", "10.0.2.0/24", table="t")
        estate.nat("nat", "b", "10.0.2.5", public="203.0.113.9")
        estate.group("any", *ANYWHERE)
        estate.host("ha", "a", "10.0.1.10", "any")
        estate.host("hb", "b", "10.0.2.10", "any")
        return estate.build()

    assert verdicts(network(route)) == verdicts(network())


# The table of flows


def test_between_the_two_families_there_is_nothing_to_differ():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.subnet("both", "10.0.2.0/24 2a05:d018:1:2::/64")
    estate.subnet("four", "10.0.3.0/24")
    estate.group("any", *ANYWHERE)
    estate.host("hb", "both", "10.0.2.10 2a05:d018:1:2::b", "any")
    estate.host("h4", "four", "10.0.3.10", "any")
    table = matrix(prove(estate.build()), fold=lambda end: end.thing)
    hosts = [each for each in table.rows if each.kind is EndpointKind.INTERFACE]
    assert len(hosts) == 2
    assert {table.entry(row, column) for row in hosts for column in table.columns} == {A, None}


# From VPC to VPC over their internet gateways


def two_vpcs(
    *,
    out=("::/0 igw",),
    back=("::/0 igw-b",),
    gateways=("igw", "igw-b"),
    egress_only=(),
    block="2a05:d018:2::/56",
    access=("open", "open"),
    edge=None,
    rules=ANYWHERE,
    acl=None,
):
    """Host `a1` of the first VPC and `b1` of the second, IPv6 alone."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("b", f"10.1.0.0/16 {block}", region="eu-central-1")
    first = block.removesuffix("::/56")
    for name, vpc in (("igw", None), ("igw-b", "b")):
        if name in gateways:
            estate.igw(name, vpc)
    for name, vpc in (("eigw", None), ("eigw-b", "b")):
        if name in egress_only:
            estate.eigw(name, vpc)
    estate.table("table-a", *out)
    estate.table("table-b", *back, vpc="b")
    if acl:
        estate.acl("narrow", *acl, vpc="b")
    estate.subnet("a", "2a05:d018:1:1::/64", table="table-a", access=access[0])
    estate.subnet(
        "b-1",
        f"{first}:1::/64",
        table="table-b",
        vpc="b",
        access=access[1],
        **({"acl": "narrow"} if acl else {}),
    )
    estate.group("any", *ANYWHERE)
    estate.group("strict", *rules, vpc="b")
    if edge:
        estate.subnet("wall", f"{first}:2::/64", vpc="b")
        estate.firewall("fw", {"fwe": "wall"}, default=edge, vpc="b")
        estate.table("edge", f"{first}:1::/64 fwe", vpc="b", gateway="igw-b")
    estate.host("a1", "a", "2a05:d018:1:1::a", "any")
    estate.host("b1", "b-1", f"{first}:1::b", "strict")
    return estate.build()


def test_public_ipv6_addresses_reach_each_other_over_the_internet_gateways_of_their_vpcs():
    assert ask(two_vpcs(), "a1", "b1") is A
    assert ask(two_vpcs(), "b1", "a1") is A


def test_over_internet_gateways_a_rule_by_cidr_counts_and_one_by_group_does_not():
    out = "out all ::/0"
    assert ask(two_vpcs(rules=("in tcp 443 2a05:d018:1::/56", out)), "a1", "b1") is A
    assert ask(two_vpcs(rules=("in tcp 443 2a05:d018:3::/56", out)), "a1", "b1") is D
    assert ask(two_vpcs(rules=("in tcp 443 any", out)), "a1", "b1") is D


def test_each_end_needs_a_route_and_a_gateway_of_its_own():
    assert ask(two_vpcs(out=()), "a1", "b1") is D
    assert ask(two_vpcs(back=()), "a1", "b1") is H
    assert ask(two_vpcs(gateways=("igw",), back=()), "a1", "b1") is D
    assert ask(two_vpcs(gateways=("igw-b",)), "a1", "b1") is U


def test_private_ipv6_addresses_are_carried_by_no_internet_gateway():
    private = two_vpcs(block="fd00:2:3::/56")
    assert ask(private, "a1", "b1") is D
    assert ask(private, "b1", "a1") is D
    assert ask(private, "b1", "internet (IPv6)") is D
    assert ask(private, "internet (IPv6)", "b1") is D


def test_an_egress_only_gateway_leads_out_to_another_vpc_and_lets_its_replies_in():
    network = two_vpcs(out=("::/0 eigw",), gateways=("igw-b",), egress_only=("eigw",))
    assert ask(network, "a1", "b1") is A
    assert ask(network, "b1", "a1") is D
    one_way = two_vpcs(
        out=("::/0 eigw",), back=("::/0 eigw-b",), egress_only=("eigw", "eigw-b"), gateways=()
    )
    assert ask(one_way, "a1", "b1") is D
    # What comes in by an internet gateway is not answered by an egress-only one.
    crooked = two_vpcs(back=("::/0 eigw-b",), egress_only=("eigw-b",))
    assert ask(crooked, "a1", "b1") is H


def test_vpc_block_public_access_is_asked_on_both_sides():
    assert ask(two_vpcs(access=("egress-only", "open")), "a1", "b1") is D
    assert ask(two_vpcs(access=("open", "egress-only")), "a1", "b1") is D
    by_egress = {"out": ("::/0 eigw",), "gateways": ("igw-b",), "egress_only": ("eigw",)}
    assert ask(two_vpcs(access=("egress-only", "open"), **by_egress), "a1", "b1") is A
    assert ask(two_vpcs(access=("blocked", "open"), **by_egress), "a1", "b1") is D


def test_the_table_of_the_other_gateway_may_lead_to_a_firewall():
    assert ask(two_vpcs(edge="drop"), "a1", "b1") is D
    # The reply does not pass it: what a firewall does that sees one way alone is not known.
    assert ask(two_vpcs(edge="pass"), "a1", "b1") is U


def test_replies_over_internet_gateways_meet_the_nacls_of_both_subnets():
    narrow = ("in 100 allow tcp 443 ::/0", "out 100 allow tcp 32768-40000 ::/0")
    assert ask(two_vpcs(acl=narrow), "a1", "b1") is H
    wide = ("in 100 allow tcp 443 ::/0", "out 100 allow tcp 32768-60999 ::/0")
    assert ask(two_vpcs(acl=wide), "a1", "b1") is A


def test_an_ipv4_address_of_another_vpc_is_not_reached_over_internet_gateways():
    estate = Estate()
    estate.vpc("b", "10.1.0.0/16")
    estate.igw("igw")
    estate.igw("igw-b", "b")
    estate.table("table-a", "0.0.0.0/0 igw")
    estate.table("table-b", "0.0.0.0/0 igw-b", vpc="b")
    estate.subnet("a", "10.0.1.0/24", table="table-a")
    estate.subnet("b-1", "10.1.1.0/24", table="table-b", vpc="b")
    estate.group("any", *ANYWHERE)
    estate.host("a1", "a", "10.0.1.10", "any", public="203.0.113.7")
    estate.host("b1", "b-1", "10.1.1.10", "any", public="203.0.113.8")
    assert ask(estate.build(), "a1", "b1") is D


# Delegated prefixes


def with_pods(*cuts):
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.subnet("a", "10.0.1.0/24 2a05:d018:1:1::/64")
    estate.subnet("b", "10.0.2.0/24 2a05:d018:1:2::/64")
    estate.group("closed", "out all ::/0", *cuts)
    estate.group("any", *ANYWHERE)
    pods = "2a05:d018:1:1:7::/80"
    estate.host("node", "a", "10.0.1.10 2a05:d018:1:1::a", "closed", prefixes=pods)
    estate.host("hb", "b", "10.0.2.10 2a05:d018:1:2::b", "any")
    return estate.build()


PODS = "node (2a05:d018:1:1:7::/80)"


def test_whoever_is_in_a_delegated_prefix_is_held_back_by_the_groups_of_its_interface():
    assert ask(with_pods(), "hb (2a05:d018:1:2::b)", PODS) is D
    assert ask(with_pods(), PODS, "hb (2a05:d018:1:2::b)") is A
    opened = with_pods("in tcp 443 2a05:d018:1:2::/64")
    assert ask(opened, "hb (2a05:d018:1:2::b)", PODS) is A


def test_no_stranger_is_in_a_delegated_prefix():
    strangers = [
        each for each in prove(with_pods()).endpoints if each.kind is EndpointKind.STRANGER
    ]
    pod = ip_address("2a05:d018:1:1:7::99")
    assert not any(pod in each for each in strangers)
    assert any(ip_address("2a05:d018:1:1:8::99") in each for each in strangers)


def test_a_rule_about_some_pods_tells_them_from_the_others():
    estate = with_pods()
    rule = "in tcp 443 2a05:d018:1:1:7::/96"
    network = replace(
        estate,
        security_groups=tuple(
            replace(each, rules=(*each.rules, group_rule("one", rule)))
            if each.id == "any"
            else each
            for each in estate.security_groups
        ),
    )
    names = {each.name for each in prove(network).endpoints}
    assert {"node (2a05:d018:1:1:7::/96)", PODS} <= names


# Where nothing has IPv6


def test_a_route_for_ipv6_holds_nobody_where_nothing_has_it():
    estate = Estate()
    estate.vpc("other", "10.1.0.0/16")
    estate.pcx("pcx", "vpc", "other")
    estate.table("t", "2a05:d018:2::/56 pcx", "::/0 igw", "10.1.0.0/16 pcx")
    estate.subnet("a", "10.0.1.0/24", table="t")
    estate.subnet("b", "10.0.2.0/24", table="t")
    estate.group("any", *ANYWHERE)
    estate.host("one", "a", "10.0.1.10", "any")
    estate.host("two", "b", "10.0.2.10", "any")
    assert ask(estate.build(), "one", "two") is A
