"""The register held against a topology: what is declared and seen, and what only one of the two.

What was never seen is not said to be absent: that is told with what was searched. What was seen
and is not declared is a shadow boundary. Where a declared connection is there otherwise (its port,
its types, who binds, its mechanism) both places are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.register.boundary import BoundaryRegister, SeenBoundary
from bulkhead.discover.register.grounds import NOWHERE, CrossingKind, Grounds
from bulkhead.discover.register.meaning import Meaning, Meant, waits_at
from bulkhead.discover.register.naming import plain
from bulkhead.intent import Connection, Socket, Topology
from bulkhead.intent.document import FileLine


class StandingKind(StrEnum):
    """How what was seen stands to what is declared, the worst first."""

    SHADOW = "seen, never declared"
    DIFFERS = "declared otherwise"
    UNTOLD = "cannot be told"
    UNSEEN = "declared, never seen"
    LOCAL = "within one host, not judged"
    AS_DECLARED = "declared and seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryStanding:
    """One boundary, one declared connection, or the two that are one.

    `differs` is what differs: 'port', 'type', 'direction', 'mechanism'. `matched` says how the
    ends were taken for those of the topology, `unsure` whether one of them was by its port alone.
    `seen_end` is which end of a declared connection alone was seen, '' where neither or both.
    """

    kind: StandingKind
    what: str
    boundary: SeenBoundary | None = None
    connection: Connection | None = None
    declared_at: FileLine | None = None
    differs: str = ""
    matched: tuple[str, ...] = ()
    unsure: bool = False
    seen_end: str = ""
    remedy: str = ""

    @property
    def place(self) -> CodePlace | None:
        """The line in the code, where code says it."""
        return self.boundary.place if self.boundary else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAgainst:
    """The whole answer. `plain` counts declared connections of plain TCP, which are not judged."""

    topology: str
    file: str
    standings: tuple[BoundaryStanding, ...]
    plain: int = 0
    searched: tuple[str, ...] = ()

    def of(self, *kinds: StandingKind) -> tuple[BoundaryStanding, ...]:
        return tuple(each for each in self.standings if each.kind in kinds)

    @property
    def ok(self) -> bool:
        """No shadow boundary, and none that is declared otherwise."""
        return not self.of(StandingKind.SHADOW, StandingKind.DIFFERS)


def against(
    register: BoundaryRegister, topology: Topology, grounds: Grounds = NOWHERE
) -> HeldAgainst:
    """The worst first. `grounds` has the addresses that the topology's plan gives."""
    return _Holding(register, topology, grounds).held()


@dataclass(slots=True)
class _Holding:
    register: BoundaryRegister
    topology: Topology
    grounds: Grounds
    seen: set[int] = field(default_factory=set)
    half: dict[int, str] = field(default_factory=dict)
    meaning: Meaning = field(init=False)
    crossing: list[Connection] = field(init=False)

    def __post_init__(self) -> None:
        self.meaning = Meaning(self.topology, self.grounds)
        self.crossing = [
            each
            for each in self.topology.connections
            if each.leaves_host and each.server_socket.type.speaks_zmtp
        ]

    def held(self) -> HeldAgainst:
        # First whatever is as declared: what is left of both is then told apart.
        ends = [(each, *self._ends(each)) for each in self.register.boundaries]
        found: list[BoundaryStanding] = []
        later = []
        for boundary, client, server in ends:
            standing = self._as_declared(boundary, client, server)
            if standing is None:
                later.append((boundary, client, server))
            else:
                found.append(standing)
        found += [self._otherwise(*each) for each in later]
        found += self._unseen()
        order = list(StandingKind)
        plain_tcp = sum(
            each.leaves_host and not each.server_socket.type.speaks_zmtp
            for each in self.topology.connections
        )
        return HeldAgainst(
            topology=self.topology.name,
            file=self.topology.file,
            standings=tuple(sorted(found, key=lambda each: order.index(each.kind))),
            plain=plain_tcp,
            searched=self.register.searched,
        )

    def _ends(self, boundary: SeenBoundary) -> tuple[Meant | None, Meant | None]:
        client = self.meaning.party(boundary.client) if boundary.client else None
        return client, self.meaning.server(boundary)

    # As declared

    def _as_declared(
        self, boundary: SeenBoundary, client: Meant | None, server: Meant | None
    ) -> BoundaryStanding | None:
        if boundary.unbound:
            return self._half(boundary, client, server)
        if client is None or server is None:
            return None
        between = [
            each
            for each in self.crossing
            if (each.client, each.server) == (client.name, server.name)
            and waits_at(each.server_socket, boundary.transport, boundary.port)
        ]
        if boundary.port is None:
            between = [each for each in between if _types_fit(boundary, each)]
        if not between:
            return None
        alike = [each for each in between if _types_fit(boundary, each)] or between
        connection = alike[0]
        self.seen.update(map(id, alike))
        return self._held(boundary, connection, (client, server), open_port=boundary.port is None)

    def _half(
        self, boundary: SeenBoundary, client: Meant | None, server: Meant | None
    ) -> BoundaryStanding | None:
        """One end alone: that of a declared connection, if it fits one."""
        meant = client if boundary.server is None else server
        if meant is None:
            return None
        end = "client" if boundary.server is None else "server"
        fitting = [
            each
            for each in self.crossing
            if getattr(each, end) == meant.name
            and waits_at(each.server_socket, boundary.transport, boundary.port)
            and (boundary.port is not None or _types_fit(boundary, each))
        ]
        if boundary.server is None:
            fitting = [each for each in fitting if _host_fits(boundary, each)]
        if not fitting:
            idle = [
                each
                for each in self.meaning.sockets()
                if end == "server"
                and each.owner == meant.name
                and boundary.port is not None
                and waits_at(each, boundary.transport, boundary.port)
            ]
            return self._idle(boundary, idle[0], meant) if idle else None
        for each in fitting:
            other = self.half.get(id(each))
            if other is not None and other != end:
                self.seen.add(id(each))
            self.half[id(each)] = end
        alike = [each for each in fitting if _types_fit(boundary, each)] or fitting
        held = self._held(boundary, alike[0], (meant,), open_port=boundary.port is None)
        if held.kind is StandingKind.AS_DECLARED and end == "server" and boundary.port is not None:
            # Who connects to it was not seen: that is told of the connection itself.
            waits = f"{alike[0].server_socket.reference} waits at {boundary.at}"
            return replace(held, what=waits)
        return held

    def _idle(self, boundary: SeenBoundary, socket: Socket, meant: Meant) -> BoundaryStanding:
        """A declared socket to which nobody is declared to connect."""
        return BoundaryStanding(
            kind=StandingKind.AS_DECLARED,
            what=f"{socket.reference} waits at {boundary.at}",
            boundary=boundary,
            declared_at=self._socket_at(socket),
            matched=_matched((meant,)),
            unsure=not meant.sure,
        )

    def _held(
        self,
        boundary: SeenBoundary,
        connection: Connection,
        meant: Sequence[Meant],
        *,
        open_port: bool,
    ) -> BoundaryStanding:
        """As declared, or with another type or mechanism."""
        differs = next(iter(_differences(boundary, connection)), None)
        port = ("its port is only known to the running program",) if open_port else ()
        return BoundaryStanding(
            kind=StandingKind.DIFFERS if differs else StandingKind.AS_DECLARED,
            what=differs[1] if differs else str(connection),
            boundary=boundary,
            connection=connection,
            declared_at=self._at(connection),
            differs=differs[0] if differs else "",
            matched=(*_matched(meant), *port),
            unsure=open_port or not all(each.sure for each in meant),
        )

    # Otherwise

    def _otherwise(
        self, boundary: SeenBoundary, client: Meant | None, server: Meant | None
    ) -> BoundaryStanding:
        found = self._differs(boundary, client, server) or self._shadow(boundary, client, server)
        itself = bool(client and server and client.name == server.name)
        if boundary.local or (itself and boundary.crosses is CrossingKind.HOST):
            return BoundaryStanding(
                kind=StandingKind.LOCAL,
                what=str(boundary),
                boundary=boundary,
                matched=found.matched,
            )
        return found

    def _differs(
        self, boundary: SeenBoundary, client: Meant | None, server: Meant | None
    ) -> BoundaryStanding | None:
        """A connection that is declared, never seen as declared, and there in another way."""
        for connection in self.crossing:
            if id(connection) in self.seen:
                continue
            there = _is(client, connection.client), _is(server, connection.server)
            turned = _is(client, connection.server), _is(server, connection.client)
            whole = all if not boundary.unbound else any
            declared = f"{connection} at {_ports(connection)}"
            if whole(there) and _types_fit(boundary, connection):
                if boundary.unbound and not _alone_alike(boundary, connection):
                    continue
                if boundary.server is None and not _host_fits(boundary, connection):
                    continue
                what = f"{boundary} is declared as {declared}: another port"
                return self._differing("port", what, boundary, connection, (client, server))
            if whole(turned) and _types_fit(boundary, connection, turned=True):
                if boundary.unbound and not _alone_alike(boundary, connection, turned=True):
                    continue
                what = f"{boundary} is declared as {declared}: the other end binds"
                return self._differing("direction", what, boundary, connection, (client, server))
        return None

    def _differing(
        self,
        differs: str,
        what: str,
        boundary: SeenBoundary,
        connection: Connection,
        ends: tuple[Meant | None, Meant | None],
    ) -> BoundaryStanding:
        self.seen.add(id(connection))
        meant = [each for each in ends if each]
        return BoundaryStanding(
            kind=StandingKind.DIFFERS,
            what=what,
            boundary=boundary,
            connection=connection,
            declared_at=self._at(connection),
            differs=differs,
            matched=_matched(meant),
            unsure=not all(each.sure for each in meant),
            remedy="let the topology and the program say the same",
        )

    def _shadow(
        self, boundary: SeenBoundary, client: Meant | None, server: Meant | None
    ) -> BoundaryStanding:
        meant = [each for each in (client, server) if each]
        running = any(each.kind.of_running for each in boundary.evidence)
        if client and server and client.name == server.name and not running:
            what = f"{boundary}: both ends are in the code of one program"
            remedy = "name its roles: --service NAME=PATH"
            return BoundaryStanding(
                kind=StandingKind.UNTOLD, what=what, boundary=boundary,
                matched=_matched(meant), remedy=remedy,
            )  # fmt: skip
        nobody = [
            str(party)
            for party, each in ((boundary.client, client), (boundary.server, server))
            if party is not None and each is None
        ]
        why = (
            f"the topology has no {' and no '.join(nobody)}"
            if nobody
            else "it declares no such connection"
        )
        who = next((each for each in nobody), "")
        remedy = (
            f"declare it, or say whom {who} is: --service NAME=WHAT"
            if who
            else "declare it, or take it away"
        )
        return BoundaryStanding(
            kind=StandingKind.SHADOW,
            what=f"{boundary}: {why}",
            boundary=boundary,
            matched=_matched(meant),
            unsure=not all(each.sure for each in meant),
            remedy=remedy,
        )

    # Never seen

    def _unseen(self) -> Iterator[BoundaryStanding]:
        for each in self.crossing:
            if id(each) not in self.seen:
                end = self.half.get(id(each), "")
                only = f"; its {end} alone was seen" if end else ""
                yield BoundaryStanding(
                    kind=StandingKind.UNSEEN,
                    what=f"{each} at {_ports(each)}{only}",
                    connection=each,
                    declared_at=self._at(each),
                    seen_end=end,
                    remedy="look where it runs, or take it out of the topology if it is not needed",
                )

    def _at(self, connection: Connection) -> FileLine:
        return self.topology.place_of(*connection.path)

    def _socket_at(self, socket: Socket) -> FileLine:
        for group in ("services", "sites", "peers"):
            if socket.owner in getattr(self.topology, group):
                return self.topology.place_of(group, socket.owner, "sockets", socket.name)
        return FileLine(self.topology.file, 1)


def _is(meant: Meant | None, name: str) -> bool:
    return meant is not None and meant.name == name


def _matched(meant: Sequence[Meant]) -> tuple[str, ...]:
    return tuple(f"{each.name} {each.why}" for each in meant)


def _ports(connection: Connection) -> str:
    return ", ".join(f"{each.transport} {each.at}" for each in connection.endpoints)


def _host_fits(boundary: SeenBoundary, connection: Connection) -> bool:
    """Whether the name to which code connects is that of the server, or says nothing of it."""
    host = boundary.endpoint.partition("://")[2].rpartition(":")[0]
    label = plain(host.partition(".")[0])
    if not label or "{" in host or host[:1].isdigit() or label in ("localhost", "lo"):
        return True
    return label == plain(connection.server)


def _types_fit(boundary: SeenBoundary, connection: Connection, *, turned: bool = False) -> bool:
    """Whether the types that were seen may be those that are declared."""
    sides = boundary.client_types, boundary.server_types
    client, server = reversed(sides) if turned else sides
    return _could_be(client, connection.client_socket) and _could_be(
        server, connection.server_socket
    )


def _could_be(types: Sequence[str], socket: Socket) -> bool:
    return not types or str(socket.type) in types


def _alone_alike(boundary: SeenBoundary, connection: Connection, *, turned: bool = False) -> bool:
    """Whether one end alone is of a type that is declared: with less it would be anybody's."""
    binds = boundary.server is not None
    declared = connection.server_socket if binds is not turned else connection.client_socket
    types = boundary.server_types if binds else boundary.client_types
    return str(declared.type) in types


def _differences(boundary: SeenBoundary, connection: Connection) -> Iterator[tuple[str, str]]:
    for types, socket in (
        (boundary.server_types, connection.server_socket),
        (boundary.client_types, connection.client_socket),
    ):
        if types and str(socket.type) not in types:
            yield (
                "type",
                f"{socket.reference} is declared {socket.type}, and is {' or '.join(types)}",
            )
    declared = connection.mechanism or "NULL"
    if boundary.mechanisms and declared not in boundary.mechanisms:
        seen = " or ".join(boundary.mechanisms)
        yield "mechanism", f"{connection} is declared {declared}, and is {seen}"
