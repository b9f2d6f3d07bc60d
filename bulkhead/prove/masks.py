"""Every verdict of one destination and one protocol, as sets of sources per port."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.sets.by_port import ByPort, change, side_by_side


class Piece(NamedTuple):
    """Ports throughout which the same sources are allowed, half-open, undetermined."""

    ports: PortRange
    allowed: int
    half_open: int
    undetermined: int

    def verdict(self, source: int) -> Verdict:
        if self.allowed >> source & 1:
            return Verdict.ALLOWED
        if self.half_open >> source & 1:
            return Verdict.HALF_OPEN
        return Verdict.UNDETERMINED if self.undetermined >> source & 1 else Verdict.DENIED

    @property
    def open(self) -> int:
        """Who gets in, or may."""
        return self.allowed | self.half_open | self.undetermined

    def by_verdict(self, among: int) -> Iterator[tuple[Verdict, int]]:
        """Some sources, each once, by what they get."""
        yield Verdict.ALLOWED, self.allowed & among
        yield Verdict.HALF_OPEN, self.half_open & among
        yield Verdict.UNDETERMINED, self.undetermined & among
        yield Verdict.DENIED, among & ~self.open


@dataclass(frozen=True, slots=True)
class Masks:
    """Per port, as bit sets of sources. Who is in none of them is denied."""

    allowed: ByPort
    half_open: ByPort
    undetermined: ByPort

    @property
    def sets(self) -> tuple[ByPort, ByPort, ByPort]:
        return self.allowed, self.half_open, self.undetermined

    def turned(self, turn: Callable[[int], int]) -> Masks:
        """The same turn at every port, whatever the verdict."""
        return Masks(*(change(steps, turn) for steps in self.sets))

    def pieces(self, within: PortRange = ALL_PORTS) -> Sequence[Piece]:
        """The ports, cut wherever one of the sets changes."""
        return [Piece(ports, *sets) for ports, sets in side_by_side(self.sets, within)]


class Crowd(NamedTuple):
    """Sources with one verdict on these ports, and with another one on the ports beside them."""

    ports: PortRange
    verdict: Verdict
    sources: int


def anybody(pieces: Iterable[Piece]) -> tuple[int, int]:
    """Who surely gets in on some port, and who may, as bits."""
    surely = possibly = 0
    for _, allowed, half_open, undetermined in pieces:
        surely |= allowed | half_open
        possibly |= undetermined
    return surely, surely | possibly


EVERY_VERDICT: Final = tuple(Verdict)


def crowds(
    pieces: Sequence[Piece], among: int, wanted: Collection[Verdict] = EVERY_VERDICT
) -> Iterator[Crowd]:
    """The widest ranges with one verdict, each with all sources of which it is one.

    Only sources that are asked about and verdicts that are wanted; by their first port.
    """
    each_has = [dict(piece.by_verdict(among)) for piece in pieces]
    for begin, here in enumerate(each_has):
        for verdict in wanted:
            some = here[verdict] & ~each_has[begin - 1][verdict] if begin else here[verdict]
            end = begin
            while some:
                going_on = some & each_has[end + 1][verdict] if end + 1 < len(pieces) else 0
                if ending := some & ~going_on:
                    ports = PortRange(pieces[begin].ports.first, pieces[end].ports.last)
                    yield Crowd(ports, verdict, ending)
                some, end = going_on, end + 1


def verdicts(pieces: Sequence[Piece], source: int) -> Iterator[tuple[PortRange, Verdict]]:
    """What one source gets: the widest ranges with one verdict."""
    first, verdict = pieces[0].ports.first, pieces[0].verdict(source)
    for before, piece in pairwise(pieces):
        here = piece.verdict(source)
        if here is not verdict:
            yield PortRange(first, before.ports.last), verdict
            first, verdict = piece.ports.first, here
    yield PortRange(first, pieces[-1].ports.last), verdict
