"""The proof as a table: who reaches which socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, Literal

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label, labelled, owner
from bulkhead.ends.sockets import Waiting
from bulkhead.network import Listener, PortRange, Verdict, protocol_name
from bulkhead.network.traffic import split, traffic
from bulkhead.prove.masks import Piece, anybody
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of, ranges, union

PARTLY: Final = "partly"
"""Replicas, zones or ports differ."""

Entry = Verdict | Literal["partly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who sends: a service, a site, any host in a segment, the internet."""

    name: str
    kind: EndpointKind
    place: str = ""
    """Of strangers, the segment or subnet that they are any host in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is reached: a `socket`, or undeclared ports, which no listener names.

    With an `address` at that one of the owner's; undeclared ports wherever no socket has them.
    """

    name: str
    owner: str
    protocol: int
    ports: PortRange
    declared: bool
    socket: str = ""
    address: IPv4Address | None = None

    @property
    def traffic(self) -> str:
        """'tcp 5556', 'tcp 192.168.10.7:5556'."""
        if self.address is None:
            return traffic(self.protocol, (self.ports,))
        return f"{protocol_name(self.protocol)} {self.address}:{self.ports}"

    @property
    def called(self) -> str:
        """'broker.out', or the owner of a port that no socket declares."""
        return self.name if self.declared else self.owner


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    entries: tuple[tuple[Entry | None, ...], ...]
    """By row, then by column; None where row and column are one and the same host."""

    def entry(self, row: Row, column: Column) -> Entry | None:
        return self.entries[self.rows.index(row)][self.columns.index(column)]


def matrix(
    reach: Reach,
    listeners: Iterable[Listener] | None = None,
    fold: Callable[[Endpoint], str] = label,
) -> Matrix:
    """One column per listener and per undeclared range open to the same; one row per sender.

    `fold` names the ends; those of one name are one row, and without an owner one column.
    """
    known = tuple(reach.network.listeners if listeners is None else listeners)
    rows = _rows(reach, fold)
    owners = _owners(reach, fold)
    declared = [
        Column(
            name=each.name,
            owner=each.owner,
            protocol=each.protocol,
            ports=PortRange(each.port, each.port),
            declared=True,
            socket=each.socket,
            address=each.address,
        )
        for each in sorted(set(known), key=_order)
    ]
    taken = _Taken(reach, known)
    columns = (*declared, *_undeclared(reach, owners, taken))
    members = tuple(rows.values())
    row_of = {index: row for row, bits in enumerate(members) for index in bits_of(bits)}
    entries: list[list[Entry | None]] = [[Verdict.DENIED] * len(columns) for _ in rows]
    for number, column in enumerate(columns):
        indices = owners.get(column.owner, [])
        if column.address is not None:
            indices = [each for each in indices if column.address in reach.endpoints[each]]
        pieces = list(_pieces(reach, column, indices, taken))
        # Most senders reach nothing; only the others, and the owner itself, are looked at.
        looked_at = sum(1 << index for index in indices)
        looked_at |= anybody(piece for _, piece in pieces)[1]
        for row in {row_of[index] for index in bits_of(looked_at)}:
            entries[row][number] = _entry(members[row], pieces)
    kept = [number for number, row in enumerate(rows) if _is_worth_a_row(row, entries[number])]
    return Matrix(
        tuple(each for number, each in enumerate(rows) if number in kept),
        columns,
        tuple(tuple(entries[number]) for number in kept),
    )


def _is_worth_a_row(row: Row, entries: Iterable[Entry | None]) -> bool:
    """There is always an elsewhere; it is of interest where something may come from it."""
    return row.kind is not EndpointKind.ELSEWHERE or any(
        each is not Verdict.DENIED for each in entries
    )


def row_of(endpoint: Endpoint, fold: Callable[[Endpoint], str]) -> Row:
    """The row of an end."""
    stranger = endpoint.kind is EndpointKind.STRANGER
    (place,) = labelled(endpoint).names if stranger else ("",)
    return Row(name=fold(endpoint), kind=endpoint.kind, place=place)


def _rows(reach: Reach, fold: Callable[[Endpoint], str]) -> dict[Row, int]:
    """Each row with its endpoints: services first, then sites, strangers, the internet."""
    found: dict[Row, int] = {}
    for index, endpoint in enumerate(reach.endpoints):
        row = row_of(endpoint, fold)
        found[row] = found.get(row, 0) | 1 << index
    order = [
        EndpointKind.INTERFACE,
        EndpointKind.SITE,
        EndpointKind.STRANGER,
        EndpointKind.INTERNET,
        EndpointKind.ELSEWHERE,
    ]
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0].kind), item[0].name)))


def _owners(reach: Reach, fold: Callable[[Endpoint], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, endpoint in enumerate(reach.endpoints):
        name = owner(endpoint)
        if name is None and endpoint.kind is EndpointKind.INTERFACE:
            name = fold(endpoint)
        if name is not None:
            found.setdefault(name, []).append(index)
    return found


def _order(listener: Listener) -> tuple[str, str, int, int]:
    return listener.owner, listener.socket, listener.port, int(listener.address or 0)


class _Taken:
    """The ports on which sockets wait, per end and protocol."""

    def __init__(self, reach: Reach, known: Iterable[Listener]) -> None:
        self._ends = reach.endpoints
        self._waiting = Waiting(known)
        self._ports: dict[tuple[int, int], frozenset[int]] = {}

    def at(self, index: int, protocol: int) -> frozenset[int]:
        if (index, protocol) not in self._ports:
            self._ports[index, protocol] = frozenset(
                each.port
                for each in self._waiting.at(self._ends[index])
                if each.protocol == protocol
            )
        return self._ports[index, protocol]


def _undeclared(reach: Reach, owners: dict[str, list[int]], taken: _Taken) -> Iterator[Column]:
    for name, indices in sorted(owners.items()):
        for protocol in reach.protocols:
            opened: list[tuple[PortRange, int]] = []
            for index in indices:
                for ports, bits in ranges(reach.possibly.requests(index, protocol)):
                    opened.extend(
                        (free, bits & reach.senders(index))
                        for free, socket in split(ports, taken.at(index, protocol))
                        if not socket
                    )
            for ports, who in ranges(union(opened)):
                if who:
                    yield Column(
                        name=f"{name} {traffic(protocol, (ports,))}",
                        owner=name,
                        protocol=protocol,
                        ports=ports,
                        declared=False,
                    )


_Sources = tuple[int, Piece]
"""A destination on some ports: its own host, and who gets which verdict there."""


def _pieces(
    reach: Reach, column: Column, indices: Iterable[int], taken: _Taken
) -> Iterator[_Sources]:
    protocol = reach.protocol(column.protocol)
    for index in indices:
        sockets = () if column.declared else taken.at(index, column.protocol)
        for ports, socket in split(column.ports, sockets):
            for piece in reach.masks(index, protocol).pieces(ports) if not socket else ():
                yield reach.same_host(index), piece


def _entry(members: int, pieces: Iterable[_Sources]) -> Entry | None:
    """The one verdict of all hosts of a row to all hosts of a column, or 'partly'."""
    found: Verdict | None = None
    for itself, piece in pieces:
        for verdict, some in piece.by_verdict(members & ~itself):
            if some and found not in (None, verdict):
                return PARTLY
            found = verdict if some else found
    return found
