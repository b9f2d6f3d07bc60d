"""Parts are pushed from stop to stop, by whatever their routes lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bulkhead.doubt.bdd.acls import acl
from bulkhead.doubt.bdd.flood import AtRouter, Flood, InTransit, OutOfTransit, Part
from bulkhead.doubt.bdd.internet import (
    to_egress_only_gateway,
    to_gateway_endpoint,
    to_internet_gateway,
)
from bulkhead.doubt.bdd.longest_prefix import is_local, routed
from bulkhead.doubt.bdd.middleboxes import to_firewall, to_nat_gateway
from bulkhead.doubt.bdd.neighbours import to_interface, to_peer, to_vpn_gateway
from bulkhead.doubt.bdd.transit import cross, to_transit_gateway
from bulkhead.doubt.bdd.within import deliver_in
from bulkhead.network import Direction, Route, Subnet, TargetKind


def push(flood: Flood) -> None:
    """Until every part has ended."""
    while (waiting := flood.next_stop()) is not None:
        stop, part = waiting
        match stop:
            case AtRouter():
                _leave(part, part.network.subnet[stop.subnet])
            case InTransit():
                cross(part, stop)
            case OutOfTransit():
                _leave_transit(part, stop)


def past_edge(part: Part, gateway: str, vpc: str) -> None:
    """Into a VPC by one of its gateways, and by the edge table of that if it has one."""
    part = part.unless_noted(gateway)
    table = next((each for each in part.network.route_tables if each.gateway == gateway), None)
    if table is None:
        return deliver_in(part, vpc)
    for route, portion in routed(part, table.id, vpc):
        if route is None or is_local(route):
            deliver_in(portion, vpc)
        elif route.blackhole:
            portion.lose()
        elif route.target is TargetKind.UNMODELLED:
            portion.drift()
        elif route.target is TargetKind.INTERFACE:
            to_interface(portion, vpc, route.target_id)
        elif route.target is TargetKind.FIREWALL:
            to_firewall(portion, vpc, None, route.target_id)
        else:
            portion.lose()
    return None


def _leave(part: Part, here: Subnet) -> None:
    """Past a subnet's ACL, then as its table says."""
    for passed in part.sieved(acl(part.space, here.id, Direction.EGRESS, part.layout)):
        for route, portion in routed(passed, here.route_table, here.vpc):
            _follow(portion, route, here)


def _leave_transit(part: Part, stop: OutOfTransit) -> None:
    """Out of a transit gateway: routed first, and only what goes on meets the ACL."""
    here = part.network.subnet[stop.subnet]
    near = part.space.in_subnet(part.layout.end, here.id)
    passing = acl(part.space, here.id, Direction.EGRESS, part.layout)
    for route, portion in routed(part, here.route_table, here.vpc):
        if route is None or is_local(route):
            portion.only(near).deliver()
            leaving = portion.without(near)
        elif (route.target, route.target_id) == (TargetKind.TRANSIT_GATEWAY, stop.gateway):
            leaving = portion.keep_if(False)
        else:
            leaving = portion
        for passed in leaving.sieved(passing):
            _follow(passed, route, here)


def _follow(part: Part, route: Route | None, here: Subnet) -> None:
    """By a route out of a subnet; None stands for the local one."""
    if route is None or is_local(route):
        deliver_in(part, here.vpc)
    elif route.blackhole:
        part.lose()
    elif route.target in _TARGETS:
        _TARGETS[route.target](part, here, route.target_id)
    else:
        part.drift()


_TARGETS: Final[dict[TargetKind, Callable[[Part, Subnet, str], None]]] = {
    TargetKind.INTERNET_GATEWAY: to_internet_gateway,
    TargetKind.EGRESS_ONLY_GATEWAY: to_egress_only_gateway,
    TargetKind.GATEWAY_ENDPOINT: to_gateway_endpoint,
    TargetKind.VPN_GATEWAY: to_vpn_gateway,
    TargetKind.NAT_GATEWAY: to_nat_gateway,
    TargetKind.PEERING: to_peer,
    TargetKind.TRANSIT_GATEWAY: to_transit_gateway,
    TargetKind.INTERFACE: lambda part, here, id_: to_interface(part, here.vpc, id_),
    TargetKind.FIREWALL: lambda part, here, id_: to_firewall(part, here.vpc, here, id_),
}
"""What is not among them is not modelled."""
