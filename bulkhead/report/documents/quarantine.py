"""A quarantine, as documents hold it."""

from __future__ import annotations

from bulkhead.network import CutOff
from bulkhead.report.documents.parts import origin
from bulkhead.report.documents.writing import Document


def quarantine(found: CutOff) -> Document:
    """What is cut, what stays, and what is not cut at once."""
    return {
        "service": found.service,
        "why": found.why or None,
        "owner": found.owner or None,
        "responder": found.responder or None,
        "cut": [str(each) for each in found.cut],
        "stays": [str(each) for each in found.stays],
        "not_at_once": [
            {
                "flow": str(each.flow),
                "reason": str(each.reason),
                "where": list(each.where),
                "seconds": each.seconds,
            }
            for each in found.lives_on
        ],
        "origin": origin(found.origin),
    }
