"""A proof that no table can hold, said so that it can be read; and how to ask for the rest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.network import Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove.columns import OPEN
from bulkhead.prove.overview import Crossing, Overview, Receiver
from bulkhead.report.words import MOST_SHOWN, clipped, count

MOST_CROSSINGS: Final = 60
_MOST_RANGES: Final = 3
WIDEST_TRAFFIC: Final = 60
WIDEST_NAME: Final = 40

Lines = Sequence[tuple[str, ...]]


def print_overview(console: Console, source: str, found: Overview) -> None:
    """What is open between places, to the internet, and what is undetermined."""
    for title, heading, lines, rest in sections(source, found):
        console.print(Text(title))
        if lines:
            console.print(table(heading, lines))
        for line in rest:
            console.print(Text(line, "dim"), soft_wrap=True)
        console.print()


def sections(
    source: str, found: Overview
) -> Iterator[tuple[str, tuple[str, ...], Lines, Sequence[str]]]:
    """Title, heading, lines, and what is left out of them with the command that tells it."""
    asked = f"bulkhead %s {shlex.quote(source)} "
    heading, lines, left = by_place(found.crossings)
    yield (
        f"{found.ends:,} ends are too many for a table. Open from place to place:",
        heading,
        lines,
        [
            *left,
            f"between two places, or hosts: {asked % 'reach'}--from A --to B; "
            f"every cell: {asked % 'prove'}--json",
        ],
    )
    for what, receivers, command in (
        ("Open from the internet", found.exposed, f"{asked % 'reach'}--from internet"),
        (
            "Undetermined",
            found.unsure,
            f"{asked % 'prove'}--json --strangers --verdict undetermined",
        ),
    ):
        if receivers:
            more = len(receivers) - MOST_SHOWN
            yield (
                f"{what}: {count(sum(each.ends for each in receivers), 'end')} "
                f"of {count(len(receivers), 'name')}",
                ("to", "traffic", "ends", "senders"),
                [_receiver(each) for each in receivers[:MOST_SHOWN]],
                [f"and {more:,} more; all: {command}" if more > 0 else f"one by one: {command}"],
            )
        else:
            yield (f"{what}: nothing", (), (), ())


def by_place(crossings: Sequence[Crossing]) -> tuple[tuple[str, ...], Lines, Sequence[str]]:
    """A heading, a line for each of the first crossings, and what the others come to."""
    shown, left = crossings[:MOST_CROSSINGS], crossings[MOST_CROSSINGS:]
    return (
        ("from", "to", "traffic", "pairs of ends"),
        [(each.source, each.destination, _traffic(each), _pairs(each)) for each in shown],
        [f"and {len(left):,} more: {_counts(_sum(left))}"] if left else [],
    )


def _receiver(each: Receiver) -> tuple[str, ...]:
    return clipped(each.name, WIDEST_NAME), _traffic(each), f"{each.ends:,}", f"{each.senders:,}"


def _traffic(of: Crossing | Receiver) -> str:
    text = listed(of.traffic, _MOST_RANGES)
    return text if len(text) <= WIDEST_TRAFFIC else f"{text[: WIDEST_TRAFFIC - 1]}…"


def _pairs(crossing: Crossing) -> str:
    return f"{_counts(crossing.pairs)} of {crossing.of_pairs:,}"


def _counts(pairs: Mapping[Verdict, int]) -> str:
    return ", ".join(f"{pairs[each]:,} {each}" for each in OPEN if pairs[each])


def _sum(several: Sequence[Crossing]) -> dict[Verdict, int]:
    return {verdict: sum(each.pairs[verdict] for each in several) for verdict in OPEN}


def table(heading: Sequence[str], lines: Lines) -> Table:
    """Lines of text below a heading."""
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for each in heading:
        found.add_column(each, overflow="fold")
    for line in lines:
        found.add_row(*map(Text, line))
    return found
