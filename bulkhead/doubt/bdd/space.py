"""The packets of one network: which bits of them mean what, and the sets that everybody needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import IPv4Address, IPv6Network
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from bulkhead.doubt.bdd.sets import Field, PacketSet, Universe, Value
from bulkhead.doubt.bdd.sites import sites_of
from bulkhead.doubt.claims import ELSEWHERE, INTERNET, Location, site_at, subnet_at
from bulkhead.network import Interface, IPAddress, IPNetwork, Network, TargetKind

Made = TypeVar("Made")
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a filter lets pass for sure, and what if its unknowns are kind. The rest it drops."""

    sure: PacketSet
    may: PacketSet
    """`sure` is a part of it."""


def last_32(address: Value) -> Value:
    """The address of IPv4 that an address of IPv6 ends with."""
    if isinstance(address, int):
        return address & 0xFFFF_FFFF
    return address.part(address.width - 32, address.width)


@dataclass(frozen=True, slots=True)
class Roles:
    """Which bits of a packet play which role on one side of a NAT gateway."""

    start: Value
    source: Value
    end: Value
    destination: Value
    port: Field
    own: Field
    """The sender's own port, where a firewall looks at it."""

    def turned(self) -> Roles:
        """Of a packet in the other direction, between the same ports."""
        return Roles(
            start=self.end,
            source=self.destination,
            end=self.start,
            destination=self.source,
            port=self.own,
            own=self.port,
        )

    def sent_by(self, address: IPv4Address) -> Roles:
        """By a NAT gateway, with one of its addresses."""
        return replace(self, source=int(address))

    def as_ipv4(self, end: Field) -> Roles:
        """Of a packet of IPv4 to the address in the last bits of its destination, somewhere."""
        return replace(self, end=end, destination=last_32(self.destination))


NAT64: Final = IPv6Network((0x64FF9B << 96, 96))
"""(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""


@dataclass(frozen=True, eq=False)
class PacketSpace:
    """All packets of one address family in one network; every location has a number."""

    universe: Universe
    network: Network
    version: int
    numbers: Mapping[Location, int]
    from_ipv6: bool = False
    """Whether they are packets of IPv4 that a NAT gateway made of some of IPv6."""
    made: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def as_ipv4(self) -> PacketSpace:
        """The same packets where a NAT gateway has made them such of IPv4 (NAT64)."""
        return PacketSpace(self.universe, self.network, 4, self.numbers, from_ipv6=True)

    @cached_property
    def translates(self) -> bool:
        """Whether some route leads addresses by which IPv6 calls hosts of IPv4 to a NAT gateway."""
        leading = (
            route.destination
            for table in self.network.route_tables
            for route in table.routes
            if route.target is TargetKind.NAT_GATEWAY and isinstance(route.destination, IPv6Network)
        )
        return self.version == 6 and any(NAT64.overlaps(each) for each in leading)

    def called(self, address: Value) -> PacketSet:
        """Addresses by which IPv6 calls hosts of IPv4, for a NAT gateway."""
        return self.block(address, NAT64) if self.translates else self.universe.none

    def once(
        self,
        make: Callable[Concatenate[PacketSpace, Arguments], Made],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Made:
        """What a function makes of these arguments: made at the first time, then kept."""
        key = (make, args, *kwargs.items())
        if key not in self.made:
            self.made[key] = make(self, *args, **kwargs)
        found: Made = self.made[key]
        return found

    @property
    def requests(self) -> Roles:
        bits = self.universe
        return Roles(
            start=bits.origin,
            source=bits.source,
            end=bits.target,
            destination=bits.destination,
            port=bits.port,
            own=bits.client,
        )

    @property
    def replies(self) -> Roles:
        return self.requests.turned()

    # Addresses

    def block(self, address: Value, cidr: IPNetwork) -> PacketSet:
        if cidr.version != self.version:
            return self.universe.none
        width = 32 if self.version == 4 else 128
        return self.universe.within(address, int(cidr.network_address), cidr.prefixlen, width)

    def blocks(self, address: Value, cidrs: Iterable[IPNetwork]) -> PacketSet:
        return self.universe.union([self.block(address, each) for each in cidrs])

    def of_vpc(self, address: Value, vpc: str) -> PacketSet:
        """Addresses in the blocks of a VPC."""
        return self.blocks(address, self.network.vpc[vpc].cidrs)

    def addresses_of(self, interface: Interface) -> list[IPAddress]:
        return [each for each in interface.addresses if each.version == self.version]

    def hosts(self, interfaces: Iterable[Interface], location: Value, address: Value) -> PacketSet:
        """Packets whose end is one of these interfaces."""
        return self.universe.union(
            [
                self.in_subnet(location, each.subnet) & self.held_by(each, address)
                for each in interfaces
            ]
        )

    def held_by(self, interface: Interface, address: Value) -> PacketSet:
        """Its own addresses, and all in the prefixes that it was given."""
        own = self.universe.one_of(address, map(int, self.addresses_of(interface)))
        return own | self.blocks(address, interface.ipv6_prefixes)

    # Locations

    def at(self, value: Value, location: Location) -> PacketSet:
        return self.universe.is_(value, self.numbers[location])

    def on_internet(self, value: Value) -> PacketSet:
        return self.at(value, INTERNET)

    def elsewhere(self, value: Value) -> PacketSet:
        return self.at(value, ELSEWHERE)

    def outside(self, value: Value) -> PacketSet:
        """In no VPC and at no site."""
        return self.on_internet(value) | self.elsewhere(value)

    def in_subnet(self, value: Value, subnet: str) -> PacketSet:
        return self.at(value, subnet_at(subnet))

    def in_subnets(self, value: Value, subnets: Iterable[str]) -> PacketSet:
        return self.universe.one_of(value, (self.numbers[subnet_at(each)] for each in subnets))

    def in_any_subnet(self, value: Value) -> PacketSet:
        return self.in_subnets(value, (each.id for each in self.network.subnets))

    def in_vpc(self, value: Value, vpc: str) -> PacketSet:
        return self.in_subnets(value, (each.id for each in self.network.subnets if each.vpc == vpc))

    def at_sites(self, value: Value, sites: Iterable[str]) -> PacketSet:
        return self.universe.one_of(value, (self.numbers[site_at(each)] for each in sites))


def space_of(network: Network, version: int) -> PacketSpace:
    """Number all locations: subnets, sites and lone connections, and what lies beyond them all."""
    sites = [site.name for site in network.sites]
    lone = [each.id for each in network.vpn_connections if sites_of(network, each) == [each.id]]
    locations = (
        *(subnet_at(each.id) for each in network.subnets),
        *(site_at(each) for each in dict.fromkeys([*sites, *lone])),
        INTERNET,
        ELSEWHERE,
    )
    numbers = {location: number for number, location in enumerate(locations)}
    universe = Universe(len(locations), version)
    return PacketSpace(universe, network, version, numbers)
