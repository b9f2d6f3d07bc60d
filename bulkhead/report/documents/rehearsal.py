"""`bulkhead.rehearsal/1`."""

from __future__ import annotations

from collections.abc import Sequence

from bulkhead.network import Provenance
from bulkhead.rehearse import Rehearsal, RehearsedEdge
from bulkhead.report.documents.flows import flow_edge
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.rehearsal import notes, seldom
from bulkhead.report.rehearsal import verdict as verdict_of


def rehearsal(found: Rehearsal, *, provenance: Sequence[Provenance] = ()) -> Document:
    """Every edge that carried traffic, and its fate in the planned network."""
    return {
        "schema": "bulkhead.rehearsal/1",
        "provenance": [made_from(each) for each in provenance],
        "topology": found.topology,
        "verdict": verdict_of(found),
        "ok": found.ok,
        "days": [str(each) for each in found.days],
        "edges": [_edge(each, found) for each in found.edges],
        "opened": [_edge(each, found) for each in found.opened],
        "beside": [flow_edge(each) for each in found.beside],
        "notes": list(notes(found)),
    }


def _edge(each: RehearsedEdge, found: Rehearsal) -> Document:
    return {
        "fate": each.fate.name.lower(),
        "why": each.why or None,
        "layers": list(each.layers),
        "seldom": seldom(each, found),
        "pairs": each.pairs,
        "harmed": each.harmed,
        "edge": flow_edge(each.edge),
    }
