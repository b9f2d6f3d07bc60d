"""`bulkhead.steps/1`."""

from __future__ import annotations

from bulkhead.network import Provenance
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.review.steps import ApiCall, ChangeStep, ChangeSteps


def steps(
    found: ChangeSteps, *, provenance: tuple[Provenance, Provenance] | None = None
) -> Document:
    """The calls of a change in order, and what is lost in between. `provenance`: of both sides."""
    one, other = provenance or (None, None)
    return {
        "schema": "bulkhead.steps/1",
        "base": found.base,
        "head": found.head,
        "provenance": {"base": made_from(one), "head": made_from(other)},
        "loses_nothing": found.loses_nothing,
        "calls": found.calls,
        "refused": found.refused or None,
        "steps": [_step(each) for each in found.steps],
        "broken": [
            {"flow": str(flow), "first": found.during(flow)[0], "last": found.during(flow)[1]}
            for flow in found.broken
        ],
        "undeclared": list(found.nobodys),
        "moved": [
            {
                "name": each.name,
                "service": each.service,
                "before": each.old,
                "after": each.new,
                "created": each.since,
                "deleted": each.until,
            }
            for each in found.moved
        ],
        "left_behind": [
            {
                "service": each.service,
                "subnets": list(each.subnets),
                "to": list(each.to),
                "gone": each.gone or None,
            }
            for each in found.left_behind
        ],
        "replaced": [
            {
                "kind": each.kind,
                "name": each.name,
                "why": each.why,
                "interrupts": str(each.interrupts),
                "means": each.means,
                "page": each.page or None,
            }
            for each in found.replaced
        ],
        "full": [
            {
                "kind": each.kind,
                "of": each.of,
                "direction": str(each.direction),
                "wanted": each.wanted,
                "holds": each.holds,
            }
            for each in found.full
        ],
        "in_two": found.in_two,
        "collisions": list(found.collisions),
        "observed": found.observed,
        "stays": list(map(str, found.stays)),
        "before": list(found.before),
        "in_doubt": list(map(str, found.in_doubt)),
        "unseen": list(found.unseen),
        "notes": list(found.notes),
    }


def _step(step: ChangeStep) -> Document:
    return {
        "update": step.update,
        "calls": [_call(each) for each in step.calls],
        "opens": list(map(str, step.opens)),
        "closes": list(map(str, step.closes)),
        "broken": list(map(str, step.broken)),
        "undeclared": list(step.nobodys),
    }


def _call(call: ApiCall) -> Document:
    return {"act": str(call.act), "kind": call.kind, "of": call.of, "what": call.what or None}
