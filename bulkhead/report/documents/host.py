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
                **_process(each),
                "evidence": [one.model_dump() for one in each.zeromq],
                "sockets_read": each.sockets_read,
            }
            for machine, each in graph.processes
        ],
        "listeners": [_listener(each) for each in graph.listeners],
        "unknown": [_listener(each) for each in graph.unknown],
        "edges": [_edge(each) for each in graph.edges],
        "notes": list(notes(graph)),
    }


def _process(process: RecordedProcess) -> Document:
    container = process.container
    return {
        "pid": process.pid,
        "name": process.name,
        "program": process.program,
        "script": process.script,
        "uid": process.uid,
        "namespace": process.namespace,
        "container": container
        and {
            "id": container.id,
            "runtime": container.runtime or None,
            "pod": container.pod,
            "name": process.host_name,
        },
    }


def _listener(listener: HostListener) -> Document:
    return {
        "machine": listener.machine,
        "transport": listener.transport,
        "address": listener.address,
        "port": listener.port,
        "path": listener.path,
        "processes": [_process(each) for each in listener.processes],
        "greeting": _greeting(listener.greeting),
    }


def _greeting(greeting: Greeted | None) -> Document | None:
    return greeting.model_dump() if greeting else None


def _edge(edge: HostEdge) -> Document:
    return {
        "client": _party(edge.client),
        "server": _party(edge.server),
        "transport": edge.transport,
        "path": edge.path,
        "sure": edge.sure.name.lower(),
        "opened_sure": edge.opened_sure,
        "asking": edge.asking,
        "because": edge.because.name.lower(),
        "greeting": _greeting(edge.greeting),
        "count": edge.count,
    }


def _party(party: HostParty) -> Document:
    return {
        "machine": party.machine,
        "address": party.address,
        "port": party.port,
        "processes": [_process(each) for each in party.processes],
        "why": party.why or None,
    }
