"""Where a boundary crosses: told by networks that somebody names, else by addresses, else unknown.

Public addresses are those of iana.org/assignments/iana-ipv4-special-registry and its sister of
IPv6 that are reachable globally, as Python's `ipaddress` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

GroundBlock = IPv4Network | IPv6Network


class CrossingKind(StrEnum):
    """What lies between the two ends, the nearest first."""

    HOST = "within one host"
    SEGMENT = "within a segment"
    SEGMENTS = "between segments"
    VPCS = "between VPCs"
    SITE = "to or from a site"
    INTERNET = "over the internet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A block of addresses: a `segment` (or subnet) of a `vpc`, or a `site`; else ''."""

    block: GroundBlock
    segment: str = ""
    vpc: str = ""
    site: str = ""

    def __str__(self) -> str:
        return f"site {self.site}" if self.site else self.segment or self.vpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The networks that are known. `hosts` names what has an address; `source` says so."""

    blocks: tuple[Ground, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def of(self, address: str) -> Ground | None:
        """The smallest block that holds an address."""
        host = ip_address(address.partition("%")[0])
        holding = [each for each in self.blocks if host in each.block]
        return max(holding, key=lambda each: each.block.prefixlen, default=None)


NOWHERE = Grounds()


@dataclass(frozen=True, slots=True, order=True)
class Crossed:
    """What lies between, and why that is said."""

    kind: CrossingKind
    why: str


def crossed(
    client: str, server: str, grounds: Grounds, *, same_host: bool = False, routed: bool = False
) -> Crossed:
    """What lies between two addresses; '' is one that nobody knows."""
    known = [each for each in (client, server) if is_address(each)]
    if same_host:
        return Crossed(CrossingKind.HOST, "both ends are on one machine")
    return (
        _on_one_host(client, server, known)
        or _by_grounds(known, grounds)
        or _by_what_else(known, grounds, routed=routed)
    )


def _on_one_host(client: str, server: str, known: Sequence[str]) -> Crossed | None:
    if any(_ip(each).is_loopback for each in known):
        return Crossed(CrossingKind.HOST, "its address is a loopback")
    if client and client == server:
        return Crossed(CrossingKind.HOST, "both ends have one address")
    return None


def _by_grounds(known: Sequence[str], grounds: Grounds) -> Crossed | None:
    at = [grounds.of(each) for each in known]
    if len(at) == 2 and at[0] and at[1]:
        return _between(at[0], at[1], grounds.source)
    for address, ground in zip(known, at, strict=True):
        if ground is None and _ip(address).is_global:
            return Crossed(CrossingKind.INTERNET, f"{address} is a public address")
        if ground and ground.site:
            return Crossed(CrossingKind.SITE, f"{address} is of site {ground.site}")
    return None


def _by_what_else(known: Sequence[str], grounds: Grounds, *, routed: bool) -> Crossed:
    if routed:
        return Crossed(CrossingKind.SEGMENTS, "a router has lowered its TTL")
    if len(known) < 2:
        return Crossed(CrossingKind.UNKNOWN, "the address of an end is not known")
    if not grounds.blocks:
        return Crossed(CrossingKind.UNKNOWN, "no network is named")
    missing = next(each for each in known if grounds.of(each) is None)
    return Crossed(CrossingKind.UNKNOWN, f"{grounds.source} has no network of {missing}")


def _ip(address: str) -> IPv4Address | IPv6Address:
    """An address; one of a link may name its interface."""
    return ip_address(address.partition("%")[0])


def _between(one: Ground, other: Ground, source: str) -> Crossed:
    if one.site or other.site:
        within = one.site == other.site
        kind = CrossingKind.UNKNOWN if within else CrossingKind.SITE
        return Crossed(kind, f"{one} and {other} of {source}")
    if one.vpc != other.vpc:
        return Crossed(CrossingKind.VPCS, f"{one.vpc} and {other.vpc} of {source}")
    if one.segment and one.segment == other.segment:
        return Crossed(CrossingKind.SEGMENT, f"{one.segment} of {source}")
    if one.segment and other.segment:
        return Crossed(CrossingKind.SEGMENTS, f"{one.segment} and {other.segment} of {source}")
    return Crossed(CrossingKind.UNKNOWN, f"{source} has no subnet of an end")


def farthest(found: Iterable[Crossed]) -> Crossed:
    """Of several witnesses the farthest that one of them shows: unknown where none shows any."""
    order = list(CrossingKind)
    told = [each for each in found if each.kind is not CrossingKind.UNKNOWN]
    if told:
        return max(told, key=lambda each: order.index(each.kind))
    return next(iter(found), Crossed(CrossingKind.UNKNOWN, "no address of its ends is known"))


def is_address(text: str) -> bool:
    """Whether a text is an address of IP, and not a name or nothing."""
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def is_block(text: str) -> bool:
    """Whether a text is an address or a network."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
