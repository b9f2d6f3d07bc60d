"""The record of a drill: what `bulkhead drill --json` wrote down, and whether it counts here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRecord:
    """A test of a network with real sockets: when, of what, with which version, how it ended.

    `problem`: why it does not count as a test of what is audited; '' where it does.
    """

    file: str
    day: date
    version: str
    source: str
    digests: tuple[tuple[str, str], ...]
    """Of every file that was read: its name and SHA-256."""
    agreed: bool
    """Whether everything was as proved."""
    connections: int
    disagreements: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    """What a drill does not test, in its own words."""
    problem: str = ""
