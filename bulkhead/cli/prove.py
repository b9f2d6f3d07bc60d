"""`bulkhead prove`: what can reach what."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead import prove as prover
from bulkhead.agree import tabulate
from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
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
from bulkhead.doubt import doubt
from bulkhead.judge import judge
from bulkhead.network import Verdict
from bulkhead.prove.overview import overview, too_large
from bulkhead.report.console import output, progress
from bulkhead.report.documents.prove import prove as document
from bulkhead.report.documents.writing import stream
from bulkhead.report.doubt import print_doubts
from bulkhead.report.encryption import encryption_lines
from bulkhead.report.markdown.overview import overview as large_as_markdown
from bulkhead.report.markdown.proof import proof as as_markdown
from bulkhead.report.markdown.scope import scope as scope_as_markdown
from bulkhead.report.matrix import print_matrix
from bulkhead.report.overview import print_overview
from bulkhead.report.public_access import public_access_lines
from bulkhead.report.scope import print_scope
from bulkhead.report.unmodelled import print_unmodelled


def prove(
    source: SourceArgument,
    *,
    for_: ForOption = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    strangers: Annotated[
        bool,
        typer.Option("--strangers", help="With --json: also cells of hosts that are not there."),
    ] = False,
    verdict: Annotated[
        str | None,
        typer.Option(metavar="V,V", help="With --json: only what has one of these verdicts."),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")
    ] = False,
    doubted: Annotated[
        bool,
        typer.Option(
            "--doubt", help="Ask z3, BDDs and single packets whether the proof is wrong anywhere."
        ),
    ] = False,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """What can reach what, over all packets, both ways: the flow matrix.

    Where no table can hold it: what is open from place to place and from the
    internet, what is undetermined, and the commands that tell the rest.

    Exit code 1, with --doubt: some packet contradicts the proof.
    """
    if as_json and markdown:
        unusable("--json and --markdown are two answers: ask for one")
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
        markdown=markdown,
    )
    verdicts = _verdicts(verdict)
    wanted, opened = read_for(for_, source, vpc, stack)
    with progress("proving") as say:
        reach = prover.prove(opened.network)
        doubts = doubt(opened.network, reach, progress=say) if doubted else None
    answer = NO if doubts and not doubts.ok else YES
    planned = wanted.plan if wanted else opened.plan
    declaration = planned.declaration if planned else None
    made_from = opened.provenance.beside(wanted.provenance if wanted else None)
    if forms:
        from bulkhead.report.sheets.prove import prove as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(
                opened.label,
                opened.network,
                overview(reach) if too_large(reach) else tabulate(reach, declaration),
                doubts,
                origins=opened.origins,
                provenance=made_from,
            ),
            pages.of_network(opened, reach, planned),
        )
    if forms.instead:
        return answer
    if as_json:
        stream(
            document(
                opened.label,
                reach,
                doubts,
                strangers=strangers,
                verdicts=verdicts,
                provenance=made_from,
            )
        )
        return answer
    large = overview(reach) if too_large(reach) else None
    if markdown:
        judgement = judge(reach, declaration) if declaration else None
        if large:
            said = large_as_markdown(opened.label, opened.network, large, judgement)
        else:
            said = as_markdown(opened.label, reach, tabulate(reach, declaration), judgement)
        typer.echo(said + scope_as_markdown(made_from), nl=False)
    else:
        console = output()
        print_scope(console, made_from)
        if large:
            print_overview(console, opened.label, large)
        else:
            print_matrix(console, opened.network, tabulate(reach, declaration))
        for line in (*encryption_lines(opened.network), *public_access_lines(opened.network)):
            console.print(f"note: {line}", style="dim", markup=False, highlight=False)
        print_unmodelled(console, opened.network)
        if doubts:
            console.print()
            print_doubts(console, doubts)
    return answer


def _verdicts(text: str | None) -> tuple[Verdict, ...]:
    try:
        return tuple(Verdict(each.strip()) for each in text.split(",")) if text else ()
    except ValueError:
        unusable(f"--verdict {text}: not {', '.join(Verdict)}")
