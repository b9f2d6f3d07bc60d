"""Rules that do nothing, hide something or stand wide open: what `lint` finds, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity, SmellKind

_BY_WHO_IS_THERE: Final = frozenset({SmellKind.EGRESS, SmellKind.OPEN})
"""Kinds that are a fault only where somebody can be reached, or reaches somebody, by them."""


def _of_kind(evidence: Evidence, *, kind: SmellKind, well: str) -> Iterator[Checked]:
    """Each finding of a kind that is a fault: a note is none.

    But that of a rule which leads out, or lets in, may be a fault for who is not here.
    """
    every = evidence.smells.of(kind)
    found = [each for each in every if each.fault]
    open_ = [each for each in every if not each.fault] if kind in _BY_WHO_IS_THERE else []
    if not evidence.network.why_more("interfaces"):
        open_ = []
    for each in open_:
        rules = (RuleRef(each.component, rule) for rule in each.rules)
        yield undecided(each.component, each.name, each.why, rules=rules)
    for each in found:
        yield fails(
            each.component,
            each.name,
            each.why,
            each.remedy,
            *(f"because of {by}" for by in each.by),
            rules=(RuleRef(each.component, rule) for rule in each.rules),
        )
    if not found and not open_ and evidence.network.vpcs:
        yield passes("", "every rule", well)


def _check(
    id_: str,
    kind: SmellKind,
    *,
    title: str,
    well: str,
    risk: str,
    remedy: str,
    severity: Severity = Severity.LOW,
) -> Check:
    return Check(
        id=id_,
        title=title,
        severity=severity,
        risk=risk,
        remedy=remedy,
        run=partial(_of_kind, kind=kind, well=well),
        about=("vpcs",),
    )


_NEXT_MISTAKE: Final = "Who reads it takes it for something that holds: it waits for a mistake."

SMELLS: Final = (
    _check(
        "half-open-flow",
        SmellKind.REPLY_BLOCKED,
        title="Replies come back to whoever may ask",
        well="no reply is dropped by a network ACL",
        risk="Connections hang instead of being refused, and a ZeroMQ socket waits without a word.",
        remedy="Let the replies pass: their ports are those that the client asks from.",
        severity=Severity.MEDIUM,
    ),
    _check(
        "blackhole-route",
        SmellKind.BLACKHOLE,
        title="No route leads to what is gone",
        well="every route leads somewhere",
        risk="It swallows the packets that take it.",
        remedy="Take it out, or restore what it leads to.",
        severity=Severity.MEDIUM,
    ),
    _check(
        "group-open-to-world",
        SmellKind.OPEN,
        title="No security group lets most public addresses in",
        well="no group lets the world in",
        risk="Whatever is started in it is open to the world.",
        remedy="Name the addresses that need it.",
        severity=Severity.MEDIUM,
    ),
    _check(
        "wide-egress",
        SmellKind.EGRESS,
        title="No security group lets everything out to everybody",
        well="no group lets everything out to everybody",
        risk="Whoever takes over a host sends out whatever is there.",
        remedy="Name what it has to reach.",
    ),
    _check(
        "nacl-wide-open",
        SmellKind.WIDE,
        title="No network ACL that somebody wrote lets every address pass",
        well="each network ACL that somebody wrote names who may pass",
        risk="Security groups hold alone.",
        remedy="Name the blocks of the subnets and sites that need it.",
    ),
    _check(
        "wide-private-range",
        SmellKind.PRIVATE,
        title="No rule is for a whole private range",
        well="no rule is for a whole private range",
        risk="What is joined to the VPC one day is in it already.",
        remedy="Name the VPCs, subnets or sites that need it.",
    ),
    _check(
        "stale-group-reference",
        SmellKind.STALE,
        title="No rule refers to a security group that is gone",
        well="every group that a rule names is there",
        risk=_NEXT_MISTAKE,
        remedy="Take the rule out.",
    ),
    _check(
        "shadowed-entry",
        SmellKind.SHADOWED,
        title="No entry of a network ACL is shadowed by those before it",
        well="every entry decides something",
        risk="A deny that stands too late denies nothing.",
        remedy="Take it out, or move it up.",
    ),
    _check(
        "redundant-rule",
        SmellKind.REDUNDANT,
        title="No rule says what others say",
        well="no rule says only what others say",
        risk="Who takes out one of them closes nothing, and thinks that it did.",
        remedy="Take out the narrower one.",
    ),
    _check(
        "unused-rule",
        SmellKind.UNUSED,
        title="No rule speaks of packets that cannot come",
        well="some packet may come of which each rule speaks",
        risk=_NEXT_MISTAKE,
        remedy="Take it out.",
    ),
    _check(
        "unreachable-route",
        SmellKind.UNREACHABLE,
        title="Every route wins for some address",
        well="every route wins for some address",
        risk=_NEXT_MISTAKE,
        remedy="Take it out.",
    ),
    _check(
        "unattached",
        SmellKind.UNATTACHED,
        title="Every group, network ACL and table is used",
        well="every group, network ACL and table is used",
        risk=_NEXT_MISTAKE,
        remedy="Delete it.",
    ),
)
