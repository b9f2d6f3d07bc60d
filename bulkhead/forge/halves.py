"""A comment on its way from a job that may not write to one that may.

The first half runs on the fork's own code, so the folder that it hands over may hold anything: of
it only the text counts, as data, and a number to choose by among those that GitHub names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulkhead.files import read_file
from bulkhead.forge.body import of_strangers
from bulkhead.forge.pages import mapping, text
from bulkhead.problems import InputError, Problem, UnusableError

TEXT: Final = "comment.md"
FACTS: Final = "comment.json"
LARGEST_TEXT: Final = 4 * 1024 * 1024
_LARGEST_FACTS: Final = 64 * 1024
_REMEDY: Final = "it is what `bulkhead comment --write` makes; run the first workflow again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """`number` and `head` are what the other job says, and no more than that."""

    text: str
    head: str
    number: int | None
    only_update: bool


def write_half(folder: Path, half: Half) -> None:
    """Raises InputError where the folder cannot be written."""
    facts = {
        "version": 1,
        "head": half.head,
        "number": half.number,
        "only_update": half.only_update,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TEXT).write_text(half.text, encoding="utf-8")
        (folder / FACTS).write_text(json.dumps(facts) + "\n", encoding="utf-8")
    except OSError as error:
        why = f"cannot be written ({error.strerror})"
        raise InputError([Problem(str(folder), 0, why, "name another folder")]) from None


def read_half(folder: Path) -> Half:
    """What a stranger handed over. Raises InputError."""
    for name in (TEXT, FACTS):
        # One that leads elsewhere would post a file of this job.
        if (folder / name).is_symlink() or folder.is_symlink():
            raise InputError([Problem(str(folder / name), 0, "is a link", _REMEDY)])
    written = read_file(folder / TEXT, largest=LARGEST_TEXT, remedy=_REMEDY)
    try:
        facts = mapping(
            json.loads(read_file(folder / FACTS, largest=_LARGEST_FACTS, remedy=_REMEDY))
        )
    except (ValueError, RecursionError):
        raise InputError([Problem(str(folder / FACTS), 0, "is no JSON", _REMEDY)]) from None
    number = facts.get("number")
    return Half(
        text=of_strangers(written.decode("utf-8", "replace")),
        head=text(facts.get("head")),
        number=number if isinstance(number, int) else None,
        only_update=facts.get("only_update") is True,
    )


def expect_of(half: Half, head: str) -> None:
    """Raises UnusableError where it is of another commit than the run that handed it over."""
    if half.head != head:
        raise UnusableError(
            f"the review that was handed over is not of {head[:12]}, which that run was of: "
            "nothing was posted; somebody changed the first workflow in the pull request"
        )
