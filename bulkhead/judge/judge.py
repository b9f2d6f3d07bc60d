"""Exactly least privilege: is everything declared there and open, and nothing else?"""

from __future__ import annotations

from bulkhead.judge.effects import held_against_plan
from bulkhead.judge.encrypted import encryption_held
from bulkhead.judge.findings import Finding, Judgement
from bulkhead.judge.following import following
from bulkhead.judge.names import names_held
from bulkhead.judge.packets import packets
from bulkhead.judge.public_access import public_access_held
from bulkhead.network import Declaration, PrivateZone, Unlisted
from bulkhead.network.inventory import Listed
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import Reach


def _unlisted(runner: Unlisted) -> str:
    return f"which interfaces {runner.kind} {runner.name} runs: {runner.why}"


def judge(
    reach: Reach, declaration: Declaration, names: Listed[PrivateZone] | None = None
) -> Judgement:
    """Hold what a network lets happen, and what stands in it, against what was declared.

    `names` are the private zones that its hosts can ask, None where nobody looks at those.
    """
    planned = declaration.planned
    if planned is not None and planned is not reach.network:
        reach = following(reach, planned)
    reach = telling_apart(reach, declaration)
    done = packets(reach, declaration)
    findings: tuple[Finding, ...] = done.findings
    unknown: tuple[str, ...] = ()
    if planned is not None and planned is not reach.network:
        planned = with_addresses_of(planned, reach.network)
        findings, unknown = held_against_plan(reach, declaration, planned, findings)
        unknown = (*unknown, *map(_unlisted, reach.network.unlisted_runners))
        findings = (*findings, *encryption_held(declaration, planned, reach.network))
        findings = (*findings, *public_access_held(declaration, planned, reach.network))
        if names is not None and declaration.zone is not None:
            of_names = names_held(declaration, declaration.zone, names, reach.network)
            findings, unknown = (*findings, *of_names.findings), (*unknown, *of_names.unknown)
    return Judgement(
        topology=declaration.topology,
        flows=len(set(declaration.flows)),
        findings=findings,
        residue=done.residue,
        unknown=unknown,
    )
