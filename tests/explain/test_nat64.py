"""What is told of IPv6 that a NAT gateway makes IPv4 of, and what opens it."""

import pytest

from bulkhead.ends import asked, partition, received
from bulkhead.explain import Code, explain, explain_public
from bulkhead.explain.remedy import pillars, remedy
from bulkhead.network import ICMP6, TCP, Verdict
from bulkhead.prove import Question, prove
from bulkhead.prove import ask as reached
from bulkhead.report.edits import words
from tests.support.nat64 import behind_nat64

A, D, U = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNDETERMINED
WORLD = "64:ff9b::808:808"
INSIDE = "64:ff9b::a00:20a"
PUBLIC = "64:ff9b::cb00:7114"
ECHO = 128 * 256


def said(network, address=WORLD, protocol=TCP, port=443):
    ends = partition(network).endpoints
    (sender,), (receiver,) = asked(network, ends, "h6"), asked(network, ends, address)
    return explain(network, sender, receiver, protocol, port)


def opened(estate, address=WORLD, protocol=TCP, port=443):
    """The texts of the changes, after seeing that they open it."""
    network = estate.build()
    found = remedy(network, said(network, address, protocol, port))
    assert found.opens, found.obstacles
    for change in found.changes:
        network = change.apply(network)
    assert said(network, address, protocol, port).verdict is A
    return list(map(words, found.changes))


def test_the_hop_of_the_nat_gateway_tells_both_addresses_there_and_back():
    found = said(behind_nat64().build())
    (there,) = (hop for hop in found.request if str(hop.layer) == "NAT gateway")
    (back,) = (hop for hop in found.reply if str(hop.layer) == "NAT gateway")
    assert there.changes == "source becomes 10.0.1.5, destination becomes 8.8.8.8"
    assert back.changes == f"source becomes {WORLD}, destination becomes 2a05:d018:1:1::a"


def test_the_destination_goes_by_the_address_that_was_asked_about():
    assert str(said(behind_nat64().build()).destination) == (
        "internet (64:ff9b::808:808 of 64:ff9b::/96)"
    )
    assert str(said(behind_nat64().build(), INSIDE).destination) == f"NAT64 ({INSIDE})"


@pytest.mark.parametrize(
    ("acl", "change"),
    [
        ("in 9 deny tcp 443 ::/0", "ingress 8: allow tcp 443 from 2a05:d018:1:1::a/128"),
        ("out 9 deny tcp 443 0.0.0.0/0", "egress 8: allow tcp 443 to 10.0.2.10/32"),
        ("in 9 deny all 10.0.2.0/24", "ingress 8: allow tcp 1024-65535 from 10.0.2.10/32"),
        ("out 9 deny all ::/0", "egress 8: allow tcp 32768-60999 to 2a05:d018:1:1::a/128"),
    ],
)
def test_a_nacl_gets_the_entry_of_the_family_that_it_sees_there(acl, change):
    estate = behind_nat64(acl=(acl,), web=("in tcp 443 10.0.1.0/24",))
    assert opened(estate, INSIDE) == [f"add to nat: {change}"]


def test_the_receivers_group_gets_a_rule_for_the_nat_gateway():
    assert opened(behind_nat64(), INSIDE) == ["add to web: ingress tcp 443 from 10.0.1.5/32"]
    assert opened(behind_nat64(), INSIDE, ICMP6, ECHO) == [
        "add to web: ingress icmp type 8 code 0 from 10.0.1.5/32"
    ]


def test_a_route_to_the_nat_gateway_is_what_is_missing():
    estate = behind_nat64(route="64:ff9b::909:0/112 nat")
    assert opened(estate) == ["in route table private: 64:ff9b::/96 -> nat"]


def test_an_allowed_packet_rests_on_routes_of_both_families():
    network = behind_nat64().build()
    alone = {(each.name, str(each.rule.rule)) for each in pillars(network, said(network))}
    assert {("private", "64:ff9b::/96 -> nat"), ("public", "0.0.0.0/0 -> igw")} <= alone


def test_a_group_that_names_the_host_of_ipv6_is_told_not_to_match():
    found = said(behind_nat64(web=("in tcp 443 out",)).build(), INSIDE)
    assert found.verdict is D
    assert Code.SG_REFERENCES_NOT_PRESERVED in found.codes


# Public addresses of what is here


def street(*rules, **more):
    estate = behind_nat64(**more)
    estate.group("served", *rules)
    estate.subnet("dmz", "10.0.3.0/24", table="public")
    estate.host("front", "dmz", "10.0.3.10", "served", public="203.0.113.20")
    return estate.build()


def both_legs(network, address=PUBLIC, protocol=TCP, port=443):
    """What the walk says of both legs, and the proof."""
    ends = partition(network).endpoints
    (sender,) = asked(network, ends, "h6")
    rest, (public,) = received(network, ends, address)
    assert rest == ()
    found = explain_public(network, sender, public, protocol, port)
    cells = reached(prove(network), Question(from_="h6", to=address)).every()
    (proved,) = {each.verdict for each in cells if each.protocol == protocol and port in each.ports}
    assert found.verdict is proved
    return proved


def test_a_public_address_here_sees_the_public_address_of_the_nat_gateway():
    assert both_legs(street("in tcp 443 203.0.113.9/32")) is A
    assert both_legs(street("in tcp 443 10.0.1.5/32")) is D
    assert both_legs(street("in tcp 443 2a05:d018:1:1::a/128")) is D
    assert both_legs(street("in tcp 443 0.0.0.0/0", public=False)) is D


def test_an_echo_request_comes_in_again_as_one_of_ipv4():
    assert both_legs(street("in icmp:8 203.0.113.9/32"), protocol=ICMP6, port=ECHO) is A
    assert both_legs(street("in icmpv6:128 ::/0"), protocol=ICMP6, port=ECHO) is D


def test_the_nat_gateways_own_public_address_takes_replies_alone():
    assert both_legs(street("in tcp 443 0.0.0.0/0"), "64:ff9b::cb00:7109") is D


def test_without_a_nat_gateway_nobody_knows_who_translates_it_on_the_internet():
    routes = ("64:ff9b::909:0/112 nat", "::/0 igw")
    estate = behind_nat64(route=routes[0])
    estate.table("six", *routes)
    estate.subnet("other", "2a05:d018:1:9::/64", table="six")
    estate.host("h7", "other", "2a05:d018:1:9::a", "out")
    estate.group("served", "in tcp 443 0.0.0.0/0")
    estate.host("front", "pub", "10.0.1.10", "served", public="203.0.113.20")
    network = estate.build()
    ends = partition(network).endpoints
    (sender,), (_, (public,)) = asked(network, ends, "h7"), received(network, ends, PUBLIC)
    assert explain_public(network, sender, public, TCP, 443).verdict is U
    (cell,) = reached(
        prove(network), Question(from_="h7", to=PUBLIC, protocol="tcp", port=443)
    ).every()
    assert cell.verdict is U


def test_hops_lead_to_the_host_itself_and_not_to_its_other_name():
    network = behind_nat64(web=("in tcp 443 10.0.1.0/24",)).build()
    found = {
        each.end.name: each
        for each in reached(prove(network), Question(from_="h6", hops=1)).reached
    }
    assert str(found["h4"].path[0].over.address) == INSIDE
    assert not [name for name in found if "NAT64" in name]
    (asked_of,) = (
        each
        for each in reached(prove(network), Question(to="h4", hops=1)).reached
        if each.end.name == "h6"
    )
    assert asked_of.certain


# Addresses that no host has


@pytest.mark.parametrize("address", ["64:ff9b::a00:909", "64:ff9b::a00:1ff", "64:ff9b::a00:105"])
def test_an_address_of_a_vpc_that_no_host_has_is_nowhere_by_ipv6_too(address):
    found = said(behind_nat64().build(), address)
    assert found.verdict is D
    assert found.codes == (Code.NO_PATH,)


@pytest.mark.parametrize(
    ("address", "why"),
    [("64:ff9b::a00:2", "is the resolver of VPC"), ("64:ff9b::7f00:1", "no host can have")],
)
def test_what_may_answer_or_is_no_host_at_all_is_said(address, why):
    network = behind_nat64().build()
    with pytest.raises(LookupError, match=why):
        asked(network, partition(network).endpoints, address)
