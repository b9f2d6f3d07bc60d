"""A route that may or may not be there leaves open what it could change, and nothing else."""

import pytest

from bulkhead.explain import explain
from bulkhead.network import TCP
from bulkhead.prove import Question, ask, prove
from tests.support.estate import ANYWHERE, Estate


def joined(*routes):
    """Two VPCs at one transit gateway, each host behind open groups and NACLs."""
    estate = Estate()
    estate.vpc("east", "10.1.0.0/16")
    estate.acl("wide", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.table("table-a", "10.1.0.0/16 tgw", *routes)
    estate.table("table-e", "10.0.0.0/16 tgw", vpc="east")
    estate.subnet("a", "10.0.0.0/24", table="table-a", acl="wide")
    estate.subnet("b", "10.0.1.0/24", table="table-a", acl="wide")
    estate.subnet("e", "10.1.0.0/24", table="table-e", acl="wide", vpc="east")
    estate.group("all", *ANYWHERE)
    estate.host("a1", "a", "10.0.0.10", "all")
    estate.host("b1", "b", "10.0.1.10", "all")
    estate.host("e1", "e", "10.1.0.10", "all")
    estate.tgw()
    estate.attach("att-vpc", "vpc", "a", table="hub")
    estate.attach("att-east", "east", "e", table="hub")
    return estate


def verdict(network, source, destination):
    reach = prove(network)
    one, other = (
        next(each for each in reach.endpoints if each.thing == name)
        for name in (source, destination)
    )
    (cell,) = {each.verdict for each in reach.between(one, other) if each.protocol == TCP}
    assert explain(network, one, other, TCP, 80).verdict is cell
    return cell


HUB = ("10.0.0.0/16 att-vpc propagated", "10.1.0.0/16 att-east propagated")


def test_a_list_that_leads_to_a_gateway_leaves_the_vpc_itself_decided():
    estate = joined("0.0.0.0/0 pcx-9 list uncertain")
    estate.tgw_table("hub", *HUB)
    network = estate.build()
    assert verdict(network, "a1", "b1") == "allowed"
    assert verdict(network, "a1", "e1") == "undetermined"


def test_a_list_that_leads_where_the_packet_goes_anyway_changes_nothing():
    estate = joined("0.0.0.0/0 tgw list uncertain")
    estate.tgw_table("hub", *HUB)
    assert verdict(estate.build(), "a1", "e1") == "allowed"


def test_a_list_that_leads_to_an_appliance_may_hold_a_subnet_of_the_vpc():
    estate = joined("0.0.0.0/0 @app list uncertain")
    estate.host("app", "a", "10.0.0.20", "all", check=False)
    estate.tgw_table("hub", *HUB)
    assert verdict(estate.build(), "a1", "b1") == "undetermined"


@pytest.mark.parametrize(
    ("learned", "expected"),
    [
        ("0.0.0.0/0 att-gone propagated uncertain", "undetermined"),
        ("10.1.7.0/24 att-gone propagated uncertain", "allowed"),
        ("10.1.0.0/24 blackhole uncertain", "undetermined"),
        ("10.1.0.0/16 att-east propagated uncertain", "allowed"),
    ],
)
def test_in_a_transit_table_it_touches_what_it_may_hold(learned, expected):
    estate = joined()
    estate.tgw_table("hub", *HUB, learned)
    assert verdict(estate.build(), "a1", "e1") == expected


def test_nothing_is_denied_for_sure_that_it_may_lead_there():
    estate = joined()
    estate.tgw_table("hub", "10.0.0.0/16 att-vpc", "10.1.0.0/16 att-east uncertain")
    assert verdict(estate.build(), "a1", "e1") == "undetermined"


def served(*routes):
    """A host behind a table that leads to a gateway endpoint whose list is not known."""
    estate = Estate()
    estate.igw()
    estate.vpce()
    estate.table("ways", "0.0.0.0/0 vpce list uncertain", *routes)
    estate.subnet("a", "10.0.0.0/24", table="ways")
    estate.group("all", *ANYWHERE)
    estate.host("a1", "a", "10.0.0.10", "all", public="203.0.113.5")
    return prove(estate.build())


@pytest.mark.parametrize(
    ("protocol", "alone", "beside_the_internet"),
    [
        ("tcp", {"undetermined"}, {"allowed"}),
        ("icmp", {"undetermined", "denied"}, {"allowed", "undetermined"}),
        ("udp", {"denied"}, {"undetermined"}),
    ],
)
def test_a_list_of_a_service_leaves_open_what_the_endpoint_may_carry(
    protocol, alone, beside_the_internet
):
    asked = Question(from_="a1", to="52.1.2.3", protocol=protocol)
    assert {each.verdict for each in ask(served(), asked).every()} == alone
    beside = served("0.0.0.0/0 igw")
    assert {each.verdict for each in ask(beside, asked).every()} == beside_the_internet


def test_a_list_of_a_service_holds_no_private_address():
    reach = served("0.0.0.0/0 igw", "192.168.0.0/16 tgw")
    asked = Question(from_="a1", to="172.16.0.9", protocol="tcp", port=443)
    assert {each.verdict for each in ask(reach, asked).every()} == {"denied"}
