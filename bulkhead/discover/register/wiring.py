"""From boundaries to what a topology can say: services with sockets, and who connects to which.

Whatever a topology cannot say, or nobody knows enough of, is kept with its reason and left to a
person. Types are those that were seen; where none was, one that libzmq lets talk, to be decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bulkhead.discover.register.boundary import BoundaryParty, SeenBoundary
from bulkhead.discover.register.meaning import waits_at
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.socket_types import socket_type
from bulkhead.intent import Socket
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.sockets import SocketType, legal_peers, may_talk
from bulkhead.intent.starting import name_like

_SPOKEN: Final = frozenset({"tcp", "ws", "wss"})
MOST_SOCKETS: Final = 40
"""Of a service: they are written down as tags, of which AWS keeps 50 (docs/topology.md)."""
_MOST_REPLICAS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketToWrite:
    """A socket of a service. `connect` is '' of one that binds, `todo` what is to be decided."""

    service: str
    name: str
    type: SocketType
    bind: str = ""
    connect: str = ""
    mechanism: Mechanism = Mechanism.NULL
    todo: tuple[str, ...] = ()
    boundaries: tuple[SeenBoundary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToWrite:
    name: str
    party: BoundaryParty

    @property
    def replicas(self) -> int:
        """As many copies as machines on which it was seen."""
        return min(max(1, len(self.party.machines)), _MOST_REPLICAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten:
    """A boundary that is left to a person, and why."""

    boundary: SeenBoundary
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringToWrite:
    """`sockets` come in the order in which they matter: of each its server before its clients."""

    services: tuple[ServiceToWrite, ...]
    sockets: tuple[SocketToWrite, ...]
    left: tuple[NotWritten, ...]

    def first(self, number: int) -> WiringToWrite:
        """The same with so many sockets alone, and the services that have one."""
        kept = self.sockets[:number]
        named = {each.service for each in kept}
        late = [
            NotWritten(boundary=boundary, why="the plan has no room for it, by AWS's quotas")
            for each in self.sockets[number:]
            for boundary in each.boundaries[:1]
        ]
        return WiringToWrite(
            services=tuple(each for each in self.services if each.name in named),
            sockets=kept,
            left=(*self.left, *late),
        )

    def roles(self) -> dict[str, str]:
        """By service what it has to do with others: to which sockets it connects, who comes."""
        found: dict[str, set[str]] = {each.name: set() for each in self.services}
        for each in self.sockets:
            if each.connect:
                found[each.service].add(f"to {each.connect}")
                found[each.connect.partition(".")[0]].add(f"from {each.service}")
        return {name: ", ".join(sorted(roles)) for name, roles in found.items()}

    def peers(self) -> dict[str, set[str]]:
        """By service whom it talks with."""
        found: dict[str, set[str]] = {each.name: set() for each in self.services}
        for each in self.sockets:
            other = each.connect.partition(".")[0]
            if other:
                found[each.service].add(other)
                found[other].add(each.service)
        return found


def wiring_of(
    boundaries: Iterable[SeenBoundary], there: Mapping[str, Mapping[str, Socket]] | None = None
) -> WiringToWrite:
    """All of them that a topology can say.

    `there` are services (by the names of their parties) that are declared already, with their
    sockets: those keep their names and stay as they are.
    """
    return _Wiring(tuple(boundaries), there or {}).written()


@dataclass(slots=True)
class _Wiring:
    boundaries: tuple[SeenBoundary, ...]
    there: Mapping[str, Mapping[str, Socket]]
    services: dict[str, ServiceToWrite] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    left: list[NotWritten] = field(default_factory=list)
    sockets: list[SocketToWrite] = field(default_factory=list)

    def written(self) -> WiringToWrite:
        by_socket: dict[tuple[str, int], list[SeenBoundary]] = {}
        for each in self.boundaries:
            if why := _not_sayable(each):
                self.left.append(NotWritten(boundary=each, why=why))
            elif each.server is not None and each.port is not None:
                by_socket.setdefault((each.server.name, each.port), []).append(each)
        for boundaries in sorted(by_socket.values(), key=_surest):
            self._socket(boundaries)
        return WiringToWrite(
            services=tuple(self.services[name] for name in sorted(self.services)),
            sockets=tuple(self.sockets),
            left=tuple(self.left),
        )

    def _socket(self, boundaries: Sequence[SeenBoundary]) -> None:
        """One socket that waits, and whoever comes to it."""
        first = boundaries[0]
        assert first.server is not None  # noqa: S101 - by which they were brought together
        clients = [each for each in boundaries if _client_sayable(each)]
        self.left += [
            NotWritten(boundary=each, why=f"who {each.client} is, nobody knows")
            for each in boundaries
            if each.client is not None and each not in clients
        ]
        server = self._service(first.server)
        if found := self._declared(first):
            for each in clients:
                self._client(each, found.reference, found.type, found.mechanism)
            return
        copies = {each.client.name: len(each.client.machines) for each in clients if each.client}
        peers = sum(max(1, number) for number in copies.values())
        type_, todo = _server_type(boundaries, several=peers > 1 or server.replicas > 1)
        mechanism, unsaid = _mechanism(boundaries, type_)
        if self._is_full(server.name):
            full = f"{server.name} has {MOST_SOCKETS} sockets, and AWS keeps no more"
            self.left += [NotWritten(boundary=each, why=full) for each in boundaries]
            return
        name = self._socket_name(server.name, first.server_name, f"at-{first.port}")
        transport = first.transport if type_.speaks_zmtp else "tcp"
        self.sockets.append(
            SocketToWrite(
                service=server.name,
                name=name,
                type=type_,
                bind=f"{transport}://*:{first.port}",
                mechanism=mechanism,
                todo=(*todo, *unsaid),
                boundaries=tuple(boundaries),
            )
        )
        for each in clients:
            self._client(each, f"{server.name}.{name}", type_, mechanism)

    def _client(
        self, each: SeenBoundary, server: str, type_: SocketType, mechanism: Mechanism
    ) -> None:
        assert each.client is not None  # noqa: S101 - who calls it has looked
        client = self._service(each.client)
        if self._is_full(client.name):
            full = f"{client.name} has {MOST_SOCKETS} sockets, and AWS keeps no more"
            self.left.append(NotWritten(boundary=each, why=full))
            return
        own, todo = _client_type(each, type_)
        target = server.replace(".", "-")
        self.sockets.append(
            SocketToWrite(
                service=client.name,
                name=self._socket_name(client.name, each.client_name, f"to-{target}"),
                type=own,
                connect=server,
                mechanism=mechanism,
                todo=todo,
                boundaries=(each,),
            )
        )

    def _declared(self, boundary: SeenBoundary) -> Socket | None:
        """The socket that waits there already."""
        assert boundary.server is not None  # noqa: S101 - who calls it has looked
        return next(
            (
                each
                for each in self.there.get(boundary.server.name, {}).values()
                if waits_at(each, boundary.transport, boundary.port)
            ),
            None,
        )

    def _is_full(self, service: str) -> bool:
        return len(self.names.get(service, ())) >= MOST_SOCKETS

    def _service(self, party: BoundaryParty) -> ServiceToWrite:
        found = self.services.get(party.name)
        if found is None and party.name in self.there:
            self.names[party.name] = set(self.there[party.name])
            found = self.services[party.name] = ServiceToWrite(name=party.name, party=party)
        if found is None:
            taken = {each.name for each in self.services.values()} | {"internet", *self.there}
            like = name_like(plain(party.name)) or name_like(f"program-{plain(party.name)}") or ""
            name = distinct(like or "program", taken)
            found = self.services[party.name] = ServiceToWrite(name=name, party=party)
        return found

    def _socket_name(self, service: str, called: str, otherwise: str) -> str:
        taken = self.names.setdefault(service, set())
        name = distinct(name_like(plain(called.rpartition(".")[2])) or otherwise[:31], taken)
        taken.add(name)
        return name


def distinct(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it where somebody has it."""
    taken = set(taken)
    if name not in taken:
        return name
    return next(
        each for number in count(2) if (each := f"{name[:26].rstrip('-')}-{number}") not in taken
    )


def _surest(boundaries: Sequence[SeenBoundary]) -> tuple[int, str]:
    return min(each.certainty for each in boundaries), str(boundaries[0])


def _not_sayable(each: SeenBoundary) -> str:
    """Why a topology cannot say it; '' where it can."""
    if each.server is None:
        return each.unbound
    one = each.client is not None and each.client.name == each.server.name
    reasons = (
        (each.local, "it never leaves a host, so no network has a rule for it"),
        (not each.server.known, f"who waits at {each.server}, nobody knows"),
        (each.port is None, "its port is only known to the running program"),
        (each.transport not in _SPOKEN, f"{each.transport} is to be declared by hand"),
        (one, "both ends are one program: say by --service which roles it has"),
    )
    return next((why for holds, why in reasons if holds), "")


def _client_sayable(each: SeenBoundary) -> bool:
    return each.client is not None and each.client.known


def _server_type(
    boundaries: Sequence[SeenBoundary], *, several: bool
) -> tuple[SocketType, tuple[str, ...]]:
    """The type of the socket that waits, and what is to be decided of it."""
    types = _of(each.server_types for each in boundaries)
    clients = _of(each.client_types for each in boundaries)
    fitting = [
        each
        for each in (types or SocketType)
        if not clients or any(may_talk(each, one) for one in clients)
    ]
    usable = [
        each for each in fitting if "tcp" in each.transports and not (each.has_one_peer and several)
    ]
    if types and len(types) == 1 and usable:
        return usable[0], ()
    if types and usable:
        return usable[0], (f"its type: {' or '.join(map(str, types))} was seen",)
    if clients and not types and usable:
        return usable[0], ("its type: only that of its clients was seen",)
    if types:
        told = " or ".join(map(str, types))
        why = "has one peer, and several were seen" if fitting else "cannot talk with its clients"
        return SocketType.TCP, (f"its type: {told} was seen, which {why}",)
    return SocketType.TCP, ("its type: nothing that was searched shows it",)


def _client_type(each: SeenBoundary, server: SocketType) -> tuple[SocketType, tuple[str, ...]]:
    if server is SocketType.TCP:
        return SocketType.TCP, ()
    types = _of([each.client_types])
    usable = [one for one in types if may_talk(server, one)]
    if usable:
        return usable[0], () if len(types) == 1 else ("its type: several were seen",)
    return legal_peers(server)[0], ("its type: nothing that was searched shows it",)


def _mechanism(
    boundaries: Sequence[SeenBoundary], type_: SocketType
) -> tuple[Mechanism, tuple[str, ...]]:
    """That of a socket and of all who come to it; several cannot meet."""
    if not type_.speaks_zmtp:
        return Mechanism.NULL, ()
    said = dict.fromkeys(one for each in boundaries for one in each.mechanisms)
    known = [each for each in ("CURVE", "PLAIN", "GSSAPI", "NULL") if each in said]
    if len(known) == 1:
        zap = ("whether a ZAP handler knows the keys of its clients: zap: true",)
        return Mechanism(known[0]), zap if known[0] == "CURVE" else ()
    if not known:
        return Mechanism.NULL, ("its mechanism: nothing that was searched shows one",)
    return Mechanism(known[0]), (f"its mechanism: {' and '.join(known)} were seen",)


def _of(several: Iterable[Sequence[str]]) -> list[SocketType]:
    return list(dict.fromkeys(_known(several)))


def _known(several: Iterable[Sequence[str]]) -> Iterator[SocketType]:
    for types in several:
        for text in types:
            if found := socket_type(text):
                yield found
