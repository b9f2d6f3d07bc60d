"""The flow matrix: every sender and every socket, proved and measured side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.network import Flow, PortRange, Verdict, protocol_name
from bulkhead.prove import PARTLY, Column, EndpointKind, Entry, Reach, Row, matrix
from bulkhead.prove.declared import label
from bulkhead.report.comparison import Places
from bulkhead.twin import Measurement

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
_WORDS: Mapping[Entry, str] = {
    Verdict.ALLOWED: "allowed",
    Verdict.DENIED: "denied",
    Verdict.HALF_OPEN: "half-open: requests arrive, replies are lost",
    PARTLY: "differs between replicas or zones",
    Verdict.UNDETERMINED: "undetermined",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sender and one socket. `declared` is None where nobody said what should be."""

    sender: str
    sender_kind: EndpointKind
    socket: str
    protocol: int
    ports: PortRange
    declared: bool | None
    proved: Entry | None
    measured: Entry | None

    @property
    def as_it_should_be(self) -> bool:
        """Proved as declared, and measured as proved."""
        wanted = {None: self.proved, True: Verdict.ALLOWED, False: Verdict.DENIED}[self.declared]
        measured = self.measured if self.measured is not None else self.proved
        expected = Verdict.DENIED if self.proved is Verdict.HALF_OPEN else self.proved
        return self.proved in (wanted, None) and measured in (expected, self.proved)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMatrix:
    """All pairs, socket by socket, in the order of `senders`."""

    senders: tuple[Row, ...]
    sockets: tuple[Column, ...]
    pairs: Mapping[tuple[Row, Column], Pair]
    drilled: bool


def tabulate(
    reach: Reach,
    *,
    flows: Iterable[Flow] | None = None,
    measurements: Sequence[Measurement] | None = None,
) -> FlowMatrix:
    """Put proof, declaration and measurement of every pair beside each other."""
    proved = matrix(reach)
    wanted = (
        None
        if flows is None
        else {
            (each.client, each.server.name, each.server.protocol, each.server.port)
            for each in flows
        }
    )
    seen = _measured(reach, proved.columns, measurements or ())
    pairs = {
        (row, column): Pair(
            sender=row.name,
            sender_kind=row.kind,
            socket=column.name,
            protocol=column.protocol,
            ports=column.ports,
            declared=None
            if wanted is None
            else (row.name, column.name, column.protocol, column.ports.first) in wanted,
            proved=proved.entry(row, column),
            measured=seen.get((row.name, column)),
        )
        for row in proved.rows
        for column in proved.columns
    }
    return FlowMatrix(
        senders=proved.rows,
        sockets=proved.columns,
        pairs=pairs,
        drilled=measurements is not None,
    )


def _measured(
    reach: Reach, columns: Sequence[Column], measurements: Sequence[Measurement]
) -> dict[tuple[str, Column], Entry]:
    place = Places(reach)
    found: dict[tuple[str, Column], set[bool]] = {}
    for each in measurements:
        sender = label(place.endpoint(each.source))
        target = label(place.endpoint(each.target))
        for column in columns:
            here = column.protocol == each.protocol and each.port in column.ports
            named = each.listener.name if each.listener else target
            if here and named == (column.name if column.declared else column.owner):
                found.setdefault((sender, column), set()).add(each.allowed)
    verdicts: dict[frozenset[bool], Entry] = {
        frozenset({True}): Verdict.ALLOWED,
        frozenset({False}): Verdict.DENIED,
        frozenset({True, False}): PARTLY,
    }
    return {key: verdicts[frozenset(values)] for key, values in found.items()}


def print_matrix(console: Console, flow_matrix: FlowMatrix) -> None:
    """One row per socket, one column per sender; what is not as it should be ends with '!'."""
    if not flow_matrix.sockets:
        console.print("nothing here can be reached by anything")
        return
    marks = MARKS if console.encoding.lower().startswith("utf") else ASCII_MARKS
    shown = _shown(flow_matrix)
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="")
    table.add_column("socket", vertical="bottom", no_wrap=True)
    table.add_column("", vertical="bottom", no_wrap=True, style="dim")
    for row in shown:
        table.add_column("\n".join(_short(row)), vertical="bottom", no_wrap=True)
    for column in flow_matrix.sockets:
        traffic = f"{protocol_name(column.protocol)} {column.ports}"
        name = Text(column.name if column.declared else column.owner)
        if not column.declared:
            traffic += " (no socket)"
        table.add_row(
            name,
            traffic,
            *(_cell(flow_matrix.pairs[row, column], marks, flow_matrix.drilled) for row in shown),
        )
    console.print(table)
    console.print(Text(_legend(flow_matrix, marks), "dim"))


def _shown(flow_matrix: FlowMatrix) -> list[Row]:
    """Senders worth a column: strangers and the rest of the world only where they differ."""
    return [row for row in flow_matrix.senders if row.kind is not EndpointKind.ELSEWHERE]


def _short(row: Row) -> str:
    return f"({row.name.removeprefix('any host in ')})" if _stranger(row) else row.name


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
    words = [f"{marks[each]} {word}" for each, word in _WORDS.items() if each in used]
    lines = ["   ".join(words)]
    if flow_matrix.drilled:
        lines.append("first mark: proved, second: measured in the twin")
    if any(_stranger(row) for row in flow_matrix.senders):
        lines.append("(name): any host that someone starts in that segment, held by no group")
    if any(not pair.as_it_should_be for pair in flow_matrix.pairs.values()):
        lines.append("!: not as declared, or not as proved")
    return "\n".join(lines)
