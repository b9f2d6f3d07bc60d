"""Which route a table chooses for an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.partition import Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Network, Route, TargetKind, TransitRoute
from bulkhead.network.routing import (
    is_asked,
    may_be_inside,
    may_overrule,
    may_overrule_transit,
    preferred,
)
from bulkhead.prove.sets.unknowns import Unknowns


class Unrouted(StrEnum):
    """What is left to say where no route decides."""

    LOCAL = "local"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


Choice = Route | Unrouted

RouteChoices = tuple[Choice, ...]
"""What may decide: what does if no uncertain route is there, then each that may."""

LOCAL: Final[RouteChoices] = (Unrouted.LOCAL,)
NOWHERE: Final[RouteChoices] = (Unrouted.NOWHERE,)


class Routing:
    """Route lookups by home: all addresses of one home take the same route."""

    def __init__(self, network: Network, classes: Partition, unknowns: Unknowns) -> None:
        self._tree = classes.tree
        self._unknowns = unknowns
        self._blocks = {vpc.id: frozenset(map(as_prefix, vpc.cidrs)) for vpc in network.vpcs}
        self._network = network
        self._asked: dict[tuple[str, str], Mapping[Prefix, tuple[Route, ...]]] = {}
        self._transit = {
            each.id: _transit_by_prefix(route for route in each.routes if route.certain)
            for each in network.transit_route_tables
        }
        self._maybe = {
            each.id: [route for route in each.routes if not route.certain]
            for each in network.transit_route_tables
        }
        self._choices: dict[tuple[str, str, Prefix], RouteChoices] = {}

    def is_in(self, vpc: str, home: Prefix) -> bool:
        """Whether an address lies in a block of the VPC."""
        return not self._blocks[vpc].isdisjoint(self._tree.chain(home))

    def always_local(self, table: str, vpc: str) -> bool:
        """Whether the table leaves all addresses of its VPC to the local routes."""
        if table in self._unknowns.tables:
            return False
        return not any(map(may_be_inside, self._uncertain(table))) and all(
            self._blocks[vpc].isdisjoint(self._tree.chain(prefix))
            for prefix in self._routes(table, vpc)
            if prefix in self._tree
        )

    def choices(self, table: str, vpc: str, home: Prefix) -> RouteChoices:
        """The longest matching prefix wins; within the VPC only a static route beats local.

        (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
        """
        key = (table, vpc, home)
        if key not in self._choices:
            self._choices[key] = self._choose(table, vpc, home)
        return self._choices[key]

    def towards(
        self, table: str, vpc: str, home: Prefix, kind: EndpointKind | None
    ) -> RouteChoices:
        """The choices for an end: to a service of AWS alone a gateway endpoint may lead."""
        several = self.choices(table, vpc, home)
        if len(several) == 1 or kind is EndpointKind.INTERNET:
            return several
        return tuple(each for each in several if not _may_be_a_service(each))

    def _choose(self, table: str, vpc: str, home: Prefix) -> RouteChoices:
        if table in self._unknowns.tables:
            return (Unrouted.UNKNOWN,)
        decides = self._decides(table, vpc, home)
        inside, around = self.is_in(vpc, home), self._tree.chain(home)
        also = (
            _choice(each)
            for each in self._uncertain(table)
            if as_prefix(each.destination) in around
            and (may_be_inside(each) or not inside)
            and all(isinstance(one, Unrouted) or may_overrule(each, one) for one in decides)
        )
        return tuple(dict.fromkeys((*decides, *also)))

    def _decides(self, table: str, vpc: str, home: Prefix) -> RouteChoices:
        """What does if no uncertain route is there."""
        routes = self._routes(table, vpc)
        for prefix in self._tree.chain(home):
            if prefix in routes:
                return tuple(map(_choice, routes[prefix]))
            if prefix in self._blocks[vpc]:
                return LOCAL
        return NOWHERE

    def _routes(self, table: str, vpc: str) -> Mapping[Prefix, tuple[Route, ...]]:
        """The route that decides for each prefix (or any of them), beside the local ones."""
        key = (table, vpc)
        if key not in self._asked:
            blocks = self._network.vpc[vpc].cidrs
            several: dict[Prefix, list[Route]] = defaultdict(list)
            for route in self._network.route_table[table].routes:
                if route.certain and is_asked(route, blocks):
                    several[as_prefix(route.destination)].append(route)
            self._asked[key] = {prefix: preferred(routes) for prefix, routes in several.items()}
        return self._asked[key]

    def _uncertain(self, table: str) -> Iterable[Route]:
        return (each for each in self._network.route_table[table].routes if not each.certain)

    def transit(self, table: str, home: Prefix) -> tuple[TransitRoute | None, ...]:
        """Longest prefix, then static before propagated; then what may decide instead.

        (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
        """
        known, around = self._transit[table], self._tree.chain(home)
        decides = next((known[prefix] for prefix in around if prefix in known), None)
        also = (
            each
            for each in self._maybe[table]
            if as_prefix(each.destination) in around
            and (decides is None or may_overrule_transit(each, decides))
        )
        return decides, *also


def _may_be_a_service(choice: Choice) -> bool:
    """The list of a gateway endpoint holds public addresses of S3 or DynamoDB alone.

    (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)
    """
    if isinstance(choice, Unrouted) or choice.certain:
        return False
    return choice.target is TargetKind.GATEWAY_ENDPOINT


def _choice(route: Route) -> Choice:
    return Unrouted.LOCAL if route.is_local else route


def _transit_by_prefix(routes: Iterable[TransitRoute]) -> dict[Prefix, TransitRoute]:
    found: dict[Prefix, TransitRoute] = {}
    for route in routes:
        prefix = as_prefix(route.destination)
        if prefix not in found or (found[prefix].propagated and not route.propagated):
            found[prefix] = route
    return found
