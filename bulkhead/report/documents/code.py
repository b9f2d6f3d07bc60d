"""`bulkhead.discover-code/1`."""

from __future__ import annotations

from bulkhead.discover.code.changes import CodeChanges
from bulkhead.discover.code.found import (
    CodePlace,
    CodeScan,
    EndInCode,
    EndpointInConfig,
    SocketInCode,
)
from bulkhead.discover.code.parts import KnownPart, Part
from bulkhead.network import Provenance
from bulkhead.report.code import SEVERITIES, verdict
from bulkhead.report.code_changes import changes_document
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def code(
    scan: CodeScan, changes: CodeChanges | None = None, *, provenance: Provenance | None = None
) -> Document:
    """All sockets of a scan, what configures them, what of it is worth a look."""
    return {
        "schema": "bulkhead.discover-code/1",
        "provenance": made_from(provenance),
        "paths": list(scan.roots),
        "verdict": verdict(scan),
        "sockets": [_socket(each) for each in scan.sockets],
        "configuration": [_configured(each) for each in scan.configured],
        "findings": [
            {
                "kind": str(each.kind),
                "severity": str(SEVERITIES[each.kind]),
                "what": each.what,
                "why": each.why,
                **_place(each.place),
            }
            for each in scan.findings
        ],
        "authenticators": [
            {"program": program, **_place(each)}
            for program, places in scan.authenticators.items()
            for each in places
        ],
        "files": dict(scan.files),
        "parsed": dict(scan.parsed),
        "lines": scan.lines,
        "skipped": [
            {"file": each.file, "reason": str(each.reason), "why": each.why or None}
            for each in scan.skipped
        ],
        "ignored": scan.ignored,
        "left_out": list(scan.left_out),
        "changes": changes_document(changes) if changes else None,
    }


def _place(place: CodePlace) -> Document:
    return {"file": place.file, "line": place.line}


def _socket(socket: SocketInCode) -> Document:
    return {
        "program": socket.program,
        "language": socket.language,
        "binding": socket.binding,
        "type": socket.type,
        "types": list(socket.types),
        "part": socket.part or None,
        "name": socket.name or None,
        "within": socket.within or None,
        "made_here": socket.made,
        "test": socket.test,
        "mechanism": socket.mechanism,
        **_place(socket.place),
        "ends": [_end(each) for each in socket.ends],
        "options": [
            {"name": each.name, "value": each.value, **_place(each.place)}
            for each in socket.options
        ],
        "deserialised": [{"call": each.call, **_place(each.place)} for each in socket.deserialised],
    }


def _end(end: EndInCode) -> Document:
    return {
        "side": end.side,
        "endpoint": end.text,
        "default": end.default,
        "exposure": str(end.exposure),
        "parts": [_part(each) for each in end.parts],
        **_place(end.place),
        "steps": list(end.steps),
        "wrong": end.wrong or None,
    }


def _part(part: Part) -> Document:
    if isinstance(part, KnownPart):
        return {"text": part.text}
    return {
        "open": part.name,
        "from": str(part.kind),
        "source": part.source,
        "default": part.default,
    }


def _configured(one: EndpointInConfig) -> Document:
    return {
        "kind": one.kind,
        "key": one.key,
        "text": one.text,
        "ports": list(one.ports),
        **_place(one.place),
        "read_by": [_place(each) for each in one.read_by],
    }
