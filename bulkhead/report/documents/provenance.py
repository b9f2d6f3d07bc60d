"""The part of every document that says when, where and from what it was made."""

from __future__ import annotations

from bulkhead.network import Provenance
from bulkhead.report.documents.writing import Document


def provenance(of: Provenance | None) -> Document | None:
    """None where whoever asks read nothing."""
    if of is None:
        return None
    return {
        "time": of.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "version": of.version,
        "account": of.account,
        "accounts": list(of.accounts),
        "regions": list(of.regions),
        "digests": [{"name": each.name, "sha256": each.sha256} for each in of.digests],
    }
