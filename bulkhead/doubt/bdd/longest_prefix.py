"""A route table divides packets by where it sends them.

(docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.doubt.bdd.flood import Wave
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.network import IPNetwork, Route, TargetKind

_REPLACES_LOCAL = frozenset(
    (TargetKind.INTERFACE, TargetKind.NAT_GATEWAY, TargetKind.FIREWALL, TargetKind.UNMODELLED)
)
_LOCAL = 9
"""A local route comes last among equals: what is counted beside it has replaced it."""


def routed(wave: Wave, table: str, vpc: str) -> Iterator[tuple[Route | None, Wave]]:
    """The wave divided by where a table of the VPC sends it; None stands for local."""
    if table not in wave.network.route_table:
        wave.drift()
        return
    wave = wave.unless_noted(table)
    for route, portion in wave.space.once(_divided, table, vpc, wave.roles.destination):
        going = wave.only(portion)
        wave = wave.without(portion)
        if not going.empty:
            yield route, going
    wave.lose()


def is_local(route: Route | None) -> bool:
    """Whether a route stays in the VPC. One that is a blackhole does not, whatever it names."""
    return route is None or (route.target is TargetKind.LOCAL and not route.blackhole)


def _divided(
    space: PacketSpace, table: str, vpc: str, destination: Value
) -> list[tuple[Route | None, PacketSet]]:
    own = space.network.vpc[vpc].cidrs
    offers: list[tuple[tuple[int, int, int, int], Route | None, IPNetwork]] = [
        ((-cidr.prefixlen, _LOCAL, 0, 0), None, cidr) for cidr in own
    ]
    for order, route in enumerate(space.network.route_table[table].routes):
        home = [cidr for cidr in own if _covers(cidr, route.destination)]
        if home and route.propagated:
            continue
        if route.destination in home and route.target not in _REPLACES_LOCAL:
            continue
        length = -route.destination.prefixlen
        rank = 2 if route.propagated else 1 if route.prefix_list else 0
        alive = 2 if route.blackhole else 0 if route.target is TargetKind.UNMODELLED else 1
        offers.append(((length, rank, alive, order), route, route.destination))
    divided, left = [], space.universe.all
    for _, chosen, prefix in sorted(offers, key=lambda each: each[0]):
        portion = left & space.block(destination, prefix)
        left &= ~portion
        divided.append((chosen, portion))
    return divided


def _covers(block: IPNetwork, prefix: IPNetwork) -> bool:
    if block.version != prefix.version or block.prefixlen > prefix.prefixlen:
        return False
    rest = block.max_prefixlen - block.prefixlen
    return int(prefix.network_address) >> rest == int(block.network_address) >> rest
