"""What the topologies of both sides say of a change: tests, differences from the plan, residue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.compare import Snapshots
from bulkhead.judge import Finding, Residue, ResidueKind, beside_flows, judge
from bulkhead.network import Declaration, Direction, Network
from bulkhead.review.reviewed import ResidueStep
from bulkhead.review.said import meant
from bulkhead.review.version import Version

_NO_TOPOLOGY: Final = (
    "not compared: neither side is a topology, and only that says which of the ports that NACLs "
    "leave open are for replies"
)


@dataclass(frozen=True, slots=True)
class OfTopologies:
    findings: tuple[Finding, ...] = ()
    residue: tuple[ResidueStep, ...] = ()
    residue_untold: str = ""
    unknown: tuple[str, ...] = ()
    still_failing: int = 0


def against_topology(both: Snapshots, base: Version, head: Version) -> OfTopologies:
    """What stands is judged by the plan that it comes from; a plan by its own tests.

    The residue of both sides is what their NACLs leave open for replies to declared flows:
    those of each side, or of the one side that declares any.
    """
    if head.declaration is not None and base.declaration is not None:
        return _two_topologies(both, base.declaration, head.declaration)
    if head.declaration is not None:
        now = beside_flows(both.after, head.declaration)
        why = _not_comparable(base, head, head.declaration)
        was = beside_flows(both.before, _without_tests(head.declaration)) if not why else None
        steps = _steps(was.residue, now.residue) if was else ()
        return OfTopologies(findings=now.findings, residue=steps, residue_untold=why)
    if base.declaration is not None:
        judgement = judge(both.after, base.declaration)
        why = _not_comparable(head, base, base.declaration)
        was = beside_flows(both.before, _without_tests(base.declaration)) if not why else None
        return OfTopologies(
            findings=judgement.findings,
            residue=_steps(was.residue, judgement.residue) if was else (),
            residue_untold=why,
            unknown=judgement.unknown,
        )
    same = _nacls(base.network) == _nacls(head.network)
    return OfTopologies(residue_untold="" if same else _NO_TOPOLOGY)


def _two_topologies(both: Snapshots, before: Declaration, after: Declaration) -> OfTopologies:
    now = beside_flows(both.after, after)
    # What failed before, too, is no work of this change; mostly nothing fails.
    known = {meant(each) for each in before.expectations} if now.findings else ()
    tests = tuple(each for each in after.expectations if meant(each) in known)
    was = beside_flows(both.before, replace(before, expectations=tests))
    failed = {_about(each) for each in was.findings}
    new = tuple(each for each in now.findings if _about(each) not in failed)
    return OfTopologies(
        findings=new,
        residue=_steps(was.residue, now.residue),
        still_failing=len(now.findings) - len(new),
    )


def _without_tests(declaration: Declaration) -> Declaration:
    return replace(declaration, expectations=())


def _about(finding: Finding) -> tuple[object, ...]:
    return finding.source, finding.destination, finding.ports, finding.why


def _not_comparable(plain: Version, planned: Version, declaration: Declaration) -> str:
    """Why the flows of one side say nothing of the other's NACLs; '' where they do."""
    ends = {end for flow in declaration.flows for end in (flow.client, flow.server.owner)}
    named = {*(each.name for each in plain.network.services), *plain.network.site}
    if not ends or ends & named or _nacls(plain.network) == _nacls(planned.network):
        return ""
    return (
        f"not compared: {plain.label} names no service or site of which {planned.label} declares "
        "a flow, so which of the ports that its NACLs leave open are for replies nobody says"
    )


def _nacls(network: Network) -> Mapping[object, int]:
    """Which entries stand before which subnets, whatever they are called."""
    return Counter(
        (subnet.cidr, *(nacl.ordered(direction) for direction in Direction))
        for subnet in network.subnets
        if not network.is_others(subnet.id)
        for nacl in (network.nacl[subnet.nacl],)
    )


def _steps(before: Iterable[Residue], after: Iterable[Residue]) -> tuple[ResidueStep, ...]:
    """Between which places more or fewer ports are open for replies, or because NACLs cannot name
    whom they are for, what grows most first; and then because their entries do not fit."""
    ports: dict[tuple[bool, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for side, several in enumerate((before, after)):
        for each in several:
            if each.kind in _OF_NACLS:
                wide = each.kind is ResidueKind.WIDENED
                ports[wide, each.source, each.destination][side] += len(each)
    steps = (
        ResidueStep(source=source, destination=to, before=was, after=now, widened=wide)
        for (wide, source, to), (was, now) in ports.items()
        if was != now
    )
    return tuple(
        sorted(steps, key=lambda each: (each.widened, -each.grown, each.source, each.destination))
    )


_OF_NACLS: Final = (ResidueKind.REPLIES, ResidueKind.UNNAMED, ResidueKind.WIDENED)
