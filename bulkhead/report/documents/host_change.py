"""`bulkhead.host-change/1`: a line of `discover host --every --json`."""

from __future__ import annotations

from bulkhead.discover.host.watching import HostChange, HostSnapshot
from bulkhead.report.documents.host import edge, listener, process
from bulkhead.report.documents.writing import Document


def host_change(change: HostChange) -> Document:
    """What one look has that the one before had not, and the reverse."""
    return {
        "schema": "bulkhead.host-change/1",
        "time": change.time,
        "events": [{"what": each.what, "name": each.name} for each in change.events],
        "came": _things(change.came),
        "went": _things(change.went),
    }


def _things(some: HostSnapshot) -> Document:
    return {
        "processes": [
            {"machine": machine, **process(each)} for machine, each in some.processes.values()
        ],
        "listeners": [listener(each) for each in some.listeners.values()],
        "edges": [edge(each) for each in some.edges.values()],
    }
