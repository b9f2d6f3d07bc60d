"""What was met and cannot be judged: what has one reason is said once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.network import DUMP_FILE, Network, Unmodelled
from bulkhead.report.words import count

MOST_NAMED: Final = 3
"""Things of one reason that are named; --json lists all."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Things that cannot be judged for one reason, each named once whatever depends on it."""

    things: tuple[Unmodelled, ...]
    why: str

    @property
    def named(self) -> tuple[Unmodelled, ...]:
        return self.things[:MOST_NAMED]

    @property
    def left(self) -> int:
        return len(self.things) - len(self.named)

    def __str__(self) -> str:
        """'route rtb-1: it is …', 'route rtb-1, route rtb-2 and 7 more: they are …'."""
        names = ", ".join(map(_called, self.named))
        return f"{names}{f' and {self.left} more' if self.left else ''}: {self.why}"

    @property
    def of_files(self) -> bool:
        """Whether it is about files of a dump, which hold nothing that is read."""
        return all(each.kind == DUMP_FILE for each in self.things)


def unjudged(network: Network) -> Iterator[Unjudged]:
    """Reason after reason, in the order in which they come."""
    by_reason: dict[str, dict[tuple[str, str], Unmodelled]] = {}
    for each in network.unmodelled:
        by_reason.setdefault(each.why, {}).setdefault((each.kind, each.id), each)
    for why, things in by_reason.items():
        yield Unjudged(tuple(things.values()), why)


def _called(thing: Unmodelled) -> str:
    return Path(thing.id).name if thing.kind == DUMP_FILE else f"{thing.kind} {thing.id}"


def nothing_reached(network: Network) -> str:
    """What there is to say where nothing listens that was looked at."""
    said = "nothing that is known here can be reached by anything that is known"
    if unlisted := len(network.unlisted_runners):
        runs = "runs" if unlisted == 1 else "run"
        said += f"; {count(unlisted, 'thing')} {runs} interfaces that this source does not list"
    return said


def print_unmodelled(console: Console, network: Network) -> None:
    """One line a reason; how many where they are not all named."""
    reasons = list(unjudged(network))
    for each in reasons:
        said = "not looked at" if each.of_files else "not modelled"
        console.print(Text(f"{said}: {each}", "dim" if each.of_files else "magenta"))
    if any(each.left for each in reasons):
        things = count(sum(len(each.things) for each in reasons), "thing")
        console.print(Text(f"these are {things} in all: --json lists them", "dim"))
