"""By the longest prefix of a route table.

(docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from bulkhead.doubt.smt.terms import Formula, either, inside
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
    """What the longest prefix around the destination leads to; None stands for local."""
    found = traveller.network.route_table.get(table)
    if found is None:
        return traveller.vanishes()
    version = traveller.encoding.version
    blocks = [each for each in traveller.network.vpc[vpc].cidrs if each.version == version]
    chosen: dict[IPNetwork, Route | None] = dict.fromkeys(blocks)
    chosen.update(
        _winners((each for each in found.routes if each.destination.version == version), blocks)
    )
    way: Formula = False
    made: dict[tuple[TargetKind, str, bool], Formula] = {}
    for prefix in sorted(chosen, key=lambda each: each.prefixlen):
        choice = chosen[prefix]
        led = (
            (TargetKind.LOCAL, "", False)
            if choice is None
            else (choice.target, choice.target_id, choice.blackhole)
        )
        if led not in made:
            made[led] = outcome(choice)
        way = either(inside(traveller.header.destination, prefix), made[led], way)
    return traveller.unless_in_doubt(table, way)


def _winners(routes: Iterable[Route], blocks: Sequence[IPNetwork]) -> dict[IPNetwork, Route]:
    """Which route counts for each prefix; none where only the local one does."""
    listed: dict[IPNetwork, list[Route]] = defaultdict(list)
    for route in routes:
        listed[route.destination].append(route)
    winners = {prefix: _winner(prefix, rivals, blocks) for prefix, rivals in listed.items()}
    return {prefix: winner for prefix, winner in winners.items() if winner is not None}


def _winner(prefix: IPNetwork, rivals: list[Route], blocks: Sequence[IPNetwork]) -> Route | None:
    mine = any(_contains(block, prefix) for block in blocks)
    counted = [each for each in rivals if not (mine and each.propagated)]
    if prefix in blocks:
        counted = [each for each in counted if each.target in REPLACES_LOCAL]
    if not counted:
        return None
    best = min((each.propagated, each.prefix_list is not None) for each in counted)
    tied = [each for each in counted if (each.propagated, each.prefix_list is not None) == best]
    return min(tied, key=lambda each: (each.blackhole, each.target is not TargetKind.UNMODELLED))


def _contains(block: IPNetwork, prefix: IPNetwork) -> bool:
    rest = block.max_prefixlen - block.prefixlen
    return (
        block.prefixlen <= prefix.prefixlen
        and int(block.network_address) >> rest == int(prefix.network_address) >> rest
    )
