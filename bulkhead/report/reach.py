"""What reaches what, as asked, for people: replicas, zones and pieces folded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.ends import Endpoint, label
from bulkhead.ends.nowhere import why_nowhere
from bulkhead.network import Network, PortRange, Verdict
from bulkhead.prove import Cell, describe
from bulkhead.prove.blast import Reached, Step

STYLES = {
    Verdict.ALLOWED: "green",
    Verdict.HALF_OPEN: "yellow",
    Verdict.UNDETERMINED: "magenta",
    Verdict.DENIED: "dim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it was asked; None is everything. `hops` is a number or 'all'."""

    from_: str | None
    to: str | None
    protocol: str | None = None
    port: int | None = None
    hops: int | str | None = None

    @property
    def specific(self) -> bool:
        """Whether both ends are named: then the denied cells are part of the answer."""
        return self.from_ is not None and self.to is not None


_Hosts = tuple[int, int]
_Open = tuple[int, PortRange, Verdict]


@dataclass(slots=True)
class _Pair:
    """All ends of one label towards all ends of another, and what is open between which."""

    pairs: dict[_Hosts, str] = field(default_factory=dict)
    open: dict[_Open, set[_Hosts]] = field(default_factory=lambda: defaultdict(set))


class Folded:
    """Cells by label. They pass by once, and are not kept."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], _Pair] = {}
        self._labels: dict[int, str] = {}
        self.counts: Counter[Verdict] = Counter()

    def add(self, cell: Cell) -> None:
        """Take one more cell into account."""
        hosts = (id(cell.source), id(cell.destination))
        key = (self._label(cell.source), self._label(cell.destination))
        pair = self._found.setdefault(key, _Pair())
        if hosts not in pair.pairs:
            pair.pairs[hosts] = f"{cell.source} -> {cell.destination}"
        self.counts[cell.verdict] += 1
        if cell.verdict is not Verdict.DENIED:
            pair.open[cell.protocol, cell.ports, cell.verdict].add(hosts)

    @property
    def reachable(self) -> bool:
        """Whether anything is open, or may be."""
        return any(self.counts[each] for each in Verdict if each is not Verdict.DENIED)

    def rows(self, *, denied: bool) -> Iterator[tuple[str, str, str, Verdict, str]]:
        """From, to, traffic, verdict, and for which hosts where not for all."""
        for (source, destination), pair in sorted(self._found.items()):
            if not pair.open and denied:
                yield source, destination, "", Verdict.DENIED, ""
            alike: dict[tuple[Verdict, frozenset[_Hosts]], dict[int, list[PortRange]]] = {}
            for (protocol, ports, verdict), hosts in pair.open.items():
                same = alike.setdefault((verdict, frozenset(hosts)), {})
                same.setdefault(protocol, []).append(ports)
            for (verdict, some), traffic in alike.items():
                said = "; ".join(
                    describe(protocol, tuple(sorted(ports))) for protocol, ports in traffic.items()
                )
                whole = len(some) == len(pair.pairs)
                yield source, destination, said, verdict, "" if whole else _some(pair, some)

    def _label(self, endpoint: Endpoint) -> str:
        key = id(endpoint)
        if key not in self._labels:
            self._labels[key] = label(endpoint)
        return self._labels[key]


def _some(pair: _Pair, some: frozenset[_Hosts]) -> str:
    example = next(name for hosts, name in pair.pairs.items() if hosts in some)
    return f"{len(some)} of {len(pair.pairs)} pairs, such as {example}"


def print_cells(console: Console, folded: Folded, *, denied: bool) -> None:
    """One line per pair of labels and verdict."""
    rows = list(folded.rows(denied=denied))
    if not rows:
        console.print("nothing: every cell that was asked about is denied")
        return
    table = _table("from", "to", "", "traffic", "only")
    for source, destination, traffic, verdict, only in rows:
        table.add_row(source, destination, Text(str(verdict), STYLES[verdict]), traffic, only)
    console.print(table)


def print_nowhere(console: Console, network: Network, ends: Iterable[Endpoint]) -> None:
    """Why nothing is at an address that was asked about, one line each."""
    for each in ends:
        console.print(Text(f"no host can have {each}: {why_nowhere(network, each)}"))


def print_reached(console: Console, reached: Sequence[Reached]) -> None:
    """The nearest first, each with one way."""
    if not reached:
        console.print("nothing: every cell that was asked about is denied")
        return
    folded: dict[tuple[str, int, bool], list[Reached]] = {}
    for each in reached:
        folded.setdefault((label(each.end), each.hops, each.certain), []).append(each)
    table = _table("hops", "end", "", "by")
    for (name, hops, certain), ends in folded.items():
        many = f" ({len(ends)})" if len(ends) > 1 else ""
        doubt = Text("", "") if certain else Text("undetermined", STYLES[Verdict.UNDETERMINED])
        table.add_row(str(hops), name + many, doubt, _way(ends[0].path))
    console.print(table)


def _way(path: Iterable[Step]) -> str:
    path = tuple(path)
    steps = [
        f" -{'balanced, ' if step.balanced else ''}{_traffic(step)}-> {step.destination}"
        for step in path
    ]
    return f"{path[0].source}{''.join(steps)}"


def _traffic(step: Step) -> str:
    """The first protocol that is open: one is enough."""
    protocol = step.cells[0].protocol
    return describe(protocol, tuple(each.ports for each in step.cells if each.protocol == protocol))


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
