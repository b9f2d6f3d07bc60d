"""One network in one address family, as numbers that bit vectors are compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from typing import Any, Final

from bulkhead.doubt.claims import (
    ELSEWHERE,
    INTERNET,
    Location,
    site_at,
    subnet_at,
)
from bulkhead.doubt.smt.sites import sites_of
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, inside, same
from bulkhead.network import Interface, IPNetwork, Network, TargetKind

NAT64: Final = IPv6Network("64:ff9b::/96")
"""Hosts of IPv4, as IPv6 calls them by the last 32 bits
(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """The number of every location, and who lives there."""

    network: Network
    version: int
    numbers: Mapping[Location, int]
    made: dict[Any, Formula] = field(default_factory=dict, repr=False)

    @property
    def ipv4(self) -> Encoding:
        """The same network in the other family, with the same numbers."""
        if "ipv4" not in self.made:
            self.made["ipv4"] = Encoding(self.network, 4, self.numbers)
        found: Encoding = self.made["ipv4"]
        return found

    @property
    def translates(self) -> bool:
        """Whether a route leads addresses by which IPv6 calls hosts of IPv4 to a NAT gateway."""
        return self.version == 6 and any(
            route.target is TargetKind.NAT_GATEWAY and route.destination.overlaps(NAT64)
            for table in self.network.route_tables
            for route in table.routes
            if route.destination.version == self.version
        )

    @property
    def internet(self) -> int:
        return self.numbers[INTERNET]

    @property
    def outside(self) -> tuple[int, ...]:
        """Of those who are in no VPC and at no site."""
        return self.numbers[INTERNET], self.numbers[ELSEWHERE]

    def subnet(self, id_: str) -> int:
        return self.numbers[subnet_at(id_)]

    def site(self, name: str) -> int:
        return self.numbers[site_at(name)]

    def subnets(self) -> list[int]:
        return [self.subnet(each.id) for each in self.network.subnets]

    def in_vpc(self, vpc: str) -> list[int]:
        return [self.subnet(each.id) for each in self.network.subnets if each.vpc == vpc]

    def addresses(self, interface: Interface) -> list[int]:
        return [int(each) for each in interface.addresses if each.version == self.version]

    def within(self, address: Vector, blocks: Iterable[IPNetwork]) -> Formula:
        """Whether the address is in one of the blocks."""
        return any_of(inside(address, each) for each in blocks if each.version == self.version)

    def is_one_of(
        self, interfaces: Iterable[Interface], location: Vector, address: Vector
    ) -> Formula:
        """Whether the address is one of theirs."""
        where: dict[int, list[Interface]] = defaultdict(list)
        for each in interfaces:
            where[self.subnet(each.subnet)].append(each)
        return any_of(
            all_of((same(location, number), self.is_held(here, address)))
            for number, here in where.items()
        )

    def is_held(self, interfaces: Iterable[Interface], address: Vector) -> Formula:
        """Whether the address is one of theirs, or in a prefix that one was given."""
        here = list(interfaces)
        own = among(address, (one for each in here for one in self.addresses(each)))
        prefixes = [block for each in here for block in each.ipv6_prefixes]
        return any_of((own, self.within(address, prefixes)))


def encode(network: Network, version: int) -> Encoding:
    """Give every location a number, those of one VPC beside each other."""
    subnets = sorted(network.subnets, key=lambda each: (each.vpc, each.zone, each.id))
    sites = {each.name for each in network.sites}.union(
        *(sites_of(network, each) for each in network.vpn_connections)
    )
    locations = (
        *(subnet_at(each.id) for each in subnets),
        *(site_at(each) for each in sorted(sites)),
        INTERNET,
        ELSEWHERE,
    )
    numbers = {location: number for number, location in enumerate(locations)}
    return Encoding(network, version, numbers)
