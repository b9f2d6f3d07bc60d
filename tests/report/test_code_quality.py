"""A code quality report, as GitLab takes it."""

import json
from pathlib import Path

from hypothesis import given

from bulkhead.audit import Outcome
from bulkhead.lint import Severity
from bulkhead.network import Origin
from bulkhead.report.code_quality import code_quality
from bulkhead.report.places import Checkout
from tests.support.sheets import entry, sheet_of, sheets

HERE = Checkout(root=Path("/repo"), here=Path("/repo/infra"))
REQUIRED = {"description", "check_name", "fingerprint", "severity", "location"}


def read(sheet):
    return json.loads(code_quality(sheet, HERE))


@given(sheets())
def test_whatever_an_account_holds_each_finding_has_all_that_gitlab_asks_for(sheet):
    found = read(sheet)
    assert len(found) == len(sheet.of(Outcome.FAIL, Outcome.NOT_DECIDED))
    assert len({each["fingerprint"] for each in found}) == len(found)
    for each in found:
        assert set(each) == REQUIRED
        assert each["location"]["path"]
        assert each["location"]["lines"]["begin"] >= 1
        assert each["severity"] in ("info", "minor", "major", "critical")


def test_a_finding_marks_its_line_and_says_what_it_is():
    (found,) = read(sheet_of(entry(origin=Origin(file="x.yaml", line=7), severity=Severity.HIGH)))
    assert found["location"] == {"path": "infra/x.yaml", "lines": {"begin": 7}}
    assert (found["severity"], found["description"]) == ("critical", "A flow opens: a opens")


def test_what_passes_or_is_suppressed_marks_nothing():
    quiet = (Outcome.PASS, Outcome.SUPPRESSED, Outcome.NOT_APPLICABLE)
    assert read(sheet_of(*(entry(outcome=each) for each in quiet))) == []
