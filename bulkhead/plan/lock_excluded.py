"""What was excluded from the VPC's encryption, as lines of a lock.

    "excluded nat-gateway": true,

AWS excludes a gateway for as long as one is there, and a change takes the gateway away last. So
what was once excluded stays so until its line is deleted, when what it was for is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.intent.encrypting import EXCLUSIONS

_BEGINS: Final = "excluded "


def is_of_exclusions(name: str) -> bool:
    """Whether a line is about what is excluded."""
    return name.startswith(_BEGINS)


def exclusion_line(excluded: str) -> str:
    """What the line of one is called."""
    return f"{_BEGINS}{excluded}"


def exclusion_lines(excluded: Iterable[str]) -> Iterator[tuple[str, object]]:
    """The lines that say it."""
    yield from ((exclusion_line(each), True) for each in excluded)


def exclusions_in(document: Mapping[str, object]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """What the lines say, in order, and what is wrong with those that say nothing."""
    found: set[str] = set()
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_exclusions(name):
            continue
        excluded = name.removeprefix(_BEGINS)
        if excluded in EXCLUSIONS and value is True:
            found.add(excluded)
        else:
            wrong[name] = f"{name!r} says nothing of what AWS excludes: {json.dumps(value)[:80]}"
    return tuple(sorted(found)), wrong
