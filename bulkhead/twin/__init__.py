"""Network -> namespaces, firewalls, real ZeroMQ sockets -> what was measured.

drill(network, flows)      every source with every listener
probe(network, probes)     single TCP connections, with a source port of one's choice
Twin(network)              a twin to run real programs in
availability()             why none of this works here, or None
too_large(network)         why none of this would end in its time, or None
"""

from bulkhead.twin.measured import (
    Drill,
    Measurement,
    Party,
    PartyKind,
    Probe,
    TwinError,
    Unavailable,
)
from bulkhead.twin.session import DEADLINE, PATIENCE, Program, Twin, availability, drill, probe
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
