"""What a runner of GitHub shows besides: the summary of a job, its outputs, annotations.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bulkhead.forge.body import fitted
from bulkhead.problems import InputError, Problem

LARGEST_SUMMARY: Final = 1024 * 1024
"""Bytes of a step's summary: a larger one is not shown at all."""


def add_to_summary(environ: Mapping[str, str], text: str) -> bool:
    """Append Markdown to the summary of the step, as far as there is room; False: there is none."""
    named = environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return False
    path = Path(named)
    try:
        taken = path.stat().st_size if path.exists() else 0
        room = LARGEST_SUMMARY - taken - 2
        if room < 1_000:
            return False
        # A character has at most four bytes.
        said = text if len(text.encode()) <= room else fitted(text, room // 4)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{said}\n")
    except OSError as error:
        why = f"cannot be written ({error.strerror})"
        raise InputError([Problem(named, 0, why, "it is what GITHUB_STEP_SUMMARY names")]) from None
    return True
