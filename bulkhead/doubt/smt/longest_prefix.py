"""By the longest prefix of a route table.

(docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from bulkhead.doubt.smt.terms import Formula, all_of, either, inside, negated
from bulkhead.doubt.smt.traveller import Traveller
from bulkhead.network import IPNetwork, Route, TargetKind

REPLACES_LOCAL = (
    TargetKind.INTERFACE,
    TargetKind.NAT_GATEWAY,
    TargetKind.FIREWALL,
    TargetKind.UNMODELLED,
)


def routed(
    traveller: Traveller, table: str, vpc: str, outcome: Callable[[Route | None], Formula]
) -> Formula:
    """What the longest prefix around the destination leads to; None stands for local.

    Of routes that may be there or not each may be it.
    """
    found = traveller.network.route_table.get(table)
    if found is None:
        return traveller.vanishes()
    version = traveller.encoding.version
    blocks = [each for each in traveller.network.vpc[vpc].cidrs if each.version == version]
    chosen: dict[IPNetwork, list[Route]] = {each: [] for each in blocks}
    routes = [each for each in found.routes if each.destination.version == version]
    chosen.update(_rivals((each for each in routes if each.certain), blocks))
    way: Formula = False
    made: dict[tuple[TargetKind, str, bool], Formula] = {}

    def led_by(choice: Route | None) -> Formula:
        led = (TargetKind.LOCAL, "", False) if choice is None else _target(choice)
        if led not in made:
            made[led] = outcome(choice)
        return made[led]

    for prefix in sorted(chosen, key=lambda each: each.prefixlen):
        several: list[Route | None] = [*chosen[prefix]] or [None]
        any_of_them = traveller.by_any(map(led_by, several))
        way = either(inside(traveller.header.destination, prefix), any_of_them, way)
    for route in routes:
        if not route.certain:
            taken = _may_take(traveller, route, blocks, chosen)
            way = either(taken, traveller.by_any((way, led_by(route))), way)
    return traveller.unless_in_doubt(table, way)


def _may_take(
    traveller: Traveller,
    route: Route,
    blocks: Sequence[IPNetwork],
    chosen: dict[IPNetwork, list[Route]],
) -> Formula:
    """Whether a route that may be there, and may be longer, may be the one.

    Longer than local is only what leads to a middlebox
    (docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html).
    """
    address = traveller.header.destination
    before = [
        prefix
        for prefix, several in chosen.items()
        if several and prefix.prefixlen == prefix.max_prefixlen and _before(several[0], route)
    ]
    if route.propagated or route.target not in REPLACES_LOCAL:
        before.extend(blocks)
    # The list of a gateway endpoint holds public addresses of a service alone
    # (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
    at_all = route.target is not TargetKind.GATEWAY_ENDPOINT or traveller.is_for_internet()
    within = inside(address, route.destination)
    return all_of((at_all, within, *(negated(inside(address, each)) for each in before)))


def _before(one: Route, other: Route) -> bool:
    """Whether it comes first of two that are equally long."""

    def rank(route: Route) -> tuple[bool, bool]:
        return route.propagated, route.prefix_list is not None

    return rank(one) < rank(other)


def _rivals(routes: Iterable[Route], blocks: Sequence[IPNetwork]) -> dict[IPNetwork, list[Route]]:
    """Which routes count for each prefix; it is not there where only the local one does."""
    listed: dict[IPNetwork, list[Route]] = defaultdict(list)
    for route in routes:
        listed[route.destination].append(route)
    counted = {prefix: _counted(prefix, rivals, blocks) for prefix, rivals in listed.items()}
    return {prefix: several for prefix, several in counted.items() if several}


def _counted(prefix: IPNetwork, rivals: list[Route], blocks: Sequence[IPNetwork]) -> list[Route]:
    """One, or several of prefix lists, of which AWS takes any."""
    mine = any(_contains(block, prefix) for block in blocks)
    counted = [each for each in rivals if not (mine and each.propagated)]
    if prefix in blocks:
        static = [each for each in counted if each.prefix_list is None]
        counted = [each for each in static if each.target in REPLACES_LOCAL]
    if not counted:
        return []
    best = min((each.propagated, each.prefix_list is not None) for each in counted)
    tied = [each for each in counted if (each.propagated, each.prefix_list is not None) == best]
    if best == (False, True):
        return tied
    return [min(tied, key=lambda each: (each.blackhole, each.target is not TargetKind.UNMODELLED))]


def _target(route: Route) -> tuple[TargetKind, str, bool]:
    return route.target, route.target_id, route.blackhole


def _contains(block: IPNetwork, prefix: IPNetwork) -> bool:
    rest = block.max_prefixlen - block.prefixlen
    return (
        block.prefixlen <= prefix.prefixlen
        and int(block.network_address) >> rest == int(prefix.network_address) >> rest
    )
