"""What a NAT gateway makes of IPv6 for hosts of IPv4 (docs/model.md, "Nat64")."""

import pytest

from bulkhead.doubt import doubt
from bulkhead.ends import EndpointKind, resolve_among
from bulkhead.explain import explain
from bulkhead.network import ICMP6, TCP, Verdict
from bulkhead.prove import prove
from tests.support.estate import endpoint
from tests.support.nat64 import behind_nat64

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED
WORLD = "64:ff9b::808:808"
INSIDE = "64:ff9b::a00:20a"


def ask(estate, address=WORLD, protocol=TCP, port=443, source="h6"):
    """The verdict of a cell by the address that was asked about, by the proof and by the walk."""
    network = estate.build()
    reach = prove(network)
    (receiver,) = resolve_among(network, reach.endpoints, address)
    sender = endpoint(reach, source)
    proved = reach.verdict(sender, receiver, protocol, port)
    assert explain(network, sender, receiver, protocol, port).verdict is proved
    return proved


@pytest.mark.parametrize("route", ["64:ff9b::/96 nat", "::/0 nat", "64:ff9b::808:0/112 nat"])
def test_a_host_with_ipv6_alone_reaches_the_internet_of_ipv4(route):
    assert ask(behind_nat64(route=route)) is A


def test_only_what_a_route_leads_to_the_nat_gateway_is_translated():
    assert ask(behind_nat64(route="64:ff9b::808:0/112 nat"), "64:ff9b::909:909") is D
    reach = prove(behind_nat64(route="::/0 nat").build())
    ends = endpoint(reach, "h6"), endpoint(reach, "internet (IPv6)")
    assert reach.verdict(*ends, TCP, 443) is D


@pytest.mark.parametrize(
    "broken",
    [
        {"public": False},
        {"available": False},
        {"public_routes": ()},
        {"public_routes": ("0.0.0.0/0 igw", "8.8.8.0/24 igw blackhole")},
        {"out": ("out all 0.0.0.0/0", "out tcp 443 2a05:d018::/32")},
    ],
)
def test_what_stops_ipv4_stops_ipv6_for_hosts_of_ipv4(broken):
    assert ask(behind_nat64(**broken)) is D


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        ("in 1 deny tcp 443 ::/0", D),
        ("in 1 deny tcp 443 0.0.0.0/0", A),
        ("out 1 deny tcp 443 0.0.0.0/0", D),
        ("out 1 deny tcp 443 ::/0", A),
        ("out 1 deny tcp 443 8.8.8.8/32", D),
        ("in 1 deny tcp 1024-65535 0.0.0.0/0", H),
        ("in 1 deny tcp 2000 8.8.8.8/32", H),
        ("out 1 deny tcp 40000 ::/0", H),
        ("out 1 deny tcp 2000 ::/0", A),
    ],
)
def test_the_nacl_of_the_nat_gateway_sees_ipv6_on_one_side_and_ipv4_on_the_other(entry, verdict):
    assert ask(behind_nat64(acl=(entry,))) is verdict


def test_the_nacl_of_the_client_sees_ipv6_alone():
    assert ask(behind_nat64(own=("in 1 deny tcp 40000 64:ff9b::/96",))) is H
    assert ask(behind_nat64(own=("in 1 deny tcp 40000 8.8.8.8/32",))) is A
    assert ask(behind_nat64(own=("out 1 deny tcp 443 64:ff9b::808:808/128",))) is D


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("in tcp 443 10.0.1.5/32", A),
        ("in tcp 443 10.0.2.0/24", D),
        ("in tcp 443 2a05:d018:1:1::a/128", D),
        ("in tcp 443 ::/0", D),
        ("in tcp 443 out", D),
    ],
)
def test_a_host_of_the_same_vpc_sees_the_address_of_the_nat_gateway(rule, verdict):
    assert ask(behind_nat64(web=(rule,), public=False), INSIDE) is verdict


def test_an_echo_request_goes_on_as_one_of_ipv4_and_nothing_else_of_icmpv6_does():
    estate = behind_nat64(web=("in icmp:8 10.0.1.0/24",))
    assert ask(estate, INSIDE, ICMP6, 128 * 256) is A
    assert ask(estate, INSIDE, ICMP6, 129 * 256) is D
    assert ask(estate, INSIDE, ICMP6, 1 * 256) is D
    shut = behind_nat64(web=("in icmp:8 10.0.1.0/24",), acl=("in 1 deny icmp:0 10.0.2.0/24",))
    assert ask(shut, INSIDE, ICMP6, 128 * 256) is H
    shut = behind_nat64(web=("in icmp:8 10.0.1.0/24",), acl=("out 1 deny icmpv6:129 ::/0",))
    assert ask(shut, INSIDE, ICMP6, 128 * 256) is H
    assert ask(behind_nat64(web=("in icmpv6 ::/0",)), INSIDE, ICMP6, 128 * 256) is D


def test_the_reply_finds_the_nat_gateway_by_the_routes_of_ipv4():
    web = ("in tcp 443 10.0.1.5/32",)
    assert ask(behind_nat64(web=web, back=("10.0.1.0/24 nat blackhole",)), INSIDE) is H


def test_who_is_in_doubt_over_ipv4_is_so_over_ipv6():
    estate = behind_nat64(web=("in tcp 443 10.0.9.0/24",), scope="h4")
    assert ask(estate, INSIDE) is U
    assert ask(estate) is A
    assert ask(behind_nat64(scope="nat")) is U


def test_where_it_is_lost_sight_of_the_receiver_of_ipv4_still_denies():
    lost = {"back": (), "public_routes": ("10.0.2.0/24 fwe",)}
    assert ask(behind_nat64(web=("in tcp 443 10.9.0.0/16",), **lost), INSIDE) is U
    assert ask(behind_nat64(web=("in tcp 443 ::/0",), **lost), INSIDE) is D
    assert ask(behind_nat64(web=("in tcp 443 out",), **lost), INSIDE) is D


def test_a_host_of_another_vpc_is_reached_by_a_peering_of_ipv4():
    estate = behind_nat64(public_routes=("10.1.0.0/16 pcx",))
    estate.vpc("east", "10.1.0.0/16")
    estate.table("table-east", "10.0.0.0/16 pcx", vpc="east")
    estate.subnet("e", "10.1.1.0/24", table="table-east", vpc="east")
    estate.group("served", "in tcp 443 10.0.1.5/32", vpc="east")
    estate.host("e1", "e", "10.1.1.10", "served")
    estate.pcx("pcx", "vpc", "east")
    assert ask(estate, "64:ff9b::a01:10a") is A


def test_a_site_is_reached_by_a_vpn_gateway_of_ipv4():
    estate = behind_nat64(public=False, public_routes=("192.168.0.0/16 vgw",))
    estate.vgw()
    estate.site("plant", "192.168.0.0/16", routes=("192.168.0.0/16",))
    assert ask(estate, "64:ff9b::c0a8:101") is A
    assert ask(estate) is D


def test_of_several_who_have_the_address_the_one_that_is_reached_decides():
    estate = behind_nat64(web=("in tcp 443 10.0.1.5/32",))
    estate.vpc("twin", "10.0.0.0/16")
    estate.subnet("other", "10.0.2.0/24", vpc="twin")
    estate.group("wide", "in tcp 0-65535 0.0.0.0/0", vpc="twin")
    estate.host("same", "other", "10.0.2.10", "wide")
    assert ask(estate, INSIDE) is A
    assert ask(estate, INSIDE, port=80) is D
    network = estate.build()
    assert not doubt(network, prove(network), packets=100).contradictions


def test_an_address_that_no_host_of_ipv4_has_is_no_end():
    network = behind_nat64().build()
    for address in ("64:ff9b::7f00:1", "64:ff9b::a00:202", "64:ff9b::a00:909"):
        with pytest.raises(LookupError):
            resolve_among(network, prove(network).endpoints, address)


def test_what_comes_from_such_an_address_is_a_reply():
    network = behind_nat64(public=False, own=(), scope="absent").build()
    reach = prove(network)
    names = [each for each in reach.endpoints if each.opens_nothing]
    assert names
    assert {each.kind for each in names} == {EndpointKind.ELSEWHERE, EndpointKind.INTERNET}
    for each in names:
        said = explain(network, each, endpoint(reach, "h6"), TCP, 443)
        assert reach.verdict(each, endpoint(reach, "h6"), TCP, 443) is said.verdict is D


def test_without_a_route_for_it_the_block_is_internet_like_all_of_ipv6():
    network = behind_nat64(route="::/0 igw").build()
    (found,) = resolve_among(network, prove(network).endpoints, WORLD)
    assert found.kind is EndpointKind.INTERNET
    assert not found.ipv4


def test_where_an_internet_gateway_leads_the_block_is_internet_and_answers():
    estate = behind_nat64()
    estate.table("six", "::/0 igw")
    estate.subnet("other", "2a05:d018:1:9::/64", table="six", acl="own")
    estate.host("h7", "other", "2a05:d018:1:9::a", "out")
    assert ask(estate, source="h7") is A
    assert ask(estate, INSIDE, source="h7") is D


def test_no_opinion_contradicts_it():
    web, acl = ("in tcp 443 10.0.1.5/32", "in icmp:8 0.0.0.0/0"), ("out 1 deny tcp 40000 ::/0",)
    for network in (
        behind_nat64(web=web, acl=acl).build(),
        behind_nat64(web=web, public=False, scope="h4").build(),
    ):
        assert not doubt(network, prove(network), packets=500).contradictions
