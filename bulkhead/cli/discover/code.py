"""`bulkhead discover code`: which ZeroMQ sockets does source code make?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.discover.tracking import only_tracked
from bulkhead.cli.forms import asked
from bulkhead.cli.options import (
    CodeQualityFile,
    CsvFile,
    HtmlFile,
    Json,
    JunitFile,
    SarifFile,
    TrackedOption,
)
from bulkhead.discover.code import scan
from bulkhead.lint import Severity
from bulkhead.report.code import SEVERITIES, print_code
from bulkhead.report.code_changes import changes_markdown, print_changes
from bulkhead.report.console import output, progress
from bulkhead.report.documents.code import code as document
from bulkhead.report.documents.writing import write
from bulkhead.sources import provenance


def code(
    path: Annotated[
        list[Path], typer.Argument(help="Folders or files of source code, in any language.")
    ],
    *,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="Also what git ignores and what tools installed (node_modules …)."
        ),
    ] = False,
    tracked: TrackedOption = False,
    fail_on: Annotated[
        Severity | None, typer.Option(help="Exit code 1 for findings that are at least as bad.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION",
            help="Only what is new since a revision of git (`main...`: since HEAD parted from it), "
            "and what is gone; exit code 1 where a socket is new that other hosts may reach, or "
            "that may reach them.",
        ),
    ] = None,
    as_json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="With --since: print Markdown instead of text.")
    ] = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """The sockets that source code makes, where each binds and connects, and who decides that.

    Nothing of the code is run or imported. What only the running program knows is said
    as open, with who decides it. Exit code 0, also where there are none; 1 with --fail-on,
    or where --since finds a new boundary.
    """
    if markdown and (since is None or as_json):
        unusable("--markdown goes with --since, and without --json")
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
        markdown=markdown,
    )
    time = datetime.now(UTC)
    with progress("reading code") as say:
        found = scan(path, everything=everything, only=only_tracked(path, tracked), progress=say)
    grades = tuple(Severity)
    bad = fail_on is not None and any(
        grades.index(SEVERITIES[each.kind]) <= grades.index(fail_on) for each in found.findings
    )
    made_from = provenance(time, found.digests)
    changes = None
    if since is not None:
        from bulkhead.sources.code_at import code_changes  # noqa: PLC0415 - needs git

        with progress(f"reading code at {since}") as say:
            changes = code_changes(path, since, found, say)
        bad = bad or bool(changes.boundaries)
    if forms:
        from bulkhead.report.sheets.code import code as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(sheet(found, changes, ok=not bad, provenance=made_from), pages.of_entries)
    if forms.instead:
        return NO if bad else YES
    if as_json:
        write(document(found, changes, provenance=made_from))
    elif changes is None:
        print_code(output(), found)
    elif markdown:
        typer.echo(changes_markdown(changes))
    else:
        print_changes(output(), changes)
    return NO if bad else YES
