"""`bulkhead lint`: which rules do nothing, hide something, or stand wide open."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead import lint as rules
from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES
from bulkhead.cli.forms import asked
from bulkhead.cli.options import (
    CodeQualityFile,
    CsvFile,
    ForOption,
    HtmlFile,
    Json,
    JunitFile,
    SarifFile,
    SourceArgument,
    StackOption,
    VpcOption,
    read_for,
)
from bulkhead.lint import Severity
from bulkhead.report.console import output, progress
from bulkhead.report.documents.lint import lint as document
from bulkhead.report.documents.writing import write
from bulkhead.report.lint import print_smells
from bulkhead.report.scope import print_scope


def lint(
    source: SourceArgument,
    *,
    for_: ForOption = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    severity: Annotated[
        Severity, typer.Option(help="Only findings that are at least as bad.")
    ] = Severity.NOTE,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """Rules that are open to the world, shadowed, redundant, unused, stale or unreachable.

    The worst first: high, medium, low, and notes, which are no fault. Rules that
    nothing needs can go, all of them at once, without changing the fate of one packet:
    proved, or not said. Exit code 0: no fault among what was asked for. 1: some.
    """
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
    )
    wanted, opened = read_for(for_, source, vpc, stack)
    with progress("proving"):
        found = rules.lint(opened.network)
    scoped = opened.provenance.scope is not None
    smells = found.at_least(severity)
    made_from = opened.provenance.beside(wanted.provenance if wanted else None)
    if forms:
        from bulkhead.report.sheets.lint import lint as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(
                opened.label, opened.network, smells, origins=opened.origins, provenance=made_from
            ),
            pages.of_entries,
        )
    if forms.instead:
        return YES if smells.clean else NO
    if as_json:
        write(document(opened.label, smells, origins=opened.origins, provenance=made_from))
    else:
        console = output()
        print_scope(console, opened.provenance)
        print_smells(console, opened.label, smells, opened.origins, part=scoped)
    return YES if smells.clean else NO
