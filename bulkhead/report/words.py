"""How every report counts, and what a verdict is called in a legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len

from bulkhead.network import Verdict
from bulkhead.prove import PARTLY, Summary

MOST_SHOWN: Final = 20
"""Things of one kind on a console; --json lists all."""

LEGEND: Final[Mapping[Summary, str]] = {
    Verdict.ALLOWED: "allowed",
    Verdict.DENIED: "denied",
    Verdict.HALF_OPEN: "half-open: requests arrive, replies are lost",
    PARTLY: "differs between replicas, zones or addresses",
    Verdict.UNDETERMINED: "undetermined",
}
"""What a mark of the flow matrix means, in the order in which a legend says it."""


def count(number: int, thing: str) -> str:
    """'1 flow', '2 flows'."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def clipped(name: str, most: int) -> str:
    """A name in `most` columns: its beginning and its end, which tell names apart best."""
    if cell_len(name) <= most:
        return name
    end = max(0, (most - 1) // 2)
    return f"{name[: most - 1 - end]}…{name[len(name) - end :]}"
