"""What a quarantine does to connections that are open, in a kernel that tracks them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from bulkhead.network import Outlasting
from tests.plan.test_quarantine import DOCUMENT, LINE, cut_off

WITHOUT_SITES: dict[str, Any] = {key: said for key, said in DOCUMENT.items() if key != "sites"}


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_groups_let_open_connections_live_on_and_the_nacls_of_a_quarantine_cut_them():
    _, after = cut_off(WITHOUT_SITES, LINE)
    (told,) = after.quarantine
    asked = json.dumps({"document": WITHOUT_SITES, "quarantine": [LINE]})
    command = [sys.executable, "-m", "tests.twin.cut_off", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    speaking = json.loads(done.stdout)
    cut, stay = {*map(str, told.cut)}, {*map(str, after.flows)}
    assert {*speaking["before"]} == cut | stay
    assert {*speaking["groups"]} == cut | stay, "groups forget nothing that they track"
    assert {each.reason for each in told.lives_on} == {Outlasting.SUBNET}
    assert {*speaking["nacls"]} == stay | {str(each.flow) for each in told.lives_on}
