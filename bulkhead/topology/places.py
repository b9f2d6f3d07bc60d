"""Where in a program something was made, and where each of its arguments stands.

What is made remembers the instruction that made it, which costs next to nothing. Only who asks
for lines pays for them: the source of the program is parsed once, and the call found in it.
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

from bulkhead.intent.document import FileLine

_PASSED_THROUGH: Final = ("bulkhead", "dataclasses", "copy")
"""Who calls a constructor on behalf of somebody: dataclasses.replace(), copy.replace()."""


@dataclass(frozen=True, slots=True)
class Made:
    """The instruction that made something."""

    code: CodeType
    instruction: int
    line: int


def made_here() -> Made:
    """The nearest instruction that is of a user's program."""
    frame = sys._getframe(1)
    while _passes_through(frame) and frame.f_back is not None:
        frame = frame.f_back
    return Made(frame.f_code, frame.f_lasti, frame.f_lineno)


def _passes_through(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    code = frame.f_code
    # The constructor of a dataclass, which a program may derive from ours, is generated.
    generated = code.co_name == "__init__" and code.co_filename == "<string>"
    return generated or module.partition(".")[0] in _PASSED_THROUGH


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, and what is written there as far as its source is known."""

    place: FileLine
    written: ast.expr | None = None

    def item(self, index: int, count: int) -> Spot:
        """Where an item of it stands: of a list that is written out, else where that list does."""
        if isinstance(self.written, ast.List | ast.Tuple) and len(self.written.elts) == count:
            return self._at(self.written.elts[index])
        return self

    def value(self, key: str) -> Spot:
        """Where what it holds by a key stands."""
        if isinstance(self.written, ast.Dict):
            for name, value in zip(self.written.keys, self.written.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    return Spot(FileLine(self.place.file, name.lineno), value)
        return self

    def _at(self, written: ast.expr) -> Spot:
        starred = isinstance(written, ast.Starred)
        return self if starred else Spot(FileLine(self.place.file, written.lineno), written)


class Sources:
    """Programs, each parsed once. What has no source is on the line of the call that made it."""

    def __init__(self) -> None:
        self._called = cache(_called)
        self._calls = cache(_calls_by_end)
        self._ends: dict[int, list[tuple[int | None, int | None]]] = {}

    def place(self, made: Made) -> FileLine:
        """Where something was made."""
        return FileLine(self._called(made.code.co_filename), made.line)

    def argument(self, made: Made, name: str) -> Spot:
        """Where one of the arguments stands that it was made with."""
        place = self.place(made)
        call = self._call(made)
        for each in call.keywords if call else ():
            if each.arg == name:
                return Spot(FileLine(place.file, each.lineno), each.value)
        return Spot(place)

    def _call(self, made: Made) -> ast.Call | None:
        code = made.code
        if id(code) not in self._ends:  # by identity: to hash code is to hash all that it does
            self._ends[id(code)] = [(end, column) for _, end, _, column in code.co_positions()]
        end = self._ends[id(code)][made.instruction // 2]
        return self._calls(code.co_filename).get(end)


def _called(file: str) -> str:
    """As one says it where the program runs, so that it is the same on every machine."""
    try:
        path, here = Path(file), Path.cwd()
    except OSError:
        return file
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def _calls_by_end(file: str) -> Mapping[tuple[int | None, int | None], ast.Call]:
    """Every call of a file by where it ends: a closing bracket closes one call alone."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {
        (each.end_lineno, each.end_col_offset): each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
    }
