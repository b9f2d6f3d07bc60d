"""`bulkhead.lint/1`."""

from __future__ import annotations

from bulkhead.lint import Smell, SmellKind, Smells
from bulkhead.report.documents.writing import Document
from bulkhead.report.lint import by


def lint(source: str, smells: Smells) -> Document:
    """Every rule that does nothing, hides something or stands wide open."""
    return {
        "schema": "bulkhead.lint/1",
        "source": source,
        "verdict": "no fault" if smells.clean else "faults",
        "counts": {str(kind): len(smells.of(kind)) for kind in SmellKind},
        "findings": [_finding(each) for each in smells],
    }


def _finding(smell: Smell) -> Document:
    return {
        "kind": str(smell.kind),
        "fault": smell.fault,
        "component": smell.component,
        "name": smell.name,
        "rule": smell.rule or None,
        "why": smell.why,
        "remedy": smell.remedy,
        "by": by(smell),
    }
