"""Where a route table sends an address, and what a VPC's gateways carry."""

from __future__ import annotations

from enum import Enum, auto

from bulkhead.network import Network, Route, RouteTable, TargetKind
from bulkhead.prove.endpoints import Endpoint, EndpointKind, Partition
from bulkhead.prove.prefixes import Prefix, as_prefix
from bulkhead.prove.unknowns import Unknowns


class Passage(Enum):
    OPEN = auto()
    SHUT = auto()
    UNKNOWN = auto()


class Way(Enum):
    """What a route table does with a packet."""

    LOCAL = auto()
    INTERNET_GATEWAY = auto()
    VPN_GATEWAY = auto()
    UNMODELLED = auto()
    NOWHERE = auto()


_WAYS = {
    TargetKind.LOCAL: Way.LOCAL,
    TargetKind.INTERNET_GATEWAY: Way.INTERNET_GATEWAY,
    TargetKind.VPN_GATEWAY: Way.VPN_GATEWAY,
    TargetKind.UNMODELLED: Way.UNMODELLED,
}


class Routing:
    """Route lookups by home: all addresses of one home take the same route."""

    def __init__(self, network: Network, classes: Partition, unknowns: Unknowns) -> None:
        self._network = network
        self._tree = classes.tree
        self._unknowns = unknowns
        self._vpc_prefixes = {vpc.id: frozenset(map(as_prefix, vpc.cidrs)) for vpc in network.vpcs}
        self._tables = {each.id: _by_prefix(each) for each in network.route_tables}
        self._internet_gateways = {each.id: each.vpc for each in network.internet_gateways}
        self._vpn_gateways = {each.id: each.vpc for each in network.vpn_gateways}
        self._sites = {each.id: each for each in classes.beyond}
        # Per VPN gateway: which sites each prefix leads to.
        self._known_prefixes: dict[str, dict[Prefix, set[str]]] = {}
        for site in classes.beyond:
            for connection in site.connections:
                known = self._known_prefixes.setdefault(connection.vpn_gateway, {})
                for cidr in connection.routes:
                    known.setdefault(as_prefix(cidr), set()).add(site.id)
        self._ways: dict[tuple[str, str, Prefix], tuple[Way, str]] = {}

    def always_local(self, table: str, vpc: str) -> bool:
        """Whether the table leaves all addresses of its VPC to the local routes."""
        if table in self._unknowns.tables:
            return False
        return all(
            route.propagated or self._vpc_prefixes[vpc].isdisjoint(self._tree.chain(prefix))
            for prefix, routes in self._tables[table].items()
            for route in routes
        )

    def way(self, table: str, vpc: str, home: Prefix) -> tuple[Way, str]:
        """The longest matching prefix wins; within the VPC only a static route beats local.

        (docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html, "Route priority")
        """
        key = (table, vpc, home)
        if key not in self._ways:
            self._ways[key] = self._look_up(table, vpc, home)
        return self._ways[key]

    def _look_up(self, table: str, vpc: str, home: Prefix) -> tuple[Way, str]:
        if table in self._unknowns.tables:
            return Way.UNMODELLED, ""
        local = self._vpc_prefixes[vpc]
        chain = self._tree.chain(home)
        inside = not local.isdisjoint(chain)
        for prefix in chain:
            routes = self._tables[table].get(prefix, ())
            if inside:
                routes = tuple(route for route in routes if not route.propagated)
            if prefix in local:
                # A local route whose target was replaced is written beside it.
                redirected = any(
                    route.target is TargetKind.UNMODELLED and not route.blackhole
                    for route in routes
                )
                return (Way.UNMODELLED, "") if redirected else (Way.LOCAL, "local")
            if routes:
                return _chosen(routes)
        return Way.NOWHERE, ""

    def leaves(self, table: str, vpc: str, home: Prefix, site: Endpoint) -> Passage:
        """Whether a packet from the VPC gets out to an external endpoint.

        For the internet: provided that the sender has a public address.
        """
        way, target = self.way(table, vpc, home)
        if way is Way.UNMODELLED:
            return Passage.UNKNOWN
        if way is Way.INTERNET_GATEWAY and site.kind is EndpointKind.INTERNET:
            return self._gateway(target, self._internet_gateways, vpc)
        if way is Way.VPN_GATEWAY:
            attached = self._gateway(target, self._vpn_gateways, vpc)
            if attached is not Passage.OPEN:
                return attached
            return self._forwards(target, home, site)
        return Passage.SHUT

    def enters(self, vpc: str, home: Prefix, outside: Endpoint) -> Passage:
        """Whether a packet from an external endpoint gets into the VPC.

        From the internet: provided that the receiver has a public address.
        A sender with an address of the VPC is an impostor.
        """
        if not self._vpc_prefixes[vpc].isdisjoint(self._tree.chain(home)):
            return Passage.SHUT
        if outside.kind is EndpointKind.INTERNET:
            found = [id_ for id_, of in self._internet_gateways.items() if of == vpc]
            if any(id_ not in self._unknowns.gateways for id_ in found):
                return Passage.OPEN
            return Passage.UNKNOWN if found else Passage.SHUT
        if outside.kind is EndpointKind.SITE:
            ways = [
                self._gateway(connection.vpn_gateway, self._vpn_gateways, vpc)
                for connection in self._sites[outside.id].connections
            ]
            if Passage.OPEN in ways:
                return Passage.OPEN
            return Passage.UNKNOWN if Passage.UNKNOWN in ways else Passage.SHUT
        return self._detours_to(vpc, home)

    def neighbours(self, one: Endpoint, other: Endpoint) -> bool:
        """Whether two sites share a VPN gateway, which may pass packets between them.

        (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)
        """
        if one.kind is not EndpointKind.SITE or other.kind is not EndpointKind.SITE:
            return False
        gateways = [
            {each.vpn_gateway for each in self._sites[site.id].connections} for site in (one, other)
        ]
        return one.id != other.id and not gateways[0].isdisjoint(gateways[1])

    def _gateway(self, gateway: str, known: dict[str, str], vpc: str) -> Passage:
        if gateway in self._unknowns.gateways:
            return Passage.UNKNOWN
        return Passage.OPEN if known.get(gateway) == vpc else Passage.SHUT

    def _forwards(self, gateway: str, home: Prefix, site: Endpoint) -> Passage:
        """A VPN gateway forwards only what a connection knows, by the longest prefix.

        (docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html)
        """
        known = self._known_prefixes.get(gateway, {})
        for prefix in self._tree.chain(home):
            if prefix in known:
                if site.id not in known[prefix] or site.kind is not EndpointKind.SITE:
                    return Passage.SHUT
                return Passage.OPEN if len(known[prefix]) == 1 else Passage.UNKNOWN
        return Passage.SHUT

    def _detours_to(self, vpc: str, home: Prefix) -> Passage:
        for table in self._network.route_tables:
            if table.vpc == vpc and self.way(table.id, vpc, home)[0] is Way.UNMODELLED:
                return Passage.UNKNOWN
        return Passage.SHUT


def _by_prefix(table: RouteTable) -> dict[Prefix, tuple[Route, ...]]:
    routes: dict[Prefix, tuple[Route, ...]] = {}
    for route in table.routes:
        prefix = as_prefix(route.destination)
        routes[prefix] = (*routes.get(prefix, ()), route)
    return routes


def _chosen(routes: tuple[Route, ...]) -> tuple[Way, str]:
    """Of routes with one prefix: static before propagated; a tie with an unknown is unknown."""
    candidates = [route for route in routes if not route.propagated] or list(routes)
    for route in candidates:
        if route.target is TargetKind.UNMODELLED and not route.blackhole:
            return Way.UNMODELLED, route.target_id
    first = candidates[0]
    return (Way.NOWHERE if first.blackhole else _WAYS[first.target]), first.target_id
