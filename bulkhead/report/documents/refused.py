"""`bulkhead.error/1`."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.network import Provenance
from bulkhead.problems import Problem
from bulkhead.report.documents.parts import problem
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def refused(
    said: Iterable[Problem | str],
    notes: Iterable[str] = (),
    *,
    provenance: Provenance | None = None,
) -> Document:
    """Why a question could not be asked: all that is wrong, and where, if anywhere."""
    return {
        "schema": "bulkhead.error/1",
        "provenance": made_from(provenance),
        "errors": [_error(each) for each in said],
        "notes": list(notes),
    }


def _error(what: Problem | str) -> Document:
    if isinstance(what, str):
        return {"message": what, "file": None, "line": None, "what": what, "remedy": None}
    return problem(what)
