"""Out of a subnet: its ACL, the route for the destination, and whatever the route leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bulkhead.doubt.smt.entering import into_others
from bulkhead.doubt.smt.internet import egress_only_gateway, gateway_endpoint, internet_gateway
from bulkhead.doubt.smt.longest_prefix import routed
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.middleboxes import firewall, nat_gateway
from bulkhead.doubt.smt.neighbours import interface, peering, vpn_gateway
from bulkhead.doubt.smt.terms import Formula, all_of, either
from bulkhead.doubt.smt.transit import transit_gateway
from bulkhead.doubt.smt.traveller import Spot, Traveller, spot_of
from bulkhead.network import Route, TargetKind


def from_subnet(traveller: Traveller, subnet: str) -> Formula:
    """On from a subnet: to a host in it nothing is asked."""
    spot = spot_of(traveller.network, subnet)
    return either(traveller.is_for_subnet(subnet), traveller.arrives(), leave(traveller, spot))


@remembered
def leave(traveller: Traveller, spot: Spot) -> Formula:
    """Out of a spot towards another subnet or beyond."""

    def outcome(route: Route | None) -> Formula:
        return traveller.delivered_in(spot.vpc) if route is None else follow(traveller, spot, route)

    passes = traveller.passes_out_of(spot)
    return all_of((passes, routed(traveller, spot.table, spot.vpc, outcome)))


def follow(traveller: Traveller, spot: Spot, route: Route) -> Formula:
    """By a route, to its target."""
    if route.blackhole:
        return False
    return _TARGETS[route.target](traveller, spot, route.target_id)


def _into_another(traveller: Traveller, vpc: str) -> Formula:
    return into_others(traveller, vpc, follow)


_TARGETS: Final[dict[TargetKind, Callable[[Traveller, Spot, str], Formula]]] = {
    TargetKind.LOCAL: lambda traveller, spot, _: traveller.delivered_in(spot.vpc),
    TargetKind.INTERNET_GATEWAY: lambda traveller, spot, id_: internet_gateway(
        traveller, spot, id_, _into_another
    ),
    TargetKind.EGRESS_ONLY_GATEWAY: lambda traveller, spot, id_: egress_only_gateway(
        traveller, spot, id_, _into_another
    ),
    TargetKind.GATEWAY_ENDPOINT: gateway_endpoint,
    TargetKind.VPN_GATEWAY: vpn_gateway,
    TargetKind.PEERING: peering,
    TargetKind.INTERFACE: interface,
    TargetKind.NAT_GATEWAY: lambda traveller, spot, id_: nat_gateway(
        traveller, spot, id_, from_subnet
    ),
    TargetKind.FIREWALL: lambda traveller, spot, id_: firewall(traveller, spot, id_, from_subnet),
    TargetKind.TRANSIT_GATEWAY: lambda traveller, spot, id_: transit_gateway(
        traveller, spot, id_, follow
    ),
    TargetKind.UNMODELLED: lambda traveller, _spot, _id: traveller.vanishes(),
}
