"""The flow matrix as a table to be read: one matrix, or two of them laid over each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bulkhead.agree import FlowMatrix
from bulkhead.compare import Change
from bulkhead.compare.fold import by_name as told_by_name
from bulkhead.ends import Endpoint, EndpointKind, Label
from bulkhead.network import PortRange, Verdict
from bulkhead.network.traffic import gathered, listed, split, traffic
from bulkhead.prove import PARTLY, Column, Row, Summary
from bulkhead.prove.columns import in_order

_MOST_RANGES: Final = 4
_Door = tuple[str, int]
"""An owner and a protocol."""
_Fares = tuple[tuple[Row, "Square"], ...]


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
            else listed(matrix.traffic(some), _MOST_RANGES),
            sockets=some,
            squares=_filled((row, square(row, some[0])) for row in matrix.senders),
        )
        for some in matrix.alike
    ]
    twice = ("proved", "measured in the twin") if matrix.drilled else None
    return _ordered(Grid(senders=matrix.senders, lines=tuple(lines), twice=twice))


def by_name(end: Endpoint) -> str:
    """What people call an end, whatever else is like it: the same in two networks."""
    return told_by_name(end).name


def of_two(before: FlowMatrix, after: FlowMatrix, changes: Iterable[Change]) -> Grid:
    """Two matrices over each other. Ranges of ports are cut where either of them is.

    Both are made `by_name`, as `changes` are told: where not all hosts of a name fare alike on
    both sides, those say whether one of them fares otherwise now.
    """
    moves = _Moves(changes)
    senders = tuple(sorted({*after.senders, *before.senders}, key=in_order))
    one, other = _Side(before), _Side(after)
    sockets = dict.fromkeys(
        each for matrix in (after, before) for each in matrix.sockets if each.declared
    )
    lines = [
        GridLine(
            name=socket.called,
            traffic=socket.traffic,
            sockets=(socket,),
            squares=_filled(
                (row, moves.square(row, socket, one.at(row, socket), other.at(row, socket)))
                for row in senders
            ),
        )
        for socket in sockets
    ]
    lines += _undeclared(one, other, senders, moves)
    found = Grid(senders=senders, lines=tuple(lines), twice=("before", "after"), over_time=True)
    return _ordered(found)


class _Moves:
    """What a comparison told of the hosts of two names."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._between: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for each in changes:
            for source in _apart(each.source):
                for to in _apart(each.destination):
                    self._between[source, to].append(each)

    def square(
        self, row: Row, column: Column, before: Summary | None, after: Summary | None
    ) -> Square:
        moved = before == after == PARTLY and any(
            each.protocol in (None, column.protocol)
            and any(ports.overlap(column.ports) for ports in each.ports)
            for each in self._between.get((row.name, column.owner), ())
        )
        return Square(before, after, moved=moved)


def _apart(side: Label) -> Iterator[str]:
    """Of several strangers that a change tells of as one, each."""
    for name in side.names:
        yield Label(side.kind, (name,)).name


class _Side:
    """One of two matrices, asked about sockets and ranges that it may not have."""

    def __init__(self, matrix: FlowMatrix) -> None:
        self._pairs = matrix.pairs
        self.undeclared: dict[_Door, list[Column]] = defaultdict(list)
        self.sockets: dict[_Door, list[int]] = defaultdict(list)
        """The ports of sockets that wait at every address of their owner."""
        for each in matrix.sockets:
            if not each.declared:
                self.undeclared[each.owner, each.protocol].append(each)
            elif each.address is None:
                self.sockets[each.owner, each.protocol].append(each.ports.first)

    def at(self, row: Row, socket: Column) -> Summary | None:
        """What it has of a socket, or of its port where it knows no such socket."""
        if (row, socket) in self._pairs:
            return self._pairs[row, socket].proved
        return self.within(row, (socket.owner, socket.protocol), socket.ports)

    def within(self, row: Row, door: _Door, ports: PortRange) -> Summary | None:
        """What it has of undeclared ports; what no column names is denied."""
        for each in self.undeclared.get(door, ()):
            if each.ports.covers(ports) and (row, each) in self._pairs:
                return self._pairs[row, each].proved
        return Verdict.DENIED


def _undeclared(
    one: _Side, other: _Side, senders: Sequence[Row], moves: _Moves
) -> Iterator[GridLine]:
    """Undeclared ports of one owner together where all of them fare alike on both sides."""
    alike: dict[tuple[str, _Fares], dict[int, list[PortRange]]] = {}
    for door in dict.fromkeys((*one.undeclared, *other.undeclared)):
        owner, protocol = door
        sockets = [*one.sockets.get(door, ()), *other.sockets.get(door, ())]
        ranges = [each.ports for side in (one, other) for each in side.undeclared.get(door, ())]
        for ports in _pieces(ranges, sockets):
            column = _column(owner, protocol, ports)
            squares = _filled(
                (row, moves.square(row, column, one.at(row, column), other.at(row, column)))
                for row in senders
            )
            if squares:
                by_protocol = alike.setdefault((owner, tuple(squares.items())), {})
                by_protocol.setdefault(protocol, []).append(ports)
    for (owner, fares), by_protocol in alike.items():
        passing = listed(gathered(by_protocol), _MOST_RANGES)
        yield GridLine(
            name=owner,
            traffic=passing,
            sockets=tuple(_port_columns(owner, by_protocol)),
            squares=dict(fares),
        )


def _port_columns(owner: str, ranges: Mapping[int, Iterable[PortRange]]) -> Iterator[Column]:
    for protocol, several in ranges.items():
        for ports in several:
            yield _column(owner, protocol, ports)


def _column(owner: str, protocol: int, ports: PortRange) -> Column:
    name = f"{owner} {traffic(protocol, (ports,))}"
    return Column(name=name, owner=owner, protocol=protocol, ports=ports, declared=False)


def _pieces(several: Iterable[PortRange], sockets: Collection[int]) -> Iterator[PortRange]:
    """The same ports, in order, cut wherever a range begins or ends, without those of sockets."""
    ranges = set(several)
    cuts = sorted({each.first for each in ranges} | {each.last + 1 for each in ranges})
    for first, after in pairwise(cuts):
        piece = PortRange(first, after - 1)
        if any(each.covers(piece) for each in ranges):
            yield from (free for free, socket in split(piece, sockets) if not socket)


def _filled(squares: Iterable[tuple[Row, Square]]) -> Mapping[Row, Square]:
    return {row: square for row, square in squares if square != NOTHING}


def _ordered(grid: Grid) -> Grid:
    """What differs or is wrong first, then sockets, then what the internet reaches."""

    def rank(line: GridLine) -> tuple[bool, bool, bool]:
        exposed = any(row.kind is EndpointKind.INTERNET for row in line.squares)
        telling = any(map(grid.telling, line.squares.values()))
        return not telling, not line.declared, not exposed

    return replace(grid, lines=tuple(sorted(grid.lines, key=rank)))
