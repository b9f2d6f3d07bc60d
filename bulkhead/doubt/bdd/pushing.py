"""Waves are pushed from stop to stop, by whatever their routes lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bulkhead.doubt.bdd.acls import acl
from bulkhead.doubt.bdd.entering import enter_from_internet
from bulkhead.doubt.bdd.flood import (
    Flood,
    Internet,
    OwnTable,
    SubnetRouter,
    TransitExit,
    TransitTable,
    Wave,
)
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
    """Until every wave has ended."""
    while (waiting := flood.next_stop()) is not None:
        stop, wave = waiting
        match stop:
            case SubnetRouter():
                _leave(wave, wave.network.subnet[stop.subnet])
            case OwnTable():
                _leave_region(wave, stop)
            case TransitTable():
                cross(wave, stop)
            case Internet():
                enter_from_internet(wave)
            case TransitExit():
                _leave_transit(wave, stop)


def _leave(wave: Wave, here: Subnet) -> None:
    """Past a subnet's ACL, then as its table says."""
    for passed in wave.sieved(acl(wave.space, here.id, Direction.EGRESS, wave.roles)):
        for route, portion in routed(passed, here.route_table, here.vpc):
            _follow(portion, route, here)


def _leave_region(wave: Wave, stop: OwnTable) -> None:
    """Out of a regional NAT gateway, as out of a subnet that has no ACL."""
    for nat in wave.network.nat_gateways:
        if nat.id == stop.gateway:
            ground = nat.ground(stop.zone)
            for route, portion in routed(wave, ground.route_table, nat.vpc):
                _follow(portion, route, ground)


def _leave_transit(wave: Wave, stop: TransitExit) -> None:
    """Out of a transit gateway: what a local route leaves in the subnet meets no ACL of it."""
    here = wave.network.subnet[stop.subnet]
    near = wave.space.in_subnet(wave.roles.end, here.id)
    passing = acl(wave.space, here.id, Direction.EGRESS, wave.roles)
    for route, portion in routed(wave.only(near), here.route_table, here.vpc):
        if route is None or is_local(route):
            portion.deliver()
        else:
            for passed in portion.sieved(passing):
                _follow_out(passed, route, here, stop.gateway)
    for passed in wave.without(near).sieved(passing):
        for route, portion in routed(passed, here.route_table, here.vpc):
            _follow_out(portion, route, here, stop.gateway)


def _follow_out(wave: Wave, route: Route | None, here: Subnet, gateway: str) -> None:
    """By a route, but not back to the transit gateway that the packets came from."""
    if route and (route.target, route.target_id) == (TargetKind.TRANSIT_GATEWAY, gateway):
        wave.lose()
    else:
        _follow(wave, route, here)


def _follow(wave: Wave, route: Route | None, here: Subnet) -> None:
    """By a route out of a subnet; None stands for the local one."""
    if route is None or is_local(route):
        deliver_in(wave, here.vpc)
    elif route.blackhole:
        wave.lose()
    elif route.target in _TARGETS:
        _TARGETS[route.target](wave, here, route.target_id)
    else:
        wave.drift()


_TARGETS: Final[dict[TargetKind, Callable[[Wave, Subnet, str], None]]] = {
    TargetKind.INTERNET_GATEWAY: to_internet_gateway,
    TargetKind.EGRESS_ONLY_GATEWAY: to_egress_only_gateway,
    TargetKind.GATEWAY_ENDPOINT: to_gateway_endpoint,
    TargetKind.VPN_GATEWAY: to_vpn_gateway,
    TargetKind.NAT_GATEWAY: to_nat_gateway,
    TargetKind.PEERING: to_peer,
    TargetKind.TRANSIT_GATEWAY: to_transit_gateway,
    TargetKind.INTERFACE: lambda wave, here, id_: to_interface(wave, here.vpc, id_),
    TargetKind.FIREWALL: lambda wave, here, id_: to_firewall(wave, here.vpc, here, id_),
}
"""What is not among them is not modelled."""
