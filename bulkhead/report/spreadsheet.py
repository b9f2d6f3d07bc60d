"""A sheet as CSV (RFC 4180): a line for every entry, and none that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from bulkhead.problems import printable
from bulkhead.report.sheet import Entry, Outcome, Sheet

COLUMNS: Final = (
    "outcome",
    "severity",
    "kind",
    "title",
    "subject",
    "message",
    "why",
    "remedy",
    "file",
    "line",
    "urn",
    "controls",
    "evidence",
    "fingerprint",
    "cause",
)
_FORMULA: Final = ("=", "+", "-", "@", *"\uff1d\uff0b\uff0d\uff20")
"""With what a formula begins, for one spreadsheet or another; the last four are full-width
(owasp.org/www-community/attacks/CSV_Injection). A tab or a line break is shown, never written."""


def spreadsheet(sheet: Sheet) -> str:
    """The text of the file. `cause` is the fingerprint of what an entry follows from."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in sheet.entries:
        writer.writerows(_rows(entry, ""))
    return text.getvalue()


def _rows(entry: Entry, cause: str) -> Iterator[list[str]]:
    origin = entry.origin
    cells = (
        str(entry.outcome),
        str(entry.grade),
        entry.kind.id,
        entry.kind.title,
        entry.subject,
        entry.message,
        entry.why,
        "" if entry.outcome is Outcome.PASS else entry.remedy or entry.kind.remedy,
        origin.path if origin else "",
        str(origin.line) if origin and origin.line else "",
        origin.urn if origin else "",
        "; ".join(entry.kind.controls),
        "; ".join(entry.evidence),
        entry.fingerprint,
        cause,
    )
    yield list(map(_inert, cells))
    for each in entry.under:
        yield from _rows(each, entry.fingerprint)


def _inert(cell: str) -> str:
    shown = printable(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
