"""What sites may send each other through AWS is judged, though no VPC is asked about it."""

import pytest

from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import ANY_PROTOCOL, Declaration
from bulkhead.prove import prove
from tests.support.estate import Estate


def judged(network, planned=None):
    return judge(prove(network), Declaration(topology="hub", flows=(), planned=planned))


def relayed(judgement):
    every = (each for each in judgement.residue if each.kind is ResidueKind.RELAYED)
    return {(each.source, each.destination, each.protocol) for each in every}


@pytest.fixture
def at_one_gateway():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.vgw("vgw")
    estate.site("plant", "192.168.7.0/24")
    estate.site("depot", "192.168.8.0/24")
    return estate


def at_a_transit_gateway(*routes):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.tgw()
    for site, network in (("plant", "192.168.7.0/24"), ("depot", "192.168.8.0/24")):
        estate.site(site, network, gateway="")
        estate.attach(f"att-{site}", f"vpn-{site}", table="table", kind="vpn")
    estate.tgw_table("table", *routes)
    return estate.build()


def test_two_sites_at_one_vpn_gateway_are_said_to_be_able_to_reach_each_other(at_one_gateway):
    judgement = judged(at_one_gateway.build())
    both = {("plant", "depot", ANY_PROTOCOL), ("depot", "plant", ANY_PROTOCOL)}
    assert relayed(judgement) == both
    ends = {(each.source, each.destination) for each in judgement.findings}
    assert not ends & {("plant", "depot"), ("depot", "plant")}


def test_one_site_has_no_other_to_reach():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.vgw("vgw")
    estate.site("plant", "192.168.7.0/24")
    assert relayed(judged(estate.build())) == set()


def test_a_site_whose_connection_is_gone_is_reached_by_nobody(at_one_gateway):
    at_one_gateway.site("attic", "192.168.9.0/24", available=False)
    assert not any("attic" in each for each in relayed(judged(at_one_gateway.build())))


def test_what_a_transit_gateway_hands_on_between_sites_is_a_finding():
    network = at_a_transit_gateway("192.168.8.0/24 att-depot", "192.168.7.0/24 att-plant")
    judgement = judged(network)
    told = [each for each in judgement.findings if each.kind is FindingKind.EXTRA]
    assert {(each.source, each.destination) for each in told} == {
        ("plant", "depot"),
        ("depot", "plant"),
    }
    assert relayed(judgement) == set()


def test_a_transit_gateway_that_leads_to_no_site_hands_nothing_on():
    assert judged(at_a_transit_gateway()).findings == ()


def test_what_a_table_in_doubt_may_hand_on_is_undetermined():
    network = at_a_transit_gateway("192.168.8.0/24 att-depot uncertain")
    (told,) = judged(network).findings
    assert (told.kind, told.source, told.destination) == (
        FindingKind.UNDETERMINED,
        "plant",
        "depot",
    )
    assert told.why


def test_what_two_sites_exchange_of_which_none_is_declared_is_theirs(at_one_gateway):
    at_one_gateway.site("strange", "192.168.9.0/24")
    at_one_gateway.site("stranger", "192.168.10.0/24")
    ours = Estate()
    ours.subnet("a", "10.0.1.0/24")
    ours.vgw("vgw")
    ours.site("plant", "192.168.7.0/24")
    pairs = relayed(judged(at_one_gateway.build(), planned=ours.build()))
    assert {frozenset(each[:2]) for each in pairs} == {
        frozenset({"plant", other}) for other in ("depot", "strange", "stranger")
    }
