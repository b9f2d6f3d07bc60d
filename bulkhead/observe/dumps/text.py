"""JSON as somebody's shell left it: strictly read, and every mistake with its line.

The fast reader of the standard library does the work. It knows no lines and
takes more than JSON allows, so a file it stumbles over, or one whose content
is found wrong later, is read a second time, slowly, by `places`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Never

from bulkhead.observe.calls import SECRETS
from bulkhead.problems import InputError, Problem

_DEEPEST: Final = 100
"""AWS nests about a dozen levels."""
_OUTER: Final = 3
_AGAIN: Final = "let the AWS CLI write the file again (--output json)"

_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")

JsonPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonText:
    """What a file says, and the file itself, to point into it."""

    file: str
    text: str
    value: object

    def line(self, *path: str | int) -> int:
        """The line where the value at a path ('Vpcs', 0) begins; 0 where there is none."""
        offset = _offsets(self.text).get(path)
        return 0 if offset is None else _line(self.text, offset)


class _MistakeError(ValueError):
    """Something that the standard reader takes and JSON does not."""


def read(file: str, data: bytes) -> JsonText:
    """Raises InputError where the bytes are not one JSON value."""
    text = _decoded(file, data)
    if not text.strip():
        raise _refused(file, 0, "it is empty", _AGAIN)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        cut = not text[error.pos :].strip() or error.msg.startswith("Unterminated")
        what = "it ends in the middle" if cut else f"it is not JSON: {error.msg}"
        if error.msg == "Extra data":
            what = "a second answer follows the first"
            raise _refused(file, error.lineno, what, "write each answer to its own file") from None
        raise _refused(file, error.lineno, what, _AGAIN) from None
    except UnicodeEncodeError:
        line = _line(text, _SURROGATE.search(text).start())  # type: ignore[union-attr] # found above
        raise _refused(file, line, "a text in it is half a character", _AGAIN) from None
    except RecursionError:
        raise _refused(file, 0, "it is nested too deeply for an answer of AWS", _AGAIN) from None
    except _MistakeError as error:
        raise InputError(_mistakes(file, text, str(error))) from None
    except ValueError as error:  # a number with thousands of digits
        raise _refused(file, 0, f"it cannot be read: {error}", _AGAIN) from None
    return JsonText(file, text, value)


def _refused(file: str, line: int, what: str, remedy: str) -> InputError:
    return InputError([Problem(file, line, what, remedy)])


def _decoded(file: str, data: bytes) -> str:
    """PowerShell writes UTF-16 with a mark, or UTF-8 with one."""
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        what = f"it is not text in {error.encoding}: byte {error.start} does not fit"
        line = data[: error.start].count(b"\n") + 1
        raise _refused(file, line, what, "write it as UTF-8") from None
    return text.removeprefix("\ufeff")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _MistakeError("a key stands twice in one object")
    for secret in SECRETS & found.keys():
        del found[secret]
    return found


def _constant(word: str) -> Never:
    raise _MistakeError(f"{word} is no JSON")


def _mistakes(file: str, text: str, otherwise: str) -> Iterator[Problem]:
    """Every key that stands twice, and every word that is no JSON."""
    seen: dict[JsonPath, int] = {}
    twice: JsonPath | None = None
    none = True
    for place, offset, word in places(text):
        # Inside the second one, every key stands twice.
        inside = twice is not None and place[: len(twice)] == twice and place != twice
        if place in seen and not inside:
            twice, first = place, _line(text, seen[place])
            what = f'"{place[-1]}" stands twice in one object, first in line {first}'
            yield Problem(file, _line(text, offset), what, "keep the one that is true")
            none = False
        elif word.lstrip("-") in ("NaN", "Infinity"):
            what = f"{word} is no JSON"
            yield Problem(file, _line(text, offset), what, "write a number, or null")
            none = False
        seen.setdefault(place, offset)
    if none:
        yield Problem(file, 0, otherwise, _AGAIN)


@lru_cache(maxsize=4)
def _offsets(text: str) -> Mapping[JsonPath, int]:
    """Where the values of the outer levels begin."""
    return {place: offset for place, offset, _ in places(text) if len(place) <= _OUTER}


def places(text: str) -> Iterator[tuple[JsonPath, int, str]]:
    """The path, offset and first word of every value, in the order of the text.

    For text that is nearly JSON: nothing is checked here.
    """
    path: list[str | int] = []
    key: str | None = None
    for match in _WORD.finditer(text):
        word = match.group()
        if word == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
            key = None
        elif word in ("]", "}"):
            if path:
                path.pop()
            key = None
        elif word == ":":
            if path and key is not None:
                path[-1] = key
        elif word.startswith('"') and path and path[-1] == "" and key is None:
            key = _plain(word)
        else:
            yield tuple(path), match.start(), word
            if word in ("{", "["):
                path.append("" if word == "{" else 0)
                key = None
                if len(path) > _DEEPEST:
                    return
                continue
        if word == "," and path and isinstance(path[-1], str):
            path[-1] = ""


def _plain(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        return word


def _line(text: str, offset: int) -> int:
    return bisect_left(_breaks(text), offset) + 1


@lru_cache(maxsize=4)
def _breaks(text: str) -> Sequence[int]:
    """Where the lines end: to count them anew for each of many mistakes would take for ever."""
    return [match.start() for match in re.finditer("\n", text)]
