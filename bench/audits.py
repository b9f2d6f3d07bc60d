"""An account that nobody designed, audited: from its answers to every control there is."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import messy
from bench.clock import best
from bulkhead.audit import ALL_CONTROLS, Evidence, audit
from bulkhead.observe import read_dump


def audited(interfaces: int) -> float:
    """Milliseconds, with the dump read and everything proved that a control asks of the proof."""
    with tempfile.TemporaryDirectory() as folder:
        path = messy.write(messy.answers(interfaces), Path(folder) / "account.json")
        return best(lambda: _audit(path))


def _audit(path: Path) -> None:
    observed = read_dump(path)
    evidence = Evidence(
        network=observed.network, inventory=observed.inventory(), stands=observed.stands
    )
    audit(evidence, ALL_CONTROLS)
