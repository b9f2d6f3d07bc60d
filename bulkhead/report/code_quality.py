"""A sheet as a code quality report: GitLab takes no SARIF, and marks lines by this.

(docs.gitlab.com/ci/testing/code_quality, "Code Quality report format")
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bulkhead.lint import Severity
from bulkhead.problems import printable
from bulkhead.report.places import Checkout
from bulkhead.report.sheet import Entry, Outcome, Sheet

_SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.NOTE: "info",
}
LONGEST: Final = 1_000
"""Characters of a description, which GitLab shows beside a line."""


def code_quality(sheet: Sheet, checkout: Checkout) -> str:
    """The text of the file. What passes, does not apply or is suppressed is no degradation."""
    told = (each for each in sheet.of(Outcome.FAIL, Outcome.NOT_DECIDED) if not each.kind.sums_up)
    found = [_degradation(each, sheet.subject, checkout) for each in told]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _degradation(entry: Entry, subject: str, checkout: Checkout) -> dict[str, Any]:
    written = entry.origin if entry.origin and entry.origin.file else None
    said = f"{entry.kind.title}: {entry.message}"
    if entry.outcome is Outcome.NOT_DECIDED:
        said = f"not decided: {said}"
    return {
        "check_name": entry.kind.id,
        "description": printable(said[:LONGEST]),
        "fingerprint": entry.fingerprint,
        "severity": _SEVERITY[entry.grade],
        "location": {
            "path": checkout.place(written.file if written else subject),
            "lines": {"begin": max(written.line_now, 1) if written else 1},
        },
    }
