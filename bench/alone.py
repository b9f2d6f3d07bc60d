"""Tasks whose memory counts: each in a process of its own, the answer as JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from bench.clock import megabytes
from bench.fleets import build, decide
from bench.messy import answers, write
from bulkhead.network import Verdict
from bulkhead.observe import dump
from bulkhead.prove import prove
from bulkhead.report import documents


def large(services: str) -> dict[str, float]:
    """A whole proof of many interfaces, from the Network to the last cell."""
    network = build(int(services))
    before = megabytes()
    start = time.perf_counter()
    reach = prove(network)
    cells = decide(reach)
    return {
        "ms": (time.perf_counter() - start) * 1000,
        "megabytes": megabytes(),
        "of which the network": before,
        "ends": len(reach.endpoints),
        "cells": cells,
    }


def messy(interfaces: str) -> dict[str, float]:
    """From a dump of many interfaces to the last undetermined cell, written as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(answers(int(interfaces)), Path(folder) / "account.json")
        start = time.perf_counter()
        proved = prove(dump(path))
        with Path(os.devnull).open("w", encoding="utf-8") as nobody, redirect_stdout(nobody):
            documents.stream(documents.prove("account", proved, verdicts=[Verdict.UNDETERMINED]))
    return {"ms": (time.perf_counter() - start) * 1000, "megabytes": megabytes()}


if __name__ == "__main__":
    print(json.dumps({"large": large, "messy": messy}[sys.argv[1]](*sys.argv[2:])))
