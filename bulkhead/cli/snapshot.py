"""`bulkhead snapshot`: what a source answers, kept as evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import YES
from bulkhead.cli.options import Json, SourceArgument, checked
from bulkhead.report.console import output, progress
from bulkhead.report.documents.snapshot import snapshot as document
from bulkhead.report.documents.writing import write
from bulkhead.report.snapshot import print_snapshot
from bulkhead.sources import take_snapshot


def snapshot(
    source: SourceArgument,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="DIR", help="A new folder, an empty one, or a snapshot."
        ),
    ],
    as_json: Json = False,
) -> int:
    """Keep what an account or a dump answers as evidence, which every verb reads again.

    One file a call, less secrets, and a manifest: when, of which account, with the SHA-256 of
    every file. Read as a SOURCE it gives the same network, or says which file was changed.
    The folder is there as a whole or not at all.
    """
    with progress(f"reading {source}"):
        kept = take_snapshot(checked(source), out)
    if as_json:
        write(document(str(out), kept))
    else:
        print_snapshot(output(), str(out), kept)
    return YES
