"""How a picture looks: colour by day and by night, thickness, dashes; each tells a verdict alone.

So neither colour nor dashes are needed to see it, and what changed has a sign in words besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from bulkhead.agree import Status
from bulkhead.report.openings import LineStatus, Sight, Turn

_FONT: Final = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', "
    "'Liberation Mono', monospace"
)

_LINES: Final[Mapping[LineStatus, tuple[str, str, str, str]]] = {
    Status.DECLARED: ("#15803d", "#3fb950", "1.5", ""),
    Status.OPEN: ("#0369a1", "#58a6ff", "1.5", ""),
    Status.SHARED: ("#15803d", "#3fb950", "1.5", "6 2"),
    Status.UNDECLARED: ("#cf222e", "#ff7b72", "3", ""),
    Status.MISSING: ("#57606a", "#9198a1", "1.5", "1 5"),
    Status.HALF_OPEN: ("#b45309", "#e3a008", "2", "8 4"),
    Status.PARTLY: ("#9a5b00", "#d4a72c", "2", "9 3 2 3"),
    Status.UNDETERMINED: ("#8250df", "#bc8cff", "2", "3 3"),
    Turn.OPENED: ("#cf222e", "#ff7b72", "3.5", ""),
    Turn.CLOSED: ("#24292f", "#d0d7de", "2", "2 5"),
    Turn.HALF_BROKEN: ("#b45309", "#e3a008", "3", "10 4"),
    Turn.MENDED: ("#15803d", "#3fb950", "3", ""),
    Turn.UNSURE: ("#8250df", "#bc8cff", "3", "4 4"),
    Turn.SURE: ("#0369a1", "#58a6ff", "2", "12 3"),
    Turn.IN_PART: ("#9a5b00", "#d4a72c", "3", "9 3 2 3"),
    Turn.KEPT: ("#8c959f", "#6e7681", "1", ""),
    Sight.DECLARED: ("#15803d", "#3fb950", "1.5", ""),
    Sight.SURE: ("#0369a1", "#58a6ff", "1.5", ""),
    Sight.LIKELY: ("#0369a1", "#58a6ff", "1.5", "8 2"),
    Sight.POSSIBLE: ("#0369a1", "#58a6ff", "1.5", "2 3"),
    Sight.SHADOW: ("#cf222e", "#ff7b72", "3", ""),
    Sight.DIFFERS: ("#b45309", "#e3a008", "3", "10 4"),
    Sight.UNSEEN: ("#8250df", "#bc8cff", "2", "3 3"),
}
"""Colour by day, colour by night, thickness, dashes."""

_SHADES: Final[Mapping[LineStatus, tuple[tuple[str, str], ...]]] = {
    Status.DECLARED: (("#15803d", "#3fb950"), ("#0f766e", "#2dd4bf"), ("#4d7c0f", "#a3e635")),
    Status.OPEN: (("#0369a1", "#58a6ff"), ("#4338ca", "#a5b4fc"), ("#0e7490", "#67e8f9")),
}
"""Neighbours differ a little, so that the eye can follow one of many."""

_DAY: Final = {
    "paper": "fill:#ffffff",
    "vpc": "fill:#f6f8fa;stroke:#8c959f",
    "segment": "fill:#eaeef2;stroke:#d0d7de",
    "service": "fill:#ffffff;stroke:#57606a",
    "folded": "fill:#ffffff;stroke:#57606a",
    "stranger": "fill:#f6f8fa;stroke:#57606a",
    "outside": "fill:#fff8e6;stroke:#9a6700",
    "title": "fill:#1f2328",
    "end": "fill:#1f2328",
    "begin": "fill:#57606a",
    "said": "fill:#57606a",
}
_NIGHT: Final = {
    "paper": "fill:#0d1117",
    "vpc": "fill:#11161d;stroke:#6e7681",
    "segment": "fill:#1a212b;stroke:#30363d",
    "service": "fill:#0d1117;stroke:#8b949e",
    "folded": "fill:#0d1117;stroke:#8b949e",
    "stranger": "fill:#11161d;stroke:#8b949e",
    "outside": "fill:#2a2111;stroke:#d29922",
    "title": "fill:#f0f6fc",
    "end": "fill:#f0f6fc",
    "begin": "fill:#9198a1",
    "said": "fill:#9198a1",
}


DEPTH: Final[tuple[LineStatus, ...]] = (
    Sight.UNSEEN,
    Sight.POSSIBLE,
    Sight.LIKELY,
    Sight.SURE,
    Sight.DECLARED,
    Sight.DIFFERS,
    Sight.SHADOW,
    Turn.KEPT,
    Status.MISSING,
    Status.OPEN,
    Status.DECLARED,
    Status.SHARED,
    Turn.SURE,
    Turn.MENDED,
    Turn.CLOSED,
    Status.UNDETERMINED,
    Turn.UNSURE,
    Status.PARTLY,
    Turn.IN_PART,
    Status.HALF_OPEN,
    Turn.HALF_BROKEN,
    Status.UNDECLARED,
    Turn.OPENED,
)
"""What lies below the others first: what is wrong lies above what is right."""


def called(status: LineStatus) -> str:
    """The class by which a line of this status is styled."""
    return status.name.lower().replace("_", "-")


def style(of: Iterable[LineStatus], within: str = "") -> str:
    """The rules for lines `of` these; with `within`, a selector, for pictures in that alone."""
    statuses = tuple(of)
    day = chain(_shared(), _rules(_DAY), _lines(statuses), _coloured(statuses, night=False))
    night = chain(_rules(_NIGHT), _coloured(statuses, night=True))
    return "".join(
        (
            *(_rule(within, *each) for each in day),
            _rule(within, *_BARE),
            "@media (prefers-color-scheme:dark){\n",
            *(_rule(within, *each) for each in night),
            _rule(within, *_BARE),
            "}\n",
        )
    )


_Rule = tuple[str, str]
"""Selectors with commas between them, and declarations."""
_BARE: Final = ("path.arrow,text.words", "stroke:none")


def _rule(within: str, selectors: str, looks: str) -> str:
    inside = ",".join(f"{within} {each}".strip() for each in selectors.split(","))
    return f"{inside}{{{looks}}}\n"


def _shared() -> Iterator[_Rule]:
    yield "text", f"font-family:{_FONT};white-space:pre"
    yield "path", "fill:none"
    yield ".title", "font-weight:600"
    yield ".stranger", "stroke-dasharray:4 3"


def _rules(colours: Mapping[str, str]) -> Iterator[_Rule]:
    for role, looks in colours.items():
        yield f".{role}", looks


def _lines(statuses: Iterable[LineStatus]) -> Iterator[_Rule]:
    for status in statuses:
        _, _, thick, dashes = _LINES[status]
        dashed = f";stroke-dasharray:{dashes}" if dashes else ""
        yield f".{called(status)}", f"stroke-width:{thick}{dashed}"
    yield "path.cross", "stroke-dasharray:none"


def _coloured(statuses: Iterable[LineStatus], *, night: bool) -> Iterator[_Rule]:
    for status in statuses:
        name, colour = called(status), _LINES[status][night]
        yield f".{name}", f"stroke:{colour}"
        yield f".arrow.{name},.words.{name}", f"fill:{colour}"
        for number, shade in enumerate(_SHADES.get(status, ())):
            yield f".{name}.s{number}", f"stroke:{shade[night]}"
            yield f".arrow.{name}.s{number}", f"fill:{shade[night]}"
