"""One piece of evidence for a boundary: what was seen, and where anybody can look it up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.wire.seen import FrameAt

WhichEnd = Literal["client", "server", "both"]


class EvidenceKind(StrEnum):
    """Where it is from."""

    CODE = "code"
    CONFIG = "configuration"
    HOST = "host"
    WIRE = "wire"
    PROBE = "probe"
    FLOWS = "flow logs"

    @property
    def of_running(self) -> bool:
        """Whether something was seen to run: code alone tells what would."""
        return self not in (EvidenceKind.CODE, EvidenceKind.CONFIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryEvidence:
    """What one witness says, of one end or of both.

    `place` is the line of code or configuration, `machine` and `pids` those of processes, `frame`
    the first packet in a capture, `count` how many connections (of flow logs: records) alike there
    are. `first` and `last` are days, as '2026-03-01', '' where nobody says; `days` on how many of
    them it was seen. Addresses are those of the ends, as whoever saw them knew them; '' of code.
    """

    kind: EvidenceKind
    end: WhichEnd
    what: str
    place: CodePlace | None = None
    machine: str = ""
    pids: tuple[int, ...] = ()
    frame: FrameAt | None = None
    source: str = ""
    count: int = 1
    days: int | None = None
    first: str = ""
    last: str = ""
    client_address: str = ""
    server_address: str = ""

    @property
    def where(self) -> str:
        """'feed/ticker.py:12', 'vm-1, pid 12', 'before.pcap:17'."""
        if self.place is not None:
            return str(self.place)
        if self.frame is not None:
            return str(self.frame)
        if self.machine:
            pids = ", ".join(map(str, self.pids))
            return f"{self.machine}, pid {pids}" if pids else self.machine
        return self.source

    def __str__(self) -> str:
        times = f", {self.count} times" if self.count > 1 else ""
        seen = f" on {self.days} days" if self.days and self.days > 1 else ""
        between = f", {self.first} to {self.last}" if self.first != self.last else ""
        if self.first and self.first == self.last:
            between = f", {self.first}"
        return f"{self.kind}: {self.what} ({self.where}{times}{seen}{between})"
