"""What is wrong with a text that is no YAML: what was done, and not what the parser missed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from yaml import MarkedYAMLError

from bulkhead.intent.document.commas import GLUED, unglued
from bulkhead.intent.wrong import LONGEST_QUOTE, quoted

_WORD: Final = re.compile(r"[^\s,\]}]*")
_KEY_AND_VALUE: Final = re.compile(r"""\s*(?:- +)*(?:[\w.-]+|"[^"]*"|'[^']*') *: +\S""")
_NO_ENDPOINT: Final = re.compile(r"\*:\S+")


def explained(error: MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """The line, what is wrong there, and what would be right."""
    mistake = _Mistake(error, text)
    for sign, explain in _SIGNS:
        if sign in mistake.told:
            line, what, remedy = explain(mistake)
            return line, f"is not YAML: {what}", remedy
    what = str(error.problem or error.context)
    return mistake.line, f"is not YAML: {what}", "correct the syntax on this line, or the one above"


class _Mistake:
    """What the parser says, and the text around the place where it says so."""

    def __init__(self, error: MarkedYAMLError, text: str) -> None:
        self.told = f"{error.context or ''}: {error.problem or ''}"
        self._at: Any = error.problem_mark or error.context_mark
        self._from: Any = error.context_mark or error.problem_mark
        self.text = text

    @property
    def line(self) -> int:
        return int(self._at.line) + 1 if self._at else 0

    @property
    def began(self) -> int:
        """The line on which began what is not complete."""
        return int(self._from.line) + 1 if self._from else 0

    @property
    def behind(self) -> str:
        """The rest of the line, from the place on; '' at the end of the file."""
        return self.text[self._at.index :].split("\n", 1)[0] if self._at else ""

    @property
    def before(self) -> str:
        """The line up to the place."""
        return self.text[: self._at.index].rpartition("\n")[2] if self._at else ""

    @property
    def behind_a_quote(self) -> bool:
        return self.before[-1:] in ("'", '"') and self.behind[:1].isalnum()

    @property
    def opened(self) -> str:
        """What is at the place where that began."""
        return self.text[self._from.index :].split("\n", 1)[0] if self._from else ""

    def line_above(self) -> tuple[int, str]:
        """The nearest line above that holds something."""
        lines = self.text[: self._at.index].split("\n")[:-1]
        while lines and not lines[-1].strip():
            lines.pop()
        return len(lines), lines[-1].strip() if lines else ""


_Told = tuple[int, str, str]


def _start(mistake: _Mistake) -> _Told:
    if mistake.behind.startswith("\t"):
        return _tab(mistake)
    word = _word(mistake.behind)
    what = f"a value cannot start with {mistake.behind[:1]!r}"
    return mistake.line, what, f"put quotes around it: {word}"


def _tab(mistake: _Mistake) -> _Told:
    return mistake.line, "a tab indents this line", "indent with spaces; YAML does not allow tabs"


def _alias(mistake: _Mistake) -> _Told:
    found = _WORD.match(mistake.opened)
    word = found.group()[:LONGEST_QUOTE] if found else "*"
    what = f"* begins an alias, and {word} is none"
    if _NO_ENDPOINT.fullmatch(word):
        return mistake.began, what, f'write an endpoint in quotes: "tcp://{word}"'
    return mistake.began, what, f"put quotes around a value that starts with *: {_word(word)}"


def _anchor(mistake: _Mistake) -> _Told:
    return mistake.began, "& begins an anchor, and this is none", "put quotes around the value"


def _tag(mistake: _Mistake) -> _Told:
    return mistake.began, "! begins a tag, and this is none", "put quotes around the value"


def _second_colon(mistake: _Mistake) -> _Told:
    above, line = mistake.line_above()
    if _KEY_AND_VALUE.match(mistake.before):
        return mistake.line, "a value holds ': '", "put quotes around a value that contains ': '"
    if glued := GLUED.fullmatch(line):
        return above, *unglued(glued)
    remedy = "indent it as the keys beside it, or put quotes around a value that contains ': '"
    return mistake.line, "this key is indented as if it were a part of the value above", remedy


def _no_colon(mistake: _Mistake) -> _Told:
    line = mistake.opened.strip()
    if glued := GLUED.fullmatch(line):
        return mistake.began, *unglued(glued)
    if re.match(r"-[^\s-]", line):
        what = f"{quoted(line)} has no space behind its dash, so it is one word"
        return mistake.began, what, f"write - {line[1 : LONGEST_QUOTE + 1]}"
    return mistake.began, f"{quoted(line)} has no colon behind it", "write key: value"


def _quote(mistake: _Mistake) -> _Told:
    return mistake.began, "a quote opens here and is not closed", "close it behind the value"


def _escape(mistake: _Mistake) -> _Told:
    what = "a backslash in double quotes begins an escape, and this is none"
    return mistake.line, what, "use single quotes"


def _no_character(mistake: _Mistake) -> _Told:
    what = "an escape stands for no character (half of a surrogate pair, or beyond Unicode)"
    return mistake.line, what, "write the character itself"


def _other_version(mistake: _Mistake) -> _Told:
    return mistake.line, "it asks for a YAML version that is not 1.2", "remove the %YAML line"


def _not_closed(mistake: _Mistake) -> _Told:
    if mistake.behind_a_quote:
        return _no_key(mistake)
    opens = mistake.opened[:1]
    closes, name = ("]", "bracket") if opens == "[" else ("}", "brace")
    what = f"the {name} that opens on line {mistake.began} is neither closed nor goes on here"
    if mistake.behind[:1] in ("[", "{"):
        return mistake.line, what, f"put quotes around a value that contains {mistake.behind[:1]}"
    return mistake.line, what, f"close it with {closes}, or put a comma between what it holds"


def _no_key(mistake: _Mistake) -> _Told:
    if mistake.behind_a_quote:
        what = "something stands behind the closing quote"
        return mistake.line, what, "put quotes around the whole value; in '…' a ' is written ''"
    if mistake.behind[:1] in ("]", "}"):
        return mistake.line, f"{mistake.behind[0]} closes nothing", "remove it"
    return mistake.line, "this line is indented like none above it", "indent it as its neighbours"


def _item_beside_key(mistake: _Mistake) -> _Told:
    what = "a list begins on the line of its key"
    return mistake.line, what, "begin it on the next line, or write it in brackets: [a, b]"


def _word(text: str) -> str:
    found = _WORD.match(text)
    return json.dumps((found.group() if found else "")[:LONGEST_QUOTE], ensure_ascii=False)


_SIGNS: Final[tuple[tuple[str, Callable[[_Mistake], _Told]], ...]] = (
    ("cannot start any token", _start),
    ("tab character", _tab),
    ("scanning an alias", _alias),
    ("scanning an anchor", _anchor),
    ("scanning a tag", _tag),
    ("undefined tag handle", _tag),
    ("mapping values are not allowed", _second_colon),
    ("could not find expected ':'", _no_colon),
    ("unknown escape character", _escape),
    ("Unicode character escape", _no_character),
    ("incompatible YAML document", _other_version),
    ("unexpected end of stream", _quote),
    ("unexpected document indicator", _quote),
    ("while parsing a flow", _not_closed),
    ("entries are not allowed", _item_beside_key),
    ("while parsing a block", _no_key),
)
"""The first that is in what the parser says decides; libyaml and Python's parser share them."""
