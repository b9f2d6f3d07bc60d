"""What people may write for flow logs, as batches of files: a file, a folder, or a bucket."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from bulkhead.discover.flows import ALWAYS, Batch, FlowsSeen, Window, batch, fetched, read_flows
from bulkhead.network import Network
from bulkhead.problems import InputError, Problem

_S3: Final = "s3://"


def seen_in(
    words: Sequence[str],
    network: Network | None = None,
    *,
    fields: tuple[str, ...] = (),
    window: Window = ALWAYS,
    progress: Callable[[str], None] = lambda _: None,
) -> FlowsSeen:
    """Everything that these flow logs say. Raises InputError, ObserveError, UnusableError.

    What lies in a bucket is fetched a few objects at a time, and goes when it was read.
    """
    local = [Path(each) for each in words if not each.startswith(_S3)]
    remote = [each for each in words if each.startswith(_S3)]

    def batches() -> Iterator[Batch]:
        if local:
            yield batch(local, fields)
        for each in remote:
            yield from _fetched(each, fields, window, progress)

    return read_flows(batches(), network, window=window, progress=progress)


def _fetched(
    word: str, fields: tuple[str, ...], window: Window, progress: Callable[[str], None]
) -> Iterator[Batch]:
    from bulkhead.observe.objects import bucket_of, in_portions  # noqa: PLC0415 - needs boto3

    bucket = bucket_of(word)
    progress(f"listing {word}")
    objects = bucket.objects(since=window.since, until=window.until)
    if not objects:
        what = "there is no object of that time"
        raise InputError([Problem(word, 0, what, "see aws s3 ls, and --since and --until")])
    for some in in_portions(objects):
        with tempfile.TemporaryDirectory(prefix="bulkhead-flows-") as folder:
            for each in some:
                progress(f"fetching {each.key}")
                bucket.fetch(each, Path(folder))
            yield fetched(Path(folder), _S3, fields)


def window_of(since: str | None, until: str | None) -> Window:
    """'2026-11-01' is that day in UTC, also as the last one. Raises InputError."""
    problems: list[Problem] = []
    first = _day("--since", since, problems)
    last = _day("--until", until, problems)
    if first and last and last < first:
        problems.append(Problem("--until", 0, f"{until} is before {since}", "name a later day"))
    if problems:
        raise InputError(problems)
    return Window(
        since=None if first is None else _midnight(first),
        until=None if last is None else _midnight(last) + timedelta(days=1),
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(option: str, text: str | None, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(Problem(option, 0, f"{text} is no day", "write it as 2026-11-01"))
        return None
