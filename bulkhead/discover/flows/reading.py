"""From files of flow logs to edges: who asked whom, at which port, how often, and what of it.

Each batch of files is put together into rows of `traffic`, and then goes; the questions behind
that are asked of all of it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from bulkhead.discover.flows.engine import (
    STEPS,
    engine,
    make,
    question,
    quoted,
    rows_of,
    tell,
)
from bulkhead.discover.flows.fields import HELPS, READ, column, field_of
from bulkhead.discover.flows.files import Batch, Form, expect_needed
from bulkhead.discover.flows.merging import edges_of
from bulkhead.discover.flows.names import Names
from bulkhead.discover.flows.seen import FlowInterface, FlowsSeen
from bulkhead.network import Network
from bulkhead.problems import InputError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

ReadingProgress = Callable[[str], None]

NUMBERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("srcport", "dstport", "protocol", "tcp-flags", "traffic-path"), "INTEGER"),
    "encryption-status": "INTEGER",
    **dict.fromkeys(("packets", "bytes", "start", "end"), "BIGINT"),
}
"""Fields that are numbers, by their kind in SQL; all others are text."""
_MOST_WRONG: Final = 100
"""Lines of a file that are told; whoever mends these asks again."""
_MEND: Final = "fetch the file again, or take the line out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Records that begin from `since` up to `until`; None is without an end."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def condition(self) -> str:
        """As SQL; '' where all are meant. A record without a time (NODATA has one) is kept."""
        said = [
            f'"start" {sign} {int(each.timestamp())}'
            for sign, each in ((">=", self.since), ("<", self.until))
            if each is not None
        ]
        return f" WHERE {' AND '.join(said)}" if said else ""


ALWAYS: Final = Window()


def read_flows(
    batches: Iterable[Batch],
    network: Network | None = None,
    *,
    window: Window = ALWAYS,
    progress: ReadingProgress = lambda _: None,
) -> FlowsSeen:
    """Everything that some flow logs say, with the ends called as `network` calls them.

    Raises InputError with all that is wrong with the files, UnusableError without DuckDB.
    """
    names = Names(network or Network())
    passed: list[str] = []
    forms: list[frozenset[str]] = []
    files = 0
    with engine() as database:
        empty = True
        for each in batches:
            passed += each.passed_over
            for form, paths in each.files.items():
                progress(f"reading {len(paths)} files of flow logs")
                with each.naming():
                    forms.append(_take_in(database, form, paths, window, empty=empty))
                empty, files = False, files + len(paths)
        if empty:
            raise InputError([Problem("flow logs", 0, "there is no record in them", "name others")])
        progress("joining records")
        return _answer(database, names, files, forms, tuple(passed))


def _take_in(
    database: DuckDBPyConnection,
    form: Form,
    paths: tuple[Path, ...],
    window: Window,
    *,
    empty: bool,
) -> frozenset[str]:
    """Adds what files of one form hold to `traffic`; which fields they have."""
    present, source = (
        _parquet(database, paths) if form.parquet else (form.columns, _text(form, paths))
    )
    _view(database, source, frozenset(present), window)
    make(database, "records", view=True)
    beginning = "CREATE OR REPLACE TEMP TABLE traffic AS" if empty else "INSERT INTO traffic"
    _asked(database, f"{beginning}\n{question('traffic')}", paths)
    return frozenset(present)


def _view(
    database: DuckDBPyConnection, source: str, present: frozenset[str], window: Window
) -> None:
    """`flow_logs`: what is asked of a record, NULL where it does not say it."""
    columns = (
        f'"{column(each)}"'
        if each in present
        else f'CAST(NULL AS {NUMBERS.get(each, "VARCHAR")}) AS "{column(each)}"'
        for each in READ
    )
    said = f"SELECT {', '.join(columns)} FROM {source}{window.condition}"  # noqa: S608 - quoted
    database.execute(f"CREATE OR REPLACE TEMP VIEW flow_logs AS {said}")


def _text(form: Form, paths: Iterable[Path]) -> str:
    columns = ", ".join(
        f"{quoted(column(each))}: '{NUMBERS.get(each, 'VARCHAR')}'" for each in form.columns
    )
    return (
        f"read_csv([{', '.join(map(quoted, paths))}], delim=' ', quote='', escape='', comment='', "
        f"auto_detect=false, header=false, skip={int(form.header)}, nullstr='-', "
        f"columns={{{columns}}}, store_rejects=true, rejects_limit={_MOST_WRONG})"
    )


def _parquet(database: DuckDBPyConnection, paths: Iterable[Path]) -> tuple[tuple[str, ...], str]:
    """Fields that all of them have (by their own schemas), and what reads them."""
    problems: list[Problem] = []
    columns: dict[tuple[str, ...], None] = {}
    for path in paths:
        try:
            query = f"DESCRIBE FROM read_parquet({quoted(path)})"
            rows = _asked(database, query, (path,))
            names = tuple(each[0] for each in rows)
            expect_needed(path, [field_of(each) or each for each in names], 0)
            columns[names] = None
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    every = [{field_of(each): each for each in names} for names in columns]
    common = [each for each in every[0] if each and all(each in other for other in every)]
    listed = ", ".join(f'"{every[0][each]}" AS "{column(each)}"' for each in common)
    several = ", ".join(map(quoted, paths))
    read = f"read_parquet([{several}], union_by_name=true, hive_partitioning=false)"
    source = f"(SELECT {listed} FROM {read})"  # noqa: S608 - names of fields, and quoted
    return tuple(common), source


def _asked(
    database: DuckDBPyConnection, query: str, paths: tuple[Path, ...]
) -> list[tuple[Any, ...]]:
    """Raises InputError where a file cannot be read as what it says it is."""
    import duckdb  # noqa: PLC0415 - an optional part

    try:
        answer = database.execute(query).fetchall()
    except duckdb.OutOfMemoryException:
        raise InputError(
            [Problem(str(paths[0]), 0, "has more different records than fit", "name fewer days")]
        ) from None
    except duckdb.Error as error:
        raise InputError(_broken(str(error), paths)) from None
    if wrong := list(_rejected(database)):
        raise InputError(wrong)
    return answer


def _broken(said: str, paths: tuple[Path, ...]) -> list[Problem]:
    """Which of the files DuckDB means; what it says may hold their text, and is not repeated."""
    named = [each for each in paths if str(each) in said] or list(paths[:1])
    if "GZIP" in said:
        what = "is cut off or damaged: it cannot be decompressed"
    elif "Permission denied" in said:
        what = "cannot be read (Permission denied)"
    elif any(each.suffix.lower() == ".parquet" for each in named):
        what = "is no whole Parquet file"
    else:
        what = "cannot be read as records of a flow log"
    return [Problem(str(each), 0, what, "fetch the file again") for each in named]


def _rejected(database: DuckDBPyConnection) -> Iterator[Problem]:
    """Lines that are no records, by file; what stands there is not repeated."""
    (number,) = database.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'"
    ).fetchone() or (0,)
    if not number:
        return
    rows = database.execute(
        "SELECT DISTINCT file_path, line, error_type, column_name, error_message "
        "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) ORDER BY ALL"
    ).fetchall()
    # A line that is too short is told by the database once for each field that it lacks.
    alone = {(path, line): (kind, name, said) for path, line, kind, name, said in rows}
    for (path, line), (kind, name, said) in alone.items():
        match str(kind):
            case "MISSING COLUMNS" | "TOO MANY COLUMNS":
                what = f"has another number of fields than the first line names ({_counted(said)})"
            case "CAST":
                what = f"has no number as {str(name).replace('_', '-')}"
            case _:
                what = "is no record of a flow log"
        yield Problem(path, int(line), what, _MEND)


def _counted(said: str) -> str:
    """'4 fields, and it has 3' of 'Expected Number of Columns: 4 Found: 3'."""
    numbers = [word for word in said.replace(":", " ").split() if word.isdigit()]
    return f"{numbers[0]}, and it has {numbers[1]}" if len(numbers) == 2 else "see the file"


def _answer(
    database: DuckDBPyConnection,
    names: Names,
    files: int,
    forms: list[frozenset[str]],
    passed: tuple[str, ...],
) -> FlowsSeen:
    common = frozenset.intersection(*forms)
    tell(database, "declared", names.declared())
    for step in STEPS[2:-1]:
        make(database, step, view=step in ("placed", "sided"))
    tell(database, "kept", [(each,) for each in names.kept(_public(database))])
    interfaces = tuple(_interface(each) for each in rows_of(database, question("interfaces")))
    names.recorded = {each.id: each for each in interfaces}
    edges, carried = edges_of(rows_of(database, question("edges")), names)
    times = [each for one in interfaces for each in (one.first, one.last) if each is not None]
    days = rows_of(database, "SELECT DISTINCT day FROM traffic WHERE day IS NOT NULL ORDER BY day")
    return FlowsSeen(
        edges=edges,
        interfaces=tuple(sorted((each for each in interfaces if each.id), key=lambda one: one.id)),
        files=files,
        records=sum(each.ok for each in interfaces),
        nodata=sum(each.nodata for each in interfaces),
        skipped=sum(each.skipped for each in interfaces),
        first=min(times, default=None),
        last=max(times, default=None),
        days=tuple(day_of(each["day"]) for each in days),
        fields=common,
        missing=tuple(dict.fromkeys(why for each, why in HELPS.items() if each not in common)),
        passed_over=passed,
        carried=carried,
    )


def _public(database: DuckDBPyConnection) -> list[str]:
    """Addresses of the records that may be of the internet."""
    rows = database.execute(
        "SELECT DISTINCT address FROM (SELECT src AS address FROM traffic UNION ALL "
        "SELECT dst FROM traffic) WHERE address IS NOT NULL AND address NOT LIKE '10.%' "
        "AND address NOT LIKE '192.168.%'"
    )
    return [each[0] for each in rows.fetchall()]


def _interface(row: Mapping[str, Any]) -> FlowInterface:
    return FlowInterface(
        id=row["interface_id"] or "",
        address=row["own"] or "",
        vpc=row["vpc_id"] or "",
        subnet=row["subnet_id"] or "",
        instance=row["instance_id"] or "",
        ecs_service=row["ecs_service"] or "",
        ok=int(row["ok"]),
        nodata=int(row["nodata"]),
        skipped=int(row["skipped"]),
        accepted=int(row["accepted"]),
        rejected=int(row["rejected"]),
        first=moment_of(row["started"]),
        last=moment_of(row["ended"]),
    )


def moment_of(seconds: int | None) -> datetime | None:
    """A time of a record, which counts seconds of UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def day_of(seconds: int) -> date:
    """The day on which a record began, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).date()
