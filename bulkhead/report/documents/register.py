"""`bulkhead.discover-register/1`."""

from __future__ import annotations

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.register import (
    BoundaryEvidence,
    BoundaryParty,
    BoundaryRegister,
    BoundaryStanding,
    HeldAgainst,
    SeenBoundary,
)
from bulkhead.network import Provenance
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.register import held_verdict
from bulkhead.report.register import verdict as verdict_of


def register(
    found: BoundaryRegister,
    held: HeldAgainst | None = None,
    *,
    provenance: Provenance | None = None,
) -> Document:
    """All boundaries, who their ends are, what was searched, and how they stand to a topology."""
    return {
        "schema": "bulkhead.discover-register/1",
        "provenance": made_from(provenance),
        "verdict": verdict_of(found),
        "parties": [_party(each) for each in found.parties],
        "boundaries": [boundary(each) for each in found.boundaries],
        "searched": list(found.searched),
        "notes": list(found.notes),
        "against": _held(held) if held else None,
    }


def _held(held: HeldAgainst) -> Document:
    return {
        "topology": held.topology,
        "file": held.file,
        "verdict": held_verdict(held),
        "ok": held.ok,
        "plain": held.plain,
        "standings": [_standing(each) for each in held.standings],
    }


def boundary(each: SeenBoundary) -> Document:
    """An edge, or with one end `null` a socket of which the other is not known."""
    return {
        "client": each.client.name if each.client else None,
        "server": each.server.name if each.server else None,
        "transport": each.transport,
        "port": each.port,
        "path": each.path or None,
        "endpoint": each.endpoint or None,
        "client_socket": each.client_name or None,
        "server_socket": each.server_name or None,
        "client_types": list(each.client_types),
        "server_types": list(each.server_types),
        "mechanisms": list(each.mechanisms),
        "exposed": each.exposed,
        "local": each.local,
        "crosses": each.crosses.name.lower(),
        "crosses_why": each.crosses_why,
        "certainty": str(each.certainty),
        "why": list(each.why),
        "unbound": each.unbound or None,
        "evidence": [_evidence(one) for one in each.evidence],
    }


def _party(each: BoundaryParty) -> Document:
    return {
        "name": each.name,
        "because": each.because,
        "known": each.known,
        "names": list(each.names),
        "files": list(each.files),
        "machines": list(each.machines),
        "addresses": list(each.addresses),
    }


def _evidence(each: BoundaryEvidence) -> Document:
    return {
        "kind": each.kind.name.lower(),
        "end": each.end,
        "what": each.what,
        "where": each.where,
        **place(each.place),
        "machine": each.machine or None,
        "pids": list(each.pids),
        "frame": {"file": each.frame.file, "number": each.frame.number} if each.frame else None,
        "count": each.count,
        "days": each.days,
        "first": each.first or None,
        "last": each.last or None,
        "client_address": each.client_address or None,
        "server_address": each.server_address or None,
    }


def _standing(each: BoundaryStanding) -> Document:
    connection = each.connection
    return {
        "kind": each.kind.name.lower(),
        "what": each.what,
        "differs": each.differs or None,
        "matched": list(each.matched),
        "unsure": each.unsure,
        "seen_end": each.seen_end or None,
        "declared": connection
        and {
            "client": connection.client_socket.reference,
            "server": connection.server_socket.reference,
        },
        "declared_at": each.declared_at
        and {"file": each.declared_at.file, "line": each.declared_at.line},
        "boundary": boundary(each.boundary) if each.boundary else None,
    }


def place(at: CodePlace | None) -> Document:
    """The line of a file, or that there is none."""
    return {"file": at.file if at else None, "line": at.line if at else None}
