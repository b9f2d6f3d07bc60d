"""A group that is open to the world is named, and the proof says how bad it is."""

from dataclasses import replace

import pytest

from bulkhead.lint import Severity, SmellKind, lint
from bulkhead.network import Listener, PortRange, Service, Unlisted
from tests.support.estate import Estate

OPEN_ACL = ("in 1 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0")
OPEN_ACL6 = (*OPEN_ACL, "in 2 allow all ::/0", "out 2 allow all ::/0")


def estate(*rules, public="203.0.113.9", gateway=True, acl=OPEN_ACL, cidr="10.0.0.0/16"):
    """A server behind an internet gateway, in a group with these rules."""
    built = Estate(cidr=cidr)
    six = " 2a05:d018:1:1::/64" if "::" in cidr else ""
    if gateway:
        built.igw()
    built.table("t", *(["0.0.0.0/0 igw", *(["::/0 igw"] if six else [])] if gateway else []))
    built.acl("acl", *acl)
    built.subnet("a", f"10.0.1.0/24{six}", acl="acl", table="t")
    built.group("web", *rules)
    address = "10.0.1.10 2a05:d018:1:1::10" if six else "10.0.1.10"
    built.host("server", "a", address, "web", public=public)
    return built.build()


def about(network, kind, component="web"):
    found = [each for each in lint(network) if each.kind is kind and each.component == component]
    assert len(found) < 2
    return found[0] if found else None


def opened(network):
    return about(network, SmellKind.OPEN)


@pytest.mark.parametrize(
    "rules",
    [
        ("in tcp 22 0.0.0.0/0",),
        ("in tcp 22 0.0.0.0/1", "in tcp 22 128.0.0.0/1"),
        ("in tcp 0-100 0.0.0.0/1", "in tcp 22 128.0.0.0/1"),
        ("in tcp 22 0.0.0.0/1",),
        ("in all 0.0.0.0/0",),
        tuple(f"in tcp 22 {first}.0.0.0/8" for first in range(1, 224)),
    ],
)
def test_what_is_open_to_the_world_by_one_rule_or_by_several_together_is_high(rules):
    found = opened(estate(*rules))
    assert found.severity is Severity.HIGH
    assert "server (203.0.113.9) can be reached" in found.why
    assert "SSH (22)" in found.why


@pytest.mark.parametrize(
    "rule",
    [
        "in tcp 22 198.51.100.0/24",
        "in tcp 22 10.0.0.0/8",
        "in tcp 22 web",
        "in tcp 22 240.0.0.0/4",
        "out tcp 22 0.0.0.0/0",
    ],
)
def test_what_is_for_a_few_is_not(rule):
    assert opened(estate(rule)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"gateway": False},
        {"public": None},
        {"acl": ("in 1 allow all 10.0.0.0/8", "out 1 allow all 0.0.0.0/0")},
    ],
)
def test_where_nothing_leads_there_it_is_low_and_said_so(change):
    found = opened(estate("in tcp 22 0.0.0.0/0", **change))
    assert found.severity is Severity.LOW
    assert "no way leads from the internet to" in found.why


def test_what_holds_the_world_back_is_named():
    shut = ("in 1 deny tcp 22 0.0.0.0/0", "in 2 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0")
    found = opened(estate("in tcp 22 0.0.0.0/0", acl=shut))
    assert found.why.endswith("to any host in its VPC: kept away by NACL ingress acl")
    assert found.severity is Severity.LOW
    found = opened(estate("in tcp 22 0.0.0.0/0", public=None))
    assert found.why.endswith("kept away by gateway igw (the receiver has no public address)")


def test_rules_of_which_none_is_for_half_are_the_world_together_on_the_ports_that_they_share():
    quarters = ("in tcp 10-25 0.0.0.0/2", "in tcp 22-40 64.0.0.0/2", "in tcp 20-24 128.0.0.0/2")
    found = opened(estate(*quarters))
    assert len(found.rules) == 3
    apart = ("in tcp 10-25 0.0.0.0/2", "in tcp 26-40 64.0.0.0/2", "in tcp 41 128.0.0.0/2")
    assert opened(estate(*apart)) is None


def test_a_rule_for_a_part_of_what_another_is_for_is_not_what_opens_it():
    found = opened(estate("in tcp 22 0.0.0.0/0", "in tcp 22 198.51.100.0/24"))
    assert [each.peer.cidr.prefixlen for each in found.rules] == [0]


def test_groups_that_one_interface_holds_are_the_world_together():
    built = Estate()
    built.igw()
    built.table("t", "0.0.0.0/0 igw")
    built.subnet("a", "10.0.1.0/24", table="t")
    built.group("low", "in tcp 22 0.0.0.0/2", "in tcp 22 64.0.0.0/2")
    built.group("mid", "in tcp 22 64.0.0.0/3")
    built.group("high", "in tcp 20-30 128.0.0.0/2")
    built.host("server", "a", "10.0.1.10", "mid", "high", public="203.0.113.9")
    assert about(built.build(), SmellKind.OPEN, "high") is None
    built.host("both", "a", "10.0.1.11", "low", "high", public="203.0.113.10")
    found = about(built.build(), SmellKind.OPEN, "high")
    assert (found.severity, found.by[0].component) == (Severity.HIGH, "low")
    assert "both (203.0.113.10) can be reached" in found.why


def test_who_answers_a_ping_and_nothing_else_is_low():
    found = opened(estate("in icmp 0.0.0.0/0", "in tcp 22 198.51.100.0/24"))
    assert (found.severity, "on icmp, and on nothing else" in found.why) == (Severity.LOW, True)


def test_of_a_rule_whose_peers_nobody_knows_it_is_said_that_it_may_be_open():
    found = about(estate("in tcp 22 0.0.0.0/0 ?"), SmellKind.UNSURE)
    assert (found.severity, "may be open to the world" in found.why) == (Severity.NOTE, True)
    assert about(estate("in tcp 22 0.0.0.0/0 ?", "in all 0.0.0.0/0"), SmellKind.UNSURE) is None


def test_where_an_unknown_decides_it_is_medium():
    dark = Estate()
    dark.unmodelled("acl")
    network = replace(estate("in tcp 22 0.0.0.0/0"), unmodelled=dark.build().unmodelled)
    assert opened(network).severity is Severity.MEDIUM
    assert "depends on what is unknown" in opened(network).why


def test_where_who_holds_it_is_not_listed_it_is_medium():
    network = replace(estate("in tcp 22 0.0.0.0/0"), interfaces=())
    assert opened(network).severity is Severity.LOW
    holder = Unlisted(kind="lb", name="front", why="no list", security_groups=("web",))
    found = opened(replace(network, unlisted=(holder,)))
    assert (found.severity, "it is held by front" in found.why) == (Severity.MEDIUM, True)


def test_where_nothing_leads_into_the_vpc_whoever_is_not_listed_is_not_reached_either():
    network = replace(estate("in tcp 22 0.0.0.0/0", gateway=False), unobserved=("interfaces",))
    found = opened(network)
    assert (found.severity, "any host in its VPC" in found.why) == (Severity.LOW, True)
    dark = replace(network, unobserved=("interfaces", "subnets"))
    assert opened(dark).severity is Severity.MEDIUM


def test_a_web_server_is_not_as_bad_as_a_shell():
    assert opened(estate("in tcp 443 0.0.0.0/0")).severity is Severity.MEDIUM
    assert opened(estate("in tcp 443-444 0.0.0.0/0")).severity is Severity.HIGH


def test_a_socket_of_zeromq_is_named():
    network = estate("in tcp 5556 0.0.0.0/0")
    network = replace(
        network,
        interfaces=tuple(replace(each, service="ticker") for each in network.interfaces),
        services=(Service(name="ticker", segment=None, security_group="web"),),
        listeners=(
            Listener(
                owner="ticker", socket="ticks", type="PUB", protocol=6, ports=PortRange(5556, 5556)
            ),
        ),
    )
    assert "ticker.ticks (5556)" in opened(network).why


def test_ipv6_is_the_world_too():
    found = opened(estate("in tcp 22 ::/0", acl=OPEN_ACL6, cidr="10.0.0.0/16 2a05:d018:1::/56"))
    assert found.severity is Severity.HIGH
    assert opened(estate("in tcp 22 2000::/3")).severity is Severity.LOW


def test_wide_egress_is_a_fault_where_it_leads_somewhere_and_else_a_note():
    rule = "out all 0.0.0.0/0"
    found = about(estate(rule), SmellKind.EGRESS)
    assert (found.severity, "server can send anything" in found.why) == (Severity.LOW, True)
    assert about(estate(rule, gateway=False), SmellKind.EGRESS).severity is Severity.NOTE
    assert about(estate("out tcp 443 0.0.0.0/0"), SmellKind.EGRESS) is None
    tcp = about(estate("out tcp 0-65535 0.0.0.0/0"), SmellKind.EGRESS)
    assert tcp.why.startswith("tcp, all ports to every public address")


def test_a_whole_private_range_is_named_unless_it_is_a_vpcs_or_a_sites_own():
    assert about(estate("in tcp 22 10.0.0.0/8"), SmellKind.PRIVATE).severity is Severity.LOW
    assert about(estate("in tcp 22 10.0.0.0/16"), SmellKind.PRIVATE) is None
    built = Estate()
    built.vgw()
    built.site("plant", "192.168.0.0/16")
    built.group("web", "in tcp 22 192.168.0.0/16")
    assert about(built.build(), SmellKind.PRIVATE) is None


@pytest.mark.parametrize(
    ("entries", "wide"),
    [
        (("in 1 allow all 0.0.0.0/0",), True),
        (("in 1 allow all 0.0.0.0/1", "in 2 allow all 128.0.0.0/1"), True),
        (("in 1 allow all 0.0.0.0/1", "in 2 allow tcp 80 128.0.0.0/1"), True),
        (("in 1 deny all 0.0.0.0/0", "in 2 allow all 0.0.0.0/0"), False),
        (("in 1 deny all 0.0.0.0/1", "in 2 allow all 0.0.0.0/1"), False),
        (("in 1 deny tcp 22 0.0.0.0/0", "in 2 allow all 0.0.0.0/0"), True),
        (("in 1 allow all 10.0.0.0/8",), False),
    ],
)
def test_a_nacl_is_wide_open_by_one_entry_or_by_several_together(entries, wide):
    assert bool(about(estate(acl=entries), SmellKind.WIDE, "acl")) is wide


def test_the_default_nacl_as_aws_makes_it_is_a_note_and_an_edited_one_a_fault():
    made = ("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    network = estate(acl=made)
    default = replace(network.nacl["acl"], default=True)
    others = [each for each in network.nacls if each.id != "acl"]
    as_made = lint(replace(network, nacls=(*others, default)))
    assert {each.severity for each in as_made if each.component == "acl"} == {Severity.NOTE}
    assert {each.severity for each in lint(network) if each.component == "acl"} == {Severity.LOW}


def test_the_worst_comes_first():
    order = [each.severity for each in lint(estate("in all 0.0.0.0/0", "out all 0.0.0.0/0"))]
    assert order == sorted(order, key=tuple(Severity).index)
    assert order[0] is Severity.HIGH
