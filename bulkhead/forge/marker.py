"""The first line of our comment, which nobody sees: which it is, and of which run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, unquote

_LINE: Final = re.compile(
    r"<!-- bulkhead-review key=(?P<key>\S*) head=(?P<head>[0-9a-f]{7,64})"
    r"(?: run=(?P<run>\d{1,20})\.(?P<attempt>\d{1,9}))?"
    r" at=(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) -->\s*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """`key` tells the reviews of one pull request apart, `head` is the commit that was reviewed.

    `run` is the number of the run and of its attempt, where a forge ran it: both only grow. `at`
    is a second, because that is what is written.
    """

    key: str
    head: str
    at: datetime
    run: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", self.at.astimezone(UTC).replace(microsecond=0))
        object.__setattr__(self, "key", self.key.encode(errors="replace").decode())

    def __str__(self) -> str:
        # Two hyphens would end the comment of HTML.
        key = quote(self.key, safe="._/").replace("-", "%2D")
        run = f" run={self.run[0]}.{self.run[1]}" if self.run else ""
        at = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"<!-- bulkhead-review key={key} head={self.head}{run} at={at} -->"

    def later_than(self, other: Marker, *, current: str | None) -> bool:
        """Whether this run is the later one of two on a pull request whose head is `current`.

        Who reviewed what stands there now is later than who did not; else the run that a forge
        started later, and by the clock only where one of them was started by hand.
        """
        if current and (self.head == current) != (other.head == current):
            return self.head == current
        if self.run and other.run and self.run != other.run:
            return self.run > other.run
        return self.at > other.at


def marked(body: str) -> Marker | None:
    """The marker that a comment begins with: a quotation of one, or one further down, is none."""
    found = _LINE.match(body.partition("\n")[0])
    if found is None:
        return None
    try:
        at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    run = (int(found["run"]), int(found["attempt"])) if found["run"] else None
    return Marker(key=unquote(found["key"]), head=found["head"], at=at, run=run)
