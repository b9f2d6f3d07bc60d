"""What is new in the register, added to a topology: lines of their own, and no other line touched.

A boundary that nobody declared becomes a socket of the service that has it, or a service that has
it. What stands in braces has no place for a line, and is told with what would be written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulkhead.discover.register.against import HeldAgainst, StandingKind
from bulkhead.discover.register.boundary import BoundaryParty, SeenBoundary
from bulkhead.discover.register.grounds import NOWHERE, Grounds, is_address
from bulkhead.discover.register.inserting import (
    BlockAt,
    Insertion,
    NoPlaceError,
    block_at,
    has_key,
    inserted,
)
from bulkhead.discover.register.meaning import Meaning
from bulkhead.discover.register.wiring import (
    NotWritten,
    ServiceToWrite,
    SocketToWrite,
    WiringToWrite,
    distinct,
    wiring_of,
)
from bulkhead.discover.register.writing import comment, service_lines, socket_lines
from bulkhead.intent import Socket, Topology
from bulkhead.intent.starting import name_like
from bulkhead.problems import Problem

AcceptsFiles = Callable[[Mapping[str, str]], Sequence[Problem]]
"""What is wrong with a topology whose files (by name) hold these texts now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedTo:
    """The files that change, with their new texts; what was added, and what was left and why."""

    files: Mapping[str, str]
    added: tuple[SeenBoundary, ...]
    left: tuple[NotWritten, ...]


def added_to(
    topology: Topology,
    held: HeldAgainst,
    texts: Mapping[str, str],
    *,
    accepts: AcceptsFiles,
    grounds: Grounds = NOWHERE,
) -> AddedTo:
    """The topology with every shadow boundary that it can say. `texts` are its files, by name."""
    shadows = [each.boundary for each in held.of(StandingKind.SHADOW) if each.boundary is not None]
    adding = _Adding(topology, texts, grounds)
    whole = adding.added(shadows)
    if not whole.files or not accepts(whole.files):
        return whole
    # One by one: what the plan refuses is left out, and the rest is not. What is refused for want
    # of another is asked again, so that a second time would find nothing more.
    kept: list[SeenBoundary] = []
    refused: list[NotWritten] = []
    waiting = shadows
    while waiting:
        refused = []
        for each in waiting:
            if problems := accepts(adding.added([*kept, each]).files or texts):
                why = f"with it the topology is refused: {problems[0].what}"
                refused.append(NotWritten(boundary=each, why=why))
            else:
                kept.append(each)
        if len(refused) == len(waiting):
            break
        waiting = [each.boundary for each in refused]
    found = adding.added(kept)
    return replace(found, left=(*found.left, *refused))


@dataclass(slots=True)
class _Adding:
    topology: Topology
    texts: Mapping[str, str]
    grounds: Grounds
    meaning: Meaning = field(init=False)

    def __post_init__(self) -> None:
        self.meaning = Meaning(self.topology, self.grounds)

    def added(self, boundaries: Iterable[SeenBoundary]) -> AddedTo:
        there = {
            each.name: each.sockets
            for each in (*self.topology.services.values(), *self.topology.outside.values())
        }
        wiring = wiring_of([self._called(each) for each in boundaries], there)
        insertions: dict[str, list[Insertion]] = {}
        left = list(wiring.left)
        kept: list[SocketToWrite] = []
        missing: set[str] = set()
        for service in _needed(wiring):
            ours = [each for each in wiring.sockets if each.service == service.name]
            lost = [each for each in ours if each.connect.partition(".")[0] in missing]
            ours = [each for each in ours if each not in lost]
            try:
                for file, one in self._lines(service, ours, there):
                    insertions.setdefault(file, []).append(one)
                kept += ours
            except NoPlaceError as none:
                missing.add(service.name)
                left += [_by_hand(each, str(none)) for each in ours]
            left += [_by_hand(each, "whom it connects to could not be added") for each in lost]
        files = {file: inserted(self.texts[file], some) for file, some in insertions.items()}
        told = {str(each): each for socket in kept for each in socket.boundaries}
        return AddedTo(files=files, added=tuple(told.values()), left=tuple(left))

    def _called(self, boundary: SeenBoundary) -> SeenBoundary:
        """Its ends by the names that they have in the topology, where they have one."""
        server = self.meaning.server(boundary) if boundary.server else None
        client = self.meaning.party(boundary.client) if boundary.client else None
        return replace(
            boundary,
            client=_named(boundary.client, client.name if client else None),
            server=_named(boundary.server, server.name if server else None),
        )

    def _lines(
        self,
        service: ServiceToWrite,
        sockets: Sequence[SocketToWrite],
        there: Mapping[str, Mapping[str, Socket]],
    ) -> Iterator[tuple[str, Insertion]]:
        if service.name in there:
            if sockets:
                yield self._sockets(service, sockets)
            return
        file, block = self._block_of("services")
        segment, more = self._segment(service)
        if more is not None:
            yield more
        lines = service_lines(service, segment, sockets, block.column)
        yield file, Insertion(block.last, tuple(lines))

    def _sockets(
        self, service: ServiceToWrite, sockets: Sequence[SocketToWrite]
    ) -> tuple[str, Insertion]:
        """Into the sockets of whoever is declared."""
        groups = {"services": self.topology.services, "sites": self.topology.sites}
        group = next((name for name, of in groups.items() if service.name in of), "")
        if not group:
            raise NoPlaceError("it is a peer on the internet, for which somebody has to answer")
        file = self.topology.place_of(group, service.name).file
        text = self.texts[file]
        path = (group, service.name, "sockets")
        if has_key(text, path):
            block = block_at(text, path)
            return file, Insertion(block.last, _socket_lines(sockets, block.column))
        block = block_at(text, path[:2])
        head = f"{' ' * block.column}sockets:"
        return file, Insertion(block.last, (head, *_socket_lines(sockets, block.column + 2)))

    def _segment(self, service: ServiceToWrite) -> tuple[str, tuple[str, Insertion] | None]:
        """Where a new service stands: in the segment that has its address, or one of its own."""
        for address in service.party.addresses:
            ground = self.grounds.of(address) if is_address(address) else None
            if ground and ground.segment in self.topology.segments:
                return ground.segment, None
        file, block = self._block_of("segments")
        like = name_like(f"{service.name}-net") or "found"
        name = distinct(like, self.topology.segments)
        blank = " " * block.column
        lines = (
            comment("TODO: whether it needs one of its own", block.column),
            f'{blank}{name}: {{ purpose: "TODO: say why it exists" }}',
        )
        return name, (file, Insertion(block.last, lines))

    def _block_of(self, group: str) -> tuple[str, BlockAt]:
        """The first file that has such a mapping a key a line."""
        why = NoPlaceError(f"{group} is not there")
        for file, text in self.texts.items():
            try:
                return file, block_at(text, (group,))
            except NoPlaceError as none:
                why = none
        raise why


def _named(party: BoundaryParty | None, name: str | None) -> BoundaryParty | None:
    return replace(party, name=name, known=True) if party and name else party


def _needed(wiring: WiringToWrite) -> list[ServiceToWrite]:
    """Services to which others connect come first: without them those cannot."""
    servers = {each.connect.partition(".")[0] for each in wiring.sockets if each.connect}
    return sorted(wiring.services, key=lambda each: each.name not in servers)


def _socket_lines(sockets: Iterable[SocketToWrite], indent: int) -> tuple[str, ...]:
    return tuple(line for each in sockets for line in socket_lines(each, indent))


def _by_hand(socket: SocketToWrite, why: str) -> NotWritten:
    *_, line = socket_lines(socket, 0)
    return NotWritten(boundary=socket.boundaries[0], why=f"{why}; to {socket.service} add {line}")
