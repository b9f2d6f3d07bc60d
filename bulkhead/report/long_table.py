"""Tables without lines, of very many rows: a plan of a thousand services has twenty thousand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table

_AROUND: Final = "  "
"""Before a cell and behind it."""


class LongTable:
    """As Rich lays out a table that has room, a hundred times as fast: the widest cell of a column
    is its width. What has no room is left to Rich, which folds it.
    """

    def __init__(self, *headings: str) -> None:
        self._headings = headings
        self._rows: list[tuple[str, ...]] = []

    def add_row(self, *cells: str) -> None:
        """A cell may have several lines."""
        self._rows.append(cells)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [max(map(_width, each)) for each in zip(self._headings, *self._rows, strict=True)]
        room = sum(widths) + len(widths) * 2 * len(_AROUND) <= options.max_width
        if not room or not all(map(_is_plain, self._cells())):
            yield self._folded()
            return
        dim = console.get_style("dim")
        yield from _lines(self._headings, widths, dim)
        for row in self._rows:
            yield from _lines(row, widths)

    def _cells(self) -> Iterator[str]:
        return (cell for row in (self._headings, *self._rows) for cell in row)

    def _folded(self) -> Table:
        padding = (0, len(_AROUND), 0, len(_AROUND))
        table = Table(box=None, padding=padding, header_style="dim", show_edge=False)
        for heading in self._headings:
            table.add_column(heading, overflow="fold")
        for row in self._rows:
            table.add_row(*row)
        return table


def _width(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _is_plain(cell: str) -> bool:
    """Whether all that is in it shows as itself, in lines of which none is empty."""
    return cell.isprintable() or all(each and each.isprintable() for each in cell.split("\n"))


def _lines(
    row: tuple[str, ...], widths: list[int], style: Style | None = None
) -> Iterator[Segment]:
    for parts in zip_longest(*(cell.split("\n") for cell in row), fillvalue=""):
        line = "".join(
            f"{_AROUND}{part}{' ' * (width - cell_len(part))}{_AROUND}"
            for part, width in zip(parts, widths, strict=True)
        )
        yield Segment(line, style)
        yield Segment.line()
