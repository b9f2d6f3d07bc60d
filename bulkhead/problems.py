"""What is wrong with something a person wrote: where, what, and what would be right.

A leaf that every room may import. Bad input is never answered with the first
mistake only: a reader collects all `Problem`s and raises one `InputError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
        return f"{place}: {self.what}; {self.remedy}"


class InputError(Exception):
    """Input that cannot be used. Carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
