"""One mistake, before anybody knows which line it is on."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LONGEST_QUOTE: Final = 80
MOST_NAMED: Final = 30
COMPARED: Final = 100


class Wrong(Exception):  # noqa: N818 - reads as the sentence it is: raise Wrong(what, remedy)
    """What is wrong with a value, and what would be right."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


def quoted(value: object) -> str:
    """The value as a person may read it on one line: escaped, and cut when long."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    cut = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return repr(cut) if isinstance(value, str) else cut


def alternatives(names: Iterable[str]) -> str:
    """'a, b or c'; 'nothing yet' for no names; of many the first, and how many more there are."""
    every = [each[:LONGEST_QUOTE] for each in names] or ["nothing yet"]
    most, last = every[:-1], every[-1]
    if len(every) > MOST_NAMED:
        most, last = every[:MOST_NAMED], f"one of {len(every) - MOST_NAMED} more"
    return f"{', '.join(most)} or {last}" if most else last


class KnownNames:
    """Names that somebody may have meant: put in order once, however often one is missed."""

    def __init__(self, known: Iterable[str]) -> None:
        self._sorted = sorted(known)

    def nearest(self, name: str) -> str:
        """The remedy for a name nobody knows: the closest one, or all of them.

        Of very many, those are held against it that stand beside it in order.
        """
        name = name[:LONGEST_QUOTE]
        at = bisect(self._sorted, name)
        beside = self._sorted[max(0, at - COMPARED // 2) : at + COMPARED // 2]
        close = get_close_matches(name, beside, n=1)
        return f"did you mean {close[0]}?" if close else f"write {alternatives(self._sorted)}"


def nearest(name: str, known: Iterable[str]) -> str:
    """The same where the names are few, or missed once."""
    return KnownNames(known).nearest(name)
