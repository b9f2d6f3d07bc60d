"""`bulkhead.discover-host/1`."""

from __future__ import annotations

from bulkhead.discover.host import (
    Greeted,
    HostEdge,
    HostGraph,
    HostListener,
    HostParty,
    RecordedProcess,
)
from bulkhead.network import Provenance
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.host import notes
from bulkhead.report.host import verdict as verdict_of


def host(graph: HostGraph, *, provenance: Provenance | None = None) -> Document:
    """Processes, listeners and edges of all machines."""
    return {
        "schema": "bulkhead.discover-host/1",
        "provenance": made_from(provenance),
        "verdict": verdict_of(graph),
        "whole": graph.whole,
        "machines": [
            {
                "name": each.host.name,
                "time": each.time,
                "privileged": each.privileged,
                "counts": each.counts.model_dump(),
                "addresses": sorted({one for space in each.namespaces for one in space.addresses}),
            }
            for each in graph.records
        ],
        "processes": [
            {
                "machine": machine,
                **process(each),
                "evidence": [one.model_dump() for one in each.zeromq],
                "sockets_read": each.sockets_read,
            }
            for machine, each in graph.processes
        ],
        "listeners": [listener(each) for each in graph.listeners],
        "unknown": [listener(each) for each in graph.unknown],
        "edges": [edge(each) for each in graph.edges],
        "notes": list(notes(graph)),
    }


def process(of: RecordedProcess) -> Document:
    """A process, and the container that it is in."""
    container = of.container
    return {
        "pid": of.pid,
        "name": of.name,
        "program": of.program,
        "script": of.script,
        "uid": of.uid,
        "namespace": of.namespace,
        "container": container
        and {
            "id": container.id,
            "runtime": container.runtime or None,
            "pod": container.pod,
            "name": of.host_name,
        },
    }


def listener(of: HostListener) -> Document:
    """A socket that waits."""
    return {
        "machine": of.machine,
        "transport": of.transport,
        "address": of.address,
        "port": of.port,
        "path": of.path,
        "processes": [process(each) for each in of.processes],
        "greeting": _greeting(of.greeting),
    }


def _greeting(greeting: Greeted | None) -> Document | None:
    return greeting.model_dump() if greeting else None


def edge(of: HostEdge) -> Document:
    """A connection, or several alike."""
    return {
        "client": _party(of.client),
        "server": _party(of.server),
        "transport": of.transport,
        "path": of.path,
        "sure": of.sure.name.lower(),
        "opened_sure": of.opened_sure,
        "asking": of.asking,
        "because": of.because.name.lower(),
        "greeting": _greeting(of.greeting),
        "count": of.count,
    }


def _party(party: HostParty) -> Document:
    return {
        "machine": party.machine,
        "address": party.address,
        "port": party.port,
        "processes": [process(each) for each in party.processes],
        "why": party.why or None,
    }
