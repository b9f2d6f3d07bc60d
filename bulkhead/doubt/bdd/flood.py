"""Packets pushed through the network, in waves from stop to stop.

Stops are where something is decided: a subnet's router, a transit gateway
behind one of its attachments, a subnet by which packets come out of a transit
gateway. A wave divides there, and each part of it ends as delivered, as lost, or
adrift (where nobody knows what happens to it), or leaves for the next stop. A
packet that may go several ways goes all of them, so it may be lost in one wave
and delivered in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import IPv4Address
from typing import NamedTuple, TypeVar

from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import PacketSpace, Roles, Sieve
from bulkhead.doubt.bdd.unmodelled import noted
from bulkhead.network import NatGateway, Network, TargetKind

Key = TypeVar("Key")


class SentOn(NamedTuple):
    """A NAT gateway that packets came through, and the address that they have from there.

    A regional one shows none, but the zone in which it sent them on.
    """

    gateway: str
    address: IPv4Address | None
    zone: str = ""


class NatSide(Enum):
    """On which side of a NAT gateway a packet is; without one all is the client's."""

    CLIENT = "client"
    FAR = "far"


class Seen(NamedTuple):
    """A firewall endpoint that a packet has passed, and on which side of the NAT gateway."""

    endpoint: str
    side: NatSide


@dataclass(frozen=True, slots=True)
class SubnetRouter:
    """About to leave a subnet."""

    subnet: str


@dataclass(frozen=True, slots=True)
class OwnTable:
    """About to leave a regional NAT gateway, which stands in no subnet."""

    gateway: str
    zone: str


@dataclass(frozen=True, slots=True)
class TransitTable:
    """In a transit gateway, by one of its attachments; `zone` is '' where it does not matter."""

    gateway: str
    attachment: str
    zone: str


@dataclass(frozen=True, slots=True)
class TransitExit:
    """Come out of a transit gateway in a subnet of an attachment."""

    subnet: str
    gateway: str


@dataclass(frozen=True, slots=True)
class Internet:
    """On the internet, on the way from one VPC into another."""


Stop = SubnetRouter | OwnTable | TransitTable | TransitExit | Internet


@dataclass(frozen=True, slots=True)
class Past:
    """What packets have been through, as far as it matters later."""

    sure: bool = True
    """Whether no filter had to be kind to them."""
    nat: SentOn | None = None
    over_transit: bool = False
    egress_references: bool = True
    ingress_references: bool = True
    visited: frozenset[str | TransitTable] = frozenset()
    """Firewall endpoints and attachments that they must not come to again."""
    seen_by: frozenset[Seen] = frozenset()
    exit: TargetKind | None = None
    """What led them out of a VPC to the internet."""
    behind: str | None = None
    """The site by whose tunnel they came from, or went to, an end that is no site's."""
    exits: frozenset[tuple[str, TransitExit]] = frozenset()
    """By which subnets they came out of attachments in appliance mode."""
    side: NatSide = NatSide.CLIENT
    as_ipv4: bool = False
    """Whether a NAT gateway made them packets of IPv4, or is to make them such of IPv6."""

    def unreferable(self) -> Past:
        """Not the direct way any more: groups do not count as peers."""
        return replace(self, egress_references=False, ingress_references=False)


@dataclass(slots=True, eq=False)
class Flood:
    """One propagation, and how its waves have ended so far."""

    space: PacketSpace
    roles_of: Callable[[Past], Roles]
    """Which bits mean what for packets with this past."""
    reply: bool = False
    home: NatGateway | None = None
    """Of a reply to a NAT gateway in a subnet: the gateway, which sends it on to the client."""
    region: OwnTable | None = None
    """Of a reply to a regional one: where it sends it on."""
    asked_by: TargetKind | None = None
    """Of a reply: what let its request out to the internet."""
    behind: str | None = None
    """Of replies: the site by whose tunnel the requests came from outside, or went there."""
    exits: frozenset[tuple[str, TransitExit]] = frozenset()
    """Of replies: by which subnets the requests came out of attachments in appliance mode."""
    filtered: bool = True
    """Whether filters are asked at all, or only where routes lead."""
    delivered: dict[Past, PacketSet] = field(default_factory=dict)
    adrift: dict[Past, PacketSet] = field(default_factory=dict)
    lost: PacketSet = field(init=False)
    waiting: dict[tuple[Stop, Past], PacketSet] = field(default_factory=dict)
    """What is still to be pushed on, first come first served."""

    def __post_init__(self) -> None:
        self.lost = self.space.universe.none

    def space_of(self, past: Past) -> PacketSpace:
        return self.space.as_ipv4 if past.as_ipv4 else self.space

    def wave(self, past: Past, packets: PacketSet) -> Wave:
        return Wave(self, past, packets)

    def next_stop(self) -> tuple[Stop, Wave] | None:
        """Where some wave waits, and the wave; None when all have ended."""
        if not self.waiting:
            return None
        stop, past = key = next(iter(self.waiting))
        return stop, Wave(self, past, self.waiting.pop(key))


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """Packets of a flood that have the same past, at one point of their way."""

    flood: Flood
    past: Past
    packets: PacketSet

    @property
    def space(self) -> PacketSpace:
        return self.flood.space_of(self.past)

    @property
    def network(self) -> Network:
        return self.flood.space.network

    @property
    def roles(self) -> Roles:
        return self.flood.roles_of(self.past)

    @property
    def empty(self) -> bool:
        return not self.packets.satisfiable()

    # Where it is going

    def for_sites(self, sites: Iterable[str]) -> PacketSet:
        several, end = set(sites), self.roles.end
        found = self.space.at_sites(end, several)
        return found | self.space.outside(end) if self.flood.behind in several else found

    def for_internet(self) -> PacketSet:
        if self.flood.behind is not None:
            return self.space.universe.none
        return self.space.on_internet(self.roles.end)

    # What it divides into

    def after(self, past: Past) -> Wave:
        return replace(self, past=past)

    def only(self, packets: PacketSet) -> Wave:
        return replace(self, packets=self.packets & packets)

    def without(self, packets: PacketSet) -> Wave:
        return replace(self, packets=self.packets & ~packets)

    # How it ends

    def lose(self) -> None:
        self.flood.lost |= self.packets

    def drift(self) -> None:
        if not self.empty:
            _add(self.flood.adrift, self.past, self.packets)

    def deliver(self) -> None:
        """To its end, or to the NAT gateway that sends it on from its own subnet."""
        if self.empty:
            return
        home, region = self.flood.home, self.flood.region
        on = self.after(replace(self.past, side=NatSide.CLIENT, as_ipv4=False))
        if region is not None and self.past.side is NatSide.FAR:
            on.wait(region)
        elif home is not None and home.subnet and self.past.side is NatSide.FAR:
            on.from_subnet(home.subnet)
        else:
            _add(self.flood.delivered, self.past, self.packets)

    # How it goes on

    def wait(self, stop: Stop) -> None:
        """To be pushed on from there."""
        if not self.empty:
            _add(self.flood.waiting, (stop, self.past), self.packets)

    def from_subnet(self, subnet: str) -> None:
        """On from within a subnet: to its own hosts, the rest past its router."""
        near = self.space.in_subnet(self.roles.end, subnet)
        self.only(near).deliver()
        self.without(near).wait(SubnetRouter(subnet))

    def keep(self, wanted: PacketSet) -> Wave:
        """Lose the rest."""
        self.without(wanted).lose()
        return self.only(wanted)

    def keep_if(self, truth: bool) -> Wave:
        """Lose all or nothing."""
        return self.keep(self.space.universe.known(truth))

    def unless_noted(self, *things: str) -> Wave:
        """What is noted about a thing on the way sets its packets adrift."""
        packets = self.space.once(noted, *things)
        self.only(packets).drift()
        return self.without(packets)

    def sieved(self, sieve: Sieve) -> Iterator[Wave]:
        """What a filter leaves: for sure, and if its unknowns are kind."""
        if not self.flood.filtered:
            waves = [self]
        else:
            self.without(sieve.may).lose()
            unsure = self.only(sieve.may & ~sieve.sure)
            waves = [self.only(sieve.sure), unsure.after(replace(self.past, sure=False))]
        yield from (each for each in waves if not each.empty)


def _add(ended: dict[Key, PacketSet], key: Key, packets: PacketSet) -> None:
    ended[key] = ended[key] | packets if key in ended else packets
