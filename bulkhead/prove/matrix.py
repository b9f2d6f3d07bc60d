"""The proof as a table: who reaches which socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label
from bulkhead.network import Listener, Verdict
from bulkhead.prove.columns import OPEN, AllColumns, Column, Row, Summary
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    entries: tuple[tuple[Summary | None, ...], ...]
    """By row, then by column; None where row and column are one and the same host."""

    def entry(self, row: Row, column: Column) -> Summary | None:
        return self.entries[self.rows.index(row)][self.columns.index(column)]


def matrix(
    reach: Reach,
    listeners: Iterable[Listener] | None = None,
    fold: Callable[[Endpoint], str] = label,
) -> Matrix:
    """One column per listener and per undeclared range open to the same; one row per sender.

    `fold` names the ends; those of one name are one row, and without an owner one column.
    """
    found = AllColumns(reach, listeners, fold)
    members = tuple(found.rows.values())
    row_of = {index: row for row, bits in enumerate(members) for index in bits_of(bits)}
    columns: list[Column] = []
    entries: list[list[Summary | None]] = [[] for _ in members]
    for filled in found:
        columns.append(filled.column)
        for row in entries:
            row.append(Verdict.DENIED)
        # Most senders reach nothing; only the others, and the owner itself, are looked at.
        looked_at = filled.hosts | filled.some(OPEN)
        for number in {row_of[index] for index in bits_of(looked_at)}:
            entries[number][-1] = filled.entry(members[number])
    kept = {
        number for number, row in enumerate(found.rows) if _is_worth_a_row(row, entries[number])
    }
    return Matrix(
        tuple(row for number, row in enumerate(found.rows) if number in kept),
        tuple(columns),
        tuple(tuple(entries[number]) for number in sorted(kept)),
    )


def _is_worth_a_row(row: Row, entries: Iterable[Summary | None]) -> bool:
    """There is always an elsewhere; it is of interest where something may come from it."""
    return row.kind is not EndpointKind.ELSEWHERE or any(
        each is not Verdict.DENIED for each in entries
    )
