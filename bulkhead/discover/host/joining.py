"""Records of machines joined: who is connected to whom, both ends named where they are known.

An end is found by its addresses, in its own network namespace first, since each has a loopback of
its own; then anywhere else, since an address that is no loopback is one place. Where something
translates the server's address on the way, the client's still tells, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import ip_address

from bulkhead.discover.host.record import Greeted, HostRecord, RecordedProcess, RecordedSocket


class HostSureness(StrEnum):
    """How the two ends of an edge were brought together."""

    SEEN = "both ends seen"
    TRANSLATED = "by the client's address and port alone: the server's is translated on the way"
    ONE_END = "one end seen"


class EdgeBecause(StrEnum):
    """Why an edge is here, the surest first: a program has connections of other kinds too."""

    GREETED = "its listener greets as ZeroMQ does"
    BOTH = "likely: both ends use ZeroMQ"
    ONE = "possible: one end uses ZeroMQ, and may speak something else here"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostParty:
    """One end. `processes` hold it: () where none is known, and then `why` says so.

    `machine` is None where no record has it.
    """

    machine: str | None
    address: str | None
    port: int | None
    processes: tuple[RecordedProcess, ...] = ()
    why: str = ""

    @property
    def speaks(self) -> bool:
        """Whether one of its processes uses ZeroMQ."""
        return any(each.zeromq for each in self.processes)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostEdge:
    """A connection. Many of one client to one server are one edge, with their `count`.

    `transport` is 'tcp', 'udp' or 'ipc'; `path` that of an ipc. `asking`: it gets no answer.
    `greeting` is what its listener said. `opened_sure`: a socket listens at the server's end.
    """

    client: HostParty
    server: HostParty
    transport: str
    path: str | None
    sure: HostSureness
    opened_sure: bool
    asking: bool
    greeting: Greeted | None
    count: int = 1

    @property
    def because(self) -> EdgeBecause:
        """Why it is taken for one of ZeroMQ."""
        if self.greeting and self.greeting.zmtp:
            return EdgeBecause.GREETED
        both = self.client.speaks and self.server.speaks
        return EdgeBecause.BOTH if both else EdgeBecause.ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class HostListener:
    """A socket of TCP, UDP or ipc that waits."""

    machine: str
    transport: str
    address: str | None
    port: int | None
    path: str | None
    processes: tuple[RecordedProcess, ...]
    greeting: Greeted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostGraph:
    """All records as one. `unknown` are listeners of processes not known to use ZeroMQ or not."""

    records: tuple[HostRecord, ...]
    edges: tuple[HostEdge, ...]
    listeners: tuple[HostListener, ...]
    unknown: tuple[HostListener, ...]

    @property
    def processes(self) -> tuple[tuple[str, RecordedProcess], ...]:
        """Those that use ZeroMQ, each with its machine."""
        speaking = {
            (each.machine, one.pid)
            for each in self.listeners
            if each.greeting and each.greeting.zmtp
            for one in each.processes
        }
        return tuple(
            (record.host.name, each)
            for record in self.records
            for each in record.processes
            if each.zeromq or (record.host.name, each.pid) in speaking or each.pid in record.pids
        )

    @property
    def whole(self) -> bool:
        """Whether all of every machine was read."""
        return all(each.whole for each in self.records)


@dataclass(frozen=True, slots=True)
class _Here:
    """A socket and where it is."""

    record: HostRecord
    socket: RecordedSocket

    @property
    def home(self) -> tuple[int, str | None]:
        return id(self.record), self.socket.namespace

    @property
    def processes(self) -> tuple[RecordedProcess, ...]:
        pids = set(self.socket.pids)
        return tuple(each for each in self.record.processes if each.pid in pids)

    @property
    def of_zeromq(self) -> bool:
        """Whether it belongs on the record's answer: of ZeroMQ, or of who was asked about."""
        greeting = self.socket.greeting
        if greeting and greeting.zmtp is not None:
            return greeting.zmtp
        return any(each.zeromq or each.pid in self.record.pids for each in self.processes)


def join(records: Iterable[HostRecord]) -> HostGraph:
    """One graph of them all. Two of one machine are taken for two, unless they are the same."""
    kept = tuple(dict.fromkeys(records))
    return _Joining(kept).graph()


class _Joining:
    """Every socket of every record, by what it can be found by."""

    def __init__(self, records: Sequence[HostRecord]) -> None:
        self._records = records
        self._all = [_Here(record, each) for record in records for each in record.sockets]
        self._by_ends: dict[object, _Here] = {
            (each.home, each.socket.local, each.socket.remote): each
            for each in self._all
            if each.socket.protocol == "tcp" and each.socket.remote
        }
        self._anywhere: dict[object, _Here] = {
            (each.socket.local, each.socket.remote): each
            for each in self._all
            if each.socket.protocol == "tcp" and each.socket.remote and not _loops(each.socket)
        }
        self._by_client: dict[object, list[_Here]] = {}
        for each in self._anywhere.values():
            self._by_client.setdefault(each.socket.remote, []).append(each)
        self._by_inode = {(each.home, each.socket.inode): each for each in self._all}
        self._listening = {
            (each.home, each.socket.protocol, each.socket.local[1]): each
            for each in self._all
            if each.socket.local and each.socket.state in ("listening", "bound")
        }

        self._waiting: dict[tuple[str, int], _Here] = {
            (address, each.socket.local[1]): each
            for each in self._listening.values()
            for address in _addresses(each)
            if each.socket.local and each.socket.protocol == "tcp"
        }

    def graph(self) -> HostGraph:
        listeners = [each for each in self._all if each.socket.state in ("listening", "bound")]
        return HostGraph(
            records=tuple(self._records),
            edges=tuple(sorted(_counted(self._edges()), key=_surest)),
            listeners=tuple(_listener(each) for each in listeners if each.of_zeromq),
            unknown=tuple(
                _listener(each)
                for each in listeners
                if each.socket.protocol == "tcp"
                and not each.of_zeromq
                and not (each.socket.greeting and each.socket.greeting.zmtp is False)
            ),
        )

    def _edges(self) -> Iterator[HostEdge]:
        done: set[int] = set()
        for each in self._all:
            if id(each.socket) in done or each.socket.state not in ("established", "asking"):
                continue
            other, sure = self._other_end(each)
            if other:
                done.add(id(other.socket))
            if edge := self._edge(each, other, sure):
                yield edge

    def _other_end(self, here: _Here) -> tuple[_Here | None, HostSureness]:
        socket = here.socket
        if socket.protocol == "unix":
            found = self._by_inode.get((here.home, socket.peer or 0))
            return found, HostSureness.SEEN if found else HostSureness.ONE_END
        ends = socket.remote, socket.local
        found = self._by_ends.get((here.home, *ends))
        if found is None and not _loops(socket):
            found = self._anywhere.get(ends)
        if found:
            return found, HostSureness.SEEN
        if not _loops(socket) and (translated := self._translated(here)):
            return translated, HostSureness.TRANSLATED
        return None, HostSureness.ONE_END

    def _translated(self, here: _Here) -> _Here | None:
        """The server that sees this very client, at another address than the client asked for."""
        if self._listens(here):
            return None
        seen = [
            each
            for each in self._by_client.get(here.socket.local, ())
            if each.home != here.home and each.socket.local != here.socket.remote
        ]
        return seen[0] if len(seen) == 1 and self._listens(seen[0]) else None

    def _listens(self, here: _Here) -> _Here | None:
        """The listening socket behind a connection, in whose port it ends."""
        socket = here.socket
        if socket.local is None:
            return None
        return self._listening.get((here.home, socket.protocol, socket.local[1]))

    def _waits_at(self, end: tuple[str, int] | None) -> _Here | None:
        """What any record has listening at an address, where the connection itself has no end."""
        return self._waiting.get(end) if end else None

    def _edge(self, here: _Here, other: _Here | None, sure: HostSureness) -> HostEdge | None:
        """None where neither end is of ZeroMQ."""
        server, client = (here, other) if self._serves(here, other) else (other, here)
        listener = self._listens(server) if server else self._waits_at(here.socket.remote)
        greeting = listener.socket.greeting if listener else None
        if greeting and greeting.zmtp is False:
            return None
        if not any(each and each.of_zeromq for each in (here, other, listener)):
            return None
        unix = here.socket.protocol == "unix"
        at = here.socket
        path = next((each.socket.path for each in (here, other) if each and each.socket.path), None)
        if unix and path is None:
            return None  # a pair of sockets that a program made for itself
        return HostEdge(
            client=_party(client, at.remote if client is None else None),
            server=_party(server, at.remote if server is None else None, listener),
            transport="ipc" if unix else at.protocol,
            path=path,
            sure=sure,
            opened_sure=bool(listener) or at.state == "asking" or unix,
            asking=at.state == "asking",
            greeting=greeting,
        )

    def _serves(self, here: _Here, other: _Here | None) -> bool:
        """Whether this end is the server: it listens at the port, or has the path of an ipc."""
        if here.socket.protocol == "unix":
            return bool(here.socket.path)
        if self._listens(here):
            # Both may listen at the ports that they talk by: the lower is the one that is known.
            both = other is not None and self._listens(other) is not None
            return (
                not both or (here.socket.local or ("", 0))[1] < (here.socket.remote or ("", 0))[1]
            )
        return False


def _loops(socket: RecordedSocket) -> bool:
    """Whether one of its ends is a loopback, which every namespace has."""
    return any(
        ip_address(end[0].partition("%")[0]).is_loopback
        for end in (socket.local, socket.remote)
        if end
    )


def _addresses(listening: _Here) -> Iterator[str]:
    """Those at which a socket waits, as others know them: no loopback."""
    if listening.socket.local is None:
        return
    host = listening.socket.local[0]
    everywhere = ip_address(host.partition("%")[0]).is_unspecified
    for each in listening.record.namespaces:
        if each.id == listening.socket.namespace:
            for address in each.addresses:
                if not ip_address(address).is_loopback and (everywhere or address == host):
                    yield address


def _party(
    here: _Here | None, address: tuple[str, int] | None, listener: _Here | None = None
) -> HostParty:
    if here is None and listener is not None:
        host, port = address or (None, None)
        return HostParty(
            machine=listener.record.host.name,
            address=host,
            port=port,
            processes=listener.processes,
            why="it waits there; the connection itself is not on its record",
        )
    if here is None:
        host, port = address or (None, None)
        why = "no record has it" if host else "the other end is not on the record"
        return HostParty(machine=None, address=host, port=port, why=why)
    end = here.socket.local
    return HostParty(
        machine=here.record.host.name,
        address=end[0] if end else None,
        port=end[1] if end else None,
        processes=here.processes,
        why="" if here.processes else "no process that could be read holds it",
    )


def _listener(here: _Here) -> HostListener:
    end = here.socket.local
    return HostListener(
        machine=here.record.host.name,
        transport="ipc" if here.socket.protocol == "unix" else here.socket.protocol,
        address=end[0] if end else None,
        port=end[1] if end else None,
        path=here.socket.path,
        processes=here.processes,
        greeting=here.socket.greeting,
    )


def _surest(edge: HostEdge) -> tuple[object, ...]:
    ends = [
        (each.machine or "", each.address or "", each.port or 0)
        for each in (edge.server, edge.client)
    ]
    return list(EdgeBecause).index(edge.because), *ends, edge.path or ""


def _counted(edges: Iterable[HostEdge]) -> Iterator[HostEdge]:
    """Those between the same processes, at the same port of the server, as one."""
    alike: dict[object, list[HostEdge]] = {}
    for each in edges:
        key = (
            each.client.machine,
            each.client.address,
            each.client.processes,
            each.server,
            each.transport,
            each.path,
            each.asking,
            each.sure,
        )
        alike.setdefault(key, []).append(each)
    for first, *rest in alike.values():
        yield replace(first, count=1 + len(rest))
