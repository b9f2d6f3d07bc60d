"""What reaches what, as it was asked, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.ends import Endpoint, any_port
from bulkhead.network import Verdict
from bulkhead.network.traffic import listed, traffic
from bulkhead.prove import ByHops, Direct
from bulkhead.prove.by_label import CellsByLabel
from bulkhead.prove.hop_graph import Step
from bulkhead.report.overview import by_place, table
from bulkhead.report.words import MOST_SHOWN

STYLES = {
    Verdict.ALLOWED: "green",
    Verdict.HALF_OPEN: "yellow",
    Verdict.UNDETERMINED: "magenta",
    Verdict.DENIED: "dim",
}


def print_reach(console: Console, answer: Direct | ByHops) -> None:
    """What reaches what, then why nothing is at an address that was asked about."""
    if isinstance(answer, ByHops):
        _print_rows(console, _by_hops(answer))
    elif answer.too_large:
        _print_by_place(console, answer)
    else:
        cells = answer.by_label()
        _print_rows(console, _direct(cells))
        _print_guessed(console, _half_open(cells))
    for each in answer.nowhere:
        console.print(Text(f"no host can have {each.end}: {each.why}"))


def _print_rows(console: Console, rows: Table) -> None:
    if rows.row_count:
        console.print(rows)
    else:
        console.print("nothing: every cell that was asked about is denied")


def _print_by_place(console: Console, answer: Direct) -> None:
    """So many pairs that nobody reads them one by one."""
    crossings, public = answer.crossings(), answer.by_public_address()
    heading, lines, left = by_place(crossings)
    console.print("too many pairs for a list. From place to place:")
    _print_rows(console, table(heading, lines))
    for line in left:
        console.print(Text(line, "dim"))
    if public:
        console.print(_direct(public))
    console.print(Text("pair by pair: name fewer ends, a --port, or ask with --json", "dim"))
    lost = any(each.pairs[Verdict.HALF_OPEN] for each in crossings)
    _print_guessed(console, answer.sources if lost else _half_open(public))


def _half_open(cells: Iterable[CellsByLabel]) -> Iterator[Endpoint]:
    return (each.example[0] for each in cells if each.verdict is Verdict.HALF_OPEN)


def _print_guessed(console: Console, clients: Iterable[Endpoint]) -> None:
    """Clients of whom nobody knows from which ports they ask, where a reply is lost."""
    notes = [*dict.fromkeys(why for client in clients if (why := any_port(client)))]
    for guessed in notes[:MOST_SHOWN]:
        console.print(Text(f"note: {guessed}", "dim"))
    if more := notes[MOST_SHOWN:]:
        console.print(Text(f"note: and so do {len(more):,} more", "dim"))


def _direct(cells: Iterable[CellsByLabel]) -> Table:
    """One line per pair of labels and verdict."""
    table = _table("from", "to", "", "traffic", "only")
    for each in cells:
        verdict = Text(str(each.verdict), STYLES[each.verdict])
        said = listed(each.traffic)
        table.add_row(each.source, each.destination, verdict, said, _only(each))
    return table


def _only(cells: CellsByLabel) -> str:
    if cells.hosts == cells.of_hosts:
        return ""
    source, destination = cells.example
    return f"{cells.hosts} of {cells.of_hosts} pairs, such as {source} -> {destination}"


def _by_hops(answer: ByHops) -> Table:
    """The nearest first, each with one way."""
    table = _table("hops", "end", "", "by")
    for each in answer.by_label():
        many = f" ({each.ends})" if each.ends > 1 else ""
        doubt = Text() if each.certain else Text("undetermined", STYLES[Verdict.UNDETERMINED])
        table.add_row(str(each.hops), each.label + many, doubt, _way(each.path))
    return table


def _way(path: Sequence[Step]) -> str:
    steps = [f" -{_by(step)}{_traffic(step)}-> {step.destination}" for step in path]
    return f"{path[0].source}{''.join(steps)}"


def _by(step: Step) -> str:
    """What else than the direct way takes it there."""
    if step.balanced:
        return "balanced, "
    return f"over {step.over.address}, " if step.over is not None else ""


def _traffic(step: Step) -> str:
    """The first protocol that is open: one is enough."""
    protocol = step.cells[0].protocol
    return traffic(protocol, tuple(each.ports for each in step.cells if each.protocol == protocol))


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
