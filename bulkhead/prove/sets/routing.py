"""Which route a table chooses for an address."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bulkhead.ends.classes import Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Network, Route, RouteTable, TargetKind, TransitRoute
from bulkhead.prove.sets.unknowns import Unknowns


class Unrouted(StrEnum):
    """What is left to say where no route decides."""

    LOCAL = "local"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


Choice = Route | Unrouted

_REPLACES_LOCAL = frozenset(
    (TargetKind.INTERFACE, TargetKind.NAT_GATEWAY, TargetKind.FIREWALL, TargetKind.UNMODELLED)
)


class Routing:
    """Route lookups by home: all addresses of one home take the same route."""

    def __init__(self, network: Network, classes: Partition, unknowns: Unknowns) -> None:
        self._tree = classes.tree
        self._unknowns = unknowns
        self._blocks = {vpc.id: frozenset(map(as_prefix, vpc.cidrs)) for vpc in network.vpcs}
        self._tables = {each.id: _by_prefix(each) for each in network.route_tables}
        self._transit = {
            each.id: _transit_by_prefix(each.routes) for each in network.transit_route_tables
        }
        self._choices: dict[tuple[str, str, Prefix], Choice] = {}

    def is_in(self, vpc: str, home: Prefix) -> bool:
        """Whether an address lies in a block of the VPC."""
        return not self._blocks[vpc].isdisjoint(self._tree.chain(home))

    def always_local(self, table: str, vpc: str) -> bool:
        """Whether the table leaves all addresses of its VPC to the local routes."""
        if table in self._unknowns.tables:
            return False
        return all(
            route.propagated or self._blocks[vpc].isdisjoint(self._tree.chain(prefix))
            for prefix, routes in self._tables[table].items()
            for route in routes
        )

    def choice(self, table: str, vpc: str, home: Prefix) -> Choice:
        """The longest matching prefix wins; within the VPC only a static route beats local.

        (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
        """
        key = (table, vpc, home)
        if key not in self._choices:
            self._choices[key] = self._choose(table, vpc, home)
        return self._choices[key]

    def _choose(self, table: str, vpc: str, home: Prefix) -> Choice:
        if table in self._unknowns.tables:
            return Unrouted.UNKNOWN
        local = self._blocks[vpc]
        chain = self._tree.chain(home)
        inside = not local.isdisjoint(chain)
        for prefix in chain:
            routes = self._tables[table].get(prefix, ())
            if inside:
                routes = tuple(route for route in routes if not route.propagated)
            if prefix in local:
                routes = tuple(route for route in routes if route.target in _REPLACES_LOCAL)
                return _preferred(routes) if routes else Unrouted.LOCAL
            if routes:
                chosen = _preferred(routes)
                local_here = chosen.target is TargetKind.LOCAL and not chosen.blackhole
                return Unrouted.LOCAL if local_here else chosen
        return Unrouted.NOWHERE

    def transit(self, table: str, home: Prefix) -> TransitRoute | None:
        """Longest prefix, then static before propagated.

        (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
        """
        known = self._transit[table]
        for prefix in self._tree.chain(home):
            if prefix in known:
                return known[prefix]
        return None


def _by_prefix(table: RouteTable) -> dict[Prefix, tuple[Route, ...]]:
    routes: dict[Prefix, tuple[Route, ...]] = {}
    for route in table.routes:
        prefix = as_prefix(route.destination)
        routes[prefix] = (*routes.get(prefix, ()), route)
    return routes


def _rank(route: Route) -> int:
    """Static before a prefix list's before propagated."""
    return 2 if route.propagated else 1 if route.prefix_list else 0


def _preferred(routes: tuple[Route, ...]) -> Route:
    """Of routes with one prefix; of equals one that leads on, best one that nobody knows."""
    best = min(map(_rank, routes))
    equals = [route for route in routes if _rank(route) == best]
    return min(
        equals, key=lambda route: (route.blackhole, route.target is not TargetKind.UNMODELLED)
    )


def _transit_by_prefix(routes: Iterable[TransitRoute]) -> dict[Prefix, TransitRoute]:
    found: dict[Prefix, TransitRoute] = {}
    for route in routes:
        prefix = as_prefix(route.destination)
        if prefix not in found or (found[prefix].propagated and not route.propagated):
            found[prefix] = route
    return found
