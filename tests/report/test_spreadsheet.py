"""CSV that a spreadsheet reads as text."""

import csv
from io import StringIO

import pytest
from hypothesis import given

from bulkhead.network import Origin
from bulkhead.report.spreadsheet import COLUMNS, spreadsheet
from tests.support.sheets import entry, sheet_of, sheets


def rows(sheet):
    return list(csv.DictReader(StringIO(spreadsheet(sheet), newline="")))


@given(sheets())
def test_every_entry_is_a_line_and_no_cell_a_formula(sheet):
    read = rows(sheet)
    assert [each["fingerprint"] for each in read] == [each.fingerprint for each in sheet.every]
    for row in read:
        assert tuple(row) == COLUMNS
        assert not any(
            cell.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")) for cell in row.values()
        )


@pytest.mark.parametrize("begins", ["=cmd()", "+1", "-1", "@sum", "\t=1", " =1", "\uff1d1"])
def test_what_a_spreadsheet_would_run_is_quoted(begins):
    (row,) = rows(sheet_of(entry(begins)))
    assert row["message"][0] in "'\\"


def test_a_line_has_the_place_and_the_cause():
    under = entry("b", origin=Origin(urn="urn:pulumi:x"))
    cause, effect = rows(sheet_of(entry("a", origin=Origin(file="x.yaml", line=3), under=(under,))))
    assert (cause["file"], cause["line"], cause["cause"]) == ("x.yaml", "3", "")
    assert (effect["urn"], effect["cause"]) == ("urn:pulumi:x", cause["fingerprint"])
