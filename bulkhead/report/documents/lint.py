"""`bulkhead.lint/1`."""

from __future__ import annotations

from bulkhead.lint import Severity, Smell, SmellKind, Smells
from bulkhead.network import Origins, Provenance
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.lint import by
from bulkhead.report.scope import left_out


def lint(
    source: str,
    smells: Smells,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Document:
    """Every rule that does nothing, hides something or stands wide open."""
    return {
        "schema": "bulkhead.lint/1",
        "source": source,
        "provenance": made_from(provenance),
        "verdict": "no fault" if smells.clean else "faults",
        "counts": {str(kind): len(smells.of(kind)) for kind in SmellKind},
        "severities": {str(each): len(smells.graded(each)) for each in Severity},
        "left_out": [*smells.left_out, *left_out(provenance)],
        "findings": [_finding(each, origins or Origins()) for each in smells],
    }


def _finding(smell: Smell, origins: Origins) -> Document:
    written = origins.first(smell.component, smell.rules)
    return {
        "kind": str(smell.kind),
        "severity": str(smell.severity),
        "fault": smell.fault,
        "component": smell.component,
        "name": smell.name,
        "rule": smell.rule or None,
        "why": smell.why,
        "remedy": smell.remedy,
        "by": by(smell),
        "proved": _proved(smell),
        "file": (written and written.file) or None,
        "line": (written and written.line) or None,
        "urn": (written and written.urn) or None,
    }


def _proved(smell: Smell) -> str | None:
    """What shows that it can go: its own text, or the proof over all that is listed."""
    if smell.removal is None:
        return None
    return "by its own text" if smell.removal.by_text else "over everything here"
