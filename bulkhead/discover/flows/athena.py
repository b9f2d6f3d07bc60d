"""The questions as statements for Athena, for who has more records than a machine reads.

The text of each question is the same; here each is a part of a WITH, and what DuckDB is told in
tables stands in it as values. A table of Parquet gives NULL for a column that its files lack, one
of text has the columns that it was made with: `fields` says which, and the others are NULL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bulkhead.discover.flows.engine import STEPS, TABLES, question, quoted
from bulkhead.discover.flows.fields import DEFAULT_FORMAT, READ, column
from bulkhead.discover.flows.names import Names
from bulkhead.discover.flows.reading import ALWAYS, NUMBERS, Window
from bulkhead.network import Network
from bulkhead.problems import UnusableError

LONGEST_STATEMENT: Final = 262_144
"""Bytes, and nobody has it raised (docs.aws.amazon.com/athena/latest/ug/service-limits.html)."""
_NAME: Final = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+){0,2}")


def statements(
    table: str,
    network: Network | None = None,
    *,
    fields: Sequence[str] = DEFAULT_FORMAT,
    window: Window = ALWAYS,
) -> tuple[str, str, str]:
    """Three, one after the other: the first forgets the table beside that an earlier run made, the
    second puts the records together as that table, so that they are read once; the answer of the
    third is the rows of `edges`. Raises UnusableError.

    A table is not made where one is there, and none can be replaced: there is no `OR REPLACE`
    (docs.aws.amazon.com/athena/latest/ug/create-table-as.html). The files of one that is dropped
    stay where they are (docs.aws.amazon.com/athena/latest/ug/drop-table.html), and those of a new
    one go to a folder of its own, named after the query
    (docs.aws.amazon.com/athena/latest/ug/considerations-ctas.html).

    `table` is as Athena calls it: 'flow_logs', 'logs.flow_logs'.
    """
    if not _NAME.fullmatch(table):
        raise UnusableError(f"{table}: is no name of a table; write one such as logs.flow_logs")
    names = Names(network or Network())
    beside = _quoted_name(f"{table}_traffic")
    records = {"flow_logs": _records(table, fields, window), "records": question("records")}
    told = {
        "traffic": f"SELECT * FROM {beside}",  # noqa: S608 - checked, quoted
        "declared": _values("declared", names.declared()),
        "kept": _values("kept", [(str(each),) for each in names.public_here]),
        **{step: question(step) for step in STEPS[2:]},
    }
    first = _with({**records, "traffic": question("traffic")}, "traffic")
    said = f"CREATE TABLE {beside} AS\n{first}", _with(told, STEPS[-1])
    if (length := max(len(each.encode()) for each in said)) > LONGEST_STATEMENT:
        raise UnusableError(
            f"what is declared makes a statement of {length} bytes, and Athena takes "
            f"{LONGEST_STATEMENT} at most; name a part of that network, such as one VPC"
        )
    return _forgotten(f"{table}_traffic"), *said


def _forgotten(table: str) -> str:
    """Of Hive's grammar, in which a name stands in backticks, and which knows no catalogs: that is
    the one in which the statement is run."""
    return f"DROP TABLE IF EXISTS {'.'.join(f'`{part}`' for part in table.split('.')[-2:])}"


def _with(parts: Mapping[str, str], last: str) -> str:
    said = ",\n".join(f"{name} AS (\n{text.strip()}\n)" for name, text in parts.items())
    return f"WITH {said}\nSELECT * FROM {last}\n"


def _quoted_name(table: str) -> str:
    return ".".join(f'"{part}"' for part in table.split("."))


def _records(table: str, fields: Sequence[str], window: Window) -> str:
    columns = ",\n    ".join(
        f'"{column(each)}"'
        if each in fields
        else f'CAST(NULL AS {NUMBERS.get(each, "VARCHAR")}) AS "{column(each)}"'
        for each in READ
    )
    return f"SELECT\n    {columns}\nFROM {_quoted_name(table)}{window.condition}"


def _values(name: str, rows: Iterable[Sequence[object]]) -> str:
    columns = TABLES[name]
    listed = ",\n    ".join(
        f"({', '.join(quoted(each) if isinstance(each, str) else str(each) for each in row)})"
        for row in rows
    )
    if not listed:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {each}" for each, kind in columns.items())
        return f"SELECT {nothing} WHERE 1 = 0"
    return f"SELECT * FROM (VALUES\n    {listed}\n) AS told ({', '.join(columns)})"  # noqa: S608
