"""What was met and cannot be judged: what has one reason is said once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.network import Network, Unmodelled
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
        names = ", ".join(f"{each.kind} {each.id}" for each in self.named)
        return f"{names}{f' and {self.left} more' if self.left else ''}: {self.why}"


def unjudged(network: Network) -> Iterator[Unjudged]:
    """Reason after reason, in the order in which they come."""
    by_reason: dict[str, dict[tuple[str, str], Unmodelled]] = {}
    for each in network.unmodelled:
        by_reason.setdefault(each.why, {}).setdefault((each.kind, each.id), each)
    for why, things in by_reason.items():
        yield Unjudged(tuple(things.values()), why)


def nothing_reached(network: Network) -> str:
    """What there is to say where nothing listens that was looked at."""
    said = "nothing that is known here can be reached by anything that is known"
    if unlisted := len(network.unlisted_runners):
        runs = "runs" if unlisted == 1 else "run"
        said += f"; {count(unlisted, 'thing')} {runs} interfaces that this source does not list"
    return said


def print_unmodelled(console: Console, network: Network) -> None:
    """One line a reason; how many where they are not all named."""
    folded = False
    for each in unjudged(network):
        folded = folded or each.left > 0
        console.print(Text(f"not modelled: {each}", "magenta"))
    if folded:
        things = count(len({(each.kind, each.id) for each in network.unmodelled}), "thing")
        console.print(Text(f"not modelled: {things} in all (--json lists them)", "magenta"))
