"""Which of several routes takes a packet decides what the proof says."""

import pytest

from bulkhead.explain import explain
from bulkhead.network import TCP, Verdict
from bulkhead.prove import prove
from tests.support.estate import ANYWHERE, Estate, endpoint

A, D, U = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNDETERMINED


def routed(*routes):
    """Two subnets of a VPC whose firewall drops all, beside a peer; `a` has these routes."""
    estate = Estate()
    estate.vpc("other", "10.1.0.0/16")
    estate.pcx("pcx", "vpc", "other")
    estate.table("routes", *routes)
    estate.table("back", "10.0.0.0/16 pcx", vpc="other")
    estate.subnet("a", "10.0.1.0/24", table="routes")
    estate.subnet("b", "10.0.2.0/24")
    estate.subnet("wall", "10.0.3.0/24")
    estate.subnet("far", "10.1.1.0/24", table="back", vpc="other")
    estate.firewall("fw", {"fwe": "wall"}, default="drop")
    estate.group("any", *ANYWHERE)
    estate.host("a1", "a", "10.0.1.10", "any")
    estate.host("b1", "b", "10.0.2.10", "any")
    estate.host("far1", "far", "10.1.1.10", "any")
    return estate.build()


def ask(network, destination):
    reach = prove(network)
    ends = endpoint(reach, "a1"), endpoint(reach, destination)
    proved = reach.verdict(*ends, TCP, 443)
    assert explain(network, *ends, TCP, 443).verdict is proved
    return proved


@pytest.mark.parametrize(
    ("routes", "verdict"),
    [
        (("10.0.0.0/16 fwe list",), A),
        (("10.0.0.0/16 fwe",), D),
        (("10.0.2.0/24 fwe list",), D),
        (("10.0.0.0/15 fwe list",), A),
    ],
)
def test_a_prefix_list_takes_nothing_from_the_local_route_but_what_is_more_specific(
    routes, verdict
):
    assert ask(routed(*routes), "b1") is verdict


@pytest.mark.parametrize(
    ("routes", "verdict"),
    [
        (("10.1.0.0/16 pcx list", "10.1.0.0/16 vgw propagated"), A),
        (("10.1.0.0/16 fwe list", "10.1.0.0/16 pcx"), A),
        (("10.1.0.0/16 fwe list", "10.1.1.0/24 pcx list2"), A),
        (("10.1.0.0/16 pcx list", "10.1.0.0/16 pcx list2"), A),
        (("10.1.0.0/16 pcx list", "10.1.0.0/16 fwe list2"), U),
        (("10.1.0.0/16 fwe list2", "10.1.0.0/16 pcx list"), U),
        (("10.1.0.0/16 pcx list", "10.1.0.0/16 pcx list2 blackhole"), U),
        (("10.1.0.0/16 pcx list", "10.1.0.0/16 fwe list2", "10.1.0.0/16 pcx"), A),
    ],
)
def test_of_routes_with_one_block_a_static_one_comes_before_a_prefix_list_and_that_before_others(
    routes, verdict
):
    assert ask(routed(*routes), "far1") is verdict


def test_prefix_lists_that_lead_a_block_apart_leave_nothing_open_where_both_drop_or_deliver():
    both = ("10.1.0.0/16 fwe list", "10.1.0.0/16 pcx-gone list2 blackhole")
    assert ask(routed(*both), "far1") is D
