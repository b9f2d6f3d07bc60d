"""What is wrong with a topology, collected while it is read, each at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bulkhead.intent.document import KeyPath, nearest_line
from bulkhead.problems import Problem


class Complain(Protocol):
    """Reports what is wrong with a value, and what would be right."""

    def __call__(self, at: KeyPath, what: str, remedy: str) -> None:
        """A mistake: nothing is planned."""

    def warn(self, at: KeyPath, what: str, remedy: str) -> None:
        """A danger: it can be planned, and somebody should know."""


class Complaints:
    """Those about one file, whose lines are known."""

    def __init__(self, file: str, lines: Mapping[KeyPath, int], mistakes: list[Problem]) -> None:
        self._file = file
        self._lines = lines
        self.mistakes = mistakes
        self.warnings: list[Problem] = []

    def __call__(self, at: KeyPath, what: str, remedy: str) -> None:
        """A mistake: nothing is planned."""
        self.mistakes.append(self._problem(at, what, remedy))

    def warn(self, at: KeyPath, what: str, remedy: str) -> None:
        """A danger: it can be planned, and somebody should know."""
        self.warnings.append(self._problem(at, what, remedy))

    def _problem(self, at: KeyPath, what: str, remedy: str) -> Problem:
        return Problem(self._file, nearest_line(self._lines, at), what, remedy)
