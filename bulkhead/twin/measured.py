"""What a drill says: who connected where, what happened, and how that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address
from types import MappingProxyType

from bulkhead.network import TCP, Flow, Listener, PortRange
from bulkhead.network.traffic import traffic
from bulkhead.problems import UnusableError

Report = Callable[[str], None]
"""Is told what a twin is doing."""


class TwinError(UnusableError):
    """The twin could not be built or could not finish; the text says which part and why."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why this machine cannot run a twin."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class PartyKind(StrEnum):
    INTERFACE = "interface"
    STRANGER = "stranger"
    """Any host that someone starts in this subnet: it has no security group to hold it back."""
    SITE = "site"
    INTERNET = "internet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One end of a connection. `id` is an interface's, a subnet's, a site's name or 'internet'."""

    kind: PartyKind
    id: str
    name: str
    address: IPv4Address
    service: str | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One cell: `source` tried to connect to `port` of `target`.

    `listener` is the declared socket that waits there, None for a port that
    nobody declared. With a `flow` the client was of the declared type, and
    `allowed` means that a message went through as well.
    """

    source: Party
    target: Party
    port: int
    allowed: bool
    evidence: str
    listener: Listener | None = None
    flow: Flow | None = None
    protocol: int = TCP
    source_port: int | None = None

    def __str__(self) -> str:
        where = self.listener.name if self.listener else self.target.name
        verdict = "allowed" if self.allowed else "denied"
        return (
            f"{self.source} -> {where} at {self.target.address} "
            f"{traffic(self.protocol, (PortRange(self.port, self.port),))}: "
            f"{verdict} ({self.evidence})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One plain TCP connection to try, from a source port of one's choice.

    `source` is the name or id of an interface, 'stranger@' with a subnet's name
    or id, a site's name ('exchange@192.168.10.7' where it has several hosts), or 'internet'.
    """

    source: str
    destination: IPv4Address
    port: int
    protocol: int = TCP
    source_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """Everything one run of the twin measured.

    `counters` says how many packets each rule decided: rules of security groups,
    entries of NACLs, and the silent denials at the end of each.
    """

    measurements: tuple[Measurement, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    counters: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __reduce__(self) -> tuple[object, ...]:
        # A MappingProxyType cannot travel through a pipe; a plain dict can.
        return (_drill, (self.measurements, self.seconds, self.notes, dict(self.counters)))


def _drill(
    measurements: tuple[Measurement, ...],
    seconds: float,
    notes: tuple[str, ...],
    counters: dict[str, int],
) -> Drill:
    return Drill(
        measurements=measurements,
        seconds=seconds,
        notes=notes,
        counters=MappingProxyType(counters),
    )
