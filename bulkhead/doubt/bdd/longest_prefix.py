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
_OF_PREFIX_LIST = 1
_LOCAL = 9
"""A local route comes last among equals: what is counted beside it has replaced it."""


def routed(wave: Wave, table: str, vpc: str) -> Iterator[tuple[Route | None, Wave]]:
    """The wave divided by where a table of the VPC sends it; None stands for local.

    What a route that may not be there might take goes by it as well, and so does what one of
    several prefix lists takes.
    """
    if table not in wave.network.route_table:
        wave.drift()
        return
    wave = wave.unless_noted(table)
    for uncertain, portion in wave.space.once(_perhaps, table, vpc, wave.roles.destination):
        going = wave.only(portion)
        if uncertain.target is TargetKind.GATEWAY_ENDPOINT and not uncertain.certain:
            # (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)
            going = going.only(going.for_internet())
        if not going.empty:
            yield uncertain, going
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
        if not route.certain:
            continue
        home = [cidr for cidr in own if _covers(cidr, route.destination)]
        if home and route.propagated:
            continue
        if route.destination in home and (route.prefix_list or route.target not in _REPLACES_LOCAL):
            continue
        length = -route.destination.prefixlen
        alive = 2 if route.blackhole else 0 if route.target is TargetKind.UNMODELLED else 1
        offers.append(((length, _rank(route), alive, order), route, route.destination))
    divided, left = [], space.universe.all
    for _, chosen, prefix in sorted(offers, key=lambda each: each[0]):
        portion = left & space.block(destination, prefix)
        left &= ~portion
        divided.append((chosen, portion))
    return divided


def _perhaps(
    space: PacketSpace, table: str, vpc: str, destination: Value
) -> list[tuple[Route, PacketSet]]:
    """What each route that may not be there might take, if it is no longer than can be.

    Longer than local only what leads to a middlebox is
    (docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html).
    """
    divided = space.once(_divided, table, vpc, destination)
    found = []
    for route in space.network.route_table[table].routes:
        if route.certain:
            continue
        portion = space.block(destination, route.destination)
        if route.propagated or route.target not in _REPLACES_LOCAL:
            portion &= ~space.of_vpc(destination, vpc)
        for settled, taken in divided:
            if settled and _is_host(settled.destination) and _rank(settled) < _rank(route):
                portion &= ~taken
        found.append((route, portion))
    return [*found, *_rivals(divided)]


def _rivals(
    divided: list[tuple[Route | None, PacketSet]],
) -> Iterator[tuple[Route, PacketSet]]:
    """Of several prefix lists with one block all but the first: AWS takes any of them."""
    first: dict[IPNetwork, tuple[Route, PacketSet]] = {}
    for route, portion in divided:
        if route is not None:
            winner, share = first.setdefault(route.destination, (route, portion))
            if route is not winner and _rank(route) == _rank(winner) == _OF_PREFIX_LIST:
                yield route, share


def _rank(route: Route) -> int:
    return 2 if route.propagated else _OF_PREFIX_LIST if route.prefix_list else 0


def _is_host(block: IPNetwork) -> bool:
    return block.prefixlen == block.max_prefixlen


def _covers(block: IPNetwork, prefix: IPNetwork) -> bool:
    if block.version != prefix.version or block.prefixlen > prefix.prefixlen:
        return False
    rest = block.max_prefixlen - block.prefixlen
    return int(prefix.network_address) >> rest == int(block.network_address) >> rest
