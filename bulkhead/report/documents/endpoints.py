"""`bulkhead.endpoints/1`."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.network import Provenance
from bulkhead.problems import Problem
from bulkhead.report.documents.parts import problem
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.settings import OwnerSettings, as_plain


def endpoints(
    found: OwnerSettings,
    *,
    warnings: Iterable[Problem] = (),
    provenance: Provenance | None = None,
) -> Document:
    """What the programs of one service or site bind, connect to and set."""
    return {
        "schema": "bulkhead.endpoints/1",
        "provenance": made_from(provenance),
        **as_plain(found),
        "warnings": [problem(each) for each in warnings],
    }
