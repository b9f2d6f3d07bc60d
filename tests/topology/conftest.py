"""What the tests of topologies in Python share: programs, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bulkhead.problems import InputError

Run = Callable[[str], dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a program as `python program.py` would, in a folder of its own: what it then knows."""
    monkeypatch.chdir(tmp_path)

    def run_it(text: str, file: str = "program.py") -> dict[str, Any]:
        path = tmp_path / file
        path.write_text(text)
        known: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
        exec(compile(text, str(path), "exec"), known)  # noqa: S102 - it is a test's own text
        return known

    return run_it


HEAD = "from bulkhead.topology import *\n"
REST = """
topology = Topology("demo", region="eu-west-1", cidr="10.20.0.0/16", zones=2, **{
    "segments": [Segment("feed", purpose="prices")],
    "services": [],
    **{name: value for name, value in globals().items()
       if name in ("segments", "services", "sites", "tests", "defaults", "encryption")},
})
"""
"""What stands before a program and behind it that defines only some of `segments`, `services`…"""


@pytest.fixture
def complaints(run: Run) -> Callable[[str], list[str]]:
    """What is said about such a program, in order."""

    def of(text: str) -> list[str]:
        topology = run(HEAD + text + REST)["topology"]
        try:
            return [str(each) for each in topology.load().warnings]
        except InputError as error:
            return [str(each) for each in error.problems]

    return of
