"""Is a network enough, control by control?

    evidence = Evidence(network=network, inventory=inventory)
    for check in ALL_CHECKS:
        for checked in check(evidence):
            print(checked.outcome, checked.message)

A check asks one question of every resource it is about. `checks/` has them, `controls/` says
which controls of which framework they decide. Nothing passes by silence: what was not read,
or is in doubt, is NOT DECIDED.
"""

from bulkhead.audit.check import Check, Checked, Evidence, Outcome
from bulkhead.audit.checks import ALL_CHECKS

__all__ = ["ALL_CHECKS", "Check", "Checked", "Evidence", "Outcome"]
