"""Which route a table chooses for an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from bulkhead.ends.partition import Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Network, Route, TransitRoute
from bulkhead.network.routing import is_asked, preferred
from bulkhead.prove.sets.unknowns import Unknowns


class Unrouted(StrEnum):
    """What is left to say where no route decides."""

    LOCAL = "local"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


Choice = Route | Unrouted


class Routing:
    """Route lookups by home: all addresses of one home take the same route."""

    def __init__(self, network: Network, classes: Partition, unknowns: Unknowns) -> None:
        self._tree = classes.tree
        self._unknowns = unknowns
        self._blocks = {vpc.id: frozenset(map(as_prefix, vpc.cidrs)) for vpc in network.vpcs}
        self._network = network
        self._asked: dict[tuple[str, str], Mapping[Prefix, Route]] = {}
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
            self._blocks[vpc].isdisjoint(self._tree.chain(prefix))
            for prefix in self._routes(table, vpc)
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
        routes = self._routes(table, vpc)
        for prefix in self._tree.chain(home):
            if prefix in routes:
                return Unrouted.LOCAL if routes[prefix].is_local else routes[prefix]
            if prefix in self._blocks[vpc]:
                return Unrouted.LOCAL
        return Unrouted.NOWHERE

    def _routes(self, table: str, vpc: str) -> Mapping[Prefix, Route]:
        """The route that decides for each prefix, beside the local ones."""
        key = (table, vpc)
        if key not in self._asked:
            blocks = self._network.vpc[vpc].cidrs
            several: dict[Prefix, list[Route]] = defaultdict(list)
            for route in self._network.route_table[table].routes:
                if is_asked(route, blocks):
                    several[as_prefix(route.destination)].append(route)
            self._asked[key] = {prefix: preferred(routes) for prefix, routes in several.items()}
        return self._asked[key]

    def transit(self, table: str, home: Prefix) -> TransitRoute | None:
        """Longest prefix, then static before propagated.

        (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
        """
        known = self._transit[table]
        for prefix in self._tree.chain(home):
            if prefix in known:
                return known[prefix]
        return None


def _transit_by_prefix(routes: Iterable[TransitRoute]) -> dict[Prefix, TransitRoute]:
    found: dict[Prefix, TransitRoute] = {}
    for route in routes:
        prefix = as_prefix(route.destination)
        if prefix not in found or (found[prefix].propagated and not route.propagated):
            found[prefix] = route
    return found
