"""The part of every document that says when, where and from what it was made."""

from __future__ import annotations

from bulkhead.network import Provenance, Scope
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
        "scope": _scope(of.scope),
    }


def _scope(of: Scope | None) -> Document | None:
    """None where all of the source was asked about."""
    if of is None:
        return None
    return {
        "topology": of.topology,
        "stack": of.stack,
        "vpcs": list(of.vpcs),
        "neighbours": list(of.neighbours),
        "others": list(of.others),
        "left_out": [
            {"kind": each.kind, "id": each.id, "name": each.name, "why": each.why}
            for each in of.left_out
        ],
    }
