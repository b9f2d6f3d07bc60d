"""From differing cells to the lines of a delta: replicas, zones and strangers folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bulkhead.compare.cells import Kept, Moved, Sample
from bulkhead.compare.pairing import Lineup
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import Label, labelled
from bulkhead.ends.places import places
from bulkhead.ends.sockets import Waiting, on
from bulkhead.ends.together import together
from bulkhead.network import Listener, Network, PortRange, Verdict
from bulkhead.network.traffic import Passing, gathered, split
from bulkhead.prove.sets.by_port import bits_of

MOST_EXAMPLES: Final = 3
"""Cells of one line that are explained: replicas mostly share their rules."""

Shift = tuple[Verdict, Verdict]
"""The verdicts before and after."""


@dataclass(frozen=True, slots=True)
class Folded:
    """All that went the same way between two sides. `hosts` of `of_hosts` pairs did."""

    source: Label
    destination: Label
    shift: Shift
    traffic: Passing
    hosts: int
    of_hosts: int
    examples: tuple[Sample, ...]
    sockets: tuple[Listener, ...]
    """Those that wait there; none where the ports are theirs at other addresses only."""


@dataclass
class _Gathered:
    ports: dict[int, list[PortRange]] = field(default_factory=lambda: defaultdict(list))
    sockets: dict[Listener, None] = field(default_factory=dict)
    senders: dict[int, int] = field(default_factory=dict)
    """Per destination: whose cells moved, on whatever port."""
    examples: dict[tuple[int, PortRange], dict[object, Sample]] = field(
        default_factory=lambda: defaultdict(dict)
    )


_Key = tuple[int, int, Shift, bool]
"""Both sides, what became of it, and whether at ports of sockets that wait elsewhere there."""


class Folding:
    """Gathers cells by what people call their ends: `named` tells a side of an end."""

    def __init__(
        self, lineup: Lineup, sockets: Iterable[Listener], named: Callable[[Endpoint], Label]
    ) -> None:
        self.ends = lineup.ends
        self._waiting = Waiting(sockets)
        self._there: dict[int, tuple[Sequence[Listener], Sequence[tuple[PortRange, Listener]]]] = {}
        self.sides: list[Label] = []
        self.members: list[int] = []
        self.side_of: list[int] = []
        numbers: dict[Label, int] = {}
        for index, end in enumerate(self.ends):
            side = named(end)
            number = numbers.setdefault(side, len(numbers))
            if number == len(self.sides):
                self.sides.append(side)
                self.members.append(0)
            self.side_of.append(number)
            self.members[number] |= 1 << index
        self._six = sum(1 << index for index, end in enumerate(self.ends) if end.version == 6)
        self._known = sum(
            1 << index
            for index, end in enumerate(self.ends)
            if end.kind not in (EndpointKind.STRANGER, EndpointKind.ELSEWHERE)
        )
        self._together = together(self.ends)
        self._gathered: dict[_Key, _Gathered] = defaultdict(_Gathered)
        self._kept: dict[tuple[int, int, PortRange], int] = {}
        """Whose flows to a side are as they were."""

    def move(self, moved: Moved) -> None:
        """Take one set of cells that went from one verdict to another."""
        here, beside = self._sockets(moved)
        for ports, apart in split(moved.ports, beside):
            self._move(replace(moved, ports=ports), on(ports, here), apart=apart)

    def _sockets(self, moved: Moved) -> tuple[Sequence[Listener], Sequence[PortRange]]:
        """Those that wait at the destination, and the ports of those that only wait beside it."""
        index = moved.destination
        if index not in self._there:
            end = self.ends[index]
            self._there[index] = self._waiting.at(end), self._waiting.beside(end)
        here, beside = self._there[index]
        return (
            [each for each in here if each.protocol == moved.protocol],
            [ports for ports, each in beside if each.protocol == moved.protocol],
        )

    def _move(self, moved: Moved, sockets: Iterable[Listener], *, apart: bool) -> None:
        to = self.side_of[moved.destination]
        left = moved.senders
        while left:
            first = (left & -left).bit_length() - 1
            source = self.side_of[first]
            bits = left & self.members[source]
            left &= ~bits
            found = self._gathered[source, to, (moved.before, moved.after), apart]
            found.ports[moved.protocol].append(moved.ports)
            found.sockets.update(dict.fromkeys(sockets))
            known = found.senders.get(moved.destination, 0)
            found.senders[moved.destination] = known | bits
            examples = found.examples[moved.protocol, moved.ports]
            if len(examples) < MOST_EXAMPLES:
                places = (self._place(first), self._place(moved.destination))
                example = Sample(first, moved.destination, moved.protocol, moved.ports)
                examples.setdefault(places, example)

    def keep(self, kept: Kept) -> None:
        """Count flows between services, sites and the internet that are as they were."""
        senders = kept.senders & self._known
        if self._known >> kept.destination & 1 and senders:
            key = (self.side_of[kept.destination], kept.protocol, kept.ports)
            self._kept[key] = self._kept.get(key, 0) | senders

    def _place(self, index: int) -> object:
        end = self.ends[index]
        return end.subnet or (end.kind, end.id)

    def __len__(self) -> int:
        """How many lines there will be at least: of sockets and of strangers aside."""
        return len(self._gathered)

    @property
    def unchanged(self) -> int:
        alone = sum(each for each in self.members if each.bit_count() == 1)
        several = [each for each in self.members if each.bit_count() > 1]
        return sum(
            (senders & alone).bit_count() + sum(bool(senders & each) for each in several)
            for senders in self._kept.values()
        )

    def folded(self, protocols: Collection[int]) -> list[Folded]:
        """One entry per pair and shift; pairs that differ only in strangers become one."""
        found = [self._one(key, some, protocols) for key, some in self._gathered.items()]
        for by_source in (True, False):
            found = list(_join_strangers(found, by_source=by_source))
        return found

    def _one(self, key: _Key, some: _Gathered, protocols: Collection[int]) -> Folded:
        source, to, shift, _ = key
        return Folded(
            source=self.sides[source],
            destination=self.sides[to],
            shift=shift,
            traffic=gathered(some.ports, protocols),
            hosts=sum(bits.bit_count() for bits in some.senders.values()),
            of_hosts=self._possible(source, to),
            examples=tuple(each for several in some.examples.values() for each in several.values()),
            sockets=tuple(some.sockets),
        )

    def _possible(self, source: int, to: int) -> int:
        """Pairs of two sides between which there is a cell."""
        total = 0
        for index in bits_of(self.members[to]):
            family = self._six if self.ends[index].version == 6 else ~self._six
            total += (self.members[source] & family & ~self._together(index)).bit_count()
        return total


def by_name(end: Endpoint) -> Label:
    """What people call an end, whichever of its addresses is meant."""
    if end.known:
        return Label(end.kind, (end.known,))
    named = end.service or end.segment or end.opens_nothing
    return Label(end.kind, labelled(end).names if named else (end.thing,))


def by_place(*networks: Network) -> Callable[[Endpoint], Label]:
    """The whole place that an end is in."""
    place = places(*networks)
    return lambda end: Label(end.kind, (place(end),))


def _join_strangers(found: Iterable[Folded], *, by_source: bool) -> Iterator[Folded]:
    groups: dict[object, list[Folded]] = defaultdict(list)
    for each in found:
        near, far = (
            (each.source, each.destination) if by_source else (each.destination, each.source)
        )
        if near.kind is EndpointKind.STRANGER:
            groups[far, each.shift, each.traffic, each.sockets].append(each)
        else:
            yield each
    for several in groups.values():
        sides = [each.source if by_source else each.destination for each in several]
        names = sorted({name for side in sides for name in side.names})
        joined = Label(EndpointKind.STRANGER, tuple(names))
        first = several[0]
        yield Folded(
            source=joined if by_source else first.source,
            destination=first.destination if by_source else joined,
            shift=first.shift,
            traffic=first.traffic,
            hosts=sum(each.hosts for each in several),
            of_hosts=sum(each.of_hosts for each in several),
            examples=tuple(cell for each in several for cell in each.examples),
            sockets=first.sockets,
        )
