"""Which route of a table takes a packet, and which it would have taken otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.hops import Code
from bulkhead.explain.walk.journey import Aim
from bulkhead.network import (
    IPAddress,
    IPNetwork,
    Route,
    RouteTable,
    TargetKind,
    TransitRoute,
    TransitRouteTable,
)

REPLACES_LOCAL: Final = (
    TargetKind.INTERFACE,
    TargetKind.NAT_GATEWAY,
    TargetKind.FIREWALL,
    TargetKind.UNMODELLED,
)
"""What the target of a local route may be changed to
(docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html#replace-local-route-target)."""


def route_for(table: RouteTable, blocks: Iterable[IPNetwork], address: IPAddress) -> Route | None:
    """The longest prefix; then static before prefix list before propagated.

    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    matching = [each for each in table.routes if address in each.destination]
    local = max(
        (block for block in blocks if address in block),
        key=lambda block: block.prefixlen,
        default=None,
    )
    if local is not None:
        # Inside the VPC propagated routes never count, and local wins a tie
        # unless its own target was replaced.
        implied = Route(destination=local, target=TargetKind.LOCAL, target_id="local")
        matching = [
            each
            for each in matching
            if not each.propagated
            and (
                each.destination.prefixlen > local.prefixlen
                or (each.destination == local and each.target in REPLACES_LOCAL)
            )
        ] or [implied]
    if not matching:
        return None
    best = min(map(_priority, matching))
    winners = [each for each in matching if _priority(each) == best]
    live = [each for each in winners if not each.blackhole] or winners
    return next((each for each in live if each.target is TargetKind.UNMODELLED), live[0])


def _priority(route: Route) -> tuple[int, int]:
    rank = 2 if route.propagated else 1 if route.prefix_list else 0
    return -route.destination.prefixlen, rank


def overruled(
    table: RouteTable, chosen: Route, address: IPAddress, aim: Aim, vpc: str
) -> Iterator[Code]:
    """Why routes of the table that could lead to the aim do not take the packet."""
    for each in table.routes:
        if each is chosen or each.blackhole or address not in each.destination:
            continue
        if (each.target, each.target_id) != (chosen.target, chosen.target_id) and _suits(
            each.target, aim, vpc
        ):
            longer = chosen.destination.prefixlen > each.destination.prefixlen
            yield Code.MORE_SPECIFIC_ROUTE if longer else Code.HIGHER_PRIORITY_ROUTE


def _suits(target: TargetKind, aim: Aim, vpc: str) -> bool:
    """Whether a target of this kind can lead to an aim of that kind at all."""
    if aim.kind is EndpointKind.INTERNET:
        return target not in (TargetKind.LOCAL, TargetKind.VPN_GATEWAY, TargetKind.PEERING)
    if aim.kind is EndpointKind.SITE:
        return target in (TargetKind.VPN_GATEWAY, TargetKind.TRANSIT_GATEWAY, TargetKind.FIREWALL)
    if aim.vpc == vpc:
        return target in (TargetKind.LOCAL, TargetKind.FIREWALL)
    return target in (TargetKind.PEERING, TargetKind.TRANSIT_GATEWAY, TargetKind.FIREWALL)


def transit_route_for(table: TransitRouteTable, address: IPAddress) -> TransitRoute | None:
    """The longest prefix; then static before propagated.

    (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
    """
    matching = [each for each in table.routes if address in each.destination]
    if not matching:
        return None
    best = min((-each.destination.prefixlen, each.propagated) for each in matching)
    winners = [each for each in matching if (-each.destination.prefixlen, each.propagated) == best]
    return next((each for each in winners if _leads(each)), winners[0])


def _leads(route: TransitRoute) -> bool:
    return bool(route.attachments) and not route.blackhole


def transit_overruled(
    table: TransitRouteTable, chosen: TransitRoute, address: IPAddress, wanted: set[str]
) -> Iterator[Code]:
    """Why routes that lead to one of the aim's attachments do not take the packet."""
    for each in table.routes:
        if each is chosen or not _leads(each) or not wanted & set(each.attachments):
            continue
        if address not in each.destination:
            yield Code.TGW_RTB_CANNOT_ROUTE
        elif chosen.destination.prefixlen > each.destination.prefixlen:
            yield Code.TGW_RTB_MORE_SPECIFIC_ROUTE
        else:
            yield Code.TGW_RTB_HIGHER_PRIORITY_ROUTE
