"""The flow matrix as a table to be read: one matrix, or two of them laid over each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.agree import FlowMatrix
from bulkhead.ends import EndpointKind
from bulkhead.network import Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove import Column, Row, Summary

MOST_RANGES: Final = 4


@dataclass(frozen=True, slots=True)
class Square:
    """One sender and one line of a grid: what it was or was proved, and what it is or was
    measured. `fine` is False where that is not what it should be."""

    first: Summary | None
    second: Summary | None
    fine: bool = True
    moved: bool = False
    """Whether some host fares otherwise, although both are the same: that of not all alike."""

    @property
    def open(self) -> bool:
        """Whether anything is open, or may be, in either."""
        return any(each not in (Verdict.DENIED, None) for each in (self.first, self.second))


NOTHING: Final = Square(Verdict.DENIED, Verdict.DENIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    """A socket, or all undeclared traffic of one owner that fares alike."""

    name: str
    traffic: str
    sockets: tuple[Column, ...]
    squares: Mapping[Row, Square]
    """Of every sender that has one; `NOTHING` is left out."""

    @property
    def declared(self) -> bool:
        """Whether somebody said that a socket is there."""
        return self.sockets[0].declared

    def at(self, sender: Row) -> Square:
        return self.squares.get(sender, NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`twice`: what the two marks of a square are, where it has two."""

    senders: tuple[Row, ...]
    lines: tuple[GridLine, ...]
    twice: tuple[str, str] | None = None
    whole: bool = True
    """Whether a pair without a square is denied; else only those with one are told."""
    over_time: bool = False
    """Whether the two marks are before and after, of which only a difference is worth a word."""

    def differs(self, square: Square) -> bool:
        """Whether it is open otherwise than it was; to whom nobody asks about it is closed."""
        one, other = (each or Verdict.DENIED for each in (square.first, square.second))
        return self.over_time and (one != other or square.moved)

    def telling(self, square: Square) -> bool:
        """Whether it is what people look for: a difference, or what is not as it should be."""
        return self.differs(square) or not square.fine

    def reached_by(self, senders: Collection[Row]) -> Iterator[tuple[Row, GridLine, Square]]:
        """What some senders reach, or reached, or may reach; what is to be told first."""
        found = [
            (sender, line, square)
            for line in self.lines
            for sender, square in line.squares.items()
            if sender in senders and square.open
        ]
        yield from sorted(found, key=lambda each: not self.telling(each[2]))


def of_matrix(matrix: FlowMatrix) -> Grid:
    """A matrix as it was proved, and beside it as it was measured where a drill ran."""

    def square(row: Row, column: Column) -> Square:
        pair = matrix.pairs[row, column]
        second = pair.measured if matrix.drilled else pair.proved
        return Square(pair.proved, second, pair.as_it_should_be)

    lines = [
        GridLine(
            name=some[0].called,
            traffic=some[0].traffic
            if some[0].address
            else listed(matrix.traffic(some), MOST_RANGES),
            sockets=some,
            squares=filled((row, square(row, some[0])) for row in matrix.senders),
        )
        for some in matrix.alike
    ]
    twice = ("proved", "measured in the twin") if matrix.drilled else None
    return ordered(Grid(senders=matrix.senders, lines=tuple(lines), twice=twice))


def filled(squares: Iterable[tuple[Row, Square]]) -> Mapping[Row, Square]:
    """Those of which there is more to say than that they are denied."""
    return {row: square for row, square in squares if square != NOTHING}


def ordered(grid: Grid) -> Grid:
    """What differs or is wrong first, then sockets, then what the internet reaches."""

    def rank(line: GridLine) -> tuple[bool, bool, bool]:
        exposed = any(row.kind is EndpointKind.INTERNET for row in line.squares)
        telling = any(map(grid.telling, line.squares.values()))
        return not telling, not line.declared, not exposed

    return replace(grid, lines=tuple(sorted(grid.lines, key=rank)))
