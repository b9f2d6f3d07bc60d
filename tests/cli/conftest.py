from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bulkhead.cli import main

TOPOLOGIES = Path(__file__).resolve().parents[2] / "topologies"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Answer]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the command line as a user would, in this process."""

    def run(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["bulkhead", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def trading(tmp_path: Path) -> Path:
    """A copy of the example with its lock, to be edited."""
    for name in ("trading.yaml", "trading.lock.json"):
        shutil.copy(TOPOLOGIES / name, tmp_path / name)
    return tmp_path / "trading.yaml"
