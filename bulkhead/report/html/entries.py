"""What was found: outcome by outcome, each entry to be opened, its effects folded under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bulkhead.lint import Severity
from bulkhead.report.html.markup import Markup, element, joined
from bulkhead.report.sheet import Entry, Outcome, Sheet
from bulkhead.report.words import count

MOST_ENTRIES: Final = 1_000
"""Entries of one page, effects included: what has more is read by a machine."""

MOST_UNDER: Final = 50
"""Effects, and lines of evidence, of one entry."""

_OPEN_AT_ONCE: Final = 3
"""The first so many are open: what is worst is read without a click."""

FOUND: Final = "found"
UNDECIDED: Final = "undecided"
"""Anchors of what is wrong."""

_HEADINGS: Final = {
    Outcome.FAIL: (FOUND, "Findings", "●"),
    Outcome.NOT_DECIDED: (UNDECIDED, "Not decided", "?"),
    Outcome.SUPPRESSED: ("suppressed", "Suppressed", "○"),
    Outcome.PASS: ("passed", "Passed", "✓"),
    Outcome.NOT_APPLICABLE: ("inapplicable", "Not applicable", "-"),
}
"""In the order in which people ask."""

WRONG: Final = (Outcome.FAIL, Outcome.NOT_DECIDED)
"""What is read first; what holds is folded."""

HELD: Final = (Outcome.PASS, Outcome.NOT_APPLICABLE)
"""Of what holds it is no matter how bad it would be."""

_BADGES: Final = {
    Severity.HIGH: "▲ high",
    Severity.MEDIUM: "◆ medium",
    Severity.LOW: "▽ low",
    Severity.NOTE: "· note",
}
"""A shape and a word beside the colour."""


def entries(sheet: Sheet) -> Iterator[tuple[str, str, Markup]]:
    """(id, title, section) of each outcome that occurs."""
    room = MOST_ENTRIES
    for outcome, (anchor, title, sign) in _HEADINGS.items():
        of_it = sheet.of(outcome)
        if not of_it:
            continue
        shown = _fitting(of_it, room)
        room -= sum(map(_size, shown))
        yield anchor, f"{title} ({len(of_it)})", _section(outcome, sign, shown, len(of_it))


def _fitting(some: Sequence[Entry], room: int) -> Sequence[Entry]:
    """The first that fit, the causes with their effects."""
    for number, each in enumerate(some):
        room -= _size(each)
        if room < 0:
            return some[:number]
    return some


def _size(entry: Entry) -> int:
    return 1 + sum(map(_size, entry.under[:MOST_UNDER]))


def _section(outcome: Outcome, sign: str, shown: Sequence[Entry], of: int) -> Markup:
    wrong = outcome in WRONG
    listed = [
        _entry(each, sign, opened=wrong and number < _OPEN_AT_ONCE)
        for number, each in enumerate(shown)
    ]
    left = of - len(shown)
    more = f"and {left:,} more, left out here: --json lists all"
    rest = element("p", more, class_="left") if left else None
    if wrong:
        return joined(*listed, rest)
    summary = element("summary", "Show it" if of == 1 else f"Show all {of:,}")
    return element("details", summary, *listed, rest, class_="fold")


def _entry(entry: Entry, sign: str, *, opened: bool) -> Markup:
    """Closed it is one line: how bad, what; open it says why, what to do, where, by which rules."""
    anchor = f"f-{entry.fingerprint}"
    grade = str(entry.grade) if entry.outcome not in HELD else None
    summary = element(
        "summary",
        element("span", _BADGES[entry.grade], class_=f"badge {grade}")
        if grade
        else element("span", sign, class_="sign"),
        " ",
        element("span", entry.message, class_="message"),
        " ",
        element("span", entry.kind.id, class_="kind"),
    )
    return element(
        "details",
        summary,
        element("div", *_body(entry), *_effects(entry, sign), _permalink(anchor), class_="body"),
        class_=f"entry {grade or ''}".strip(),
        id=anchor,
        open=opened,
        data_severity=grade,
        data_outcome=str(entry.outcome),
        data_kind=entry.kind.id,
    )


def _body(entry: Entry) -> Iterator[Markup]:
    if entry.why:
        yield element("p", entry.why)
    elif _as_usual(entry):
        yield element("p", entry.kind.describes)
    facts = [
        ("Where", element("code", str(entry.origin)) if entry.origin else None),
        ("About", entry.subject if entry.subject not in entry.message else None),
        ("Evidence", _listed(entry.evidence)),
        ("To mend it", _remedy(entry)),
        ("Controls", ", ".join(entry.kind.controls) or None),
        ("More", _reference(entry.kind.url)),
    ]
    told = [
        joined(element("dt", term), element("dd", what)) for term, what in facts if what is not None
    ]
    if told:
        yield element("dl", *told)


def _listed(lines: Sequence[str]) -> Markup | None:
    if not lines:
        return None
    shown = (element("li", element("code", each)) for each in lines[:MOST_UNDER])
    left = len(lines) - MOST_UNDER
    more = element("li", f"and {left:,} more: --json lists all") if left > 0 else None
    return element("ul", *shown, more)


def _remedy(entry: Entry) -> str | None:
    usual = entry.kind.remedy if _as_usual(entry) else ""
    return entry.remedy or usual or None


def _as_usual(entry: Entry) -> bool:
    """Whether what is said of its kind holds for it: what is not decided may say why itself."""
    undecided = entry.outcome is Outcome.NOT_DECIDED and not entry.why
    return entry.outcome is Outcome.FAIL or undecided


def _reference(url: str) -> Markup | None:
    """A link is followed by who reads, and loads nothing by itself."""
    if not url.startswith("https://"):
        return None
    return element("a", url, href=url, rel="noreferrer")


def _effects(entry: Entry, sign: str) -> Iterator[Markup]:
    if entry.under:
        number = count(len(entry.under), "effect")
        yield element("h3", f"{number}, gone when this is mended")
        for each in entry.under[:MOST_UNDER]:
            yield _entry(each, sign, opened=False)
        if (left := len(entry.under) - MOST_UNDER) > 0:
            yield element("p", f"and {left:,} more effects: --json lists all", class_="left")


def _permalink(anchor: str) -> Markup:
    return element("a", "link to this", class_="permalink", href=f"#{anchor}")
