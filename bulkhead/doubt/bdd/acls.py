"""Network ACLs as sieves: entries take what they match, in the order of their numbers."""

from __future__ import annotations

from typing import Final

from bulkhead.doubt.bdd.sets import Field, PacketSet, Value
from bulkhead.doubt.bdd.space import PacketSpace, Roles, Sieve
from bulkhead.doubt.bdd.unmodelled import noted
from bulkhead.network import (
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    TCP,
    UDP,
    Action,
    Direction,
    PortRange,
)

LOOKED_INTO: Final = (TCP, UDP, ICMP, ICMP6)
"""Protocols of which rules see more than the number: a port or a message."""


def spoken_of(space: PacketSpace, protocol: int, ports: PortRange, port: Field) -> PacketSet:
    """Packets of which a rule for this protocol and these ports speaks."""
    universe = space.universe
    if protocol == ANY_PROTOCOL:
        return universe.all
    if space.from_ipv6 and protocol == ICMP:
        return _echo(space, ports, port)
    found = of_protocol(space, protocol)
    if protocol in LOOKED_INTO:
        found &= universe.span(port, ports.first, ports.last)
    return found


def of_protocol(space: PacketSpace, protocol: int) -> PacketSet:
    """Packets of a protocol, by the number that they have there."""
    universe = space.universe
    if space.from_ipv6 and protocol in (ICMP, ICMP6):
        return universe.is_(universe.protocol, ICMP6) if protocol == ICMP else universe.none
    return universe.is_(universe.protocol, protocol)


def _echo(space: PacketSpace, ports: PortRange, port: Field) -> PacketSet:
    """The messages of IPv4 that a NAT gateway makes of such of IPv6 (RFC 7915)."""
    universe, found = space.universe, []
    for four, six in ((8, 128), (0, 129)):
        first = max(ports.first, four * 256) + (six - four) * 256
        last = min(ports.last, four * 256 + 255) + (six - four) * 256
        found.append(universe.span(port, first, last))
    return of_protocol(space, ICMP) & universe.union(found)


def acl(space: PacketSpace, subnet: str, direction: Direction, roles: Roles) -> Sieve:
    """The network ACL of a subnet, as packets with these roles meet it."""
    name = space.network.subnet[subnet].nacl
    address = roles.source if direction is Direction.INGRESS else roles.destination
    return space.once(_sieve, name, direction, address, roles.port)


def acl_into(space: PacketSpace, roles: Roles) -> Sieve:
    """The ACL of whatever subnet the packet ends in; there is none outside."""
    return space.once(_sieve_at, roles.end, Direction.INGRESS, roles)


def acl_out_of(space: PacketSpace, roles: Roles) -> Sieve:
    """The ACL of whatever subnet the packet starts in."""
    return space.once(_sieve_at, roles.start, Direction.EGRESS, roles)


def _sieve(
    space: PacketSpace, name: str, direction: Direction, address: Value, port: Field
) -> Sieve:
    universe = space.universe
    found = space.network.nacl.get(name)
    if found is None:
        return Sieve(sure=universe.none, may=universe.all)
    sure, may = universe.none, universe.none
    # What no entry decides for sure so far, and what none does if all in doubt speak.
    open_, untouched = universe.all, universe.all
    entries = [each for each in found.entries if each.direction is direction]
    for entry in sorted(entries, key=lambda each: each.number):
        hit = space.block(address, entry.cidr)
        hit &= spoken_of(space, entry.protocol, entry.ports, port)
        if entry.action is Action.ALLOW:
            may |= hit & open_
            sure |= hit & untouched & space.universe.known(entry.certain)
        if entry.certain:
            open_ &= ~hit
        if entry.certain or entry.action is Action.DENY:
            untouched &= ~hit
    doubt = noted(space, name)
    return Sieve(sure=sure & ~doubt, may=may | doubt)


def _sieve_at(space: PacketSpace, location: Value, direction: Direction, roles: Roles) -> Sieve:
    outside = ~space.in_any_subnet(location)
    sure, may = [outside], [outside]
    for subnet in space.network.subnets:
        there = space.in_subnet(location, subnet.id)
        sieve = acl(space, subnet.id, direction, roles)
        sure.append(there & sieve.sure)
        may.append(there & sieve.may)
    return Sieve(sure=space.universe.union(sure), may=space.universe.union(may))
