"""The exit codes, and how a verb says that its question cannot be asked."""

from __future__ import annotations

from typing import Final, Never

from bulkhead.problems import UnusableError

YES: Final = 0
NO: Final = 1
UNUSABLE: Final = 2


def unusable(message: str) -> Never:
    """The question cannot be asked: say why, exit code 2."""
    raise UnusableError(message)
