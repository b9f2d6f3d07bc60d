"""Is a network enough, control by control?

    evidence = Evidence(network=network, inventory=inventory)
    found = audit(evidence, of([Framework.CIS]))
    for each in found.assessed:
        print(each.outcome, each.control.name, each.control.requires)

A check asks one question of every resource it is about. `checks/` has them, `controls/` says
which controls of which framework they decide. Nothing passes by silence: what was not read,
or is in doubt, is NOT DECIDED.
"""

from bulkhead.audit.audit import Answer, Assessed, Audit, Settings, audit
from bulkhead.audit.check import Check, Checked, Evidence, Outcome
from bulkhead.audit.checks import ALL_CHECKS
from bulkhead.audit.controls import (
    ALL_CONTROLS,
    Control,
    ControlStatus,
    Framework,
    controls_of,
    of,
)
from bulkhead.audit.coverage import Coverage
from bulkhead.audit.drilled import DrillRecord, read_drill
from bulkhead.audit.suppressions import Suppression, beside, read_suppressions

__all__ = [
    "ALL_CHECKS",
    "ALL_CONTROLS",
    "Answer",
    "Assessed",
    "Audit",
    "Check",
    "Checked",
    "Control",
    "ControlStatus",
    "Coverage",
    "DrillRecord",
    "Evidence",
    "Framework",
    "Outcome",
    "Settings",
    "Suppression",
    "audit",
    "beside",
    "controls_of",
    "of",
    "read_drill",
    "read_suppressions",
]
