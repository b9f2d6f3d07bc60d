"""Who can send and receive: the classes into which a network cuts all addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import Interface, Network, Subnet, TargetKind, VpnConnection
from bulkhead.prove.prefixes import ROOT, Prefix, PrefixTree, as_network, as_prefix

PRIVATE: Final = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
"""RFC 1918 and RFC 6598: an internet gateway carries neither
(docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""

NO_HOSTS: Final = tuple(
    map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"))
)
"""This host, loopback, link-local, multicast, reserved (RFC 6890): no endpoint has them.

The link-local services of a VPC (resolver, metadata, time) are outside all
rules and so outside the proof.
"""


class EndpointKind(StrEnum):
    INTERFACE = "interface"
    """A known network interface, by one of its addresses."""
    STRANGER = "stranger"
    """Any host that someone starts in a subnet: no security group holds it back."""
    SITE = "site"
    """Hosts behind a VPN connection."""
    INTERNET = "internet"
    """Public addresses beyond an internet gateway (also those of our own interfaces)."""
    ELSEWHERE = "elsewhere"
    """Private addresses that only a route with an unmodelled target leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Addresses that every rule of the network treats alike.

    `id` is the interface, the subnet, the site (or its connection), or
    'internet'. `prefix` is the longest prefix that any rule mentions around
    them; `ranges` are the addresses themselves, first and last.
    """

    kind: EndpointKind
    id: str
    name: str
    prefix: IPv4Network
    ranges: tuple[tuple[IPv4Address, IPv4Address], ...]
    vpc: str | None = None
    subnet: str | None = None
    segment: str | None = None
    service: str | None = None
    public: bool = False
    """Whether an internet gateway translates for it. A stranger may be given an address."""

    @property
    def address(self) -> IPv4Address:
        """One of its addresses; which one makes no difference."""
        return self.ranges[0][0]

    @property
    def external(self) -> bool:
        return self.subnet is None

    def __contains__(self, address: IPv4Address) -> bool:
        return any(first <= address <= last for first, last in self.ranges)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Beyond:
    """A network behind VPN connections: a site, or a connection without one."""

    id: str
    name: str
    cidrs: tuple[IPv4Network, ...]
    connections: tuple[VpnConnection, ...]
    missing: bool = False
    """Whether it names a connection that the network does not contain."""


@dataclass(frozen=True)
class Partition:
    """All endpoints, in a fixed order, and the tree of prefixes that cut them."""

    endpoints: tuple[Endpoint, ...]
    homes: tuple[Prefix, ...]
    tree: PrefixTree
    beyond: tuple[Beyond, ...]


def partition(network: Network) -> Partition:
    """Cut all addresses by all prefixes in play.

    Raises ValueError where an interface or a subnet lies in something that the
    network does not contain: nothing could be said about it.
    """
    _check_places(network)
    beyond = tuple(_beyond(network))
    tree = PrefixTree(_mentioned(network, beyond))
    endpoints = (
        *_interfaces(network, tree),
        *_strangers(network, tree),
        *_sites(network, tree, beyond),
        *_internet(tree),
        *_elsewhere(network, tree),
    )
    homes = tuple(as_prefix(each.prefix) for each in endpoints)
    return Partition(endpoints, homes, tree, beyond)


def _check_places(network: Network) -> None:
    for subnet in network.subnets:
        if subnet.vpc not in network.vpc:
            raise ValueError(f"subnet {subnet.id} lies in VPC {subnet.vpc}, which is not there")
    for each in network.interfaces:
        if each.subnet not in network.subnet:
            raise ValueError(
                f"interface {each.id} lies in subnet {each.subnet}, which is not there"
            )


def _mentioned(network: Network, beyond: Iterable[Beyond]) -> Iterator[IPv4Network]:
    yield from PRIVATE
    yield from NO_HOSTS
    for vpc in network.vpcs:
        yield from vpc.cidrs
    for subnet in network.subnets:
        yield subnet.cidr
    for group in network.security_groups:
        for rule in group.rules:
            if rule.peer.kind == "cidr":
                yield rule.peer.cidr
    for nacl in network.nacls:
        for entry in nacl.entries:
            yield entry.cidr
    for table in network.route_tables:
        for route in table.routes:
            yield route.destination
    for each in beyond:
        yield from each.cidrs


def _beyond(network: Network) -> Iterator[Beyond]:
    claimed: set[str] = set()
    for site in network.sites:
        connections = tuple(
            each
            for each in network.vpn_connections
            if each.site == site.name or each.id == site.vpn_connection
        )
        claimed.update(each.id for each in connections)
        prefixes = (*site.cidrs, *(cidr for each in connections for cidr in each.routes))
        missing = (
            site.vpn_connection is not None and site.vpn_connection not in network.vpn_connection
        )
        yield Beyond(site.name, site.name, tuple(dict.fromkeys(prefixes)), connections, missing)
    for connection in network.vpn_connections:
        if connection.id not in claimed:
            yield Beyond(connection.id, connection.name, connection.routes, (connection,))


def _interfaces(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    for each in sorted(network.interfaces, key=lambda interface: (interface.name, interface.id)):
        for address in each.addresses:
            yield _interface(network, tree, each, address)


def _interface(
    network: Network, tree: PrefixTree, interface: Interface, address: IPv4Address
) -> Endpoint:
    primary = address == interface.address
    subnet = network.subnet_of(interface)
    return Endpoint(
        kind=EndpointKind.INTERFACE,
        id=interface.id,
        name=interface.name if primary else f"{interface.name} ({address})",
        prefix=as_network(tree.home(int(address))),
        ranges=((address, address),),
        vpc=subnet.vpc,
        subnet=subnet.id,
        segment=subnet.segment,
        service=interface.service,
        public=primary and interface.public_address is not None,
    )


def _strangers(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    occupied: dict[str, set[int]] = {subnet.id: set() for subnet in network.subnets}
    for interface in network.interfaces:
        occupied[interface.subnet].update(map(int, interface.addresses))
    for subnet in sorted(network.subnets, key=lambda each: (each.name, each.id)):
        taken = sorted(occupied[subnet.id] | _reserved(subnet))
        pieces = {
            home: free
            for home in tree.within(as_prefix(subnet.cidr))
            if (free := _without(tree.own_ranges(home), taken))
        }
        for home, free in sorted(pieces.items()):
            whole = len(pieces) == 1
            yield Endpoint(
                kind=EndpointKind.STRANGER,
                id=subnet.id,
                name=f"any host in {subnet.name}" + ("" if whole else f" ({as_network(home)})"),
                prefix=as_network(home),
                ranges=_addresses(free),
                vpc=subnet.vpc,
                subnet=subnet.id,
                segment=subnet.segment,
                public=True,
            )


def _reserved(subnet: Subnet) -> set[int]:
    """The first four addresses and the last are AWS's own.

    (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)
    """
    first = int(subnet.cidr.network_address)
    return {*range(first, first + 4), int(subnet.cidr.broadcast_address)}


def _sites(network: Network, tree: PrefixTree, beyond: Iterable[Beyond]) -> Iterator[Endpoint]:
    gateways = {each.id: each.vpc for each in network.vpn_gateways}
    for each in sorted(beyond, key=lambda one: (one.name, one.id)):
        vpcs = {gateways.get(connection.vpn_gateway) for connection in each.connections}
        # A VPC's own addresses are never looked for at a site: its local routes win.
        hidden = {as_prefix(cidr) for vpc in network.vpcs if vpc.id in vpcs for cidr in vpc.cidrs}
        hidden.update(map(as_prefix, NO_HOSTS))
        homes = sorted({home for cidr in each.cidrs for home in tree.within(as_prefix(cidr))})
        pieces = [
            home for home in homes if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home))
        ]
        for home in pieces:
            yield Endpoint(
                kind=EndpointKind.SITE,
                id=each.id,
                name=each.name if len(pieces) == 1 else f"{each.name} ({as_network(home)})",
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _internet(tree: PrefixTree) -> Iterator[Endpoint]:
    hidden = {as_prefix(block) for block in (*PRIVATE, *NO_HOSTS)}
    for home in tree.prefixes:
        if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home)):
            yield Endpoint(
                kind=EndpointKind.INTERNET,
                id="internet",
                name="internet" if home == ROOT else f"internet ({as_network(home)})",
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _elsewhere(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    private = {as_prefix(block) for block in PRIVATE}
    ours = {as_prefix(cidr) for vpc in network.vpcs for cidr in vpc.cidrs}
    detours = {
        as_prefix(route.destination)
        for table in network.route_tables
        for route in table.routes
        if route.target is TargetKind.UNMODELLED and not route.blackhole
    }
    for home in tree.prefixes:
        chain = tree.chain(home)
        led_there = not detours.isdisjoint(chain) and not private.isdisjoint(chain)
        if led_there and ours.isdisjoint(chain) and tree.own_ranges(home):
            yield Endpoint(
                kind=EndpointKind.ELSEWHERE,
                id="elsewhere",
                name=f"elsewhere ({as_network(home)})",
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _without(ranges: Iterable[tuple[int, int]], taken: list[int]) -> list[tuple[int, int]]:
    """The ranges less some single addresses, given in order."""
    left = []
    for first, last in ranges:
        free = first
        for address in taken:
            if free <= address <= last:
                if free < address:
                    left.append((free, address - 1))
                free = address + 1
        if free <= last:
            left.append((free, last))
    return left


def _addresses(
    ranges: Iterable[tuple[int, int]],
) -> tuple[tuple[IPv4Address, IPv4Address], ...]:
    return tuple((IPv4Address(first), IPv4Address(last)) for first, last in ranges)
