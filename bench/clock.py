"""Timing that says what it is: the best of a few runs, in milliseconds."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]


def best(call: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs: what else the machine did can only lengthen one."""
    found = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


def process(command: list[str], seconds: int) -> float | None:
    """A whole process, once; None where it does not end in time or fails."""
    start = time.perf_counter()
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    # The peer says with 1 or 3 that it found something, with 2 that it could not look.
    return (time.perf_counter() - start) * 1000 if ended.returncode in (0, 1, 3) else None


def alone(task: str, *arguments: str) -> dict[str, Any]:
    """A task of bench/alone.py in a process of its own, with the memory that it took."""
    ended = subprocess.run(
        [sys.executable, "-m", "bench.alone", task, *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def megabytes() -> float:
    """The most memory that this program ever held.

    Not what getrusage says: that remembers the process it was forked from.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
