"""Format strings: `%s:%d`, `{}:{port}`, `{0}`, as the pieces between which arguments stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

FormatPiece = str | tuple[str, int | str]
"""A text, or an argument: ('{}', 0) by its place, ('{port}', 'port') by its name."""

_PERCENT: Final = re.compile(
    r"%%|%(?:\((?P<name>\w+)\)|(?P<at>\d+)\$|<(?P<ruby>\w+)>|\{(?P<brace>\w+)\})?"
    r"[-+ #0]*(?:\d+|\*)?(?:\.\d+)?(?:hh|h|ll|l|z|j|t|L|q|I64)?[sdiuvxXqrcgfpbo@n]?"
    r"(?:PRIu?\w+)?"
)
_BRACES: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[\w.]*)(?:\[[^\]]*\])?(?:![rsa])?(?::[^{}]*)?\}")


def percent(text: str) -> Iterator[FormatPiece]:
    """Of C's printf and all that took it over."""
    place, at = 0, 0
    for match in _PERCENT.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        if match[0] == "%%":
            yield "%"
        elif name := match["name"] or match["ruby"] or match["brace"]:
            yield match[0], name
        elif match["at"]:
            yield match[0], int(match["at"]) - 1
        elif match[0] == "%":
            yield "%"
        else:
            yield match[0], place
            place += 1
    yield text[at:]


def braces(text: str) -> Iterator[FormatPiece]:
    """Of Python, Rust, C#, fmt."""
    place, at = 0, 0
    for match in _BRACES.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        if match[0] in ("{{", "}}"):
            yield match[0][0]
        elif match["name"].isdecimal():
            yield match[0], int(match["name"])
        elif match["name"]:
            yield match[0], match["name"]
        else:
            yield match[0], place
            place += 1
    yield text[at:]
