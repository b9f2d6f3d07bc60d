"""A sheet as SARIF 2.1.0, as code scanning of GitHub takes it.

The standard: docs.oasis-open.org/sarif/sarif/v2.1.0. What GitHub reads of it, and how much:
docs.github.com/code-security/code-scanning, "SARIF support" and "SARIF results exceed limit".
What passes or does not apply is no result: an alert would be opened for it.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from bulkhead.lint import Severity
from bulkhead.network.origins import Origin
from bulkhead.problems import printable
from bulkhead.report.documents.provenance import provenance
from bulkhead.report.places import Checkout
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

MOST_RESULTS: Final = 25_000
MOST_BYTES: Final = 10 * 1024 * 1024
"""Of the file, compressed."""
MOST_RELATED: Final = 100
"""Locations of a result: GitHub takes 1,000 and shows 100."""
MOST_TAGS: Final = 10
LONGEST_TITLE: Final = 1_024
LONGEST_MESSAGE: Final = 4_000
"""Characters. Whoever reads an alert reads no more; `--json` has all of it."""

_TOLD: Final = (Outcome.FAIL, Outcome.NOT_DECIDED, Outcome.SUPPRESSED)
_ROOT: Final = "%SRCROOT%"
_SEVERITIES: Final = tuple(Severity)
_LEVEL: Final[Mapping[Severity, str]] = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "warning",
    Severity.NOTE: "note",
}
_SCORE: Final[Mapping[Severity, str]] = {
    Severity.HIGH: "8.9",
    Severity.MEDIUM: "6.9",
    Severity.LOW: "3.9",
}
"""The most that GitHub still calls high, medium and low. A note has none: it is no fault."""
_LINK: Final = re.compile(r"\](?=\()")


def sarif(sheet: Sheet, checkout: Checkout, version: str) -> str:
    """The text of the file. Of what is too much the worst is kept, and how much is not is said."""
    told = (each for each in sheet.of(*_TOLD) if not each.kind.sums_up)
    entries = sorted(told, key=lambda each: _SEVERITIES.index(each.grade))
    kept = min(len(entries), MOST_RESULTS)
    while True:
        log = _log(sheet, entries[:kept], len(entries) - kept, checkout, version)
        text = json.dumps(log, indent=1, ensure_ascii=False) + "\n"
        size = _compressed(text)
        if size <= MOST_BYTES or not kept:
            return text
        kept = kept * MOST_BYTES // size * 9 // 10


def _compressed(text: str) -> int:
    data = text.encode(errors="backslashreplace")
    return len(data) if len(data) <= MOST_BYTES else len(gzip.compress(data, 6))


def _log(
    sheet: Sheet, entries: Sequence[Entry], left: int, checkout: Checkout, version: str
) -> dict[str, Any]:
    rules = {rule_id(each): _rule(each) for each in entries}
    index = {id_: place for place, id_ in enumerate(rules)}
    where = _Locations(sheet.subject, checkout)
    run = {
        "tool": {
            "driver": {
                "name": "Bulkhead",
                "semanticVersion": version,
                "rules": list(rules.values()),
            }
        },
        "automationDetails": {"id": f"bulkhead/{sheet.verb}/{checkout.place(sheet.subject)}/"},
        "invocations": [_invocation(sheet, left)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[rule_id(each)], where) for each in entries],
        "properties": {
            "verdict": printable(sheet.verdict),
            "outcomes": {str(each): sheet.counts[each] for each in Outcome},
            "provenance": provenance(sheet.provenance),
        },
    }
    if checkout.repository:
        run["versionControlProvenance"] = [_revision(checkout)]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule_id(entry: Entry) -> str:
    """The id of its kind; with more behind it where it is not the usual case of that.

    GitHub takes how bad an alert is from its rule alone, so there is one for each severity; and
    whoever filters by what fails does not get what nobody could decide.
    """
    if entry.outcome is Outcome.NOT_DECIDED and not entry.kind.undecided:
        return f"{entry.kind.id}/not-decided"
    if entry.grade is not entry.kind.severity:
        return f"{entry.kind.id}/{entry.grade}"
    return entry.kind.id


def _rule(entry: Entry) -> dict[str, Any]:
    kind = entry.kind
    undecided = entry.outcome is Outcome.NOT_DECIDED and not kind.undecided
    title = f"Not decided: {kind.title}" if undecided else kind.title
    remedy = f"\n\n{kind.remedy}" if kind.remedy else ""
    level = _LEVEL[entry.grade]
    rule: dict[str, Any] = {
        "id": rule_id(entry),
        "name": _pascal(kind.id),
        "shortDescription": {"text": _text(title, LONGEST_TITLE)},
        "fullDescription": {"text": _text(kind.describes, LONGEST_TITLE)},
        "help": {
            "text": _text(f"{kind.describes}{remedy}"),
            "markdown": _text(f"{kind.describes}{remedy}{_controls(kind)}"),
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["security", *kind.controls][:MOST_TAGS],
            "precision": "very-high",
            "problem.severity": "recommendation" if level == "note" else level,
        },
    }
    if kind.url:
        rule["helpUri"] = kind.url
    if entry.grade in _SCORE:
        rule["properties"]["security-severity"] = _SCORE[entry.grade]
    return rule


def _controls(kind: EntryKind) -> str:
    return f"\n\nControls: {', '.join(kind.controls)}" if kind.controls else ""


def _pascal(id_: str) -> str:
    return "".join(each.capitalize() for each in re.split(r"\W", id_))


def _result(entry: Entry, index: int, where: _Locations) -> dict[str, Any]:
    result = {
        "ruleId": rule_id(entry),
        "ruleIndex": index,
        "kind": "fail",
        "level": _LEVEL[entry.grade],
        "message": {"text": _text("\n".join(_says(entry)))},
        "locations": [where.of(entry)],
        "partialFingerprints": {
            # The only one that GitHub reads; without it, it takes the text of the line.
            "primaryLocationLineHash": f"{entry.fingerprint}:1",
            "bulkhead/v1": entry.fingerprint,
        },
        "properties": {"outcome": str(entry.outcome), "subject": printable(entry.subject)},
    }
    if related := list(where.related(entry)):
        result["relatedLocations"] = related
    if entry.outcome is Outcome.SUPPRESSED:
        said = {"kind": "external", "status": "accepted", "justification": _text(entry.why)}
        result["suppressions"] = [said]
    return result


def _says(entry: Entry) -> Iterator[str]:
    """What it is, why it matters, what shows it, what follows from it, what mends it.

    A sentence comes first: where there is no room GitHub shows that alone.
    """
    yield entry.message
    if entry.why:
        yield entry.why
    yield from (f"- {each}" for each in entry.evidence)
    if entry.under:
        yield f"What follows from it ({len(entry.under)}):"
        yield from (f"- {each.message}" for each in entry.under)
    if remedy := entry.remedy or entry.kind.remedy:
        yield f"To mend it: {remedy}"


class _Locations:
    """A place of every entry: GitHub takes no result without one in a file.

    What has no line of its own is at the start of what was read: a topology, a state; of an
    account it is called as it was asked for, as scanners of container images do.
    """

    def __init__(self, subject: str, checkout: Checkout) -> None:
        self._subject = subject
        self._checkout = checkout

    def of(self, entry: Entry) -> dict[str, Any]:
        urn = entry.origin.urn if entry.origin else ""
        name = printable(urn or entry.subject)
        return {
            "physicalLocation": self._physical(entry.origin),
            "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
        }

    def related(self, entry: Entry) -> Iterator[dict[str, Any]]:
        """Where what follows from it is written."""
        written = (each for each in _below(entry) if each.origin and each.origin.file)
        for number, each in zip(range(1, MOST_RELATED), written, strict=False):
            yield {
                "id": number,
                "physicalLocation": self._physical(each.origin),
                "message": {"text": _text(each.message, LONGEST_TITLE)},
            }

    def _physical(self, origin: Origin | None) -> dict[str, Any]:
        if origin and origin.file:
            uri, line = self._checkout.uri(origin.file), origin.line_now
        else:
            uri, line = self._checkout.place(self._subject), 0
        artifact = {"uri": uri}
        if not uri.startswith("file:"):
            artifact["uriBaseId"] = _ROOT
        return {"artifactLocation": artifact, "region": {"startLine": max(line, 1)}}


def _below(entry: Entry) -> Iterable[Entry]:
    return (each for under in entry.under for each in under.walk())


def _invocation(sheet: Sheet, left: int) -> dict[str, Any]:
    notes = [{"level": "note", "message": {"text": _text(each)}} for each in sheet.notes]
    if left:
        what = f"{left} more results, none worse than these, are left out: --json lists all."
        notes.insert(0, {"level": "warning", "message": {"text": what}})
    invocation: dict[str, Any] = {
        "executionSuccessful": True,
        "exitCode": 0 if sheet.ok else 1,
        "exitCodeDescription": printable(sheet.verdict),
        "toolExecutionNotifications": notes,
    }
    if sheet.provenance:
        invocation["endTimeUtc"] = sheet.provenance.time.strftime("%Y-%m-%dT%H:%M:%SZ")
    return invocation


def _revision(checkout: Checkout) -> dict[str, str]:
    said = {
        "repositoryUri": checkout.repository,
        "revisionId": checkout.revision,
        "branch": checkout.branch,
    }
    return {key: value for key, value in said.items() if value}


def _text(text: str, most: int = LONGEST_MESSAGE) -> str:
    """Text as a message of SARIF: what would be a placeholder or a link in one is none.

    (sections 3.11.5 and 3.11.6 of the standard)
    """
    shown = "\n".join(map(printable, text.split("\n")))
    cut = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return _LINK.sub("] ", cut).replace("{", "{{").replace("}", "}}")
