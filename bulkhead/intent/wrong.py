"""One mistake, before anybody knows which line it is on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_QUOTE = 80


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
    """'a, b or c'; 'nothing yet' for no names."""
    *most, last = [*names] or ["nothing yet"]
    return f"{', '.join(most)} or {last}" if most else last


def nearest(name: str, known: Iterable[str]) -> str:
    """The remedy for a name nobody knows: the closest one, or all of them."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else f"write {alternatives(names)}"
