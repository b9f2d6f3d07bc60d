"""Boundaries while evidence comes together: who is who, and what each witness adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bulkhead.discover.register.boundary import BoundaryParty, SeenBoundary
from bulkhead.discover.register.evidence import BoundaryEvidence
from bulkhead.discover.register.from_code import CodeEnd, carrier
from bulkhead.discover.register.grounds import Crossed, CrossingKind, Grounds, crossed, farthest
from bulkhead.discover.register.naming import Named
from bulkhead.discover.register.sighting import Certainty, SeenParty, Sighting


class AtServer(NamedTuple):
    """A socket of a server: by its port, by its path, or by its endpoint as it is written."""

    server: str
    carrier: str
    port: int | None
    path: str

    @property
    def place(self) -> int | str:
        """What tells it from others of its server."""
        return self.port if self.port is not None else self.path


@dataclass(slots=True)
class PartyDraft:
    name: str
    because: str
    known: bool
    names: dict[str, None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    machines: dict[str, None] = field(default_factory=dict)
    addresses: dict[str, None] = field(default_factory=dict)
    scripts: dict[str, None] = field(default_factory=dict)

    def finished(self) -> BoundaryParty:
        return BoundaryParty(
            name=self.name,
            because=self.because,
            known=self.known,
            names=tuple(self.names),
            files=tuple(sorted(self.files)),
            machines=tuple(sorted(self.machines)),
            addresses=tuple(sorted(self.addresses)),
        )


class PartyDrafts:
    """Everybody who was met, by name."""

    def __init__(self) -> None:
        self.of: dict[str, PartyDraft] = {}

    def seen(self, party: SeenParty) -> str:
        found = self.of.setdefault(
            party.name, PartyDraft(party.name, party.because, known=party.known)
        )
        for value, into in (
            (party.machine, found.machines),
            (party.address, found.addresses),
            (party.script, found.scripts),
        ):
            if value:
                into[value] = None
        return party.name

    def in_code(self, party: Named, file: str) -> str:
        found = self.of.setdefault(party.name, PartyDraft(party.name, party.because, known=True))
        found.files[file] = None
        return party.name


@dataclass(slots=True, eq=False)
class BoundaryDraft:
    """What is known so far. `client` is None while nobody was seen to connect."""

    client: str | None
    at: AtServer | None
    transport: str
    endpoint: str = ""
    names: dict[str, str] = field(default_factory=dict)
    client_types: dict[str, None] = field(default_factory=dict)
    server_types: dict[str, None] = field(default_factory=dict)
    mechanisms: dict[str, None] = field(default_factory=dict)
    exposed: set[bool] = field(default_factory=set)
    crossings: list[Crossed] = field(default_factory=list)
    reasons: dict[str, Certainty] = field(default_factory=dict)
    unbound: str = ""
    evidence: dict[BoundaryEvidence, None] = field(default_factory=dict)

    def see(self, one: Sighting, grounds: Grounds) -> None:
        for value, into in (
            (one.client_type, self.client_types),
            (one.server_type, self.server_types),
            (one.mechanism, self.mechanisms),
        ):
            if value:
                into[value] = None
        if one.exposed is not None:
            self.exposed.add(one.exposed)
        if one.client is not None:
            self.crossings.append(
                crossed(
                    one.client.address, one.server.address, grounds,
                    same_host=one.same_host, routed=one.routed,
                )
            )  # fmt: skip
        self.reason(f"{one.evidence.kind}: {one.why}", one.certainty)
        self.evidence[one.told] = None
        if carrier(one.transport) == carrier(self.transport) != one.transport:
            self.transport = one.transport

    def read(self, end: CodeEnd, why: str, certainty: Certainty) -> None:
        into = self.server_types if end.binds else self.client_types
        if end.socket.type:
            into[end.socket.type] = None
        if end.socket.mechanism:
            self.mechanisms[end.socket.mechanism] = None
        if end.binds and end.exposed is not None:
            self.exposed.add(end.exposed)
        self.names.setdefault("server" if end.binds else "client", end.socket.name)
        self.endpoint = self.endpoint or end.end.text
        self.reason(why, certainty)
        for each in end.evidence():
            self.evidence[each] = None

    def reason(self, why: str, certainty: Certainty) -> None:
        self.reasons[why] = min(certainty, self.reasons.get(why, certainty))

    def take(self, other: BoundaryDraft) -> None:
        """What is known of the same socket of a server without a client."""
        self.server_types |= other.server_types
        self.mechanisms |= other.mechanisms
        self.exposed |= other.exposed
        self.evidence |= other.evidence
        self.endpoint = self.endpoint or other.endpoint
        for each, name in other.names.items():
            self.names.setdefault(each, name)

    def finished(self, parties: PartyDrafts) -> SeenBoundary:
        evidence = tuple(self.evidence)
        certainty, agree = self._certainty(evidence)
        across = farthest(self.crossings)
        if self.transport == "ipc":
            across = Crossed(CrossingKind.HOST, "ipc never leaves a host")
        at = self.at
        return SeenBoundary(
            client=parties.of[self.client].finished() if self.client is not None else None,
            server=parties.of[at.server].finished() if at and at.server else None,
            transport=self.transport,
            port=at.port if at else None,
            path=at.path if at and self.transport == "ipc" else "",
            endpoint=self.endpoint,
            client_name=self.names.get("client", ""),
            server_name=self.names.get("server", ""),
            client_types=tuple(self.client_types),
            server_types=tuple(self.server_types),
            mechanisms=tuple(self.mechanisms),
            exposed=True if True in self.exposed else False if self.exposed else None,
            crosses=across.kind,
            crosses_why=across.why,
            certainty=certainty,
            why=(*self.reasons, *agree),
            unbound=self.unbound,
            evidence=evidence,
        )

    def _certainty(
        self, evidence: tuple[BoundaryEvidence, ...]
    ) -> tuple[Certainty, tuple[str, ...]]:
        """As sure as the surest witness; one step surer where code and what runs agree."""
        best = min(self.reasons.values(), default=Certainty.POSSIBLE)
        kinds = dict.fromkeys(each.kind for each in evidence)
        runs = [each for each in kinds if each.of_running]
        if best is Certainty.SURE or not runs or len(runs) == len(kinds):
            return best, ()
        named = " and ".join(
            map(str, (runs[0], next(each for each in kinds if not each.of_running)))
        )
        return Certainty(best - 1), (f"{named} agree on it, and neither knows of the other",)


class EdgeDrafts:
    """All that are coming together: one for each client of each socket, found by either."""

    def __init__(self) -> None:
        self._at: dict[AtServer, dict[str | None, BoundaryDraft]] = {}
        self._at_place: dict[int | str, dict[AtServer, None]] = {}

    def draft(self, client: str | None, at: AtServer, transport: str) -> BoundaryDraft:
        """That of a client (None: of a socket that waits), made where there is none."""
        self._at_place.setdefault(at.place, {})[at] = None
        some = self._at.setdefault(at, {})
        return some.setdefault(client, BoundaryDraft(client, at, transport))

    def found(self, client: str | None, at: AtServer) -> BoundaryDraft | None:
        """The same, None where there is none."""
        return self._at.get(at, {}).get(client)

    def at(self, at: AtServer) -> tuple[BoundaryDraft, ...]:
        """All of one socket."""
        return tuple(self._at.get(at, {}).values())

    def at_place(self, place: int | str) -> tuple[AtServer, ...]:
        """The sockets at one port or path, whosever."""
        return tuple(self._at_place.get(place, ()))

    def servers(self) -> tuple[AtServer, ...]:
        """Every socket that waits."""
        return tuple(self._at)

    def connected(self) -> tuple[BoundaryDraft, ...]:
        """Those that have a client."""
        return tuple(each for each in self.every() if each.client is not None)

    def every(self) -> tuple[BoundaryDraft, ...]:
        """All of them."""
        return tuple(each for some in self._at.values() for each in some.values())

    def share(self) -> None:
        """What is known of a socket that waits is known of each edge that ends there."""
        for some in self._at.values():
            if len(some) > 1 and (waiting := some.pop(None, None)):
                for each in some.values():
                    each.take(waiting)
