"""Which route of a table decides is one answer, and the packet walk gives the same on its own."""

from dataclasses import replace
from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.walk.journey import Aim
from bulkhead.explain.walk.routes import routes_for, transit_routes_for
from bulkhead.network import Route, RouteTable, TargetKind, TransitRoute, TransitRouteTable
from bulkhead.network.routing import (
    REPLACES_LOCAL,
    is_asked,
    leads_to,
    may_be_inside,
    may_overrule,
    preferred,
)

BLOCKS = (ip_network("10.0.0.0/16"), ip_network("2001:db8::/56"))
SERVICE = Aim(kind=EndpointKind.INTERNET, id="internet", subnet=None, vpc=None, public=True)
"""Somebody on the internet, who may be a service of AWS."""
routes = st.builds(
    Route,
    destination=st.sampled_from(
        [
            *BLOCKS,
            *map(ip_network, ("0.0.0.0/0", "10.0.0.0/8", "10.0.1.0/24", "192.168.0.0/16", "::/0")),
            *map(ip_network, ("8.8.8.8/32", "10.0.1.1/32")),
        ]
    ),
    target=st.sampled_from(TargetKind),
    target_id=st.sampled_from(("one", "two")),
    propagated=st.booleans(),
    blackhole=st.booleans(),
    prefix_list=st.sampled_from((None, None, "pl-1", "pl-2")),
    certain=st.sampled_from((True, True, False)),
)
addresses = st.sampled_from(
    [
        *map(
            ip_address,
            ("10.0.0.1", "10.0.1.1", "10.1.0.1", "192.168.0.1", "8.8.8.8", "2001:db8::1"),
        )
    ]
)


def decides(routes, address):
    """The routes of which any may be that for an address, by this room's words.

    None for the local one, and for none.
    """
    blocks = [each for each in BLOCKS if address in each]
    own = max((each.prefixlen for each in blocks), default=0)
    asked = [
        each
        for each in routes
        if each.certain and is_asked(each, BLOCKS) and address in each.destination
    ]
    longest = max((each.destination.prefixlen for each in asked), default=-1)
    if longest < own or not asked:
        return ()
    return preferred(each for each in asked if each.destination.prefixlen == longest)


@given(st.lists(routes, max_size=6, unique=True), addresses)
def test_the_walk_chooses_the_same_route(written, address):
    table = RouteTable(id="t", name="t", vpc="v", routes=tuple(written))
    walked, *perhaps = routes_for(table, BLOCKS, address, SERVICE)
    chosen = decides(written, address)
    if not chosen:
        assert walked is None or walked.is_local
    else:
        assert walked == chosen[0]
    rivals, perhaps = (
        perhaps[: len(chosen) - 1 if chosen else 0],
        perhaps[max(0, len(chosen) - 1) :],
    )
    assert {*map(leads_to, rivals)} == {*map(leads_to, chosen[1:])}
    inside = any(address in block for block in BLOCKS)
    assert perhaps == [
        each
        for each in written
        if not each.certain
        and address in each.destination
        and (may_be_inside(each) or not inside)
        and all(may_overrule(each, one) for one in chosen)
    ]


def route(destination, target, **more):
    return Route(destination=ip_network(destination), target=target, target_id="x", **more)


def test_a_blackhole_of_the_vpcs_own_block_is_asked_like_its_target():
    for kind in TargetKind:
        hole = route("10.0.0.0/16", kind, blackhole=True)
        assert is_asked(hole, BLOCKS) is (kind in REPLACES_LOCAL)


def test_a_prefix_list_never_replaces_the_local_route():
    for kind in TargetKind:
        assert not is_asked(route("10.0.0.0/16", kind, prefix_list="pl-1"), BLOCKS)
        assert is_asked(route("10.0.1.0/24", kind, prefix_list="pl-1"), BLOCKS)


def test_a_prefix_list_comes_before_what_is_propagated():
    listed = route("172.16.0.0/12", TargetKind.PEERING, prefix_list="pl-1")
    learnt = route("172.16.0.0/12", TargetKind.VPN_GATEWAY, propagated=True)
    assert preferred((learnt, listed)) == (listed,)


def test_of_prefix_lists_with_one_block_any_may_decide_that_leads_to_another_target():
    block, kind = "172.16.0.0/12", TargetKind.PEERING
    one = route(block, kind, prefix_list="pl-1")
    other = route(block, TargetKind.TRANSIT_GATEWAY, prefix_list="pl-2")
    assert preferred((one, other)) == (one, other)
    assert preferred((one, route(block, kind, prefix_list="pl-2"))) == (one,)
    static = route(block, TargetKind.TRANSIT_GATEWAY)
    assert preferred((one, other, static)) == (static,)


def test_a_local_route_that_is_a_blackhole_delivers_nowhere():
    assert route("10.0.1.0/24", TargetKind.LOCAL).is_local
    assert not route("10.0.1.0/24", TargetKind.LOCAL, blackhole=True).is_local


def perhaps(address, *written, aim=None):
    table = RouteTable(id="t", name="t", vpc="v", routes=tuple(written))
    taken = routes_for(table, BLOCKS, ip_address(address), aim or SERVICE)
    return [each and each.target_id for each in taken]


def test_the_list_of_a_gateway_endpoint_holds_nobody_but_services_on_the_internet():
    listed = route("0.0.0.0/0", TargetKind.GATEWAY_ENDPOINT, prefix_list="pl", certain=False)
    assert perhaps("52.1.2.3", listed) == [None, "x"]
    elsewhere = replace(SERVICE, kind=EndpointKind.ELSEWHERE)
    assert perhaps("192.168.1.1", listed, aim=elsewhere) == [None]


def test_a_route_that_may_be_there_may_be_longer_than_any_other():
    settled = route("192.168.0.0/16", TargetKind.PEERING, blackhole=True)
    listed = route("0.0.0.0/0", TargetKind.TRANSIT_GATEWAY, prefix_list="pl", certain=False)
    learned = route("0.0.0.0/0", TargetKind.VPN_GATEWAY, propagated=True, certain=False)
    assert perhaps("192.168.1.1", settled, listed, learned) == ["x", "x", "x"]
    assert perhaps("8.8.8.8", listed) == [None, "x"]


def test_a_route_that_may_be_there_yields_to_a_better_one_for_the_address_alone():
    settled = route("8.8.8.8/32", TargetKind.INTERNET_GATEWAY)
    learned = route("0.0.0.0/0", TargetKind.VPN_GATEWAY, propagated=True, certain=False)
    assert perhaps("8.8.8.8", settled, learned) == ["x"]
    assert perhaps("8.8.4.4", settled, learned) == [None, "x"]


def test_of_routes_that_may_be_there_only_one_to_a_middlebox_reaches_into_the_vpc():
    for kind in TargetKind:
        may = route("0.0.0.0/0", kind, certain=False)
        assert len(perhaps("10.0.3.3", may)) == 1 + (kind in REPLACES_LOCAL)
    learned = route("0.0.0.0/0", TargetKind.INTERFACE, propagated=True, certain=False)
    assert perhaps("10.0.3.3", learned) == ["local"]


def test_in_a_transit_table_a_learned_route_may_be_longer_than_all_but_a_static_host_route():
    def chosen(address, *written):
        table = TransitRouteTable(id="t", name="t", gateway="g", routes=tuple(written))
        return [
            each and each.attachments for each in transit_routes_for(table, ip_address(address))
        ]

    learned = TransitRoute(
        destination=ip_network("0.0.0.0/0"), attachments=("vpn",), propagated=True, certain=False
    )
    hole = TransitRoute(destination=ip_network("10.9.0.0/16"), attachments=(), blackhole=True)
    host = TransitRoute(destination=ip_network("10.9.0.1/32"), attachments=(), blackhole=True)
    assert chosen("10.9.0.1", learned, hole) == [(), ("vpn",)]
    assert chosen("10.9.0.1", learned, hole, host) == [()]
    assert chosen("8.8.8.8", learned) == [None, ("vpn",)]
