"""Network -> namespaces, firewalls, real ZeroMQ sockets -> what was measured.

drill(network, flows)      every source with every listener
probe(network, probes)     single TCP connections, with a source port of one's choice
Twin(network)              a twin to run real programs in, also while its rules become others
availability()             why none of this works here, or None
too_large(network)         why none of this would end in its time, or None
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from bulkhead.twin.measured import (
    Drill,
    Measurement,
    Party,
    PartyKind,
    Probe,
    TwinError,
    Unavailable,
)

if TYPE_CHECKING:
    from bulkhead.twin.session import (
        DEADLINE,
        PATIENCE,
        Program,
        Twin,
        availability,
        drill,
        probe,
    )
    from bulkhead.twin.size import MOST, TooLarge, too_large

__all__ = [
    "DEADLINE",
    "MOST",
    "PATIENCE",
    "Drill",
    "Measurement",
    "Party",
    "PartyKind",
    "Probe",
    "Program",
    "TooLarge",
    "Twin",
    "TwinError",
    "Unavailable",
    "availability",
    "drill",
    "probe",
    "too_large",
]

_LATER: Final = {
    **dict.fromkeys(("MOST", "TooLarge", "too_large"), "size"),
    **dict.fromkeys(("DEADLINE", "PATIENCE", "Program", "Twin"), "session"),
    **dict.fromkeys(("availability", "drill", "probe"), "session"),
}
"""In which module is what builds a twin: who only compares with what was measured needs no zmq."""


def __getattr__(name: str) -> object:
    """What of `_LATER` is asked for, imported then."""
    if module := _LATER.get(name):
        return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
