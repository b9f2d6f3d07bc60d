"""`bulkhead.review/1`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from bulkhead.compare import ChangeKind
from bulkhead.network import Expectation, Flow, Origin, Provenance
from bulkhead.report.documents.check import finding
from bulkhead.report.documents.cost import cost_step
from bulkhead.report.documents.diff import cause, change
from bulkhead.report.documents.parts import origin
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.quarantine import quarantine
from bulkhead.report.documents.writing import Document
from bulkhead.review import (
    DeclaredStep,
    FailOn,
    Headroom,
    Replacement,
    Review,
    ReviewedFlow,
    Untold,
)


def review(
    found: Review,
    asked: Sequence[FailOn],
    failed: Sequence[FailOn],
    *,
    provenance: tuple[Provenance, Provenance] | None = None,
) -> Document:
    """Everything that a change does, and the named conditions under which it may not pass.

    `provenance`: of BASE and of HEAD.
    """
    one, other = provenance or (None, None)
    reached = set(map(id, found.untrusted))
    return {
        "schema": "bulkhead.review/1",
        "base": found.base,
        "head": found.head,
        "provenance": {"base": made_from(one), "head": made_from(other)},
        "verdict": found.verdict,
        "changes": not found.nothing,
        "fail_on": [str(each) for each in asked],
        "failed": [str(each) for each in failed],
        "counts": {str(kind): found.counts.get(kind, 0) for kind in ChangeKind},
        "unchanged": found.unchanged,
        "by_place": found.by_place,
        "notes": list(found.notes),
        "flows": [_flow(each, reached) for each in found.flows],
        "scaled": [_flow(each, reached) for each in found.scaled],
        "past_groups": [_flow(each, reached) for each in found.past_groups],
        "replacements": [_replacement(each) for each in found.replacements],
        "findings": [finding(each) for each in found.findings],
        "declared": _declared(found.declared),
        "residue": [
            {
                "from": each.source,
                "to": each.destination,
                "before": each.before,
                "after": each.after,
                "widened": each.widened,
            }
            for each in found.residue
        ],
        "residue_untold": found.residue_untold or None,
        "quotas": [_quota(each) for each in found.headroom],
        "cost": cost_step(found.cost),
        "cannot_tell": [_untold(each) for each in found.untold],
        "appeared": list(found.appeared),
        "vanished": list(found.vanished),
    }


def _flow(flow: ReviewedFlow, reached: Collection[int]) -> Document:
    told = change(flow.change)
    del told["causes"]
    return {
        **told,
        "untrusted": flow.untrusted,
        "reached": id(flow) in reached,
        "undeclared": flow.undeclared,
        "scaled": flow.scaled,
        "declared": None if flow.declared is None else _flow_of(flow.declared),
        "origin": origin(flow.origin),
        "causes": [cause(each.cause, each.origin) for each in flow.reasons],
    }


def _replacement(found: Replacement) -> Document:
    return {
        "kind": found.kind,
        "name": found.name,
        "why": found.why,
        "interrupts": str(found.interrupts),
        "means": found.means,
        "page": found.page or None,
        "said_by_engine": found.steps,
        "origin": origin(found.origin),
    }


_SETUP: Final = (
    *("replicas", "instance", "interfaces", "runs-on", "published", "largest-message", "dns"),
    *("exposure", "vpc-encryption", "block-public-access", "vpcs", "joins"),
)


def _declared(found: DeclaredStep) -> Document:
    return {
        "flows_added": [_declared_flow(*each) for each in found.flows_added],
        "flows_dropped": [_declared_flow(*each) for each in found.flows_dropped],
        "purposes": _words(found, "purpose"),
        "owners": _words(found, "owner"),
        "data": _words(found, "data"),
        "reasons": _words(found, "why"),
        "until": _words(found, "until"),
        "setup": [{"what": each, **step} for each in _SETUP for step in _words(found, each)],
        "recorded": _words(found, "recorded"),
        "trust": [
            {
                "site": each.site,
                "trusted_before": each.before,
                "trusted_after": each.after,
                "origin": origin(each.origin),
            }
            for each in found.trust
        ],
        "secrecy": [
            {
                **_flow_of(each.flow),
                "before": each.before,
                "after": each.after,
                "weaker": each.weaker,
                "origin": origin(each.origin),
            }
            for each in found.secrecy
        ],
        "quarantine": [quarantine(each) for each in found.cut_off],
        "released": [each.service for each in found.released],
        "tests_added": list(map(_test, found.tests_added)),
        "tests_dropped": list(map(_test, found.tests_dropped)),
        "still_failing": found.still_failing,
    }


def _words(found: DeclaredStep, what: str) -> list[Document]:
    return [
        {
            "of": each.name,
            "kind": each.kind,
            "before": each.before or None,
            "after": each.after or None,
            "origin": origin(each.origin),
        }
        for each in found.words
        if each.what == what
    ]


def _declared_flow(flow: Flow, written: Origin | None) -> Document:
    return {**_flow_of(flow), "origin": origin(written)}


def _flow_of(flow: Flow) -> Document:
    return {
        "from": flow.client_name,
        "from_at": [str(each) for each in flow.clients_at],
        "to": flow.server.name,
        "traffic": flow.server.traffic,
    }


def _test(test: Expectation) -> Document:
    return {
        "from": test.client,
        "to": test.server.name,
        "traffic": test.server.traffic,
        "accept": test.accept,
        "name": test.name or None,
        "why": test.why or None,
        "file": test.file,
        "line": test.line,
        "revision": test.revision or None,
    }


def _quota(found: Headroom) -> Document:
    return {
        "quota": found.quota,
        "of": found.of,
        "before": found.before,
        "after": found.after,
        "at_least": found.at_least,
        "limit": found.limit,
        "over": found.over,
        "page": found.page,
        "origin": origin(found.origin),
    }


def _untold(found: Untold) -> Document:
    return {
        "kind": found.kind,
        "name": found.name or None,
        "why": found.why,
        "origin": origin(found.origin),
    }
