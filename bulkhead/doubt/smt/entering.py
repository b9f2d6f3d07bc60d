"""Into a VPC from the internet, and past the table of a gateway's own."""

from __future__ import annotations

from collections.abc import Callable

from bulkhead.doubt.smt.internet import has_public, inspected, is_open_to_internet
from bulkhead.doubt.smt.longest_prefix import routed
from bulkhead.doubt.smt.terms import Formula, all_of, any_of, either, negated
from bulkhead.doubt.smt.traveller import Spot, Traveller
from bulkhead.network import Network, Route, TargetKind

Follow = Callable[[Traveller, Spot, Route], Formula]
"""By a route that does not lead to local, out of a spot."""


def from_internet(traveller: Traveller, follow: Follow) -> Formula:
    """Into whichever VPC the target is in."""
    return any_of(_into(traveller, vpc.id, follow) for vpc in traveller.network.vpcs)


def into_others(traveller: Traveller, vpc: str, follow: Follow) -> Formula:
    """Out of one VPC and over the internet into another: to public addresses of IPv6 alone."""
    if traveller.encoding.version == 4:
        return False
    others = (each.id for each in traveller.network.vpcs if each.id != vpc)
    return any_of(_into(traveller, each, follow) for each in others)


def _into(traveller: Traveller, vpc: str, follow: Follow) -> Formula:
    here = traveller.is_for_vpc(vpc)
    if traveller.way.let_in:
        return all_of((here, traveller.delivered_in(vpc)))
    return all_of(
        (
            here,
            negated(traveller.is_from_vpc(vpc)),
            _is_reachable(traveller),
            _by_internet_gateway(traveller, vpc, follow),
        )
    )


def _is_reachable(traveller: Traveller) -> Formula:
    """Whether the target has a public address, and VPC Block Public Access lets requests in."""
    nat = traveller.way.towards
    if nat is not None:
        return nat.public_address is not None
    encoding, header = traveller.encoding, traveller.header
    let_in = traveller.way.answering or is_open_to_internet(encoding, header.target)
    return all_of((let_in, has_public(encoding, header.target, header.destination)))


def _by_internet_gateway(traveller: Traveller, vpc: str, follow: Follow) -> Formula:
    gateways = [each.id for each in traveller.network.internet_gateways if each.vpc == vpc]
    if not gateways:
        return _names_absent_gateway(traveller.network, vpc) and traveller.vanishes()
    watched = inspected(traveller.encoding, traveller.header.target, vpc)
    return any_of(
        traveller.unless_in_doubt(
            each, either(watched, traveller.vanishes(), past_edge(traveller, each, vpc, follow))
        )
        for each in gateways
    )


def _names_absent_gateway(network: Network, vpc: str) -> bool:
    """Whether a route of the VPC leads to an internet gateway that is not here."""
    used = {each.route_table for each in network.subnets if each.vpc == vpc}
    here = {each.id for each in network.internet_gateways}
    return any(
        route.target is TargetKind.INTERNET_GATEWAY
        and route.target_id not in here
        and not route.blackhole
        for table in network.route_tables
        if table.vpc == vpc or table.id in used
        for route in table.routes
    )


def past_edge(traveller: Traveller, gateway: str, vpc: str, follow: Follow) -> Formula:
    """By the edge table of a gateway, if it has one."""
    deliver = traveller.delivered_in(vpc)
    tables = [each for each in traveller.network.route_tables if each.gateway == gateway]
    if not tables:
        return deliver

    def outcome(route: Route | None) -> Formula:
        if route is None or (route.target is TargetKind.LOCAL and not route.blackhole):
            return deliver
        redirects = (TargetKind.UNMODELLED, TargetKind.INTERFACE, TargetKind.FIREWALL)
        edge = Spot(frozenset(), vpc)
        return route.target in redirects and follow(traveller, edge, route)

    return routed(traveller, tables[0].id, vpc, outcome)
