"""The flow matrix: every sender and every socket, proved and measured side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.agree import FlowMatrix, Pair
from bulkhead.ends import EndpointKind
from bulkhead.network import Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove import PARTLY, Column, Entry, Row
from bulkhead.report.words import LEGEND

MARKS: Mapping[Entry | None, str] = {
    Verdict.ALLOWED: "●",
    Verdict.DENIED: "·",
    Verdict.HALF_OPEN: "◐",
    Verdict.UNDETERMINED: "?",
    PARTLY: "◒",
    None: " ",
}
ASCII_MARKS: Mapping[Entry | None, str] = {
    Verdict.ALLOWED: "A",
    Verdict.DENIED: ".",
    Verdict.HALF_OPEN: "H",
    Verdict.UNDETERMINED: "?",
    PARTLY: "P",
    None: " ",
}

WIDEST_TRAFFIC = 40
"""Columns for the ports of one line; --json has them all."""


def print_matrix(console: Console, flow_matrix: FlowMatrix) -> None:
    """One row per socket, one column per sender; what is not as it should be ends with '!'.

    What does not fit the width comes in blocks of senders.
    """
    if not flow_matrix.sockets:
        console.print("nothing here can be reached by anything")
        return
    marks = MARKS if console.encoding.lower().startswith("utf") else ASCII_MARKS
    lines = _lines(flow_matrix)
    for number, block in enumerate(_blocks(console.width, lines, flow_matrix)):
        if number:
            console.print()
        console.print(_table(lines, block, flow_matrix, marks))
    console.print(Text(_legend(flow_matrix, marks), "dim"))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table: a socket, or all undeclared traffic of one owner that is alike."""

    name: str
    traffic: str
    column: Column


def _lines(flow_matrix: FlowMatrix) -> list[_Line]:
    """Declared sockets first, then the rest: what the internet reaches before what it does not."""
    # Where nothing is declared, there is no socket anywhere: not worth the width.
    remark = " (no socket)" if any(each.declared for each in flow_matrix.sockets) else ""
    lines = [
        _Line(
            name=some[0].called,
            traffic=some[0].traffic
            if some[0].address
            else _clipped(listed(flow_matrix.traffic(some))) + ("" if some[0].declared else remark),
            column=some[0],
        )
        for some in flow_matrix.alike
    ]
    return sorted(
        lines, key=lambda each: not each.column.declared and not _exposed(flow_matrix, each)
    )


def _exposed(flow_matrix: FlowMatrix, line: _Line) -> bool:
    return any(
        flow_matrix.pairs[row, line.column].proved is not Verdict.DENIED
        for row in flow_matrix.senders
        if row.kind is EndpointKind.INTERNET
    )


def _clipped(text: str) -> str:
    return text if len(text) <= WIDEST_TRAFFIC else f"{text[: WIDEST_TRAFFIC - 1]}…"


def _blocks(width: int, lines: Sequence[_Line], flow_matrix: FlowMatrix) -> Iterator[Sequence[Row]]:
    """The senders, as many at a time as fit beside the names."""
    names = max(len(each.name) for each in lines) + 1
    traffic = max(len(each.traffic) for each in lines) + 1
    mark = 4 if flow_matrix.drilled else 3
    fit = max(1, (width - names - traffic) // mark)
    for first in range(0, len(flow_matrix.senders), fit):
        yield flow_matrix.senders[first : first + fit]


def _table(
    lines: Sequence[_Line],
    shown: Sequence[Row],
    flow_matrix: FlowMatrix,
    marks: Mapping[Entry | None, str],
) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="")
    table.add_column("socket", vertical="bottom", no_wrap=True)
    table.add_column("", vertical="bottom", no_wrap=True, style="dim")
    for row in shown:
        table.add_column("\n".join(_short(row)), vertical="bottom", no_wrap=True)
    for line in lines:
        pairs = (flow_matrix.pairs[row, line.column] for row in shown)
        cells = (_cell(each, marks, flow_matrix.drilled) for each in pairs)
        table.add_row(Text(line.name), line.traffic, *cells)
    return table


def _short(row: Row) -> str:
    return f"({row.place})" if _stranger(row) else row.name


def _stranger(row: Row) -> bool:
    return row.kind is EndpointKind.STRANGER


def _cell(pair: Pair, marks: Mapping[Entry | None, str], drilled: bool) -> Text:
    text = marks[pair.proved] + (marks[pair.measured] if drilled else "")
    if not pair.as_it_should_be:
        return Text(text + "!", "bold red")
    return Text(text, "green" if pair.proved is Verdict.ALLOWED else "dim")


def _legend(flow_matrix: FlowMatrix, marks: Mapping[Entry | None, str]) -> str:
    used = {pair.proved for pair in flow_matrix.pairs.values()} | {
        pair.measured for pair in flow_matrix.pairs.values()
    }
    words = [f"{marks[each]} {word}" for each, word in LEGEND.items() if each in used]
    lines = ["   ".join(words)]
    if flow_matrix.drilled:
        lines.append("first mark: proved, second: measured in the twin")
    if any(_stranger(row) for row in flow_matrix.senders):
        lines.append("(name): any host that someone starts in that segment, held by no group")
    if any(not pair.as_it_should_be for pair in flow_matrix.pairs.values()):
        lines.append("!: not as declared, or not as proved")
    return "\n".join(lines)
