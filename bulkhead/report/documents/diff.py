"""`bulkhead.diff/1`."""

from __future__ import annotations

from bulkhead.compare import Cause, Change, ChangeKind, Delta
from bulkhead.ends import Label
from bulkhead.network import Origin, Origins, Provenance, has_ports, has_types
from bulkhead.report.documents.parts import origin, ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def diff(
    before: str,
    after: str,
    delta: Delta,
    *,
    origins: tuple[Origins, Origins] | None = None,
    provenance: tuple[Provenance, Provenance] | None = None,
) -> Document:
    """Every flow that differs. `origins`, `provenance`: of what was before, of what is after."""
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
        "changes": [change(each, origins) for each in delta.changes],
        "appeared": list(delta.appeared),
        "vanished": list(delta.vanished),
        "not_modelled": {"before": delta.unmodelled[0], "after": delta.unmodelled[1]},
    }


def change(changed: Change, origins: tuple[Origins, Origins] | None = None) -> Document:
    """One flow that differs, with the rules responsible and where each is written."""
    before, after = origins or (Origins(), Origins())
    effect = changed.effect
    return {
        "kind": str(changed.kind),
        "from": _side(changed.source),
        "to": _side(changed.destination),
        "socket": changed.socket,
        "exposed": list(changed.exposed),
        "protocol": None if changed.protocol is None else protocol(changed.protocol),
        "ports": _ports(changed),
        "before": str(changed.before),
        "after": str(changed.after),
        "hosts": changed.hosts,
        "of_hosts": changed.of_hosts,
        "example": {
            "from": changed.example[0],
            "to": changed.example[1],
            "from_id": changed.example_ids[0],
            "to_id": changed.example_ids[1],
        },
        "lost_client_ports": [ports(each) for each in changed.lost],
        "causes": [
            cause(each, (before if each.gone else after).of(each.holder, each.written))
            for each in changed.causes
        ],
        "established": None
        if effect is None
        else {"fate": str(effect.fate), "idle_seconds": effect.seconds, "why": effect.why},
    }


def _side(side: Label) -> Document:
    return {"name": side.name, "kind": str(side.kind)}


def cause(found: Cause, written: Origin | None) -> Document:
    """One rule, or end, that is responsible."""
    return {
        "kind": str(found.kind),
        "layer": None if found.layer is None else str(found.layer),
        "component": found.component,
        "rule": found.rule,
        "was": found.was or None,
        "reply": found.reply,
        "origin": origin(written),
    }


def _ports(change: Change) -> list[list[int]] | None:
    """None where the protocol has none."""
    if change.protocol is None or not (has_ports(change.protocol) or has_types(change.protocol)):
        return None
    return [ports(each) for each in change.ports]
