"""The form to which all evidence of what runs is brought: who, to whom, at which port."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from bulkhead.discover.register.evidence import BoundaryEvidence


class Certainty(IntEnum):
    """How sure it is that a boundary of ZeroMQ is there, the surest first."""

    SURE = 0
    LIKELY = 1
    POSSIBLE = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenParty:
    """One end as one witness knows it; '' is what it does not tell.

    `name` is what it goes by, `because` how that is known. `script` is what a process runs.
    """

    name: str
    because: str
    machine: str = ""
    address: str = ""
    script: str = ""
    known: bool = True
    """Whether it is a program; an address alone is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A connection that was seen, or with no client a socket that waits.

    `port` is None of ipc, whose `path` is. `exposed`: whether other hosts can come to the server,
    None where nobody knows. `same_host`: whether both ends are on one machine; `routed` whether a
    router lies between them. `zeromq` is False of what may be anything, as a record of a flow log
    is: it speaks for a boundary that is known otherwise, and makes none.
    """

    client: SeenParty | None
    server: SeenParty
    transport: str
    port: int | None
    path: str = ""
    client_type: str = ""
    server_type: str = ""
    mechanism: str = ""
    exposed: bool | None = None
    same_host: bool = False
    routed: bool = False
    zeromq: bool = True
    certainty: Certainty
    why: str
    evidence: BoundaryEvidence

    @property
    def told(self) -> BoundaryEvidence:
        """Its evidence, with where both ends were."""
        return replace(
            self.evidence,
            client_address=self.client.address if self.client else "",
            server_address=self.server.address,
        )
