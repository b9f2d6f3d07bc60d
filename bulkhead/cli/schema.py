"""`bulkhead schema`: what a topology may say, for editors and for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.files import read_if_there, write_file
from bulkhead.intent.reference import reference
from bulkhead.intent.schema import schema_text
from bulkhead.report.console import errors

_LARGEST: Final = 4 * 1024 * 1024
_REMEDY: Final = "name another file with -o"


def schema(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write it, not to print it."),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The reference of the language as a page.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if the file of -o is stale.")
    ] = False,
) -> int:
    """What a topology may say: a JSON Schema for editors, or the reference as a page.

    An editor with a YAML language server completes and marks a topology by it that begins with
    `# yaml-language-server: $schema=topology.schema.json`. Exit code 1: --check found it stale.
    """
    if check and out is None:
        unusable("--check compares the file that -o names; add -o FILE")
    text = reference() if markdown else schema_text()
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
