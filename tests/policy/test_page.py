"""docs/policies.md says of every policy what the pack says, and of nothing else."""

import json
import re
from pathlib import Path

from bulkhead_policy import policies
from bulkhead_policy.frameworks import BEARS_UPON, controls
from bulkhead_policy.policies import CHECKS
from pulumi_policy import EnforcementLevel

from bulkhead.audit.controls import ALL_CONTROLS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text()


def row(policy) -> str:
    """What the table says of a policy."""
    named = ", ".join(dict.fromkeys(each.name for each in controls(policy.name))) or "none"
    cells = (
        f"`{policy.name}`",
        policy.severity.value,
        policy.enforcement_level.value,
        policy.description,
        named,
        policy.remediation_steps,
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_has_one_row_a_policy_as_the_pack_describes_it():
    (table,) = re.findall(r"^\| policy \| severity .*\n.*\n((?:\|.*\n)*)", PAGE, re.M)
    assert table.splitlines() == [row(each) for each in policies()]


def test_every_setting_is_told_with_its_default():
    told = dict(re.findall(r"^\| `([\w-]+)` \| `(.*)` \|", PAGE, re.M))
    assert told == {each.id: json.dumps(dict(each.config)) for each in CHECKS if each.config}


def test_the_configuration_it_shows_is_one_that_the_pack_takes():
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    names = {each.name for each in policies()} | {"all"}
    assert set(json.loads(shown)) <= names


def test_what_stops_an_update_by_itself_is_what_the_page_says():
    mandatory = {
        each.name for each in policies() if each.enforcement_level is EnforcementLevel.MANDATORY
    }
    assert mandatory == {"zeromq-from-internet", "as-declared"}


def test_every_control_that_a_policy_bears_upon_is_in_the_tables_of_an_audit():
    known = {each.name for each in ALL_CONTROLS}
    assert {name for names in BEARS_UPON.values() for name in names} <= known
