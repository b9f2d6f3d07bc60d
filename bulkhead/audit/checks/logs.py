"""Whether what happens is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, Outcome
from bulkhead.lint import Severity

_WHAT_MATTERS: Final = ("REJECT", "ALL")


def _flow_logs(evidence: Evidence) -> Iterator[Checked]:
    logs = evidence.inventory.flow_logs
    for vpc in evidence.network.vpcs:
        if vpc.neighbour:
            continue
        own = [each for each in logs if each.resource == vpc.id]
        on = [each for each in own if each.active and each.traffic in _WHAT_MATTERS]
        if on:
            yield Checked(
                resource=vpc.id,
                name=f"VPC {vpc.name}",
                outcome=Outcome.PASS,
                message=f"flow log {on[0].id} takes down {on[0].traffic}",
            )
        elif logs.complete:
            yield Checked(
                resource=vpc.id,
                name=f"VPC {vpc.name}",
                outcome=Outcome.FAIL,
                message="no flow log takes down what is rejected",
                evidence=tuple(
                    f"{each.id} takes down {each.traffic}{'' if each.active else ', and is off'}"
                    for each in own
                ),
                remedy=f"create a flow log of {vpc.id} for REJECT or ALL",
            )


FLOW_LOGS: Final = Check(
    id="flow-logs-on",
    title="Every VPC has a flow log",
    severity=Severity.MEDIUM,
    risk="Nobody sees who tried what, and an attack leaves no trace in the network.",
    remedy="Create a flow log of the VPC that takes down REJECT, or ALL.",
    run=_flow_logs,
    about=("vpcs", "flow_logs"),
)

LOGS: Final = (FLOW_LOGS,)
