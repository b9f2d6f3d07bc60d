"""Isolation units: what stands behind one NACL.

A segment is one unit; a segment with `isolation: service` is one unit per
service, and so is a service that peers on the internet connect to. Each unit owns
one aligned block of the VPC with a subnet slot for every zone, so that NACL entries
name a unit by a single prefix and a new zone changes none of them. Of IPv6 it owns
one too, with the same number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from bulkhead.intent import ServiceInterface, Topology
from bulkhead.network.ipv6_blocks import STAND_IN, SUBNET_PREFIX, VPC_PREFIX

SLOT_BITS = 2
"""Each block has 2**2 = 4 subnet slots: the most zones that a topology may have."""
BLOCK_BITS = 6
"""Up to 2**6 = 64 units in a VPC that is large enough for them."""
SMALLEST_SUBNET = 28
"""docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    name: str
    segment: str
    interfaces: tuple[ServiceInterface, ...]
    """Of its services, those that stand in it."""
    ipv6: bool = False
    """Whether its hosts have addresses of IPv6 beside those of IPv4."""
    ipv6_block: bool = False
    """Whether its subnets have a block of it, used or not."""
    open: bool = False
    """Whether its NACL lets the whole VPC through (`isolation: none`)."""
    standing: bool = False
    """Whether its subnets, and so its NACLs, are there and others' (`standing`)."""
    public: bool = False
    """Whether peers on the internet connect to it, so that its subnets lead there."""
    turn: int = 1
    """Which NACL stands before it: the first, or the second in the place of that (`acl_turns`)."""

    @property
    def versions(self) -> tuple[int, ...]:
        """The families of which its hosts have addresses."""
        return (4, 6) if self.ipv6 else (4,)

    @property
    def key(self) -> str:
        """The name as part of an id. A dot, which no name of a segment or service may have, keeps
        it apart from others."""
        return self.name.replace("/", ".")


def units_of(topology: Topology) -> tuple[Unit, ...]:
    """In the order in which the topology declares them."""
    found: list[Unit] = []
    inside: dict[str, list[ServiceInterface]] = defaultdict(list)
    for interface in topology.interfaces.values():
        inside[interface.segment].append(interface)
    public = exposed_ends(topology)
    for segment in topology.segments.values():
        ipv6 = topology.has_ipv6(segment.name)
        block = topology.has_block_of_ipv6(segment.name)
        apart = [
            each
            for each in inside[segment.name]
            if segment.isolation == "service" or each.name in public
        ]
        if segment.isolation != "service":
            unit = Unit(
                name=segment.name,
                segment=segment.name,
                interfaces=tuple(each for each in inside[segment.name] if each not in apart),
                ipv6=ipv6,
                ipv6_block=block,
                open=segment.isolation == "none",
                standing=segment.stands_already,
            )
            found.append(unit)
        found += [
            Unit(
                name=f"{segment.name}/{each.name}",
                segment=segment.name,
                interfaces=(each,),
                ipv6=ipv6,
                ipv6_block=block,
                public=each.name in public,
            )
            for each in apart
        ]
    return tuple(found)


def made(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Those that have subnets, a NACL and a route table of their own."""
    return tuple(each for each in units if not each.standing)


BLOCKS_OF_IPV6: Final = 1 << SUBNET_PREFIX - SLOT_BITS - VPC_PREFIX
"""A /56 has 64 blocks of four subnets, each a /64
(docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""


def ipv6_of(topology: Topology) -> IPv6Network | None:
    """The VPC's block of IPv6, or what stands for the one that AWS gives; None: it has none."""
    return None if topology.ipv6 is None else topology.ipv6.cidr or STAND_IN


def ipv6_block(vpc: IPv6Network, index: int) -> IPv6Network:
    """The block with this index, counted from the start of the VPC's."""
    prefix = SUBNET_PREFIX - SLOT_BITS
    return IPv6Network((int(vpc.network_address) + (index << (128 - prefix)), prefix))


def ipv6_slot(of: IPv6Network, index: int) -> IPv6Network:
    """The subnet in this slot (0-3) of a block."""
    start = int(of.network_address) + (index << (128 - SUBNET_PREFIX))
    return IPv6Network((start, SUBNET_PREFIX))


def exposed_ends(topology: Topology) -> frozenset[str]:
    """The interfaces to which peers on the internet connect, as flows call them."""
    sockets = (
        end
        for each in topology.connections
        if each.client in topology.peers
        for end in each.server_socket.ends
    )
    plain = (each.server for each in topology.flows if each.client in topology.peers)
    return frozenset((*sockets, *plain))


def addressed_ends(topology: Topology) -> frozenset[str]:
    """Those of these that need a public address: of whose peers one has an address of IPv4."""
    exposed = exposed_ends(topology)
    if not exposed:
        return exposed
    sockets = (
        (each.client_socket.connects_by, each.server, each.server_socket.ends, each.client)
        for each in topology.connections
    )
    met = (
        (end, peer)
        for client, server, ends, asks in sockets
        for end, peer in ((client, server), *((each, asks) for each in ends))
    )
    plain = (pair for each in topology.flows for pair in _both_ways(each.client, each.server))
    return frozenset(
        end
        for end, peer in (*met, *plain)
        if end in exposed and peer in topology.peers and 4 in topology.versions_of(peer)
    )


def _both_ways(one: str, other: str) -> tuple[tuple[str, str], ...]:
    return (one, other), (other, one)


def block_prefix(vpc: IPv4Network) -> int:
    """The prefix length of a unit's block."""
    return min(vpc.prefixlen + BLOCK_BITS, SMALLEST_SUBNET - SLOT_BITS)


def block_count(vpc: IPv4Network) -> int:
    """How many units a VPC of this size has room for."""
    return 1 << max(0, block_prefix(vpc) - vpc.prefixlen)


def block(vpc: IPv4Network, index: int) -> IPv4Network:
    """The block with this index, counted from the start of the VPC."""
    prefix = block_prefix(vpc)
    start = int(vpc.network_address) + (index << (32 - prefix))
    return IPv4Network((start, prefix))


def slot(of: IPv4Network, index: int) -> IPv4Network:
    """The subnet in this slot (0-3) of a block."""
    prefix = of.prefixlen + SLOT_BITS
    return IPv4Network((int(of.network_address) + (index << (32 - prefix)), prefix))
