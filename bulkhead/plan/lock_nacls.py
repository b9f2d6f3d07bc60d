"""Which NACL it is that stands before a unit, as lines of a lock.

    "nacl risk/limits": 2,

The second: the first had no room for what was new beside what was old. Without the line it is taken
for the first, and the next update makes that anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

_BEGINS: Final = "nacl "


def is_of_nacls(name: str) -> bool:
    """Whether a line is about a NACL."""
    return name.startswith(_BEGINS)


def nacl_lines(turns: Mapping[str, int]) -> Iterator[tuple[str, object]]:
    """The lines that say it, by the names of units."""
    yield from ((f"{_BEGINS}{unit}", turn) for unit, turn in turns.items())


def nacls_in(document: Mapping[str, object]) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    turns: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_nacls(name):
            continue
        unit = name.removeprefix(_BEGINS)
        if unit and isinstance(value, int) and not isinstance(value, bool) and value > 1:
            turns[unit] = value
        else:
            wrong[name] = f"{name!r} says of no NACL that it is a later one: "
            wrong[name] += json.dumps(value)[:80]
    return turns, wrong
