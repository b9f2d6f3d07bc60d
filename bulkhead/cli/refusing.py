"""What everybody hears whose question cannot be asked: people on stderr, programs as JSON too."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import typer

from bulkhead.cli.forms import forget, named
from bulkhead.problems import InputError, Problem, UnusableError
from bulkhead.report.console import errors
from bulkhead.report.documents.refused import refused
from bulkhead.report.documents.writing import write

MOST_SAID: Final = 1_000
"""Problems of one input: whoever mends a thousand asks again."""


def refuse(error: Exception) -> None:
    """Say all that is wrong; with `--json` also in a document, for whoever reads no stderr.

    A file that was to be written is taken away, so that nobody takes an old answer for this one.
    """
    for form, path in named(sys.argv[1:]):
        forget(form, path)
    console = errors()
    if isinstance(error, typer.TyperException):
        if context := getattr(error, "ctx", None):
            console.print(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n")
        error = UnusableError(error.format_message())
    said: Sequence[Problem | str] = (
        error.problems if isinstance(error, InputError) else [str(error)]
    )
    for each in said[:MOST_SAID]:
        console.print(f"error: {each}", style="red", markup=False)
    if (left := len(said) - MOST_SAID) > 0:
        console.print(f"error: and {left} more", style="red")
    notes: Sequence[str] = getattr(error, "__notes__", ())
    for note in notes:
        console.print(f"note: {note}", markup=False)
    _document(said, notes)


def _document(said: Sequence[Problem | str], notes: Sequence[str] = ()) -> None:
    if _asks_for_json(sys.argv[1:]):
        from bulkhead.sources import now, provenance  # noqa: PLC0415 - nothing else here needs it

        write(refused(said, notes, provenance=provenance(now())))


def _asks_for_json(words: Sequence[str]) -> bool:
    pairs = pairwise(words)
    return not {"--json", "--format=json"}.isdisjoint(words) or ("--format", "json") in pairs
