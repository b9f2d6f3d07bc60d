"""`discover host --every`: looks at this machine again and again, and prints what changed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.discover.host import HostGraph
from bulkhead.discover.host.events import RunnerEvent, asleep, listening
from bulkhead.discover.host.watching import SOONEST, HostChange, Wait, watched
from bulkhead.report.console import errors, output
from bulkhead.report.documents.host_change import host_change
from bulkhead.report.host import verdict
from bulkhead.report.host_change import print_change

LONGEST: Final = 24 * 3_600.0
"""Seconds after which a watch ends of which nobody says when."""
_SPAN: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[smh]?)")
_UNITS: Final = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3_600.0}


def span(text: str) -> float:
    """Seconds of '30s', '5m', '1h', '30'. Raises UnusableError."""
    match = _SPAN.fullmatch(text)
    seconds = float(match["number"]) * _UNITS[match["unit"]] if match else 0.0
    if not SOONEST <= seconds <= LONGEST:
        unusable(f"--every {text}: is no time from 1s to 24h; write one such as 30s or 5m")
    return seconds


def seconds_until(text: str | None, now: datetime) -> float:
    """How long it is until a time such as '2026-11-30T18:00Z'. Raises UnusableError."""
    if text is None:
        return LONGEST
    try:
        meant = datetime.fromisoformat(text)
    except ValueError:
        unusable(f"--until {text}: is no time; write one such as 2026-11-30T18:00Z")
    if meant.tzinfo is None:
        meant = meant.replace(tzinfo=UTC)
    left = (meant - now).total_seconds()
    if left <= 0:
        unusable(f"--until {text}: is over; a time without a zone is of UTC")
    return left


def watch(
    look: Callable[[], HostGraph],
    *,
    every: float,
    times: int | None,
    lasting: float,
    events: str | None,
    as_json: bool,
) -> int:
    """Print each change. Exit code 1 where a look could not read all."""
    end = time.monotonic() + lasting
    whole = True

    def looked() -> HostGraph:
        nonlocal whole
        graph = look()
        whole = whole and graph.whole
        return graph

    try:
        with _waiting(events) as wait:
            first = looked()
            errors().print(f"watching: {verdict(first)}")
            changes = watched(
                first, looked, wait, every=every, times=times, left=lambda: end - time.monotonic()
            )
            for each in changes:
                _say(each, as_json=as_json)
    except KeyboardInterrupt:
        errors().print("stopped")
    return YES if whole else NO


@contextmanager
def _waiting(events: str | None) -> Iterator[Wait]:
    """With events, looks stay a second apart, however many come."""
    if events is None:
        yield asleep
        return
    with listening(events) as heard:
        last = time.monotonic()

        def wait(seconds: float) -> Sequence[RunnerEvent]:
            nonlocal last
            found = list(heard.wait(seconds))
            if found and (early := last + SOONEST - time.monotonic()) > 0:
                asleep(early)
                found += heard.wait(0)
            last = time.monotonic()
            return found

        yield wait


def _say(change: HostChange, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(host_change(change), ensure_ascii=False), flush=True)
    else:
        print_change(output(), change)
