"""The program of a stack that is measured: what it builds, and what processor that took."""

from __future__ import annotations

import atexit
import json
import os
import time
from pathlib import Path

from bench.stack.flat import flat, read
from bulkhead.components.fabric import Fabric, fabric
from bulkhead.components.fabric.sdk import short_traces, wait_for_registrations_first

FLAT, SPARING, FABRIC = "flat", "sparing", "fabric"
"""Flat; flat, with the two savings that a fabric makes in the SDK; as a fabric."""


def run() -> None:
    """What `BENCH_PROGRAM` says, of what is in `BENCH_FOLDER`; there it says how long it took,
    without the plan, which somebody who writes flat has made by himself."""
    folder = Path(os.environ["BENCH_FOLDER"])
    resources = read(folder / "resources.json")
    topology = folder / "fleet.yaml"
    found = fabric.planned(topology, None)
    fabric.planned = lambda *_: found
    start = time.process_time()

    def ended() -> None:
        took = {"planning": start * 1000, "ms": (time.process_time() - start) * 1000}
        (folder / "took.json").write_text(json.dumps(took))

    atexit.register(ended)
    match os.environ["BENCH_PROGRAM"]:
        case "flat":
            flat(resources)
        case "sparing":
            with short_traces():
                flat(resources)
            wait_for_registrations_first()
        case "fabric":
            Fabric("fleet", topology=topology)
