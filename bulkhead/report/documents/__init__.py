"""Every answer as JSON: versioned, and described in docs/json.md. One file a document.

A document's `schema` names its kind and version. Within a version fields are
only added; whatever removes or renames one raises the number. What may hold
millions of cells is not made whole but part by part, for `stream`.

(Not called `json`: within Python that is the module that writes it.)
"""

from bulkhead.report.documents.check import check
from bulkhead.report.documents.diff import diff
from bulkhead.report.documents.drill import drill
from bulkhead.report.documents.explain import explain
from bulkhead.report.documents.lint import lint
from bulkhead.report.documents.plan import plan
from bulkhead.report.documents.prove import prove
from bulkhead.report.documents.reach import reach
from bulkhead.report.documents.refused import refused
from bulkhead.report.documents.writing import stream, write

__all__ = [
    "check",
    "diff",
    "drill",
    "explain",
    "lint",
    "plan",
    "prove",
    "reach",
    "refused",
    "stream",
    "write",
]
