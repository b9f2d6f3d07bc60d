"""`bulkhead lint`: which rules do nothing, hide something, or stand wide open."""

from __future__ import annotations

from bulkhead import lint as rules
from bulkhead.cli.options import NO, YES, Json, SourceArgument, read
from bulkhead.report import documents
from bulkhead.report.console import output, progress
from bulkhead.report.lint import print_smells


def lint(source: SourceArgument, as_json: Json = False) -> int:
    """Rules that are shadowed, redundant, unused, stale, unreachable, or wide open.

    Rules that nothing needs can go, all of them at once, without changing the fate
    of one packet. Exit code 0: no fault (a residue is none). 1: some.
    """
    opened = read(source)
    with progress("proving"):
        smells = rules.lint(opened.network)
    if as_json:
        documents.write(documents.lint(opened.label, smells))
    else:
        print_smells(output(), opened.label, smells)
    return YES if smells.clean else NO
