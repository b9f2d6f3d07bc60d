from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

TOPOLOGIES = Path(__file__).resolve().parents[2] / "topologies"


@pytest.fixture
def trading(tmp_path: Path) -> Path:
    """A copy of the example with its lock, to be edited."""
    for name in ("trading.yaml", "trading.lock.json"):
        shutil.copy(TOPOLOGIES / name, tmp_path / name)
    return tmp_path / "trading.yaml"


@pytest.fixture
def impatient() -> Iterator[None]:
    """What hangs fails: a signal ends also a wait within the system."""

    def ended(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
