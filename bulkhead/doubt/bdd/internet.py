"""To the internet: internet gateways, egress-only gateways, gateway endpoints."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Network

from bulkhead.doubt.bdd.acls import spoken_of
from bulkhead.doubt.bdd.flood import Internet, Wave
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.network import (
    ICMP,
    ICMP6,
    TCP,
    IPAddress,
    NatGateway,
    PortRange,
    PublicAccess,
    Subnet,
    TargetKind,
)

UNIQUE_LOCAL = IPv6Network((0xFC << 120, 7))
"""RFC 4193: private addresses, which go nowhere by way of the internet."""
ECHO_REQUESTS = {
    4: (ICMP, PortRange(8 * 256, 8 * 256 + 255)),
    6: (ICMP6, PortRange(128 * 256, 128 * 256 + 255)),
}


def to_internet_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """Of packets with a public address, or behind a NAT gateway that has one."""
    space, past = wave.space, wave.past
    known = {each.id: each.vpc for each in wave.network.internet_gateways}
    wave = wave.keep(_abroad(wave, here))
    wave = _not_inspected(attached(wave, known, here.vpc, id_), here)
    wave = wave.keep(space.of_vpc(wave.roles.source, here.vpc) & _has_public(wave))
    if wave.flood.reply or (here.public_access.lets_out and not past.nat):
        _gone_by(wave, TargetKind.INTERNET_GATEWAY)
    elif not past.nat or here.public_access is PublicAccess.BLOCKED:
        wave.lose()
    else:
        blocked = _in_blocked_subnet(space, wave.roles.start)
        wave.only(blocked).drift()
        _gone_by(wave.without(blocked), TargetKind.INTERNET_GATEWAY)


def _not_inspected(wave: Wave, here: Subnet) -> Wave:
    """What a firewall before the gateway decides is adrift: all of it, or what set out there."""
    if here.inspected:
        wave.drift()
        return wave.only(wave.space.universe.none)
    if wave.flood.reply:
        return wave
    packets = inspected(wave.space, wave.roles.start) & wave.space.in_vpc(
        wave.roles.start, here.vpc
    )
    wave.only(packets).drift()
    return wave.without(packets)


def inspected(space: PacketSpace, location: Value) -> PacketSet:
    """Ends in subnets that an Automated Internet Firewall does not leave alone."""
    return space.in_subnets(location, (e.id for e in space.network.subnets if e.inspected))


def out_of_region(wave: Wave, nat: NatGateway, id_: str) -> None:
    """From a regional NAT gateway: what blocks every subnet of its VPC blocks it as well.

    Where some subnets are blocked nobody knows
    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html).
    """
    known = {each.id: each.vpc for each in wave.network.internet_gateways}
    wave = attached(wave.keep(wave.for_internet()), known, nat.vpc, id_)
    own = [each.public_access for each in wave.network.subnets if each.vpc == nat.vpc]
    wave = wave.keep_if(any(each is not PublicAccess.BLOCKED for each in own))
    blocked = _in_blocked_subnet(wave.space, wave.roles.start)
    blocked |= wave.space.universe.known(PublicAccess.BLOCKED in own)
    wave.only(blocked).drift()
    _gone_by(wave.without(blocked), TargetKind.INTERNET_GATEWAY)


def to_egress_only_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """Requests alone, of IPv6 alone."""
    space = wave.space
    known = {each.id: each.vpc for each in wave.network.egress_only_gateways}
    wave = wave.keep(_abroad(wave, here)).keep_if(space.version == 6)
    wave = attached(wave, known, here.vpc, id_)
    wave = wave.keep_if(not wave.flood.reply and here.public_access is not PublicAccess.BLOCKED)
    wave = wave.keep(space.of_vpc(wave.roles.source, here.vpc) & _has_public(wave))
    _gone_by(wave, TargetKind.EGRESS_ONLY_GATEWAY)


def to_gateway_endpoint(wave: Wave, here: Subnet, id_: str) -> None:
    """Requests alone: tcp, and echo."""
    space, universe = wave.space, wave.space.universe
    wave = wave.keep(wave.for_internet())
    if id_ not in {each.id for each in wave.network.gateway_endpoints}:
        return wave.drift()
    wave = wave.unless_noted(id_).keep_if(not wave.flood.reply)
    echo = spoken_of(space, *ECHO_REQUESTS[space.version], wave.roles.port)
    wave = wave.keep(universe.is_(universe.protocol, TCP) | echo)
    wave = wave.keep(space.of_vpc(wave.roles.source, here.vpc))
    return _gone_by(wave, TargetKind.GATEWAY_ENDPOINT)


def attached(wave: Wave, known: dict[str, str], vpc: str, id_: str) -> Wave:
    """What gets to a gateway of this VPC: nothing if it is another's or not here.

    `known`: the VPC of each gateway of the kind.
    """
    if id_ not in known:
        wave.drift()
        return wave.only(wave.space.universe.none)
    return wave.unless_noted(id_).keep_if(known[id_] == vpc)


def unknown_to_internet(space: PacketSpace, location: Value, address: Value) -> PacketSet:
    """Interfaces' own addresses for which no internet gateway translates."""
    universe = space.universe
    if space.version == 6:
        return space.in_any_subnet(location) & space.block(address, UNIQUE_LOCAL)
    plain: list[PacketSet] = []
    for each in space.network.interfaces:
        translated: set[IPAddress] = {private for private, _ in each.more_public}
        if each.public_address is not None:
            translated.add(each.address)
        plain.extend(
            space.in_subnet(location, each.subnet) & universe.is_(address, int(one))
            for one in space.addresses_of(each)
            if one not in translated
        )
    return universe.union(plain)


def closed_to_internet(space: PacketSpace, location: Value) -> PacketSet:
    """Ends in subnets that VPC Block Public Access does not leave open."""
    closed = (
        each.id for each in space.network.subnets if each.public_access is not PublicAccess.OPEN
    )
    return space.in_subnets(location, closed)


def nat_gateway(space: PacketSpace, id_: str | None) -> NatGateway | None:
    """The NAT gateway of that id, if it is here."""
    return next((each for each in space.network.nat_gateways if each.id == id_), None)


def _in_blocked_subnet(space: PacketSpace, location: Value) -> PacketSet:
    """Ends in subnets from which VPC Block Public Access lets nothing out either."""
    blocked = (
        each.id for each in space.network.subnets if each.public_access is PublicAccess.BLOCKED
    )
    return space.in_subnets(location, blocked)


def _has_public(wave: Wave) -> PacketSet:
    space, roles = wave.space, wave.roles
    nat = nat_gateway(space, wave.past.nat.gateway) if wave.past.nat else None
    if nat is not None:
        return space.universe.known(nat.public_address is not None)
    return ~space.once(unknown_to_internet, roles.start, roles.source)


def _abroad(wave: Wave, here: Subnet) -> PacketSet:
    """Packets for the internet, and of IPv6 those for public addresses of other VPCs."""
    space, roles = wave.space, wave.roles
    found = wave.for_internet()
    if space.version == 6:
        others = (each.id for each in wave.network.subnets if each.vpc != here.vpc)
        private = space.block(roles.destination, UNIQUE_LOCAL)
        found |= space.in_subnets(roles.end, others) & ~private
    return found


def _gone_by(wave: Wave, exit_: TargetKind) -> None:
    """To an end on the internet, or from there into another VPC."""
    there = wave.for_internet()
    wave.only(there).after(replace(wave.past, exit=exit_)).deliver()
    past = replace(wave.past.unreferable(), exit=exit_)
    wave.without(there).after(past).wait(Internet())
