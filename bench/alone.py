"""Tasks whose memory counts: each in a process of its own, the answer as JSON."""

from __future__ import annotations

import json
import sys
import time

from bench.clock import megabytes
from bench.fleets import build, decide
from bulkhead.prove import prove


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


if __name__ == "__main__":
    print(json.dumps({"large": large}[sys.argv[1]](*sys.argv[2:])))
