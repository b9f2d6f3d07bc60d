"""What a planned network would have done to recorded traffic, for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from bulkhead.rehearse import Rehearsal, RehearsedEdge, RehearsedFate
from bulkhead.report.console import print_indented
from bulkhead.report.flows import details, edge_said
from bulkhead.report.words import MOST_SHOWN, count

SELDOM = 3
"""On so many days at most, of more: what nobody misses until it is due, a monthly batch."""

_TITLES = {
    RehearsedFate.CUT: ("would have been cut", "bold red"),
    RehearsedFate.REPLY_LOST: ("would have lost replies", "bold red"),
    RehearsedFate.UNDECIDED: ("not decided", "bold magenta"),
    RehearsedFate.NO_PLACE: ("an end that the plan does not have", "bold yellow"),
    RehearsedFate.KEPT: ("kept", "bold green"),
}


def verdict(found: Rehearsal) -> str:
    """'trading would have cut 3 flows, 2 of them seen on 3 days at most; 41 kept.'"""
    if not found.edges:
        return f"{found.topology}: no record is of anybody in the plan, so nothing is decided."
    harmed = found.of(RehearsedFate.CUT, RehearsedFate.REPLY_LOST)
    kept = len(found.of(RehearsedFate.KEPT))
    said = f"{found.topology} would have cut {count(len(harmed), 'flow')}"
    if rare := sum(seldom(each, found) for each in harmed):
        said += f", {rare} of them seen on {SELDOM} days at most"
    more = [f"{kept} kept"]
    if unknown := len(found.of(RehearsedFate.UNDECIDED)):
        more.append(f"{unknown} not decided")
    if placeless := len(found.of(RehearsedFate.NO_PLACE)):
        more.append(f"{placeless} with an end that is not in the plan")
    days = f"{count(len(found.days), 'day')} of records"
    return f"{said}; {', '.join(more)}; {days}."


def seldom(each: RehearsedEdge, found: Rehearsal) -> bool:
    """Whether it was seen on few of many days."""
    return len(each.edge.days) <= SELDOM < len(found.days)


def print_rehearsal(console: Console, found: Rehearsal) -> None:
    """The worst first, each with its records and what cuts it."""
    for fate, (title, style) in _TITLES.items():
        edges = found.of(fate)
        if edges:
            console.print(Text(f"{title} ({len(edges)})", style))
            _print_edges(console, edges, found)
    if found.opened:
        title = f"was refused, and would be let pass ({len(found.opened)})"
        console.print(Text(title, "bold yellow"))
        _print_edges(console, found.opened, found)
    for note in notes(found):
        console.print(Text(note, "magenta"))
    console.print(Text(verdict(found), "bold green" if found.ok else "bold red"))


def _print_edges(console: Console, edges: Iterable[RehearsedEdge], found: Rehearsal) -> None:
    edges = list(edges)
    for each in edges[:MOST_SHOWN]:
        print_indented(console, 2, Text(edge_said(each.edge)))
        print_indented(console, 6, Text(details(each.edge, found.days), "dim"))
        for line in grounds(each):
            print_indented(console, 6, Text(line))
    if len(edges) > MOST_SHOWN:
        console.print(f"  and {len(edges) - MOST_SHOWN} more (--json lists all)")
    console.print()


def grounds(each: RehearsedEdge) -> list[str]:
    """Why it has that fate."""
    said = [each.why] if each.why else []
    if 0 < each.harmed < each.pairs:
        said.append(f"for {each.harmed} of {each.pairs} pairs of ends that it may have been")
    return [*said, *each.layers]


def notes(found: Rehearsal) -> tuple[str, ...]:
    """What the records leave open."""
    said = []
    if found.skipped:
        windows = count(found.skipped, "window")
        said.append(f"{windows} with SKIPDATA: what was lost there is not rehearsed")
    if found.beside:
        said.append(f"{count(len(found.beside), 'edge')} between others were not asked about")
    if found.beside and not found.edges:
        said.append(
            "interfaces are known by their tag bulkhead:service; where nothing has it, "
            "`bulkhead adopt SOURCE --write FILE --rehearse LOGS` knows what it writes"
        )
    said.append("what was not recorded is not rehearsed: a batch that ran on no recorded day, say")
    return tuple(said)
