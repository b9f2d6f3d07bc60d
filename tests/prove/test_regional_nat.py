"""Regional NAT gateways: in no subnet, past no NACL, by a route table of their own.

(docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
"""

import pytest

from bulkhead.network import ICMP, TCP, UDP, Verdict
from bulkhead.prove import prove
from tests.support.estate import ANYWHERE, Estate, endpoint

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED
HERE = ("eu-west-1a 203.0.113.9",)


def ask(estate, source, destination, protocol=TCP, port=443):
    reach = prove(estate.build())
    return reach.verdict(endpoint(reach, source), endpoint(reach, destination), protocol, port)


def in_region(*own, zones=HERE, acl=None, access="open", shown=True, **gateway):
    """A host in a private subnet; `own` are the routes of the NAT gateway's own table."""
    estate = Estate()
    estate.igw()
    estate.acl(
        "narrow",
        "in 100 allow tcp 32768-40000 0.0.0.0/0",
        "in 110 allow all 10.0.0.0/8",
        "out 100 allow all 0.0.0.0/0",
    )
    estate.table("private", "0.0.0.0/0 nat")
    if shown:
        estate.table("own", *(own or ("0.0.0.0/0 igw",)))
    estate.subnet("priv", "10.0.2.0/24", table="private", acl=acl, access=access)
    estate.group("any", *ANYWHERE)
    estate.host("h", "priv", "10.0.2.10", "any")
    estate.regional("nat", "own", zones, **gateway)
    return estate


def test_a_host_without_a_public_subnet_reaches_the_internet():
    assert ask(in_region(), "h", "internet") is A
    assert ask(in_region(), "h", "internet", protocol=UDP) is A
    assert ask(in_region(), "h", "internet", protocol=ICMP, port=8 * 256) is A
    assert ask(in_region(), "h", "internet", protocol=50, port=0) is D


def test_the_internet_opens_nothing_through_it():
    assert ask(in_region(), "internet", "h") is D


def test_its_own_table_says_where_it_sends():
    assert ask(in_region("10.9.0.0/16 igw"), "h", "internet") is D
    assert ask(in_region("0.0.0.0/0 igw-gone"), "h", "internet") is U
    assert ask(in_region("0.0.0.0/0 igw blackhole"), "h", "internet") is D


def test_without_its_own_table_nobody_knows():
    assert ask(in_region(shown=False), "h", "internet") is U


def test_replies_are_asked_at_the_client_alone():
    assert ask(in_region(acl="narrow"), "h", "internet") is H


def test_one_that_is_not_available_carries_nothing():
    assert ask(in_region(available=False), "h", "internet") is D


def test_in_a_zone_without_an_address_nobody_knows_what_it_does():
    elsewhere = ("eu-west-1b 203.0.113.9",)
    assert ask(in_region(zones=elsewhere), "h", "internet") is U
    assert ask(in_region(zones=()), "h", "internet") is U


def test_one_that_comes_to_a_zone_by_itself_serves_it_from_another_until_then():
    elsewhere = ("eu-west-1b 203.0.113.9",)
    assert ask(in_region(zones=elsewhere, expands=True), "h", "internet") is A
    assert ask(in_region(zones=(), expands=True), "h", "internet") is U


def test_what_it_sends_elsewhere_has_an_address_that_is_not_shown():
    estate = in_region("0.0.0.0/0 igw", "10.9.0.0/16 pcx")
    estate.vpc("far", "10.9.0.0/16")
    estate.pcx("pcx", "vpc", "far")
    estate.table("far", "10.0.0.0/16 pcx", vpc="far")
    estate.subnet("there", "10.9.1.0/24", table="far", vpc="far")
    estate.group("open", "in all 0.0.0.0/0", vpc="far")
    estate.group("shut", "in tcp 80 0.0.0.0/0", vpc="far")
    estate.host("open", "there", "10.9.1.10", "open")
    estate.host("shut", "there", "10.9.1.11", "shut")
    assert ask(estate, "h", "open") is U
    assert ask(estate, "h", "shut") is D


@pytest.mark.parametrize(
    ("access", "verdict"), [("egress-only", A), ("blocked", D)], ids=["ingress blocked", "blocked"]
)
def test_block_public_access_for_the_whole_vpc_holds_for_it(access, verdict):
    assert ask(in_region(access=access), "h", "internet") is verdict


def test_block_public_access_for_a_part_of_the_vpc_leaves_it_open():
    estate = in_region()
    estate.subnet("shut", "10.0.3.0/24", access="blocked")
    assert ask(estate, "h", "internet") is U


def over_a_transit_gateway(*own, zone="eu-west-1a"):
    """A spoke whose way out is the regional NAT gateway of another VPC."""
    estate = in_region(*own)
    estate.vpc("spoke", "10.1.0.0/16")
    estate.table("spoke", "0.0.0.0/0 tgw", vpc="spoke")
    estate.subnet("s", "10.1.0.0/24", table="spoke", vpc="spoke")
    estate.group("spoke", *ANYWHERE, vpc="spoke")
    estate.host("s-0", "s", "10.1.0.10", "spoke")
    estate.table("hub", "0.0.0.0/0 nat")
    estate.subnet("door", "10.0.4.0/24", table="hub", zone=zone)
    estate.tgw("tgw")
    estate.attach("att-vpc", "vpc", "door", table="tgw-table")
    estate.attach("att-spoke", "spoke", "s", table="tgw-table")
    estate.tgw_table("tgw-table", "0.0.0.0/0 att-vpc", "10.1.0.0/16 att-spoke")
    return estate


def test_it_serves_senders_behind_a_transit_gateway_that_its_table_leads_back_to():
    back = ("0.0.0.0/0 igw", "10.1.0.0/16 tgw")
    assert ask(over_a_transit_gateway(*back), "s-0", "internet") is A
    assert ask(over_a_transit_gateway("0.0.0.0/0 igw"), "s-0", "internet") is H


def test_it_sends_replies_back_from_the_zone_in_which_it_sent():
    back = ("0.0.0.0/0 igw", "10.1.0.0/16 tgw")
    there = over_a_transit_gateway(*back, zone="eu-west-1b")
    assert ask(there, "s-0", "internet") is U
    estate = over_a_transit_gateway(*back, zone="eu-west-1b")
    estate.parts["nat_gateways"].clear()
    estate.regional("nat", "own", HERE, expands=True)
    assert ask(estate, "s-0", "internet") is H


def test_a_route_back_through_a_firewall_inspects_both_ways_or_neither():
    estate = in_region("0.0.0.0/0 igw", "10.0.2.0/24 fwe")
    estate.subnet("inspect", "10.0.9.0/24")
    estate.firewall("fw", {"fwe": "inspect"}, default="pass")
    assert ask(estate, "h", "internet") is U
