from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TOPOLOGIES = Path(__file__).resolve().parents[2] / "topologies"


@pytest.fixture
def trading(tmp_path: Path) -> Path:
    """A copy of the example with its lock, to be edited."""
    for name in ("trading.yaml", "trading.lock.json"):
        shutil.copy(TOPOLOGIES / name, tmp_path / name)
    return tmp_path / "trading.yaml"
