"""Tasks whose memory counts: each in a process of its own, the answer as JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

from rich.console import Console

from bench import flow_records, sources, written
from bench.clock import best, megabytes
from bench.fleets import build, decide
from bench.messy import answers, write
from bulkhead.discover.code import scan
from bulkhead.discover.flows import batch, read_flows
from bulkhead.intent import load
from bulkhead.network import Verdict
from bulkhead.observe import dump
from bulkhead.plan import plan
from bulkhead.prove import Reach, prove
from bulkhead.prove.overview import overview
from bulkhead.report.documents import prove as documents
from bulkhead.report.documents.writing import stream
from bulkhead.report.overview import print_overview


def large(services: str) -> dict[str, float]:
    """A whole proof of many interfaces, from the Network to the last cell."""
    network = build(int(services))
    before = megabytes()
    start = time.process_time()
    reach = prove(network)
    cells = decide(reach)
    return {
        "ms": (time.process_time() - start) * 1000,
        "megabytes": megabytes(),
        "of which the network": before,
        "ends": len(reach.endpoints),
        "cells": cells,
    }


def planned(services: str) -> dict[str, float]:
    """From a file to a plan of ten flows a service: what reading takes and what planning, apart."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fleet.yaml"
        file.write_text(written.wide(int(services)))
        topology = load(file)
        found = plan(topology)
        held = megabytes()
        return {
            "flows": len(found.flows),
            "megabytes": held,
            "read": best(lambda: load(file)),
            "plan": best(lambda: plan(topology)),
        }


def read(interfaces: str) -> dict[str, float]:
    """From a dump of many interfaces to what is open between its places, as people read it."""

    def tell(proved: Reach) -> None:
        print_overview(Console(), "account", overview(proved))

    return _told(int(interfaces), tell)


def undetermined(interfaces: str) -> dict[str, float]:
    """From a dump of many interfaces to the last undetermined cell, written as JSON."""

    def tell(proved: Reach) -> None:
        stream(documents.prove("account", proved, verdicts=[Verdict.UNDETERMINED]))

    return _told(int(interfaces), tell)


def code(lines: str) -> dict[str, float]:
    """From a tree of source code to its sockets, and what it takes to read every file of it."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = sources.write(Path(folder) / "tree", int(lines))
        start = time.process_time()
        found = scan([Path(folder) / "tree"])
        took = time.process_time() - start
    if len(found.sockets) != wanted:
        raise ValueError(f"{len(found.sockets)} sockets of {wanted} were found")
    return {"ms": took * 1000, "megabytes": megabytes(), "sockets": wanted, "lines": found.lines}


def flows(place: str) -> dict[str, float]:
    """From a file of flow logs to who talks to whom; also by the clock, as DuckDB has threads.

    `floor`: what DuckDB itself needs to count its records, of text by cutting each into its fields.
    """
    start, clock = time.process_time(), time.monotonic()
    seen = read_flows([batch([Path(place)])])
    took, seconds = time.process_time() - start, time.monotonic() - clock
    most = megabytes()
    start = time.process_time()
    counted = flow_records.count(Path(place))
    floor = time.process_time() - start
    if counted != seen.records:
        raise ValueError(f"{seen.records} records of {counted} were read")
    return {
        "ms": took * 1000,
        "seconds": seconds,
        "floor": floor * 1000,
        "megabytes": most,
        "records": seen.records,
        "edges": len(seen.edges),
    }


def _told(interfaces: int, tell: Callable[[Reach], None]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = write(answers(interfaces), Path(folder) / "account.json")
        start = time.process_time()
        proved = prove(dump(path))
        with Path(os.devnull).open("w", encoding="utf-8") as nobody, redirect_stdout(nobody):
            tell(proved)
    return {"ms": (time.process_time() - start) * 1000, "megabytes": megabytes()}


TASKS: Final = {
    "code": code,
    "flows": flows,
    "large": large,
    "planned": planned,
    "read": read,
    "undetermined": undetermined,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
