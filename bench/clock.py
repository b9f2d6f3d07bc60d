"""Timing that says what it is: milliseconds of a processor, the best of a few runs.

Not of a clock on the wall: a machine that others use as well would be measured with it.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

CHECKOUT = Path(__file__).resolve().parents[1]


def best(call: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs: what else the machine did can only lengthen one."""
    found = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        call()
        found.append((time.process_time() - start) * 1000)
    return min(found)


def while_patient(
    ask: Callable[[T], float | None], sizes: Iterable[T], seconds: float
) -> tuple[float | None, ...]:
    """One figure a size; none where the size before lets expect that it takes too long.

    Each size is twice the one before, and whoever looks at pairs takes four times as long.
    """
    found: list[float | None] = []
    for each in sizes:
        before = found[-1] if found else 0.0
        asked = before is not None and 4 * before < seconds * 1000
        found.append(ask(each) if asked else None)
    return tuple(found)


def process(command: list[str], seconds: int) -> float | None:
    """A whole process, once; None where it does not end in time or fails."""
    before = of_children()
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    # The peer says with 1 or 3 that it found something, with 2 that it could not look.
    return of_children() - before if ended.returncode in (0, 1, 3) else None


def of_children() -> float:
    """Milliseconds of a processor that processes took which this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


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
