"""DuckDB as it is used here: bounded, and without a network.

The questions are text (`sql/`), in the part of SQL that DuckDB and Athena (Trino) share, so that
who has a hundred gigabytes asks them where those lie. What differs is made around them: here what
a question reads is a table of that name, there a part of one statement.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulkhead.problems import UnusableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY: Final = "600MB"
"""What DuckDB may hold; what is more goes to a folder beside."""

STEPS: Final = (
    *("records", "traffic", "owners", "placed", "listening", "held", "holders", "crowds"),
    *("sided", "edges"),
)
"""The questions in an order in which each reads those before it; `interfaces` reads `placed`."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "declared": {
        "address": "VARCHAR",
        "protocol": "INTEGER",
        "first_port": "INTEGER",
        "last_port": "INTEGER",
    },
    "kept": {"address": "VARCHAR"},
}
"""What the questions are told: where sockets are declared, and which addresses of the internet
have a name."""


def question(name: str) -> str:
    """The text of one, as it stands in its file."""
    return (resources.files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def engine() -> Iterator[DuckDBPyConnection]:
    """A database of this process, which goes when it is closed. Raises UnusableError."""
    try:
        import duckdb  # noqa: PLC0415 - an optional part
    except ImportError:
        raise UnusableError(
            "flow logs are read by DuckDB, which is not installed; pip install 'bulkhead[discover]'"
        ) from None
    with tempfile.TemporaryDirectory(prefix="bulkhead-flows-") as beside:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": beside,
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(config=settings)
        try:
            # Which it would write between the lines of an answer.
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


def make(connection: DuckDBPyConnection, name: str, *, view: bool = False) -> None:
    """The answer to a question as a table of its name, or as a view, which is asked each time."""
    kind = "VIEW" if view else "TABLE"
    connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS\n{question(name)}")


def tell(connection: DuckDBPyConnection, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """One of `TABLES`, with these rows."""
    columns = ", ".join(f"{column} {kind}" for column, kind in TABLES[name].items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if rows:
        places = ", ".join("?" for _ in TABLES[name])
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608 - ours


def quoted(text: str | Path) -> str:
    """As a string of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def rows_of(connection: DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    """Each row of an answer by the names of its columns."""
    answer = connection.execute(query)
    names = [each[0] for each in answer.description or ()]
    while rows := answer.fetchmany(10_000):
        for row in rows:
            yield dict(zip(names, row, strict=True))
