"""What is made from the code and kept beside it: printed, written, or held against a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.files import read_if_there, write_file
from bulkhead.report.console import errors

_LARGEST: Final = 4 * 1024 * 1024
_REMEDY: Final = "name another file with -o"

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Where to write it, not to print it."),
]
Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; exit 1 if the file of -o is stale.")
]


def give(text: str, out: Path | None, *, check: bool) -> int:
    """Print a text, or write it where it is not there yet; the exit code."""
    if check and out is None:
        unusable("--check compares the file that -o names; add -o FILE")
    if out is None:
        typer.echo(text, nl=False)
        return YES
    current = read_if_there(out, largest=_LARGEST, remedy=_REMEDY) == text.encode()
    if check:
        errors().print("up to date" if current else f"{out} is stale or missing: write it anew")
        return YES if current else NO
    if not current:
        write_file(out, text.encode(), remedy=_REMEDY)
    errors().print("nothing to write: up to date" if current else f"wrote {out}")
    return YES
