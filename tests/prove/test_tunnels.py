"""Whoever is behind a tunnel may send as anybody; what BGP announced and nobody saw is in doubt."""

from ipaddress import ip_address

import pytest

from bulkhead.explain import explain
from bulkhead.network import TCP, UDP
from bulkhead.prove import prove
from tests.support.estate import Estate


def plant(*rules, routes=("192.168.10.0/24 vgw",), cidrs=("192.168.10.0/24",), **more):
    """A host behind a VPN gateway, whose groups are these and whose site is `plant`."""
    estate = Estate()
    estate.table("table-a", *routes)
    estate.subnet("a", "10.0.1.0/24", table="table-a")
    estate.group("web", *rules, "out all 0.0.0.0/0")
    estate.host("h", "a", "10.0.1.10", "web")
    estate.vgw()
    estate.site("plant", *cidrs, **more)
    return estate


OPEN = "in udp 5556 0.0.0.0/0"


def verdict(estate, source, destination="10.0.1.10", protocol=UDP, port=5556):
    network = estate.build()
    reach = prove(network)
    (one,), (other,) = (
        [each for each in reach.endpoints if ip_address(word) in each]
        for word in (source, destination)
    )
    found = reach.verdict(one, other, protocol, port)
    assert explain(network, one, other, protocol, port).verdict is found
    return found


def test_a_packet_from_elsewhere_arrives_by_a_tunnel_and_its_reply_is_lost():
    estate = plant(OPEN)
    assert verdict(estate, "192.168.10.9") == "allowed"
    assert verdict(estate, "192.168.9.9") == "half-open"
    assert verdict(estate, "203.0.113.9") == "half-open"


def test_groups_that_name_the_site_alone_deny_all_others_behind_its_tunnel():
    estate = plant("in udp 5556 192.168.10.0/24")
    assert verdict(estate, "192.168.10.9") == "allowed"
    assert verdict(estate, "192.168.9.9") == "denied"
    assert verdict(estate, "203.0.113.9") == "denied"


@pytest.mark.parametrize("why", [{"available": False}, {"version": 6}, {"gateway": "vgw-2"}])
def test_a_tunnel_that_carries_nothing_here_brings_nobody(why):
    estate = plant(OPEN, **why)
    if "gateway" in why:
        estate.vpc("other", "10.9.0.0/16")
        estate.vgw("vgw-2", "other")
    assert verdict(estate, "192.168.9.9") == "denied"


def test_an_address_of_the_vpc_itself_is_not_taken_from_a_tunnel():
    assert verdict(plant(OPEN), "10.0.1.20", "10.0.1.10") == "allowed"
    estate = plant(OPEN)
    estate.vpc("other", "10.9.0.0/16")
    estate.subnet("b", "10.9.0.0/24", vpc="other")
    assert verdict(estate, "10.9.0.9") == "denied"


@pytest.mark.parametrize("source", ["203.0.113.9", "192.168.9.9"])
def test_whether_a_site_that_speaks_bgp_is_answered_there_is_not_known(source):
    routes = ("192.168.0.0/16 vgw", "203.0.113.0/24 vgw")
    estate = plant(OPEN, routes=routes, learns=True)
    assert verdict(estate, source) == "undetermined"
    assert verdict(estate, "10.0.1.10", source) == "undetermined"
    # Without a route to the gateway the reply is lost, whatever was announced.
    assert verdict(plant(OPEN, learns=True), source) == "half-open"


def test_a_site_that_speaks_bgp_may_take_what_another_announces():
    estate = plant(OPEN)
    assert verdict(estate, "10.0.1.10", "192.168.10.9", TCP) == "allowed"
    estate.site("depot", learns=True)
    assert verdict(estate, "10.0.1.10", "192.168.10.9", TCP) == "undetermined"


def test_who_has_an_internet_gateway_is_answered_through_it_beside_a_tunnel():
    estate = plant("in tcp 80 0.0.0.0/0", routes=("0.0.0.0/0 igw",))
    estate.igw()
    estate.host("p", "a", "10.0.1.11", "web", public="198.51.100.9")
    assert verdict(estate, "203.0.113.9", "10.0.1.11", TCP, 80) == "allowed"
    assert verdict(estate, "203.0.113.9", "10.0.1.10", TCP, 80) == "half-open"


def test_over_a_transit_gateway_too_a_site_sends_as_anybody():
    estate = plant(OPEN, routes=("0.0.0.0/0 tgw",), gateway="")
    estate.tgw()
    estate.attach("att-vpc", "vpc", "a", table="hub")
    estate.attach("att-plant", "vpn-plant", table="hub", kind="vpn")
    estate.tgw_table("hub", "10.0.0.0/16 att-vpc propagated", "192.168.10.0/24 att-plant")
    assert verdict(estate, "192.168.10.9") == "allowed"
    assert verdict(estate, "192.168.9.9") == "half-open"
    estate.unmodelled("vpn-plant")
    assert verdict(estate, "192.168.9.9") == "undetermined"
