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


def routes_for(
    table: RouteTable, blocks: Iterable[IPNetwork], address: IPAddress, aim: Aim
) -> tuple[Route | None, ...]:
    """What takes the packet by what is certain; then each other route that may take it."""
    local = max(
        (block for block in blocks if address in block),
        key=lambda block: block.prefixlen,
        default=None,
    )
    decides = _certain(table, local, address)
    instead = _instead(table, local, address, decides, aim)
    if decides is None:
        return None, *instead
    return decides, *_rivals(table, decides), *instead


def _rivals(table: RouteTable, chosen: Route) -> Iterator[Route]:
    """Of other prefix lists, with the same block and another target.

    AWS takes one of them all at random
    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
    """
    known = {_target(chosen)}
    for each in table.routes:
        listed = each.certain and each.destination == chosen.destination
        if listed and _rank(each) == _rank(chosen) == 1 and _target(each) not in known:
            known.add(_target(each))
            yield each


def _target(route: Route) -> tuple[TargetKind, str, bool]:
    return route.target, route.target_id, route.blackhole


def _instead(
    table: RouteTable,
    local: IPNetwork | None,
    address: IPAddress,
    decides: Route | None,
    aim: Aim,
) -> Iterator[Route]:
    """Uncertain routes: each may be there, and be longer than any but one for the address alone.

    Inside the VPC only what leads to a middlebox is ever longer than local
    (docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html). Who is not on the internet
    is in no list of a gateway endpoint
    (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
    """
    for each in table.routes:
        if each.certain or address not in each.destination:
            continue
        if local is not None and (each.propagated or each.target not in REPLACES_LOCAL):
            continue
        if each.target is TargetKind.GATEWAY_ENDPOINT and aim.kind is not EndpointKind.INTERNET:
            continue
        whole = decides is not None and decides.destination.num_addresses == 1
        if decides is not None and whole and _rank(each) > _rank(decides):
            continue
        yield each


def _certain(table: RouteTable, local: IPNetwork | None, address: IPAddress) -> Route | None:
    """The longest prefix; then static before prefix list before propagated.

    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    matching = [each for each in table.routes if each.certain and address in each.destination]
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
                or (
                    each.destination == local
                    and each.prefix_list is None
                    and each.target in REPLACES_LOCAL
                )
            )
        ] or [implied]
    if not matching:
        return None
    best = min(map(_priority, matching))
    winners = [each for each in matching if _priority(each) == best]
    live = [each for each in winners if not each.blackhole] or winners
    return next((each for each in live if each.target is TargetKind.UNMODELLED), live[0])


def _priority(route: Route) -> tuple[int, int]:
    return -route.destination.prefixlen, _rank(route)


def _rank(route: Route) -> int:
    return 2 if route.propagated else 1 if route.prefix_list else 0


def overruled(
    table: RouteTable, chosen: Route, address: IPAddress, aim: Aim, vpc: str
) -> Iterator[Code]:
    """Why routes of the table that could lead to the aim do not take the packet."""
    for each in table.routes:
        if each is chosen or each.blackhole or address not in each.destination:
            continue
        if not each.certain:
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


def transit_routes_for(
    table: TransitRouteTable, address: IPAddress
) -> tuple[TransitRoute | None, ...]:
    """The one that takes the packet by what is certain; then each other that may take it."""
    matching = [each for each in table.routes if address in each.destination]
    decides = _certain_transit([each for each in matching if each.certain])
    whole = decides is not None and decides.destination.num_addresses == 1
    return decides, *(
        each
        for each in matching
        if not each.certain
        and not (decides is not None and whole and each.propagated and not decides.propagated)
    )


def _certain_transit(matching: list[TransitRoute]) -> TransitRoute | None:
    """The longest prefix; then static before propagated.

    (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
    """
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
        suits = _leads(each) and each.certain and wanted & set(each.attachments)
        if each is chosen or not suits:
            continue
        if address not in each.destination:
            yield Code.TGW_RTB_CANNOT_ROUTE
        elif chosen.destination.prefixlen > each.destination.prefixlen:
            yield Code.TGW_RTB_MORE_SPECIFIC_ROUTE
        else:
            yield Code.TGW_RTB_HIGHER_PRIORITY_ROUTE
