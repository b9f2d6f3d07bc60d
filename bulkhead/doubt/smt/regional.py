"""Through regional NAT gateways, which stand in no subnet and have a table of their own.

(docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bulkhead.doubt.smt.longest_prefix import routed
from bulkhead.doubt.smt.terms import Formula, all_of, among, either
from bulkhead.doubt.smt.traveller import Spot, Traveller
from bulkhead.network import NatGateway, PublicAccess, Route, TargetKind

Follow = Callable[[Traveller, Spot, Route], Formula]


def zones_for(nat: NatGateway, zone: str) -> list[str]:
    """Where it sends on what comes from a zone; nobody knows where there are none.

    In a zone without an address one of the other zones does it, if the gateway expands.
    """
    zones = {each for each, _ in nat.zones}
    if zone in zones:
        return [zone]
    return sorted(zones) if nat.expands else []


def into_region(traveller: Traveller, nat: NatGateway) -> Formula:
    """To the internet; where it sends others nobody follows: no private address is shown."""
    if not traveller.way.filtered:
        return False  # Nobody gets in by a NAT gateway, wherever it leads.
    if traveller.trail.nat is None or not traveller.trail.nat.zone:
        return traveller.vanishes()
    return _by_own_table(traveller, nat)


def _by_own_table(traveller: Traveller, nat: NatGateway) -> Formula:
    def outcome(route: Route | None) -> Formula:
        if route is not None and route.blackhole:
            return False
        if route is None or route.target is TargetKind.LOCAL:
            return all_of((traveller.is_for_vpc(nat.vpc), traveller.vanishes()))
        if route.target is TargetKind.INTERNET_GATEWAY:
            return all_of((traveller.is_for_internet(), _out(traveller, nat, route.target_id)))
        return traveller.vanishes()

    return routed(traveller, nat.route_table or "", nat.vpc, outcome)


def _out(traveller: Traveller, nat: NatGateway, id_: str) -> Formula:
    gateways = [each for each in traveller.network.internet_gateways if each.id == id_]
    if not gateways:
        return traveller.vanishes()
    left = replace(traveller.trail, left_by=TargetKind.INTERNET_GATEWAY)
    out = _past_public_access(traveller, nat, traveller.after(left).arrives())
    return traveller.unless_in_doubt(id_, gateways[0].vpc == nat.vpc and out)


def _past_public_access(traveller: Traveller, nat: NatGateway, rest: Formula) -> Formula:
    """Blocked for every subnet of the VPC it is blocked; for some of them nobody knows.

    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """
    network, encoding = traveller.network, traveller.encoding
    blocked = [each for each in network.subnets if each.public_access is PublicAccess.BLOCKED]
    here = [each for each in blocked if each.vpc == nat.vpc]
    if len(here) == sum(each.vpc == nat.vpc for each in network.subnets):
        return False
    doubt = bool(here) or among(
        traveller.header.origin, (encoding.subnet(each.id) for each in blocked)
    )
    return either(doubt, traveller.vanishes(), rest)


def back_out_of_region(traveller: Traveller, nat: NatGateway, zone: str, follow: Follow) -> Formula:
    """A reply from the gateway to the client, as out of a subnet without an ACL."""
    spot = Spot(frozenset(), nat.vpc, zone, nat.route_table or "")

    def outcome(route: Route | None) -> Formula:
        return traveller.delivered_in(nat.vpc) if route is None else follow(traveller, spot, route)

    return routed(traveller, spot.table, nat.vpc, outcome)
