"""What the caller's process and the twin's process say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulkhead.network import Flow, Listener, Network
from bulkhead.twin.measured import Probe


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Try whether a twin can be built here."""


@dataclass(frozen=True, slots=True)
class DrillRequest:
    network: Network
    flows: tuple[Flow, ...]
    patience: float
    asked: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    network: Network
    probes: tuple[Probe, ...]
    patience: float
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Build the twin and keep it, for programs to run in."""

    network: Network


@dataclass(frozen=True, slots=True)
class EnforceRequest:
    """Put the rules of another network into force in the twin that is kept."""

    network: Network


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """Try who connects to whom in the twin that is kept."""

    patience: float
    asked: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class StartRequest:
    host: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class PollRequest:
    pid: int


@dataclass(frozen=True, slots=True)
class SignalRequest:
    pid: int
    number: int


@dataclass(frozen=True, slots=True)
class CountRequest:
    """Ask for the packets that each rule has decided so far."""


@dataclass(frozen=True, slots=True)
class Progress:
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    why: str
