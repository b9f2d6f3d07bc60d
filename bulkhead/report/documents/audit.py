"""`bulkhead.audit/1`."""

from __future__ import annotations

from bulkhead.audit import Answer, Assessed, Audit, Coverage, Outcome, Suppression
from bulkhead.network import Network, Origins, Provenance
from bulkhead.report.audit import verdict
from bulkhead.report.documents.parts import not_modelled
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def audit(
    source: str,
    audited: Audit,
    network: Network,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Document:
    """Every control with what each of its checks says of every resource."""
    counts = audited.counts()
    return {
        "schema": "bulkhead.audit/1",
        "source": source,
        "provenance": made_from(provenance),
        "verdict": verdict(source, audited),
        "ok": audited.ok,
        "counts": {str(each): counts[each] for each in Outcome},
        "frameworks": {
            str(framework): {str(each): audited.counts(framework)[each] for each in Outcome}
            for framework in audited.frameworks
        },
        "controls": [_control(each, origins) for each in audited.assessed],
        "coverage": _coverage(audited.coverage),
        "suppressions": {
            "expired": [_suppression(each) for each in audited.expired],
            "unmatched": [_suppression(each) for each in audited.unmatched],
        },
        "not_modelled": not_modelled(network),
    }


def _control(assessed: Assessed, origins: Origins | None) -> Document:
    control = assessed.control
    return {
        "framework": str(control.framework),
        "version": control.version or None,
        "id": control.id,
        "also": dict(control.also),
        "requires": control.requires,
        "status": str(control.status),
        "outcome": str(assessed.outcome),
        "needs": list(assessed.needs),
        "checks": [_answer(each, origins) for each in assessed.answers],
    }


def _answer(answer: Answer, origins: Origins | None) -> Document:
    check, checked = answer.check, answer.checked
    origin = None
    for each in checked.rules:
        origin = origin or (origins.of(each.component, each.rule) if origins else None)
    if origins and origin is None:
        origin = origins.of(checked.resource)
    return {
        "check": check.id,
        "severity": str(check.severity),
        "outcome": str(checked.outcome),
        "resource": checked.resource or None,
        "name": checked.name,
        "message": checked.message,
        "purpose": checked.said.purpose or None,
        "owner": checked.said.owner or None,
        "data": checked.said.data or None,
        "rules": [{"component": each.component, "rule": each.text} for each in checked.rules],
        "evidence": list(checked.evidence),
        "remedy": checked.remedy or None,
        "file": (origin.file or None) if origin else None,
        "line": (origin.line or None) if origin else None,
        "urn": (origin.urn or None) if origin else None,
        "suppression": _suppression(answer.suppression) if answer.suppression else None,
    }


def _suppression(each: Suppression) -> Document:
    return {
        "check": each.check or None,
        "control": each.control or None,
        "resource": each.resource,
        "reason": each.reason,
        "owner": each.owner,
        "expires": each.expires.isoformat(),
        "file": each.file,
        "line": each.line,
    }


def _coverage(of: Coverage) -> Document:
    return {
        "regions": list(of.regions),
        "calls": of.calls,
        "unanswered": [
            {"call": each.call, "region": each.region, "why": each.why} for each in of.unanswered
        ],
        "things": of.things,
        "not_modelled": of.unmodelled,
        "pairs": of.pairs,
        "undetermined": of.undetermined,
        "controls": of.controls,
        "decided": of.decided,
    }
