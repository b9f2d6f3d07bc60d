"""Two matrices laid over each other: what was, and what is, of every pair that both can name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bulkhead.agree import FlowMatrix
from bulkhead.compare import Change
from bulkhead.compare.fold import by_name as told_by_name
from bulkhead.ends import Endpoint, EndpointKind, Label
from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.network.traffic import OTHER_PROTOCOL, gathered, listed, split, traffic
from bulkhead.prove import PARTLY, Column, Reach, Row, Summary, row_of
from bulkhead.prove.columns import in_order
from bulkhead.report.grid import MOST_RANGES, Grid, GridLine, Square, filled, ordered

_Door = tuple[str, int]
"""An owner and a protocol."""
_IN_PART: Final = Square(PARTLY, PARTLY, moved=True)
_Fares = tuple[tuple[Row, Square], ...]


def by_name(end: Endpoint) -> str:
    """What people call an end, whatever else is like it: the same in two networks."""
    return told_by_name(end).name


def of_two(before: FlowMatrix, after: FlowMatrix, changes: Iterable[Change]) -> Grid:
    """Two matrices over each other. Ranges of ports are cut where either of them is.

    Both are made `by_name`, as `changes` are told: where not all hosts of a name fare alike on
    both sides, those say whether one of them fares otherwise now.
    """
    senders = tuple(sorted({*after.senders, *before.senders}, key=in_order))
    one, other = _Side(before), _Side(after)
    moves = _Moves(changes, one, other)
    sockets = dict.fromkeys(
        each for matrix in (after, before) for each in matrix.sockets if each.declared
    )
    lines = [
        GridLine(
            name=socket.called,
            traffic=socket.traffic,
            sockets=(socket,),
            squares=filled((row, moves.square(row, socket)) for row in senders),
        )
        for socket in sockets
    ]
    lines += _undeclared(one, other, senders, moves)
    found = Grid(senders=senders, lines=tuple(lines), twice=("before", "after"), over_time=True)
    return ordered(found)


def of_changes(changes: Iterable[Change], reaches: tuple[Reach, Reach]) -> Grid:
    """Only what differs, of networks of which two whole matrices would be too large.

    As in a matrix, of what interfaces and sites receive. What only some hosts of a name do
    otherwise, or one this way and another that, is in part otherwise.
    """
    rows = {
        (end.kind, by_name(end)): row_of(end, by_name)
        for reach in reaches
        for end in reach.endpoints
    }
    protocols = dict.fromkeys(number for reach in reaches for number in reach.protocols)
    lines: dict[tuple[Column, ...], dict[Row, Square]] = {}
    for each in changes:
        if each.destination.kind not in (EndpointKind.INTERFACE, EndpointKind.SITE):
            continue
        whole = each.hosts == each.of_hosts
        square = Square(each.before, each.after) if whole else _IN_PART
        for to in _apart(each.destination):
            squares = lines.setdefault(tuple(_columns(each, to, protocols)), {})
            for name in _apart(each.source):
                row = rows[each.source.kind, name]
                squares[row] = _IN_PART if row in squares else square
    senders = dict.fromkeys(row for squares in lines.values() for row in squares)
    return ordered(
        Grid(
            senders=tuple(sorted(senders, key=in_order)),
            lines=tuple(
                GridLine(
                    name=some[0].called,
                    traffic=listed(gathered(_ranges(some), protocols), MOST_RANGES),
                    sockets=some,
                    squares=squares,
                )
                for some, squares in lines.items()
            ),
            twice=("before", "after"),
            over_time=True,
            whole=False,
        )
    )


def _columns(change: Change, owner: str, protocols: Iterable[int]) -> Iterator[Column]:
    """What a change is about, of one receiver; all traffic is each of the protocols."""
    for protocol in protocols if change.protocol is None else (change.protocol,):
        for ports in change.ports or (ALL_PORTS,):
            column = _column(owner, protocol, ports)
            yield (
                replace(
                    column,
                    name=change.socket,
                    declared=True,
                    socket=change.socket.removeprefix(f"{owner}."),
                )
                if change.socket
                else column
            )


def _ranges(columns: Iterable[Column]) -> Mapping[int, list[PortRange]]:
    found: dict[int, list[PortRange]] = defaultdict(list)
    for each in columns:
        found[each.protocol].append(each.ports)
    return found


class _Moves:
    """What two matrices have of a pair, and a comparison told of the hosts of two names."""

    def __init__(self, changes: Iterable[Change], one: _Side, other: _Side) -> None:
        self._sides = one, other
        self._between: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for each in changes:
            for source in _apart(each.source):
                for to in _apart(each.destination):
                    self._between[source, to].append(each)

    def square(self, row: Row, column: Column) -> Square:
        """Of a site a matrix names what an interface may send there. Of what only one of them
        names, and no comparison tells, the other would say the same."""
        before, after = (side.at(row, column) for side in self._sides)
        if before != after and not self._told(row, column):
            named = [side.at(row, column) for side in self._sides if side.names(column)]
            if len(named) == 1:
                return Square(named[0], named[0])
        moved = before == after == PARTLY and self._told(row, column)
        return Square(before, after, moved=moved)

    def _told(self, row: Row, column: Column) -> bool:
        return any(
            each.protocol in (None, column.protocol)
            and any(ports.overlap(column.ports) for ports in each.ports)
            for each in self._between.get((row.name, column.owner), ())
        )


def _apart(side: Label) -> Iterator[str]:
    """Of several strangers that a change tells of as one, each."""
    for name in side.names:
        yield Label(side.kind, (name,)).name


class _Side:
    """One of two matrices, asked about sockets and ranges that it may not have."""

    def __init__(self, matrix: FlowMatrix) -> None:
        self._pairs = matrix.pairs
        self._protocols = matrix.protocols
        self._sites = {each.name for each in matrix.senders if each.kind is EndpointKind.SITE}
        self._declared = {each for each in matrix.sockets if each.declared}
        self.undeclared: dict[_Door, list[Column]] = defaultdict(list)
        self.sockets: dict[_Door, list[PortRange]] = defaultdict(list)
        """The ports of sockets that wait at every address of their owner."""
        for each in matrix.sockets:
            if not each.declared:
                self.undeclared[each.owner, each.protocol].append(each)
            elif each.address is None:
                self.sockets[each.owner, each.protocol].append(each.ports)

    def at(self, row: Row, socket: Column) -> Summary | None:
        """What it has of a socket, or of its port where it knows no such socket."""
        if (row, socket) in self._pairs:
            return self._pairs[row, socket].proved
        return self.within(row, (socket.owner, socket.protocol), socket.ports)

    def names(self, column: Column) -> bool:
        """Whether it says of a port who gets there: of a site only where an interface does."""
        if column.owner not in self._sites or column in self._declared:
            return True
        door = column.owner, column.protocol
        return any(each.ports.covers(column.ports) for each in self.columns(door))

    def within(self, row: Row, door: _Door, ports: PortRange) -> Summary | None:
        """What it has of undeclared ports; what no column names is denied."""
        for each in self.columns(door):
            if each.ports.covers(ports) and (row, each) in self._pairs:
                return self._pairs[row, each].proved
        return Verdict.DENIED

    def columns(self, door: _Door) -> Sequence[Column]:
        """Its undeclared ports; a protocol that no rule of it names is one of the others."""
        owner, protocol = door
        known = protocol if protocol in self._protocols else OTHER_PROTOCOL
        return self.undeclared.get((owner, known), ())


def _undeclared(
    one: _Side, other: _Side, senders: Sequence[Row], moves: _Moves
) -> Iterator[GridLine]:
    """Undeclared ports of one owner together where all of them fare alike on both sides."""
    alike: dict[tuple[str, _Fares], dict[int, list[PortRange]]] = {}
    sides = one, other
    for door in dict.fromkeys(door for side in sides for door in side.undeclared):
        owner, protocol = door
        sockets = [*one.sockets.get(door, ()), *other.sockets.get(door, ())]
        ranges = [each.ports for side in sides for each in side.columns(door)]
        for ports in _pieces(ranges, sockets):
            column = _column(owner, protocol, ports)
            squares = filled((row, moves.square(row, column)) for row in senders)
            if squares:
                by_protocol = alike.setdefault((owner, tuple(squares.items())), {})
                by_protocol.setdefault(protocol, []).append(ports)
    for (owner, fares), by_protocol in alike.items():
        passing = listed(gathered(by_protocol), MOST_RANGES)
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


def _pieces(several: Iterable[PortRange], sockets: Collection[PortRange]) -> Iterator[PortRange]:
    """The same ports, in order, cut wherever a range begins or ends, without those of sockets."""
    ranges = set(several)
    cuts = sorted({each.first for each in ranges} | {each.last + 1 for each in ranges})
    for first, after in pairwise(cuts):
        piece = PortRange(first, after - 1)
        if any(each.covers(piece) for each in ranges):
            yield from (free for free, socket in split(piece, sockets) if not socket)
