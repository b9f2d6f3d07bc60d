"""`bulkhead.discover-flows/1`."""

from __future__ import annotations

from datetime import datetime

from bulkhead.discover.flows import (
    FlowEdge,
    FlowEnd,
    FlowInterface,
    FlowsHeld,
    FlowsSeen,
    UnseenFlow,
)
from bulkhead.network import Flow, Provenance, protocol_name
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.flows import notes
from bulkhead.report.flows import verdict as verdict_of


def flows(
    seen: FlowsSeen,
    held: FlowsHeld | None = None,
    *,
    provenance: Provenance | None = None,
) -> Document:
    """Every edge of flow logs, and what a topology says to it."""
    return {
        "schema": "bulkhead.discover-flows/1",
        "provenance": made_from(provenance),
        "verdict": verdict_of(seen, held),
        "ok": held is None or held.ok,
        "files": seen.files,
        "records": seen.records,
        "nodata": seen.nodata,
        "skipped": seen.skipped,
        "first": moment(seen.first),
        "last": moment(seen.last),
        "days": [str(each) for each in seen.days],
        "fields": sorted(seen.fields),
        "edges": [flow_edge(each) for each in seen.edges],
        "interfaces": [_interface(each) for each in seen.interfaces],
        "against": None if held is None else _held(held, seen),
        "notes": list(notes(seen, held)),
    }


def flow_edge(edge: FlowEdge) -> Document:
    """One edge, with its records."""
    return {
        "client": _end(edge.client),
        "server": _end(edge.server),
        "protocol": protocol_name(edge.protocol),
        "port": edge.port,
        "ports": edge.ports,
        "client_port": edge.client_port,
        "clients": edge.clients,
        "servers": edge.servers,
        "outcome": edge.outcome.name.lower(),
        "opened_by": edge.opened_by.name.lower(),
        "sure": edge.opened_by.sure,
        "records": edge.records,
        "accepted": edge.accepted,
        "rejected": edge.rejected,
        "answered": edge.answered,
        "answers_rejected": edge.answers_rejected,
        "resets": edge.resets,
        "packets": edge.packets,
        "bytes": edge.size,
        "first": moment(edge.first),
        "last": moment(edge.last),
        "days": [str(each) for each in edge.days],
        "paths": list(edge.paths),
        "reject_reasons": list(edge.reasons),
        "encryption": list(edge.encryption),
        "recorded_by": list(edge.recorded_by),
        "refused_at": list(edge.refused_at),
    }


def moment(time: datetime | None) -> str | None:
    """'2026-11-01T00:00:00Z'."""
    return None if time is None else time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _end(end: FlowEnd) -> Document:
    return {
        "name": end.name,
        "address": end.address or None,
        "owner": end.owner or None,
        "interface": end.interface or None,
        "named_by": end.named_by.name.lower(),
        "public": end.public,
        "changed": end.changed,
    }


def _interface(each: FlowInterface) -> Document:
    return {
        "id": each.id,
        "address": each.address or None,
        "vpc": each.vpc or None,
        "subnet": each.subnet or None,
        "instance": each.instance or None,
        "ecs_service": each.ecs_service or None,
        "records": each.ok,
        "accepted": each.accepted,
        "rejected": each.rejected,
        "nodata": each.nodata,
        "skipped": each.skipped,
        "first": moment(each.first),
        "last": moment(each.last),
    }


def _held(held: FlowsHeld, seen: FlowsSeen) -> Document:
    """Edges by their place in `edges`."""
    place = {each: number for number, each in enumerate(seen.edges)}
    return {
        "topology": held.topology,
        "seen": [
            {**_flow(each.flow), "edges": [place[edge] for edge in each.edges]}
            for each in held.seen
        ],
        "never": [_missing(each) for each in held.never],
        "unrecorded": [_missing(each) for each in held.unrecorded],
        "shadows": [place[each] for each in held.shadows],
        "attempts": [place[each] for each in held.attempts],
        "undecided": [place[each] for each in held.undecided],
        "blocked": [place[each] for each in held.blocked],
        "beside": [place[each] for each in held.beside],
    }


def _flow(flow: Flow) -> Document:
    return {"client": flow.client_said, "server": flow.server.name, "traffic": flow.server.traffic}


def _missing(each: UnseenFlow) -> Document:
    return {**_flow(each.flow), "why": each.why or None}
