"""To the internet: internet gateways, egress-only gateways, gateway endpoints."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.flood import Part
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.network import ICMP, TCP, NatGateway, PublicAccess, Subnet, TargetKind

ECHO_REQUESTS = (8 * 256, 8 * 256 + 255)


def to_internet_gateway(part: Part, here: Subnet, id_: str) -> None:
    """Of packets with a public address, or behind a NAT gateway that has one."""
    space, past = part.space, part.past
    known = {each.id: each.vpc for each in part.network.internet_gateways}
    part = part.keep(space.on_internet(part.layout.end))
    part = attached(part, known, here, id_)
    part = part.keep(space.of_vpc(part.layout.source, here.vpc) & _has_public(part))
    if part.flood.reply or (here.public_access is PublicAccess.OPEN and not past.nat):
        _gone_by(part, TargetKind.INTERNET_GATEWAY)
    elif not past.nat or here.public_access is PublicAccess.BLOCKED:
        part.lose()
    else:
        blocked = _in_blocked_subnet(space, part.layout.start)
        part.only(blocked).drift()
        _gone_by(part.without(blocked), TargetKind.INTERNET_GATEWAY)


def to_egress_only_gateway(part: Part, here: Subnet, id_: str) -> None:
    """Requests alone, of IPv6 alone."""
    space = part.space
    known = {each.id: each.vpc for each in part.network.egress_only_gateways}
    part = part.keep(space.on_internet(part.layout.end)).keep_if(space.version == 6)
    part = attached(part, known, here, id_)
    part = part.keep_if(not part.flood.reply and here.public_access is not PublicAccess.BLOCKED)
    part = part.keep(space.of_vpc(part.layout.source, here.vpc))
    _gone_by(part, TargetKind.EGRESS_ONLY_GATEWAY)


def to_gateway_endpoint(part: Part, here: Subnet, id_: str) -> None:
    """Requests alone, of IPv4 alone: tcp, and icmp echo."""
    space, u = part.space, part.space.universe
    part = part.keep(space.on_internet(part.layout.end)).keep_if(space.version == 4)
    if id_ not in {each.id for each in part.network.gateway_endpoints}:
        return part.drift()
    part = part.unless_noted(id_).keep_if(not part.flood.reply)
    echo = u.is_(u.protocol, ICMP) & u.span(part.layout.port, *ECHO_REQUESTS)
    part = part.keep(u.is_(u.protocol, TCP) | echo)
    part = part.keep(space.of_vpc(part.layout.source, here.vpc))
    return _gone_by(part, TargetKind.GATEWAY_ENDPOINT)


def attached(part: Part, known: dict[str, str], here: Subnet, id_: str) -> Part:
    """What gets to a gateway of this VPC: nothing if it is another's or not here.

    `known`: the VPC of each gateway of the kind.
    """
    if id_ not in known:
        part.drift()
        return part.only(part.space.universe.none)
    return part.unless_noted(id_).keep_if(known[id_] == here.vpc)


def unknown_to_internet(space: PacketSpace, location: Value, address: Value) -> PacketSet:
    """Interfaces' own addresses for which no internet gateway translates."""
    u = space.universe
    if space.version == 6:
        return u.none
    plain: list[PacketSet] = []
    for each in space.network.interfaces:
        translated = {private for private, _ in each.more_public}
        if each.public_address is not None:
            translated.add(each.address)
        plain.extend(
            space.in_subnet(location, each.subnet) & u.is_(address, int(one))
            for one in space.addresses_of(each)
            if one not in translated
        )
    return u.union(plain)


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


def _has_public(part: Part) -> PacketSet:
    space, layout = part.space, part.layout
    nat = nat_gateway(space, part.past.nat)
    if nat is not None:
        return space.universe.known(nat.public_address is not None)
    return ~space.once(unknown_to_internet, layout.start, layout.source)


def _gone_by(part: Part, exit_: TargetKind) -> None:
    part.after(replace(part.past, exit=exit_)).deliver()
