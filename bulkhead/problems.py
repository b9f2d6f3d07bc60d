"""What is wrong with something a person wrote: where, what, and what would be right.

A leaf that every room may import. Bad input is never answered with the first
mistake only: a reader collects all `Problem`s and raises one `InputError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from unicodedata import category

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, of what joins or turns text, halves of characters, breaks."""


def printable(text: str) -> str:
    """Text from elsewhere as one line that shows all of it: an escape sequence as \\x1b[2J.

    A terminal obeys what it is sent, a name that holds a line break looks like two
    lines of ours, and one that turns the way of writing like another name.
    """
    if text.isprintable():
        return text
    return "".join(
        each.encode("unicode_escape").decode() if category(each) in _UNSEEN else each
        for each in text
    )


LONGEST: Final = 2_000
"""Characters of a sentence: what is quoted in one may be a file of one line."""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one place.

    `line` counts from 1; 0 means the file as a whole (it cannot be read, say).
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return printable(f"{place}: {_cut(self.what)}; {_cut(self.remedy)}")


class UnusableError(Exception):
    """What cannot be asked or answered, in words by which a person can mend it."""


class InputError(UnusableError):
    """Input that cannot be used. Carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
