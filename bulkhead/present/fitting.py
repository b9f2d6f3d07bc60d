"""As much as a plan has room for: all of it, or halves of what it refuses, until it takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from bulkhead.problems import Problem

Accepts = Callable[[str], Sequence[Problem]]
"""What is wrong with the text of a topology, to who loads and plans it: nothing is a yes."""

_Item = TypeVar("_Item")

MOST_TRIES: Final = 24
"""Plans that are made to find what fits; what is left then is refused with what it was part of."""


def fitting(
    items: Sequence[_Item], refuses: Callable[[Sequence[_Item]], Sequence[Problem]]
) -> tuple[list[_Item], list[tuple[_Item, str]]]:
    """Those that are taken together, the first ones first; and the others, each with why not."""
    kept: list[_Item] = []
    refused: list[tuple[_Item, str]] = []
    tries = 0
    waiting = [(list(items), "")] if items else []
    while waiting:
        some, why = waiting.pop()
        if tries == MOST_TRIES:
            refused += [(each, why) for each in some]
            continue
        tries += 1
        problems = refuses([*kept, *some])
        if not problems:
            kept += some
        elif len(some) == 1:
            refused.append((some[0], problems[0].what))
        else:
            middle = len(some) // 2
            why = f"together with {len(some) - 1} others: {problems[0].what}"
            waiting += [(some[middle:], why), (some[:middle], why)]
    return kept, refused
