"""The page itself: the verdict, then what was found, then who reaches what, at the foot whence.

One file that loads nothing: its policy forbids that, but for the style and the script in it,
which it knows by their digests (www.w3.org/TR/CSP3/#match-element-to-source-list).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from bulkhead.lint import Severity
from bulkhead.report.html.entries import FOUND, HELD, UNDECIDED, entries
from bulkhead.report.html.foot import foot, when
from bulkhead.report.html.markup import Markup, element, joined, trusted
from bulkhead.report.html.panels import UNTRUSTED, Panel
from bulkhead.report.picture import embedded_style
from bulkhead.report.sheet import Outcome, Sheet

MOST_NOTES: Final = 100
"""Of what an answer does not cover."""


def page(sheet: Sheet, panels: Iterable[Panel] = ()) -> str:
    """The answer as one HTML document. The same answer gives the same text."""
    sections = _sections(sheet, tuple(panels))
    main = element(
        "main",
        _filter(sheet),
        *(_section(each) for each in sections),
        id="content",
    )
    body = element(
        "div",
        element("a", "To the content", href="#content", class_="skip"),
        _header(sheet),
        _nav(sections),
        main,
        foot(sheet),
        class_="page",
    )
    html = element("html", _head(sheet), element("body", body, _script()), lang="en")
    return f"<!DOCTYPE html>\n{html.html}\n"


def _sections(sheet: Sheet, panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Who gets in from outside, what is wrong, all flows; what holds after them."""
    told = [
        Panel(anchor=anchor, title=title, content=content)
        for anchor, title, content in entries(sheet)
    ]
    wrong = [each for each in told if each.anchor in (FOUND, UNDECIDED)]
    notes = [_notes(sheet)] if sheet.notes else []
    first = [each for each in panels if each.anchor == UNTRUSTED]
    rest = [each for each in panels if each not in first]
    held = [each for each in told if each not in wrong]
    return (*first, *wrong, *rest, *notes, *held)


def _section(panel: Panel) -> Markup:
    heading = element("h2", panel.title, id=f"{panel.anchor}-title")
    return element(
        "section", heading, panel.content, id=panel.anchor, aria_labelledby=f"{panel.anchor}-title"
    )


def _notes(sheet: Sheet) -> Panel:
    left = len(sheet.notes) - MOST_NOTES
    more = element("li", f"and {left:,} more: --json lists all") if left > 0 else None
    listed = element("ul", *(element("li", each) for each in sheet.notes[:MOST_NOTES]), more)
    return Panel(anchor="limits", title="What this does not cover", content=listed)


def _header(sheet: Sheet) -> Markup:
    sign, answer, kind = _answer(sheet)
    asked = element(
        "p",
        element("b", f"bulkhead {sheet.verb}"),
        " of ",
        element("code", sheet.subject),
        class_="asked",
    )
    verdict = element(
        "div",
        element(
            "h1",
            element("span", sign, class_="answer", aria_hidden="true"),
            element("span", answer, class_="sr"),
            sheet.verdict,
        ),
        when(sheet),
        class_=f"verdict {kind}",
    )
    return element("header", asked, verdict, _tally(sheet))


def _answer(sheet: Sheet) -> tuple[str, str, str]:
    """A sign, what a voice says for it, and how it looks. What is not decided is no pass."""
    if not sheet.ok:
        return "✗", "No: ", "no"
    if sheet.counts[Outcome.NOT_DECIDED]:
        return "✓?", "Yes, as far as it is decided: ", "part"
    return "✓", "Yes: ", "yes"


def _tally(sheet: Sheet) -> Markup | None:
    """How many of what, each a way to them."""
    failed = sheet.of(Outcome.FAIL)
    said = [
        (f"{number} {grade}", f"#{FOUND}", str(grade))
        for grade in Severity
        if (number := sum(each.grade is grade for each in failed))
    ]
    for outcome, anchor in _OTHERS.items():
        if number := sheet.counts[outcome]:
            said.append((f"{number} {outcome}", f"#{anchor}", anchor))
    if not said:
        return None
    return element(
        "ul",
        *(element("li", element("a", text, href=href, class_=kind)) for text, href, kind in said),
        class_="tally",
        aria_label="How many of what",
    )


_OTHERS: Final = {
    Outcome.NOT_DECIDED: UNDECIDED,
    Outcome.SUPPRESSED: "suppressed",
    Outcome.PASS: "passed",
    Outcome.NOT_APPLICABLE: "inapplicable",
}


def _nav(sections: Sequence[Panel]) -> Markup:
    links = (element("li", element("a", each.title, href=f"#{each.anchor}")) for each in sections)
    return element("nav", element("ul", *links), aria_label="Parts of this page")


def _filter(sheet: Sheet) -> Markup | None:
    """Shown by the script, which alone can search."""
    if not sheet.entries:
        return None
    every = sheet.every
    graded = {entry.grade for entry in every if entry.outcome not in HELD}
    grades = [each for each in Severity if each in graded]
    outcomes = [each for each in Outcome if any(entry.outcome is each for entry in every)]
    search = element(
        "input",
        type="search",
        name="text",
        autocomplete="off",
        placeholder="name, port, file: press /",
    )
    return element(
        "form",
        element("label", "Search", search, class_="text"),
        _choice("severity", "At least", [(str(each), str(each)) for each in grades]),
        _choice("outcome", "Outcome", [(str(each), str(each)) for each in outcomes]),
        _choice("kind", "Kind", sorted((each.id, each.id) for each in sheet.kinds)),
        element("button", "Open all", type="button", data_all=True),
        element("button", "Reset", type="reset"),
        element("output", aria_live="polite"),
        class_="filter",
        role="search",
        aria_label="Search this page",
        hidden=True,
    )


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> Markup | None:
    if len(options) < 2:
        return None
    every = element("option", "any", value="")
    some = (element("option", text, value=value) for value, text in options)
    return element("label", label, element("select", every, *some, name=name))


def _head(sheet: Sheet) -> Markup:
    policy = "; ".join(_policy())
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content="Bulkhead"),
        element("title", f"bulkhead {sheet.verb} of {sheet.subject}"),
        element("style", trusted(_style())),
    )


def _policy() -> Iterator[str]:
    yield "default-src 'none'"
    yield f"style-src '{_digest(_style())}'"
    yield f"script-src '{_digest(_code())}'"
    yield "base-uri 'none'"
    yield "form-action 'none'"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _style() -> str:
    return joined(trusted(_data("page.css")), trusted(embedded_style())).html


@cache
def _code() -> str:
    return _data("page.js")


def _script() -> Markup:
    return element("script", trusted(_code()))


def _data(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
