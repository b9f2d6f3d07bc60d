"""A proof that no table can hold, for people: what is open from place to place, and what
stands out.

Every pair of ends that a matrix would show as open, or maybe open, is counted in a
`Crossing`; what the internet reaches, and what nobody can tell, is named by receivers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.places import places
from bulkhead.network import Network, PortRange, Verdict, has_ports
from bulkhead.network.traffic import Passing, gathered, merge
from bulkhead.prove.cells import AskedTraffic, heaps
from bulkhead.prove.columns import OPEN, AllColumns
from bulkhead.prove.fold import Fold, folding
from bulkhead.prove.masks import Piece
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ranges, union

MOST_MARKS: Final = 20_000
"""Pairs of senders and sockets that are still a table."""
ANY_HOST: Final = "any host in no group"
"""Strangers, wherever they are: the places that other ends are in tell them apart."""
_ORDER: Final = (
    EndpointKind.INTERNET,
    EndpointKind.ELSEWHERE,
    EndpointKind.SITE,
    EndpointKind.INTERFACE,
    EndpointKind.STRANGER,
)
_SITE: Final = _ORDER.index(EndpointKind.SITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What is open from one place to another: how many of all pairs of ends have each verdict
    on some traffic. A pair with several of them counts with each."""

    source: str
    destination: str
    kinds: tuple[EndpointKind, EndpointKind]
    """Of the ends in both places."""
    traffic: Passing
    pairs: Mapping[Verdict, int]
    of_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Ends of one name, and the traffic by which so many others reach them, or may."""

    name: str
    traffic: Passing
    ends: int
    senders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`exposed`: what the internet reaches, the most ports first; `unsure`: what is undetermined,
    from the most senders first."""

    ends: int
    crossings: tuple[Crossing, ...]
    exposed: tuple[Receiver, ...]
    unsure: tuple[Receiver, ...]


def too_large(reach: Reach, marks: int = MOST_MARKS, fold: Fold | None = None) -> bool:
    """Whether the matrix of a proof has more marks: by default, more than anybody reads."""
    columns = AllColumns(reach, fold=fold or folding(reach))
    most = marks // len(columns.rows)
    return any(number > most for number, _ in enumerate(columns, start=1))


def too_open(reach: Reach) -> bool:
    """Whether more is open than a picture shows, however it is folded."""
    opened = 0
    for column in AllColumns(reach, fold=folding(reach)):
        opened += column.some(OPEN).bit_count()
        if opened > MOST_MARKS:
            return True
    return False


def overview(reach: Reach) -> Overview:
    """All destinations, one after the other, each with sets of senders."""
    place, name = _places(reach.network), folding(reach)
    members = _members(reach, place)
    internet = sum(bits for (rank, _), bits in members.items() if not rank)
    arriving: dict[_Place, _Arriving] = defaultdict(_Arriving)
    exposed: dict[str, _Gathered] = defaultdict(_Gathered)
    unsure: dict[str, _Gathered] = defaultdict(_Gathered)
    for index, end in enumerate(reach.endpoints):
        senders = _senders(reach, index, members)
        pieces = [
            (protocol, piece)
            for protocol in reach.protocols
            for piece in reach.masks(index, protocol).pieces()
            if piece.open & senders
        ]
        arriving[place(end)].take(senders, pieces)
        for protocol, piece in pieces:
            surely = piece.allowed | piece.half_open
            exposed[name(end)].take(index, protocol, piece.ports, surely & senders & internet)
            unsure[name(end)].take(index, protocol, piece.ports, piece.undetermined & senders)
    return Overview(
        ends=len(reach.endpoints),
        crossings=tuple(_crossings(members, arriving, reach.protocols)),
        exposed=_receivers(exposed, reach.protocols, lambda each: each.width),
        unsure=_receivers(unsure, reach.protocols, lambda each: each.senders.bit_count()),
    )


def crossings(
    reach: Reach, sources: int, destinations: Iterable[int], traffic: AskedTraffic
) -> tuple[Crossing, ...]:
    """What is open by some traffic from some ends (bits) to others, from place to place."""
    place = _places(reach.network)
    arriving: dict[_Place, _Arriving] = defaultdict(_Arriving)
    into: dict[int, list[tuple[int, Piece]]] = {}
    senders: dict[int, int] = {}
    for heap in heaps(reach, sources, destinations, traffic):
        senders[heap.destination] = heap.sources
        into.setdefault(heap.destination, []).extend(
            (heap.protocol, piece) for piece in heap.pieces if piece.open & heap.sources
        )
    for index, pieces in into.items():
        arriving[place(reach.endpoints[index])].take(senders[index], pieces)
    return tuple(_crossings(_members(reach, place), arriving, reach.protocols))


def _members(reach: Reach, place: Callable[[Endpoint], _Place]) -> Mapping[_Place, int]:
    members: dict[_Place, int] = defaultdict(int)
    for index, end in enumerate(reach.endpoints):
        members[place(end)] |= 1 << index
    return members


def _crossings(
    members: Mapping[_Place, int],
    arriving: Mapping[_Place, _Arriving],
    protocols: Collection[int],
) -> Iterator[Crossing]:
    for source in sorted(members):
        for destination in sorted(arriving):
            yield from arriving[destination].crossings(
                source, destination, members[source], protocols
            )


def _senders(reach: Reach, index: int, members: Mapping[_Place, int]) -> int:
    """Whose packets to an end are told: those that are flows, and to what is outside those of
    sites and, to a site, of the world."""
    found = reach.senders(index)
    to = _ORDER.index(reach.endpoints[index].kind)
    if to <= _SITE:
        others = sum(
            bits
            for (rank, _), bits in members.items()
            if rank == _SITE or (to == _SITE and rank < _SITE)
        )
        found |= others & reach.concerned(index) & ~reach.same_host(index)
    return found


_Place = tuple[int, str]
"""Its rank among the kinds, and its name."""


def _places(network: Network) -> Callable[[Endpoint], _Place]:
    """Subnets where they are few, else VPCs; and what is outside."""
    called = places(network)

    def place(end: Endpoint) -> _Place:
        stranger = end.kind is EndpointKind.STRANGER
        return _ORDER.index(end.kind), ANY_HOST if stranger else called(end)

    return place


@dataclass(slots=True)
class _Arriving:
    """All that comes into one place."""

    ends: list[tuple[int, Mapping[Verdict, int]]] = field(default_factory=list)
    """Per end, whose packets to it are flows, and whose get which verdict on some traffic."""
    parts: dict[int, dict[PortRange, int]] = field(default_factory=dict)
    """Per protocol, who may come in on which ports."""

    def take(self, senders: int, pieces: Collection[tuple[int, Piece]]) -> None:
        """One more end, and the pieces of its masks where something is open."""
        found = dict.fromkeys(OPEN, 0)
        for protocol, piece in pieces:
            for verdict, some in piece.by_verdict(senders):
                if verdict in found:
                    found[verdict] |= some
            coming = self.parts.setdefault(protocol, {})
            coming[piece.ports] = coming.get(piece.ports, 0) | piece.open & senders
        self.ends.append((senders, found))

    def crossings(
        self, source: _Place, destination: _Place, members: int, protocols: Collection[int]
    ) -> Iterator[Crossing]:
        """From one place, if anything is open."""
        pairs = {
            verdict: sum((found[verdict] & members).bit_count() for _, found in self.ends)
            for verdict in OPEN
        }
        if any(pairs.values()):
            coming = {
                protocol: [ports for ports, bits in ranges(union(parts.items())) if bits & members]
                for protocol, parts in self.parts.items()
            }
            yield Crossing(
                source=source[1],
                destination=destination[1],
                kinds=(_ORDER[source[0]], _ORDER[destination[0]]),
                traffic=gathered({key: ports for key, ports in coming.items() if ports}, protocols),
                pairs=pairs,
                of_pairs=sum((senders & members).bit_count() for senders, _ in self.ends),
            )


@dataclass(slots=True)
class _Gathered:
    """All that comes to the ends of one name."""

    ends: int = 0
    senders: int = 0
    ports: dict[int, list[PortRange]] = field(default_factory=dict)

    def take(self, end: int, protocol: int, ports: PortRange, senders: int) -> None:
        if senders:
            self.ends |= 1 << end
            self.senders |= senders
            self.ports.setdefault(protocol, []).append(ports)

    @property
    def width(self) -> int:
        """How many ports, where a protocol without them is one."""
        return sum(
            sum(map(len, merge(several))) if has_ports(protocol) else 1
            for protocol, several in self.ports.items()
        )


def _receivers(
    found: Mapping[str, _Gathered], protocols: Collection[int], weight: Callable[[_Gathered], int]
) -> tuple[Receiver, ...]:
    """Whatever receives anything, the weightiest first."""
    some = [(name, each) for name, each in found.items() if each.ends]
    return tuple(
        Receiver(
            name=name,
            traffic=gathered(each.ports, protocols),
            ends=each.ends.bit_count(),
            senders=each.senders.bit_count(),
        )
        for name, each in sorted(some, key=lambda item: (-weight(item[1]), item[0]))
    )
