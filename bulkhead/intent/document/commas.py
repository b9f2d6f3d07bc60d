"""Texts in braces that a comma tore: `{ purpose: a, b }` has a purpose `a` and a key `b`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bulkhead.intent.wrong import LONGEST_QUOTE, quoted

GLUED: Final = re.compile(r"(?P<key>[A-Za-z][\w-]*):(?!//)(?P<value>\S.*)", re.DOTALL)
"""A key and a value with no space between: to YAML one word."""


def unglued(found: re.Match[str]) -> tuple[str, str]:
    """What is wrong with a key that lacks the space behind its colon, and the remedy."""
    key, value = found["key"], found["value"].split("\n")[0][:LONGEST_QUOTE]
    what = f"{quoted(found.group().split()[0])} has no space behind its colon, so it is one word"
    return what, f"write {key}: {value}"


@dataclass(slots=True)
class _Text:
    key: str
    pieces: list[str]
    line: int = 0

    @property
    def whole(self) -> str:
        return ", ".join(self.pieces)


@dataclass(slots=True)
class Commas:
    """Of one mapping in braces: what was read of it so far."""

    _last: _Text | None = None
    _torn: list[_Text] = field(default_factory=list)

    def entry(self, key: str, text: str | None) -> None:
        """A key with its value; `text` is that of a plain scalar."""
        self._last = _Text(key, [text]) if text else None

    def piece(self, word: str, line: int) -> bool:
        """A word with no colon: whether it belongs to a text before it."""
        if self._last is None:
            return False
        if len(self._last.pieces) == 1:
            self._last.line = line
            self._torn.append(self._last)
        self._last.pieces.append(word)
        return True

    def problems(self) -> Iterator[tuple[int, str, str]]:
        """Line, what is wrong, what would be right."""
        for each in self._torn:
            what = (
                f"a comma in braces ends a value, so {quoted(each.pieces[1])} is a key without one"
            )
            text = json.dumps(each.whole[:LONGEST_QUOTE], ensure_ascii=False)
            remedy = f"put quotes around a text: {each.key}: {text}"
            if not any(" " in piece for piece in each.pieces):
                remedy += f", or brackets around a list: {each.key}: [{each.whole[:LONGEST_QUOTE]}]"
            yield each.line, what, remedy
