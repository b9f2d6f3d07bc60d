"""The sockets of a proof one after the other, each with everybody who reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final, Literal

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label, labelled, owner
from bulkhead.ends.sockets import Waiting
from bulkhead.network import Listener, PortRange, Verdict, is_of_family
from bulkhead.network.addresses import EVERYWHERE, AddressOrNetwork
from bulkhead.network.traffic import merge, split, traffic, traffic_at
from bulkhead.prove.masks import Masks
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ranges, union

PARTLY: Final = "partly"
"""Replicas, zones, addresses or ports differ."""

Summary = Verdict | Literal["partly"]

OPEN: Final = (Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.UNDETERMINED)
"""Something arrives, or may."""


_KINDS: Final = (
    EndpointKind.INTERFACE,
    EndpointKind.SITE,
    EndpointKind.STRANGER,
    EndpointKind.INTERNET,
    EndpointKind.ELSEWHERE,
)


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

    With an `address` at that one of the owner's, or in that network; undeclared ports wherever no
    socket has them.
    """

    name: str
    owner: str
    protocol: int
    ports: PortRange
    declared: bool
    socket: str = ""
    address: AddressOrNetwork | None = None

    @property
    def traffic(self) -> str:
        """'tcp 5556', 'tcp 192.168.10.7:5556'."""
        return traffic_at(self.protocol, self.ports, self.address)

    @property
    def called(self) -> str:
        """'broker.out', or the owner of a port that no socket declares."""
        return self.name if self.declared else self.owner


@dataclass(frozen=True, slots=True)
class Filled:
    """A column, and who gets which verdict at some port of some host of it, as bits of ends."""

    column: Column
    hosts: int
    found: Mapping[Verdict, int]

    def some(self, verdicts: Iterable[Verdict]) -> int:
        """Who gets one of these verdicts anywhere here."""
        bits = 0
        for verdict in verdicts:
            bits |= self.found[verdict]
        return bits

    def entry(self, members: int) -> Summary | None:
        """The one verdict of all hosts of a row to all hosts of the column, or 'partly'."""
        entry: Summary | None = None
        for verdict, bits in self.found.items():
            if bits & members:
                if entry is not None:
                    return PARTLY
                entry = verdict
        return entry


class AllColumns:
    """All columns of a proof, found anew each time that they are asked for: there may be many.

    One per listener and per undeclared range open to the same. `fold` names the ends; those
    of one name are one row, and without an owner one column.
    """

    def __init__(
        self,
        reach: Reach,
        listeners: Iterable[Listener] | None = None,
        fold: Callable[[Endpoint], str] = label,
    ) -> None:
        known = tuple(reach.network.listeners if listeners is None else listeners)
        self.rows = _rows(reach, fold)
        """Each row with its ends."""
        self._reach = reach
        self._listeners = sorted(set(known), key=_order)
        self._owners = _owners(reach, fold)
        self._taken = _Taken(reach, known)

    def __iter__(self) -> Iterator[Filled]:
        for each in self._listeners:
            column = _declared(each)
            indices = self._where(column)
            yield self._filled(column, self._masks(indices, column.protocol))
        for name, indices in sorted(self._owners.items()):
            for protocol in self._reach.protocols:
                columns = list(self._undeclared(name, indices, protocol))
                masks = self._masks(indices, protocol) if columns else {}
                for column in columns:
                    yield self._filled(column, masks)

    def _where(self, column: Column) -> list[int]:
        """The ends at which it waits: of ICMP, which has another protocol for each family, those
        of its own, if there are any."""
        ends = self._reach.endpoints
        found = [
            index
            for index in self._owners.get(column.owner, ())
            if ends[index].is_at(column.address)
        ]
        spoken = [each for each in found if is_of_family(column.protocol, ends[each].version)]
        return spoken or found

    def _masks(self, indices: Iterable[int], protocol: int) -> Mapping[int, Masks]:
        protocol = self._reach.protocol(protocol)
        return {index: self._reach.masks(index, protocol) for index in indices}

    def _undeclared(self, name: str, indices: Iterable[int], protocol: int) -> Iterator[Column]:
        reach, opened = self._reach, list[tuple[PortRange, int]]()
        for index in indices:
            senders, taken = reach.senders(index), self._taken.at(index, protocol)
            for ports, bits in ranges(reach.possibly.requests(index, protocol)):
                if bits & senders:
                    opened.extend(
                        (free, bits & senders) for free, socket in split(ports, taken) if not socket
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

    def _filled(self, column: Column, masks: Mapping[int, Masks]) -> Filled:
        reach, hosts = self._reach, 0
        found = dict.fromkeys(Verdict, 0)
        for index, mine in masks.items():
            hosts |= 1 << index
            others = reach.same_family(index) & ~reach.same_host(index)
            sockets = () if column.declared else self._taken.at(index, column.protocol)
            for ports, socket in split(column.ports, sockets):
                for piece in () if socket else mine.pieces(ports):
                    for verdict, some in piece.by_verdict(others):
                        found[verdict] |= some
        return Filled(column, hosts, found)


def _declared(listener: Listener) -> Column:
    return Column(
        name=listener.name,
        owner=listener.owner,
        protocol=listener.protocol,
        ports=listener.ports,
        declared=True,
        socket=listener.socket,
        address=listener.address,
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
    return dict(sorted(found.items(), key=lambda item: in_order(item[0])))


def in_order(row: Row) -> tuple[int, str]:
    """Where a row stands: services first, then sites, strangers, the internet."""
    return _KINDS.index(row.kind), row.name


def _owners(reach: Reach, fold: Callable[[Endpoint], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, endpoint in enumerate(reach.endpoints):
        name = owner(endpoint)
        if name is None and endpoint.kind is EndpointKind.INTERFACE:
            name = fold(endpoint)
        if name is not None:
            found.setdefault(name, []).append(index)
    return found


def _order(listener: Listener) -> tuple[str, str, PortRange, int, IPv4Network]:
    where = listener.ports, listener.protocol, listener.alone_at or EVERYWHERE
    return listener.owner, listener.socket, *where


class _Taken:
    """The ports on which sockets wait, per end and protocol."""

    def __init__(self, reach: Reach, known: Iterable[Listener]) -> None:
        self._ends = reach.endpoints
        self._waiting = Waiting(known)
        self._ports: dict[tuple[int, int], tuple[PortRange, ...]] = {}

    def at(self, index: int, protocol: int) -> tuple[PortRange, ...]:
        if (index, protocol) not in self._ports:
            self._ports[index, protocol] = merge(
                each.ports
                for each in self._waiting.at(self._ends[index])
                if each.protocol == protocol
            )
        return self._ports[index, protocol]
