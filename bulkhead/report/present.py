"""What was written of what stands there, and what was left to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from bulkhead.present import LeftOut, PresentTopology
from bulkhead.problems import printable
from bulkhead.report.words import MOST_SHOWN, count


def print_present(console: Console, found: PresentTopology, path: Path) -> None:
    """What it has, then whatever it has not, each with why."""
    for line in _lines(found, path):
        console.print(printable(line), markup=False, highlight=False)


def _lines(found: PresentTopology, path: Path) -> Iterator[str]:
    said = (
        count(len(found.services), "service"),
        count(len(found.sites), "site"),
        count(len(found.segments), "segment"),
        count(len(found.flows), "flow"),
    )
    yield f"wrote {path}: {', '.join(said)}"
    yield from _some("seen, and not allowed for sure today", found.refused, path)
    yield from _some("seen, and nobody can tell between whom", found.unplaced, path)
    yield from _some("not written", found.left, path)
    yield from _some("between those that are written, and no flow", found.comments, path)
    yield from _some("with who is not written", found.beside, path)
    yield f"next: bulkhead check {path}"


def _some(title: str, several: Sequence[LeftOut], path: Path) -> Iterator[str]:
    if several:
        yield f"{title}:"
        yield from (f"  {each}" for each in several[:MOST_SHOWN])
    if len(several) > MOST_SHOWN:
        yield f"  and {len(several) - MOST_SHOWN} more (comments in {path} say all)"
