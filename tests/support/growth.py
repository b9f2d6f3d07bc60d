"""How the work of a function grows with its input: lines of ours that ran, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

ALSO_COUNTED = ("ipaddress.py", "difflib.py", "<string>")
"""Of Python's own: what a loop of ours spends its time in. The last is what dataclasses make of
themselves: a key that holds thousands of things is hashed whole, each time."""


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Bulkhead's own code run, each turn of a loop counted."""
    count = 0

    def within(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return within

    def enter(frame: FrameType, event: str, arg: Any) -> Any:
        name = frame.f_code.co_filename
        return within if "/bulkhead/" in name or name.endswith(ALSO_COUNTED) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_linearly(work: Callable[[int], Callable[[], object]], start: int) -> bool:
    """Whether four times the input is about four times the work: n log n is, n squared is not."""
    once, twice, four = (lines_run(work(start * times)) for times in (1, 2, 4))
    return twice < 2.5 * once and four < 6 * once
