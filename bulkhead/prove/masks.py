"""Every verdict of one destination and one protocol, as sets of sources per port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.sets.by_port import ByPort, at


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


@dataclass(frozen=True, slots=True)
class Masks:
    """Per port, as bit sets of sources. Who is in none of them is denied."""

    allowed: ByPort
    half_open: ByPort
    undetermined: ByPort

    def pieces(self, within: PortRange = ALL_PORTS) -> Sequence[Piece]:
        """The ports, cut wherever one of the sets changes."""
        sets = (self.allowed, self.half_open, self.undetermined)
        starts = {within.first}
        starts.update(first for steps in sets for first, _ in steps if first in within)
        return [
            Piece(
                PortRange(first, after - 1),
                at(self.allowed, first),
                at(self.half_open, first),
                at(self.undetermined, first),
            )
            for first, after in pairwise([*sorted(starts), within.last + 1])
        ]


def anybody(pieces: Iterable[Piece]) -> tuple[int, int]:
    """Who surely gets in on some port, and who may, as bits."""
    surely = possibly = 0
    for _, allowed, half_open, undetermined in pieces:
        surely |= allowed | half_open
        possibly |= undetermined
    return surely, surely | possibly


def verdicts(pieces: Sequence[Piece], source: int) -> Iterator[tuple[PortRange, Verdict]]:
    """What one source gets: the widest ranges with one verdict."""
    first, verdict = pieces[0].ports.first, pieces[0].verdict(source)
    for before, piece in pairwise(pieces):
        here = piece.verdict(source)
        if here is not verdict:
            yield PortRange(first, before.ports.last), verdict
            first, verdict = piece.ports.first, here
    yield PortRange(first, pieces[-1].ports.last), verdict
