"""What earlier versions built is what this one builds, of the same topology and lock.

Each folder of `recorded/` has what the program of some earlier day asked the engine for
(`resources.jsonl`), and what the present one changes of that (`changes.txt`): nothing, but for what
the changelog says, and nothing at all is replaced. What is new from now on adds its lines there.
"""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path

import pulumi
import pytest

from tests.components.conftest import Registered
from tests.support.touched import touched

PROGRAM = Path(__file__).resolve().parents[2] / "infra" / "__main__.py"
RECORDED = Path(__file__).parent / "recorded"
VERSIONS = sorted(each.name for each in RECORDED.iterdir())


def asked_then(version: str) -> list[Registered]:
    return [
        Registered(
            parent="",
            custom="inputs" in each,
            dependencies=(),
            gone_first=False,
            **{"inputs": {}, **each},
        )
        for each in map(
            json.loads, (RECORDED / version / "resources.jsonl").read_text().splitlines()
        )
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_earlier_version_built_is_known_and_nothing_of_it_is_replaced(
    record, version, tmp_path, monkeypatch
):
    monkeypatch.delenv("CI", raising=False)
    for name in ("topology.yaml", "topology.lock.json"):
        shutil.copy(RECORDED / version / name, tmp_path)

    def program() -> None:
        pulumi.runtime.set_all_config({"bulkhead:topology": str(tmp_path / "topology.yaml")})
        runpy.run_path(str(PROGRAM))

    found = touched(asked_then(version), record(program))
    assert not {each for each in found if each.startswith("replace")}
    assert sorted(found) == (RECORDED / version / "changes.txt").read_text().splitlines()
