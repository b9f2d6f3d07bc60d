"""JUnit XML: what the schemas of Ant and Jenkins take, and GitLab."""

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from bulkhead.audit import Outcome
from bulkhead.lint import Severity
from bulkhead.network import Origin
from bulkhead.report import junit as form
from bulkhead.report.junit import junit
from tests.support.sheets import entry, sheet_of, sheets

SCHEMAS = [
    etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / f"junit-{name}.xsd"))
    for name in ("ant", "jenkins")
]


def read(sheet):
    root = etree.fromstring(junit(sheet).encode())
    for each in SCHEMAS:
        each.assertValid(root)
    return root


def cases(*entries, ok=False):
    return read(sheet_of(*entries, ok=ok)).findall("testsuite/testcase")[1:]


@given(sheets())
def test_whatever_an_account_holds_the_file_is_valid_and_every_question_is_a_test(sheet):
    root = read(sheet)
    tests = root.findall("testsuite/testcase")
    assert len(tests) == 1 + len(sheet.every)
    assert len({(each.get("classname"), each.get("name")) for each in tests}) == len(tests)
    failed = root.findall(".//failure")
    assert len(failed) == (not sheet.ok) + sum(each.fault for each in sheet.every)
    passed = sum(each.outcome is Outcome.PASS for each in sheet.every)
    assert sum(not len(each) for each in tests) == passed + sheet.ok


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        (Outcome.FAIL, "failure"),
        (Outcome.NOT_DECIDED, "skipped"),
        (Outcome.NOT_APPLICABLE, "skipped"),
        (Outcome.SUPPRESSED, "skipped"),
    ],
)
def test_only_a_pass_looks_like_one(outcome, becomes):
    (case,) = cases(entry("a opens", outcome=outcome, why="nobody read it"))
    assert [each.tag for each in case] == [becomes]
    if becomes == "skipped":
        assert case[0].get("message") == f"{outcome}: a opens: nobody read it"
    assert len(cases(entry(outcome=Outcome.PASS))[0]) == 0


def test_a_note_is_no_failure():
    (case,) = cases(entry("reply ports", severity=Severity.NOTE), ok=True)
    assert case[0].tag == "skipped"
    assert case[0].get("message") == "note: reply ports"


def test_an_answer_that_is_no_is_never_all_green():
    root = read(sheet_of(entry(outcome=Outcome.NOT_DECIDED), ok=False))
    (failure,) = root.findall("testsuite/testcase/failure")
    assert failure.get("message") == "some flow differs"


def test_a_failure_says_where_it_is_why_and_what_mends_it():
    (case,) = cases(
        entry("a opens", origin=Origin(file="shop.yaml", line=7), why="It is public.", remedy="x")
    )
    assert case[0].text == "shop.yaml:7: a opens\nIt is public.\nto mend it: x"


def test_a_test_is_called_the_same_when_it_fails_and_when_it_passes():
    names = {
        cases(entry(message, identity=("a", "b"), outcome=each))[0].get("name")
        for message, each in (("broken", Outcome.FAIL), ("fine", Outcome.PASS))
    }
    assert names == {"a, b"}


def test_of_more_than_gitlab_takes_what_fails_is_kept_and_how_many_are_not_is_said(monkeypatch):
    monkeypatch.setattr(form, "MOST_BYTES", 6_000)
    passing = (entry(f"p{each}", outcome=Outcome.PASS) for each in range(100))
    root = read(sheet_of(*passing, entry("broken")))
    assert len(root.findall("testsuite/testcase")) < 100
    assert root.find(".//failure[@message='broken']") is not None
    assert "are left out" in root.findtext("testsuite/system-err")
