"""The flow matrix: every sender and every socket, proved and measured side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from bulkhead.agree import FlowMatrix, Pair
from bulkhead.ends import EndpointKind
from bulkhead.network import Network, Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove import PARTLY, Column, Row, Summary
from bulkhead.report.unmodelled import nothing_reached
from bulkhead.report.words import LEGEND, clipped

MARKS: Mapping[Summary | None, str] = {
    Verdict.ALLOWED: "●",
    Verdict.DENIED: "·",
    Verdict.HALF_OPEN: "◐",
    Verdict.UNDETERMINED: "?",
    PARTLY: "◒",
    None: " ",
}
ASCII_MARKS: Mapping[Summary | None, str] = {
    Verdict.ALLOWED: "A",
    Verdict.DENIED: ".",
    Verdict.HALF_OPEN: "H",
    Verdict.UNDETERMINED: "?",
    PARTLY: "P",
    None: " ",
}

WIDEST_TRAFFIC = 40
"""Columns for the ports of one line; --json has them all."""
WIDEST_NAME = 40
"""Columns for a name: what AWS calls things by itself may have 83."""
_FEWEST = 4
"""Senders beside each other that make a table; where fewer fit, a list is easier to read."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a terminal can show: marks, and the lines from a name down to its column."""

    marks: Mapping[Summary | None, str]
    corner: str
    stem: str


_UNICODE: Final = _Signs(MARKS, "┌", "│")
_ASCII: Final = _Signs(ASCII_MARKS, "+", "|")


def print_matrix(console: Console, network: Network, flow_matrix: FlowMatrix) -> None:
    """One row per socket, one column per sender; what is not as it should be ends with '!'.

    What does not fit the width comes in blocks of senders; where hardly any fits, as a list.
    """
    if not flow_matrix.sockets:
        console.print(nothing_reached(network))
        return
    signs = _UNICODE if console.encoding.lower().startswith("utf") else _ASCII
    lines = _lines(flow_matrix)
    fit = _fit(console.width, lines, flow_matrix)
    if fit < min(_FEWEST, len(flow_matrix.senders)):
        _print_list(console, lines, flow_matrix, signs.marks)
    else:
        for number, first in enumerate(range(0, len(flow_matrix.senders), fit)):
            if number:
                console.print()
            block = flow_matrix.senders[first : first + fit]
            for line in (
                *_stairs(console.width, lines, block, flow_matrix, signs),
                *_rows(lines, block, flow_matrix, signs.marks),
            ):
                console.print(line, no_wrap=True, overflow="ignore", crop=False)
    console.print(Text(_legend(flow_matrix, signs.marks), "dim"))


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
            name=clipped(some[0].called, WIDEST_NAME),
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


def _room(lines: Sequence[_Line]) -> tuple[int, int]:
    """The columns of names and of traffic."""
    names = max(cell_len(each.name) for each in lines)
    return names + 1, max(cell_len(each.traffic) for each in lines) + 1


def _fit(width: int, lines: Sequence[_Line], flow_matrix: FlowMatrix) -> int:
    """How many senders fit beside the names, the last with its own name over it."""
    last = min(WIDEST_NAME, max(cell_len(_short(each)) for each in flow_matrix.senders))
    return max(0, (width - sum(_room(lines)) - last - 2) // _mark(flow_matrix) + 1)


def _mark(flow_matrix: FlowMatrix) -> int:
    return 4 if flow_matrix.drilled else 3


def _stairs(
    width: int, lines: Sequence[_Line], shown: Sequence[Row], flow_matrix: FlowMatrix, signs: _Signs
) -> Iterator[Text]:
    """The senders' names, each a step over its column: read across, however long."""
    left, mark = sum(_room(lines)), _mark(flow_matrix)
    step = signs.stem.ljust(mark)
    for number, row in enumerate(shown):
        room = max(1, min(WIDEST_NAME, width - left - mark * number - 2))
        name = clipped(_short(row), room)
        yield Text(f"{' ' * left}{step * number}{signs.corner} {name}")
    yield Text(f"{'socket'.ljust(left)}{step * len(shown)}".rstrip())


def _rows(
    lines: Sequence[_Line],
    shown: Sequence[Row],
    flow_matrix: FlowMatrix,
    marks: Mapping[Summary | None, str],
) -> Iterator[Text]:
    (names, traffic), mark = _room(lines), _mark(flow_matrix)
    for line in lines:
        row = Text(set_cell_size(line.name, names))
        row.append(set_cell_size(line.traffic, traffic), "dim")
        for sender in shown:
            cell = _cell(flow_matrix.pairs[sender, line.column], marks, flow_matrix.drilled)
            cell.pad_right(mark - cell.cell_len)
            row.append_text(cell)
        row.rstrip()
        yield row


def _print_list(
    console: Console,
    lines: Sequence[_Line],
    flow_matrix: FlowMatrix,
    marks: Mapping[Summary | None, str],
) -> None:
    """Per socket whoever reaches it, or should, or may."""
    for line in lines:
        console.print(Text.assemble(line.name, " ", (line.traffic, "dim")))
        said = False
        for row in flow_matrix.senders:
            pair = flow_matrix.pairs[row, line.column]
            if pair.proved in (Verdict.DENIED, None) and pair.as_it_should_be:
                continue
            said = True
            cell = _cell(pair, marks, flow_matrix.drilled)
            console.print(Text.assemble("  ", cell, " ", clipped(_short(row), WIDEST_NAME)))
        if not said:
            console.print(Text(f"  {marks[Verdict.DENIED]} nobody", "dim"))


def _short(row: Row) -> str:
    return f"({row.place})" if _stranger(row) else row.name


def _stranger(row: Row) -> bool:
    return row.kind is EndpointKind.STRANGER


def _cell(pair: Pair, marks: Mapping[Summary | None, str], drilled: bool) -> Text:
    text = marks[pair.proved] + (marks[pair.measured] if drilled else "")
    if not pair.as_it_should_be:
        return Text(text + "!", "bold red")
    if pair.shared:
        return Text(text + "*", "green")
    return Text(text, "green" if pair.proved is Verdict.ALLOWED else "dim")


def _legend(flow_matrix: FlowMatrix, marks: Mapping[Summary | None, str]) -> str:
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
    if any(pair.shared and pair.as_proved for pair in flow_matrix.pairs.values()):
        lines.append("*: open with another socket, which draws from the same range of ports")
    return "\n".join(lines)
