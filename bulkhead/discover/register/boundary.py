"""The register: every boundary that any evidence shows, with all that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind
from bulkhead.discover.register.grounds import CrossingKind
from bulkhead.discover.register.sighting import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryParty:
    """A program (or, where nobody knows which, an address) with all that is known of it.

    `because` says how it came by its name. `names` are others that it goes by; `files` where its
    code is, `machines` and `addresses` where it was seen.
    """

    name: str
    because: str
    known: bool
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBoundary:
    """One client that comes to one socket of one server.

    `client` is None of a socket to which nobody was seen to connect, `server` of one that connects
    to nobody that was seen; `unbound` then says it in words. `port` is None of ipc, and where only
    the running program knows it; `endpoint` is as it is written, where it is. `exposed`: whether
    the server's socket can be reached from other hosts, None where nobody knows.
    Of several `client_types` (or others) the witnesses contradict one another.
    """

    client: BoundaryParty | None
    server: BoundaryParty | None
    transport: str
    port: int | None
    path: str = ""
    endpoint: str = ""
    client_name: str = ""
    server_name: str = ""
    client_types: tuple[str, ...] = ()
    server_types: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    exposed: bool | None = None
    crosses: CrossingKind
    crosses_why: str
    certainty: Certainty
    why: tuple[str, ...]
    unbound: str = ""
    evidence: tuple[BoundaryEvidence, ...]

    @property
    def client_type(self) -> str:
        return self.client_types[0] if len(self.client_types) == 1 else ""

    @property
    def server_type(self) -> str:
        return self.server_types[0] if len(self.server_types) == 1 else ""

    @property
    def mechanism(self) -> str:
        return self.mechanisms[0] if len(self.mechanisms) == 1 else ""

    @property
    def local(self) -> bool:
        """Whether nothing of it leaves a host: no network has a rule for it."""
        nobody_else = self.exposed is False or self.transport == "ipc"
        return nobody_else or (self.crosses is CrossingKind.HOST and self.exposed is None)

    @property
    def at(self) -> str:
        """'tcp 5556', 'ipc /run/a', 'tcp {port}' where only the running program knows."""
        if self.port is not None:
            return f"{self.transport} {self.port}"
        written = self.endpoint.partition("://")[2] or self.endpoint
        return f"{self.transport} {self.path or written or '?'}"

    @property
    def place(self) -> CodePlace | None:
        """The line in the code that is first to be looked at: the client's, or the server's."""
        for kind in (EvidenceKind.CODE, EvidenceKind.CONFIG):
            for end in ("client", "server", "both"):
                for each in self.evidence:
                    if each.kind is kind and each.end == end and each.place:
                        return each.place
        return None

    def places(self, end: str) -> tuple[CodePlace, ...]:
        """The lines of code of one end."""
        return tuple(
            each.place
            for each in self.evidence
            if each.kind is EvidenceKind.CODE and each.end == end and each.place
        )

    def __str__(self) -> str:
        return f"{self.client or '?'} -> {self.server or '?'}  {self.at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryRegister:
    """All boundaries; `searched` is the evidence that was looked at, in words.

    `notes` are what that evidence does not cover: that nothing was found proves nothing absent.
    `digests` are the SHA-256 of files that were read, by name.
    """

    boundaries: tuple[SeenBoundary, ...]
    searched: tuple[str, ...]
    notes: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def bound(self) -> tuple[SeenBoundary, ...]:
        """Those of which both ends are known."""
        return tuple(each for each in self.boundaries if not each.unbound)

    @property
    def unbound(self) -> tuple[SeenBoundary, ...]:
        return tuple(each for each in self.boundaries if each.unbound)

    @property
    def parties(self) -> tuple[BoundaryParty, ...]:
        """Each once, in the order of their names."""
        found = {
            party.name: party
            for each in self.boundaries
            for party in (each.client, each.server)
            if party
        }
        return tuple(found[name] for name in sorted(found))
