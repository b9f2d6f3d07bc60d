"""To the internet: internet gateways, egress-only gateways, gateway endpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv6Network

from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.terms import (
    Formula,
    Vector,
    all_of,
    among,
    any_of,
    between,
    either,
    inside,
    negated,
    same,
)
from bulkhead.doubt.smt.traveller import Spot, Traveller
from bulkhead.network import ICMP, ICMP6, TCP, PublicAccess, TargetKind

UNIQUE_LOCAL = IPv6Network("fc00::/7")
"""RFC 4193: no gateway carries them to the internet, or from it."""
ECHO_REQUEST = {4: (ICMP, 8 * 256), 6: (ICMP6, 128 * 256)}


Enter = Callable[[Traveller, str], Formula]
"""Over the internet into any VPC but the one that is named."""


def internet_gateway(traveller: Traveller, spot: Spot, id_: str, enter: Enter) -> Formula:
    """For senders with a public address of their own."""
    found = [each for each in traveller.network.internet_gateways if each.id == id_]
    if not found:
        return all_of((_is_abroad(traveller, spot), traveller.vanishes()))
    through = all_of(
        (
            found[0].vpc == spot.vpc,
            traveller.is_from_vpc(spot.vpc),
            _is_translated(traveller),
            _is_let_out(traveller, spot),
            _gone_over(traveller, spot, TargetKind.INTERNET_GATEWAY, enter),
        )
    )
    watched = found[0].vpc == spot.vpc and _is_watched(traveller, spot)
    through = either(watched, traveller.vanishes(), through)
    return all_of((_is_abroad(traveller, spot), traveller.unless_in_doubt(id_, through)))


def egress_only_gateway(traveller: Traveller, spot: Spot, id_: str, enter: Enter) -> Formula:
    """Of IPv6 alone, out and never in."""
    if traveller.encoding.version == 4:
        return False
    found = [each for each in traveller.network.egress_only_gateways if each.id == id_]
    if not found:
        return all_of((_is_abroad(traveller, spot), traveller.vanishes()))
    through = all_of(
        (
            not traveller.way.answering and found[0].vpc == spot.vpc,
            traveller.is_from_vpc(spot.vpc),
            _is_translated(traveller),
            spot.access is not PublicAccess.BLOCKED,
            _gone_over(traveller, spot, TargetKind.EGRESS_ONLY_GATEWAY, enter),
        )
    )
    return all_of((_is_abroad(traveller, spot), traveller.unless_in_doubt(id_, through)))


def gateway_endpoint(traveller: Traveller, spot: Spot, id_: str) -> Formula:
    """To public services: tcp, and echo requests."""
    if all(each.id != id_ for each in traveller.network.gateway_endpoints):
        return all_of((traveller.is_for_internet(), traveller.vanishes()))
    protocol, port = traveller.header.protocol, traveller.header.port
    version_of_icmp, first = ECHO_REQUEST[traveller.encoding.version]
    echo = all_of((same(protocol, version_of_icmp), between(port, first, first + 255)))
    through = not traveller.way.answering and all_of(
        (
            any_of((same(protocol, TCP), echo)),
            traveller.is_from_vpc(spot.vpc),
            _gone_by(traveller, TargetKind.GATEWAY_ENDPOINT),
        )
    )
    return all_of((traveller.is_for_internet(), traveller.unless_in_doubt(id_, through)))


def has_public(encoding: Encoding, location: Vector, address: Vector) -> Formula:
    """Whether an internet gateway has a public address for it; a stranger may be given one."""
    if encoding.version == 6:
        return negated(inside(address, UNIQUE_LOCAL))
    hidden: dict[int, list[int]] = defaultdict(list)
    for each in encoding.network.interfaces:
        known = {int(own) for own, _ in each.more_public}
        if each.public_address is not None:
            known.add(int(each.address))
        hidden[encoding.subnet(each.subnet)].extend(
            one for one in encoding.addresses(each) if one not in known
        )
    return negated(
        any_of(
            all_of((same(location, number), among(address, addresses)))
            for number, addresses in hidden.items()
        )
    )


def is_open_to_internet(encoding: Encoding, location: Vector) -> Formula:
    """Whether VPC Block Public Access leaves the subnet alone."""
    closed = (
        encoding.subnet(each.id)
        for each in encoding.network.subnets
        if each.public_access is not PublicAccess.OPEN
    )
    return negated(among(location, closed))


def inspected(encoding: Encoding, location: Vector, vpc: str) -> Formula:
    """Whether it is a subnet of that VPC to which an Automated Internet Firewall attends."""
    return among(
        location,
        (
            encoding.subnet(each.id)
            for each in encoding.network.subnets
            if each.inspected and each.vpc == vpc
        ),
    )


def _is_watched(traveller: Traveller, spot: Spot) -> Formula:
    """Where it is, or where a request set out."""
    if spot.inspected or traveller.way.answering:
        return spot.inspected
    return inspected(traveller.encoding, traveller.header.origin, spot.vpc)


def _is_abroad(traveller: Traveller, spot: Spot) -> Formula:
    """Whether it is for the internet, or over it for a public IPv6 address of another VPC."""
    encoding, header = traveller.encoding, traveller.header
    if encoding.version == 4:
        return traveller.is_for_internet()
    others = (each.id for each in traveller.network.vpcs if each.id != spot.vpc)
    beyond = any_of(map(traveller.is_for_vpc, others))
    public = has_public(encoding, header.target, header.destination)
    return any_of((traveller.is_for_internet(), all_of((beyond, public))))


def _gone_by(traveller: Traveller, exit_: TargetKind) -> Formula:
    return traveller.after(replace(traveller.trail, left_by=exit_)).arrives()


def _gone_over(traveller: Traveller, spot: Spot, exit_: TargetKind, enter: Enter) -> Formula:
    """To the internet, or on into another VPC."""
    there = all_of((traveller.is_for_internet(), _gone_by(traveller, exit_)))
    trail = replace(traveller.trail.unreferable(), left_by=exit_)
    return any_of((there, enter(traveller.after(trail), spot.vpc)))


def _is_translated(traveller: Traveller) -> Formula:
    """Whether an internet gateway knows a public address for the sender."""
    if traveller.encoding.version == 6:
        return negated(inside(traveller.header.source, UNIQUE_LOCAL))
    if traveller.trail.nat:
        return any(
            each.public_address is not None
            for each in traveller.network.nat_gateways
            if each.id == traveller.trail.nat.gateway
        )
    return has_public(traveller.encoding, traveller.header.origin, traveller.header.source)


def _is_let_out(traveller: Traveller, spot: Spot) -> Formula:
    """By VPC Block Public Access."""
    if traveller.way.answering:
        return True
    if not traveller.trail.nat:
        return spot.access.lets_out
    blocked = among(
        traveller.header.origin,
        (
            traveller.encoding.subnet(each.id)
            for each in traveller.network.subnets
            if each.public_access is PublicAccess.BLOCKED
        ),
    )
    passes = spot.access is not PublicAccess.BLOCKED
    return passes and either(blocked, traveller.vanishes(), True)
