"""What is wrong with a topology, collected while it is read, each at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from bulkhead.intent.document import FileLine, KeyPath, nearest
from bulkhead.problems import InputError, Problem

MOST_MISTAKES: Final = 1_000
"""That are told at once: who made more of them made one."""


class Complain(Protocol):
    """Reports what is wrong with a value, and what would be right."""

    def __call__(self, at: KeyPath, what: str, remedy: str) -> None:
        """A mistake: nothing is planned."""

    def warn(self, at: KeyPath, what: str, remedy: str) -> None:
        """A danger: it can be planned, and somebody should know."""


class Complaints:
    """Those about a topology, whatever files it is in. `whole` is where all of it begins."""

    def __init__(
        self, places: Mapping[KeyPath, FileLine], whole: FileLine, mistakes: list[Problem]
    ) -> None:
        self._places = places
        self._whole = whole
        self.mistakes = mistakes
        self.warnings: list[Problem] = []

    def __call__(self, at: KeyPath, what: str, remedy: str) -> None:
        """A mistake: nothing is planned."""
        self.mistakes.append(self._problem(at, what, remedy))
        if len(self.mistakes) > MOST_MISTAKES:
            what = f"there are more than {MOST_MISTAKES} mistakes"
            raise InputError([*self.mistakes, Problem(*self._whole, what, "correct these first")])

    def warn(self, at: KeyPath, what: str, remedy: str) -> None:
        """A danger: it can be planned, and somebody should know."""
        self.warnings.append(self._problem(at, what, remedy))

    def among(self, places: Mapping[KeyPath, FileLine], whole: FileLine) -> Complaints:
        """The same, with the places of something else."""
        found = Complaints(places, whole, self.mistakes)
        found.warnings = self.warnings
        return found

    def _problem(self, at: KeyPath, what: str, remedy: str) -> Problem:
        return Problem(*nearest(self._places, at, self._whole), what, remedy)
