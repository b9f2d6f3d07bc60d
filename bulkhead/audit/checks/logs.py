"""Whether what happens is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.lint import Severity

_WHAT_MATTERS: Final = ("REJECT", "ALL")


def _flow_logs(evidence: Evidence) -> Iterator[Checked]:
    logs = evidence.inventory.flow_logs
    for vpc in evidence.network.vpcs:
        if evidence.network.is_others(vpc.id, vpc.id):
            continue
        name = f"VPC {vpc.name}"
        own = [each for each in logs if each.resource == vpc.id]
        on = [each for each in own if each.active and each.traffic in _WHAT_MATTERS]
        if on:
            yield passes(vpc.id, name, f"flow log {on[0].id} records {on[0].traffic}")
        elif unsure := [each for each in own if each.active and not each.traffic]:
            yield undecided(vpc.id, name, f"what {unsure[0].id} records was not shown")
        elif logs.complete_in(vpc.region, vpc.id):
            yield fails(
                vpc.id,
                name,
                "no flow log records what is rejected",
                f"create a flow log of {vpc.id} for REJECT or ALL",
                *(
                    f"{each.id} records {each.traffic}"
                    f"{'' if each.active else ', and delivers nothing'}"
                    for each in own
                ),
            )


FLOW_LOGS: Final = Check(
    id="flow-logs-on",
    title="Every VPC has a flow log",
    severity=Severity.MEDIUM,
    risk="Nobody sees who tried what, and an attack leaves no trace in the network.",
    remedy="Create a flow log of the VPC that records REJECT, or ALL.",
    run=_flow_logs,
    about=("vpcs", "flow_logs"),
)

LOGS: Final = (FLOW_LOGS,)
