"""Packets pushed through the network: a part comes to a stop, its parts leave for the next ones.

Stops are where something is decided: a subnet's router, a transit gateway
behind one of its attachments, a subnet by which packets come out of a transit
gateway. A part ends as delivered, as lost, or adrift: where nobody knows what
happens to it. A packet that may go several ways goes all of them, so one part
of it may be lost while another is delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple, TypeVar

from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import Layout, PacketSpace, Sieve
from bulkhead.doubt.bdd.unmodelled import noted
from bulkhead.network import NatGateway, Network, TargetKind

Key = TypeVar("Key")


class Stretch(Enum):
    """Which side of a NAT gateway a packet is on. Without one all is the client's."""

    CLIENT = "client"
    FAR = "far"


class Seen(NamedTuple):
    """A firewall endpoint that a packet has passed, and on which side of the NAT gateway."""

    endpoint: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class AtRouter:
    """About to leave a subnet."""

    subnet: str


@dataclass(frozen=True, slots=True)
class InTransit:
    """In a transit gateway, by one of its attachments; `zone` is '' where it does not matter."""

    gateway: str
    attachment: str
    zone: str


@dataclass(frozen=True, slots=True)
class OutOfTransit:
    """Come out of a transit gateway in a subnet of an attachment."""

    subnet: str
    gateway: str


Stop = AtRouter | InTransit | OutOfTransit


@dataclass(frozen=True, slots=True)
class Past:
    """What packets have been through, as far as it matters later."""

    sure: bool = True
    """Whether no filter had to be kind to them."""
    nat: str | None = None
    over_transit: bool = False
    egress_references: bool = True
    ingress_references: bool = True
    visited: frozenset[str | InTransit] = frozenset()
    """Firewall endpoints and attachments that they must not come to again."""
    seen_by: frozenset[Seen] = frozenset()
    exit: TargetKind | None = None
    """What led them out of a VPC to the internet."""
    stretch: Stretch = Stretch.CLIENT

    def unreferable(self) -> Past:
        """Not the direct way any more: groups do not count as peers."""
        return replace(self, egress_references=False, ingress_references=False)


@dataclass(slots=True, eq=False)
class Flood:
    """One propagation, and how its parts have ended so far."""

    space: PacketSpace
    layout_of: Callable[[Past], Layout]
    """Which bits mean what for packets with this past."""
    reply: bool = False
    home: NatGateway | None = None
    """Of a reply to a NAT gateway: the gateway, which sends it on to the client."""
    filtered: bool = True
    """Whether filters are asked at all, or only where routes lead."""
    delivered: dict[Past, PacketSet] = field(default_factory=dict)
    adrift: dict[Past, PacketSet] = field(default_factory=dict)
    lost: PacketSet = field(init=False)
    waiting: dict[tuple[Stop, Past], PacketSet] = field(default_factory=dict)
    """What is still to be pushed on, first come first served."""

    def __post_init__(self) -> None:
        self.lost = self.space.universe.none

    def part(self, past: Past, packets: PacketSet) -> Part:
        return Part(self, past, packets)

    def next_stop(self) -> tuple[Stop, Part] | None:
        """Where some part waits, and the part; None when all have ended."""
        if not self.waiting:
            return None
        stop, past = key = next(iter(self.waiting))
        return stop, Part(self, past, self.waiting.pop(key))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Packets of a flood that have the same past, at one point of their way."""

    flood: Flood
    past: Past
    packets: PacketSet

    @property
    def space(self) -> PacketSpace:
        return self.flood.space

    @property
    def network(self) -> Network:
        return self.flood.space.network

    @property
    def layout(self) -> Layout:
        return self.flood.layout_of(self.past)

    @property
    def empty(self) -> bool:
        return not self.packets.satisfiable()

    # Parts of it

    def after(self, past: Past) -> Part:
        return replace(self, past=past)

    def only(self, packets: PacketSet) -> Part:
        return replace(self, packets=self.packets & packets)

    def without(self, packets: PacketSet) -> Part:
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
        home = self.flood.home
        if home is not None and self.past.stretch is Stretch.FAR:
            self.after(replace(self.past, stretch=Stretch.CLIENT)).from_subnet(home.subnet)
        else:
            _add(self.flood.delivered, self.past, self.packets)

    # How it goes on

    def wait(self, stop: Stop) -> None:
        """To be pushed on from there."""
        if not self.empty:
            _add(self.flood.waiting, (stop, self.past), self.packets)

    def from_subnet(self, subnet: str) -> None:
        """On from within a subnet: to its own hosts, the rest past its router."""
        near = self.space.in_subnet(self.layout.end, subnet)
        self.only(near).deliver()
        self.without(near).wait(AtRouter(subnet))

    def keep(self, wanted: PacketSet) -> Part:
        """Lose the rest."""
        self.without(wanted).lose()
        return self.only(wanted)

    def keep_if(self, truth: bool) -> Part:
        """Lose all or nothing."""
        return self.keep(self.space.universe.known(truth))

    def unless_noted(self, *things: str) -> Part:
        """What is noted about a thing on the way sets its packets adrift."""
        packets = self.space.once(noted, *things)
        self.only(packets).drift()
        return self.without(packets)

    def sieved(self, sieve: Sieve) -> Iterator[Part]:
        """What a filter leaves: for sure, and if its unknowns are kind."""
        if not self.flood.filtered:
            parts = [self]
        else:
            self.without(sieve.may).lose()
            unsure = self.only(sieve.may & ~sieve.sure)
            parts = [self.only(sieve.sure), unsure.after(replace(self.past, sure=False))]
        yield from (each for each in parts if not each.empty)


def _add(ended: dict[Key, PacketSet], key: Key, packets: PacketSet) -> None:
    ended[key] = ended[key] | packets if key in ended else packets
