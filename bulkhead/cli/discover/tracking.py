"""`--tracked`: which files of code count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path


def only_tracked(paths: Sequence[Path], wanted: bool) -> Callable[[Path], bool] | None:
    """Those that git has, None where all are meant. Raises InputError."""
    if not wanted:
        return None
    from bulkhead.sources.code_at import tracked  # noqa: PLC0415 - needs git

    return tracked(paths)
