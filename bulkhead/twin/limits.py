"""What the twin does not build, and which connections depend on it. Pure.

The twin has what a plan uses: IPv4, local routes, internet gateways, VPN
connections at a VPN gateway, peering of VPCs that are both here; and what load
balancers listen to, not what is behind them. An observed network may hold more.
A connection whose request or reply would meet any of that is left out of the
drill, and the drill says so: the twin never contradicts a proof by what it
cannot do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import (
    InterfaceKind,
    IPAddress,
    IPNetwork,
    Network,
    PublicAccess,
    Route,
    RouteTable,
    TargetKind,
    within,
)
from bulkhead.network.routing import is_asked, preferred
from bulkhead.twin.measured import Party, PartyKind

_BUILT: Final = frozenset(
    {TargetKind.LOCAL, TargetKind.INTERNET_GATEWAY, TargetKind.VPN_GATEWAY, TargetKind.UNMODELLED}
)
"""What the twin's routes lead to. UNMODELLED leads nowhere, there as here."""
_CALLED: Final = {
    TargetKind.EGRESS_ONLY_GATEWAY: "egress-only gateway",
    TargetKind.NAT_GATEWAY: "NAT gateway",
    TargetKind.PEERING: "peering connection",
    TargetKind.INTERFACE: "appliance",
}
"""What people call a kind of target, where its own name does not say it."""


def ipv4(cidrs: Iterable[IPNetwork]) -> tuple[IPv4Network, ...]:
    """The blocks that the twin knows: it has no IPv6."""
    return tuple(each for each in cidrs if isinstance(each, IPv4Network))


def ipv4_addresses(addresses: Iterable[IPAddress]) -> tuple[IPv4Address, ...]:
    """The addresses that the twin knows."""
    return tuple(each for each in addresses if isinstance(each, IPv4Address))


class Limits:
    """Which connections of a network depend on something that the twin does not build."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._edges = tuple(table for table in network.route_tables if table.gateway)
        self._subnet_of = {
            PartyKind.INTERFACE: {each.id: each.subnet for each in network.interfaces},
            PartyKind.STRANGER: {each.id: each.id for each in network.subnets},
        }
        self._public = {
            each.id: each.public_address for each in network.interfaces if each.public_address
        }
        self.shared = frozenset(
            address for address, many in Counter(self._public.values()).items() if many > 1
        )
        """Public addresses that several interfaces claim: nobody can tell whose they are."""
        self._joins = {
            each.id
            for each in network.peerings
            if not each.active or {each.requester.vpc, each.accepter.vpc} <= network.vpc.keys()
        }
        """Peering connections of which both ends are here, or that carry nothing."""
        self._known: dict[tuple[Party, Party, IPv4Address], str | None] = {}

    def why(self, source: Party, target: Party, address: IPv4Address) -> str | None:
        """What a connection to one of a target's addresses would meet, None if all is built."""
        key = (source, target, address)
        if key not in self._known:
            self._known[key] = next(self._met(source, target, address), None)
        return self._known[key]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What of the network the twin does not have, whoever asks."""
        return tuple(self._notes())

    def _met(self, source: Party, target: Party, address: IPv4Address) -> Iterator[str]:
        here, there = self._subnet(source), self._subnet(target)
        if here == there:
            return
        for subnet, destination in ((here, address), (there, source.address)):
            routes = self._routes(subnet, destination) if subnet else ()
            if len(routes) > 1:
                yield f"several prefix lists with {routes[0].destination}"
            for route in routes:
                if subnet and not route.is_local:
                    yield from self._not_built(subnet, route)
        for inside, outside in ((source, target), (target, source)):
            if outside.kind in (PartyKind.INTERNET, PartyKind.SITE):
                yield from self._at_the_edge(inside, outside, address)

    def _at_the_edge(self, inside: Party, outside: Party, address: IPv4Address) -> Iterator[str]:
        network = self._network
        if outside.kind is PartyKind.SITE:
            connections = network.connections_to(outside.id)
            if any(not each.vpn_gateway for each in connections):
                yield f"transit gateway of site {outside.id}"
            if len(connections) > 1:
                yield f"{len(connections)} VPN connections of site {outside.id}"
        place = self._subnet(inside)
        if place is None:
            return
        subnet = network.subnet[place]
        if outside.kind is PartyKind.INTERNET and subnet.public_access is not PublicAccess.OPEN:
            yield f"VPC Block Public Access on {subnet.name}"
        if outside.kind is PartyKind.INTERNET and subnet.inspected:
            yield f"Automated Internet Firewall before {subnet.name}"
        public = self._public.get(inside.id)
        if outside.kind is PartyKind.INTERNET and public in self.shared:
            yield f"{public}, a public address of several interfaces"
        doors = {
            each.id
            for each in (
                network.internet_gateways
                if outside.kind is PartyKind.INTERNET
                else network.vpn_gateways
            )
            if each.vpc == subnet.vpc
        }
        for table in self._edges:
            if table.gateway in doors and self._redirects(table, (inside.address, address)):
                yield f"edge route table {table.name}"

    @staticmethod
    def _redirects(table: RouteTable, addresses: Iterable[IPv4Address]) -> bool:
        return any(
            address in each.destination and each.target is not TargetKind.LOCAL
            for each in table.routes
            for address in addresses
        )

    def _not_built(self, subnet: str, route: Route) -> Iterator[str]:
        peered = route.target is TargetKind.PEERING and route.target_id in self._joins
        if route.target not in _BUILT and not peered and not route.blackhole:
            kind = _CALLED.get(route.target, route.target.replace("-", " "))
            yield f"{kind} {route.target_id}"
        # Within the VPC's own blocks the twin has `local` routes only.
        elif any(within(route.destination, each) for each in self._blocks(subnet)) and (
            route.blackhole or route.target is not TargetKind.UNMODELLED
        ):
            yield f"route {route} inside the VPC"

    def _blocks(self, subnet: str) -> tuple[IPv4Network, ...]:
        return ipv4(self._network.vpc[self._network.subnet[subnet].vpc].cidrs)

    def _routes(self, subnet: str, destination: IPv4Address) -> tuple[Route, ...]:
        """The route that decides, or any of them; none for the VPC's own `local` ones."""
        table = self._network.route_table[self._network.subnet[subnet].route_table]
        blocks = self._blocks(subnet)
        own = max((each.prefixlen for each in blocks if destination in each), default=0)
        asked = [
            each
            for each in table.routes
            if each.certain
            and destination in each.destination
            and each.destination.prefixlen >= own
            and is_asked(each, blocks)
        ]
        longest = max((each.destination.prefixlen for each in asked), default=0)
        asked = [each for each in asked if each.destination.prefixlen == longest]
        return preferred(asked) if asked else ()

    def _subnet(self, party: Party) -> str | None:
        return self._subnet_of.get(party.kind, {}).get(party.id)

    def _notes(self) -> Iterator[str]:
        yield from self._of_ipv6()
        network = self._network
        for group in network.security_groups:
            for rule in group.rules:
                if not rule.certain:
                    yield f"rule {rule.says()} of security group {group.name} is not in the twin"
        for nacl in network.nacls:
            for entry in nacl.entries:
                if not entry.certain:
                    yield f"entry {entry} of NACL {nacl.name} is not in the twin"
        for interface in network.interfaces:
            if interface.kind is InterfaceKind.GATEWAY:
                yield f"interface {interface.name} belongs to a gateway: no host in the twin"
        for site in network.sites:
            if not ipv4(site.cidrs):
                yield f"site {site.name} has no IPv4 network: it is not in the twin"

    def _of_ipv6(self) -> Iterator[str]:
        network = self._network
        if (
            any(len(ipv4(each.cidrs)) < len(each.cidrs) for each in network.vpcs)
            or any(each.ipv6_cidrs for each in network.subnets)
            or any(each.ipv6_addresses for each in network.interfaces)
        ):
            yield "IPv6 is not in the twin: only IPv4 is measured"
        for subnet in network.subnets:
            if not ipv4(subnet.cidrs):
                yield f"subnet {subnet.name} has IPv6 alone: it is not in the twin, nor its hosts"
