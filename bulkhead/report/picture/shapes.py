"""Boxes, texts and lines, in pixels.

Texts are set in a monospaced font, so that their width is known without one:
what browsers take for `monospace` is at most 0.61 em wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import east_asian_width

from bulkhead.report.openings import LineStatus, Opening

LINE: Final = 18
"""The height of a line of text. The right column is half a line lower, so that no
line from one side ever lies on one from the other."""

TEXT: Final = 12
SMALL: Final = 11
HEADING: Final = 13
TITLE: Final = 18
ARROW: Final = 7
_EM: Final = 0.61

Align = Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle. `role` says how it looks, `hidden` is its tooltip."""

    x: float
    y: float
    width: float
    height: float
    role: str
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    role: str
    size: int
    align: Align = "start"

    @property
    def left(self) -> float:
        return self.x if self.align == "start" else self.x - self.width

    @property
    def width(self) -> float:
        return width(self.text, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A path of a net: its trunk with the arrow, or the tap of one sender."""

    path: str
    status: LineStatus
    shade: int
    hidden: str
    openings: tuple[Opening, ...] = ()
    arrow: tuple[float, float, int] | None = None
    """Where a trunk ends, and whether it goes to the left (-1) or to the right (1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole picture."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]
    lines: tuple[Line, ...]


def width(text: str, size: int) -> float:
    """At most so wide; letters of East Asia count twice."""
    return _columns(text) * size * _EM


def fit(text: str, room: float, size: int) -> str:
    """The text if there is room for it, else its beginning and its end: ports stand last."""
    most = int(room / (size * _EM))
    if _columns(text) <= most:
        return text
    tail = min(most // 2, 12)
    return f"{_first(text, most - tail - 1)}…{_first(text[::-1], tail)[::-1]}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _first(text: str, most: int) -> str:
    taken, used = 0, 0
    for each in text:
        used += _columns(each)
        if used > most:
            break
        taken += 1
    return text[:taken]
