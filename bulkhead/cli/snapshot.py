"""`bulkhead snapshot`: what a source says, kept as evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import YES
from bulkhead.cli.options import Json, SourceArgument, StateOption, checked, checked_state
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
    state: StateOption = None,
    as_json: Json = False,
) -> int:
    """Keep what a source says as evidence, which every verb reads again.

    Of an account and a dump one file a call; of a Pulumi state or preview the same, with what
    is in doubt and where it is written; of a topology its files and lock. No secrets, and a
    manifest: when, of what, with the SHA-256 of every file. Read as a SOURCE it gives the same
    network, or says which file was changed. The folder is there as a whole or not at all.
    """
    with progress(f"reading {source}"):
        kept = take_snapshot(checked(source), out, beside=checked_state(state))
    if as_json:
        write(document(str(out), kept))
    else:
        print_snapshot(output(), str(out), kept)
    return YES
