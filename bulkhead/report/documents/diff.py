"""`bulkhead.diff/1`."""

from __future__ import annotations

from bulkhead.compare import Cause, Change, ChangeKind, Delta
from bulkhead.ends import Label
from bulkhead.network import Provenance, has_ports, has_types
from bulkhead.report.documents.parts import ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def diff(
    before: str,
    after: str,
    delta: Delta,
    *,
    provenance: tuple[Provenance, Provenance] | None = None,
) -> Document:
    """Every flow that differs. `provenance`: of what was before, and of what is after."""
    one, other = provenance or (None, None)
    return {
        "schema": "bulkhead.diff/1",
        "before": before,
        "after": after,
        "provenance": {"before": made_from(one), "after": made_from(other)},
        "verdict": "no flow differs" if delta.same else "flows differ",
        "counts": {str(kind): delta.counts.get(kind, 0) for kind in ChangeKind},
        "unchanged": delta.unchanged,
        "by_place": delta.by_place,
        "changes": [_change(each) for each in delta.changes],
        "appeared": list(delta.appeared),
        "vanished": list(delta.vanished),
        "not_modelled": {"before": delta.unmodelled[0], "after": delta.unmodelled[1]},
    }


def _change(change: Change) -> Document:
    effect = change.effect
    return {
        "kind": str(change.kind),
        "from": _side(change.source),
        "to": _side(change.destination),
        "socket": change.socket,
        "exposed": list(change.exposed),
        "protocol": None if change.protocol is None else protocol(change.protocol),
        "ports": _ports(change),
        "before": str(change.before),
        "after": str(change.after),
        "hosts": change.hosts,
        "of_hosts": change.of_hosts,
        "example": {
            "from": change.example[0],
            "to": change.example[1],
            "from_id": change.example_ids[0],
            "to_id": change.example_ids[1],
        },
        "lost_client_ports": [ports(each) for each in change.lost],
        "causes": [_cause(each) for each in change.causes],
        "established": None
        if effect is None
        else {"fate": str(effect.fate), "idle_seconds": effect.seconds, "why": effect.why},
    }


def _side(side: Label) -> Document:
    return {"name": side.name, "kind": str(side.kind)}


def _cause(cause: Cause) -> Document:
    return {
        "kind": str(cause.kind),
        "layer": None if cause.layer is None else str(cause.layer),
        "component": cause.component,
        "rule": cause.rule,
        "was": cause.was or None,
        "reply": cause.reply,
    }


def _ports(change: Change) -> list[list[int]] | None:
    """None where the protocol has none."""
    if change.protocol is None or not (has_ports(change.protocol) or has_types(change.protocol)):
        return None
    return [ports(each) for each in change.ports]
