"""`bulkhead diff`: which flows differ between two networks."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.forms import asked
from bulkhead.cli.options import (
    CodeQualityFile,
    CsvFile,
    HtmlFile,
    Json,
    JunitFile,
    SarifFile,
    StackOption,
    StateOption,
    VpcOption,
    read_both,
    within,
)
from bulkhead.compare import compare
from bulkhead.report.console import output, progress
from bulkhead.report.delta import print_delta
from bulkhead.report.documents.diff import diff as document
from bulkhead.report.documents.writing import write
from bulkhead.report.markdown.budget import COMMENT_LIMIT
from bulkhead.report.markdown.delta import delta as comment
from bulkhead.report.markdown.scope import scope as scope_as_markdown
from bulkhead.report.scope import print_scope

BeforeArgument = Annotated[
    str, typer.Argument(metavar="A", help="What is: any source that `bulkhead prove` takes.")
]
AfterArgument = Annotated[
    str, typer.Argument(metavar="B", help="What would be, or is by now: any source.")
]
Markdown = Annotated[
    bool, typer.Option("--markdown", help="Print a comment for a pull request instead of text.")
]


def diff(
    before: BeforeArgument,
    after: AfterArgument,
    *,
    vpc: VpcOption = None,
    stack: StackOption = None,
    state: StateOption = None,
    as_json: Json = False,
    markdown: Markdown = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """Which flows open, close or break from A to B, by which rules, and what that cuts.

    Rules may be spelt differently: only what happens to packets counts. Where one
    of the two is a topology, of the other only what was built for it is compared.
    Exit code 0: no flow differs. 1: some do.
    """
    if as_json and markdown:
        unusable("--json and --markdown exclude each other")
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
        markdown=markdown,
    )
    one, other = read_both(before, after, within(None, vpc, stack), state=state)
    with progress("proving both"):
        delta = compare(one.network, other.network)
    if forms:
        from bulkhead.report.sheets.diff import diff as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(
                one.label,
                other.label,
                (one.network, other.network),
                delta,
                origins=(one.origins, other.origins),
                provenance=other.provenance,
            ),
            pages.of_two(one, other, delta),
        )
    if forms.instead:
        return YES if delta.same else NO
    if as_json:
        made_from = one.provenance, other.provenance
        origins = one.origins, other.origins
        write(document(one.label, other.label, delta, origins=origins, provenance=made_from))
    elif markdown:
        more = scope_as_markdown(one.provenance, other.provenance)
        said = comment(one.label, other.label, delta, COMMENT_LIMIT - len(more))
        typer.echo(said + more)
    else:
        console = output()
        print_scope(console, one.provenance, other.provenance)
        print_delta(console, one.label, other.label, delta)
    return YES if delta.same else NO
