"""A sheet as JUnit XML: what Jenkins, GitLab and every other build server show as tests.

There is no standard. It is written so that the two schemas that are most used take it: of Apache
Ant (github.com/windyroad/JUnit-Schema) and of Jenkins (its xunit plugin, junit-10.xsd). GitLab
knows a test by `classname` and `name`, and of two alike it drops one
(docs.gitlab.com/ci/testing/unit_test_reports): so a name is made of what makes an entry the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from bulkhead.problems import printable
from bulkhead.report.sheet import Entry, Outcome, Sheet

MOST_BYTES: Final = 30_000_000
"""GitLab takes 30 MB of a file."""
LONGEST: Final = 4_000
"""Characters of a message."""
_UNKNOWN_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 can hold (www.w3.org/TR/xml/#charsets)."""
_FIRST: Final[Mapping[Outcome, int]] = {
    Outcome.FAIL: 0,
    Outcome.NOT_DECIDED: 1,
    Outcome.SUPPRESSED: 2,
    Outcome.NOT_APPLICABLE: 3,
    Outcome.PASS: 4,
}


def junit(sheet: Sheet) -> str:
    """The text of the file. Of what is too much, what fails is kept."""
    entries = sorted(sheet.every, key=lambda each: _FIRST[each.outcome])
    kept = len(entries)
    while True:
        text = _text(sheet, entries[:kept], len(entries) - kept)
        size = len(text.encode())
        if size <= MOST_BYTES or not kept:
            return text
        kept = kept * MOST_BYTES // size * 9 // 10


def _text(sheet: Sheet, entries: Iterable[Entry], left: int) -> str:
    by_kind: dict[str, list[Entry]] = {}
    for each in entries:
        by_kind.setdefault(each.kind.id, []).append(each)
    root = ET.Element("testsuites")
    root.append(_answer(sheet, left))
    for number, (kind, several) in enumerate(by_kind.items(), 1):
        cases = list(_cases(f"bulkhead.{sheet.verb}.{kind}", several))
        root.append(_suite(sheet, number, kind, cases))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _answer(sheet: Sheet, left: int) -> ET.Element:
    """The whole as one test: an answer that is no never looks all green, whatever is undecided."""
    case = _case(f"bulkhead.{sheet.verb}", "answer")
    if not sheet.ok:
        failure = ET.SubElement(case, "failure", type="answer", message=_shown(sheet.verdict))
        failure.text = _shown(sheet.verdict)
    notes = [*sheet.notes, *([f"{left} more are left out: --json lists all"] if left else [])]
    return _suite(sheet, 0, "answer", [case], out=sheet.verdict, err="\n".join(notes))


def _cases(classname: str, entries: Iterable[Entry]) -> Iterator[ET.Element]:
    seen: Counter[str] = Counter()
    for each in entries:
        name = _shown(", ".join(filter(None, each.identity)) or each.subject)
        seen[name] += 1
        alone = name if seen[name] == 1 else f"{name} ({seen[name]})"
        yield _judged(_case(classname, alone), each)


def _case(classname: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=classname, name=name, time="0.000")


def _judged(case: ET.Element, entry: Entry) -> ET.Element:
    if entry.fault:
        failure = ET.SubElement(
            case, "failure", type=str(entry.grade), message=_shown(entry.message)
        )
        failure.text = _shown("\n".join(_says(entry)))
    elif entry.outcome is not Outcome.PASS:
        # A note is no fault, and no more a pass than what nobody could decide.
        what = "note" if entry.outcome is Outcome.FAIL else str(entry.outcome)
        said = ": ".join(filter(None, (what, entry.message, entry.why)))
        ET.SubElement(case, "skipped", message=_shown(said))
    return case


def _says(entry: Entry) -> Iterator[str]:
    if entry.place:
        yield f"{entry.place}: {entry.message}"
    else:
        yield entry.message
    yield from filter(None, (entry.why, *entry.evidence))
    if remedy := entry.remedy or entry.kind.remedy:
        yield f"to mend it: {remedy}"


def _suite(
    sheet: Sheet,
    number: int,
    name: str,
    cases: Iterable[ET.Element],
    *,
    out: str = "",
    err: str = "",
) -> ET.Element:
    cases = list(cases)
    time = sheet.provenance.time if sheet.provenance else _UNKNOWN_TIME
    suite = ET.Element(
        "testsuite",
        id=str(number),
        package=f"bulkhead.{sheet.verb}",
        name=name,
        hostname="localhost",
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S"),
        time="0.000",
        tests=str(len(cases)),
        failures=str(sum(each.find("failure") is not None for each in cases)),
        errors="0",
        skipped=str(sum(each.find("skipped") is not None for each in cases)),
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in _made_from(sheet):
        ET.SubElement(properties, "property", name=key, value=_shown(value))
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = _shown(out)
    ET.SubElement(suite, "system-err").text = _shown(err)
    return suite


def _made_from(sheet: Sheet) -> Iterator[tuple[str, str]]:
    yield "source", sheet.subject
    if made := sheet.provenance:
        yield "version", made.version
        yield from (("account", each) for each in made.accounts)
        yield from (("region", each) for each in made.regions)


def _shown(text: str) -> str:
    """Text with what XML cannot hold, or a terminal would obey, written as an escape."""
    lines = "\n".join(map(printable, text.split("\n")))
    cut = lines if len(lines) <= LONGEST else f"{lines[: LONGEST - 1]}…"
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", cut)
