"""`bulkhead drill`: the twin of a network, measured with real sockets."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from bulkhead import twin
from bulkhead.agree import Drilled, hold, tabulate
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
    SourceArgument,
    StackOption,
    VpcOption,
    read_for,
    subject,
)
from bulkhead.judge import judge
from bulkhead.network import Network
from bulkhead.prove import prove
from bulkhead.report.console import output, progress
from bulkhead.report.documents.drill import drill as document
from bulkhead.report.documents.writing import write
from bulkhead.report.matrix import print_matrix
from bulkhead.report.scope import print_scope
from bulkhead.report.verdict import print_comparison, print_drill_verdict, print_judgement
from bulkhead.sources import one_vpc


def drill(
    source: SourceArgument,
    *,
    for_: Annotated[
        Path | None,
        typer.Option(
            "--for", metavar="TOPOLOGY", help="Also judge: is it what this topology declares?"
        ),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    require: Annotated[
        bool, typer.Option("--require", help="Fail where no drill can run, instead of saying so.")
    ] = False,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """Build the twin of a network, connect every pair with real sockets, and compare.

    Exit code 0: what was measured is what was proved, and with --for, the network
    is what the topology declares. 1: it is not. Where no drill can run the verdict
    says so, and with --require the exit code is 1.
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
    planned = wanted.plan if wanted else opened.plan
    declaration = planned.declaration if planned else None
    asked_about = declaration.asked if declaration else ()
    network = opened.network
    with progress("looking whether a drill can run here") as say:
        unavailable = twin.availability()
        if not unavailable and (too_large := twin.too_large(network, asked=asked_about)):
            unusable(_ask_less(source, network, too_large))
        say("proving")
        reach = prove(network)
        judgement = judge(reach, declaration) if declaration else None
        flows = declaration.flows if declaration else ()
        measured = unavailable or twin.drill(network, flows, asked=asked_about, progress=say)
        say("comparing")
        comparison = hold(measured, reach, lambda probes: twin.probe(network, probes, flows))
        answer = Drilled(
            comparison=comparison,
            judgement=judgement,
            matrix=tabulate(reach, declaration, comparison),
            required=require,
        )
    made_from = opened.provenance.beside(wanted.provenance if wanted else None)
    said = subject(None if opened.plan else opened.label)
    if forms:
        from bulkhead.report.sheets.drill import drill as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(
                opened.label,
                said,
                network,
                answer,
                declaration,
                origins=opened.origins,
                provenance=made_from,
            ),
            pages.of_network(opened, reach, planned, answer.matrix),
        )
    if forms.instead:
        return YES if answer.ok else NO
    if as_json:
        write(
            document(
                opened.label, answer, network=network, origins=opened.origins, provenance=made_from
            )
        )
    else:
        console = output()
        print_scope(console, opened.provenance)
        print_matrix(console, network, answer.matrix)
        if judgement:
            print_judgement(console, network, judgement)
        print_comparison(console, comparison)
        print_drill_verdict(console, said, answer)
    return YES if answer.ok else NO


def _ask_less(source: str, network: Network, found: twin.TooLarge) -> str:
    """What a drill would take, and by which command less is asked."""
    takes = (
        f"{source}: a drill of {found.hosts:,} hosts and {found.ports:,} ports tries more than the "
        f"{twin.MOST:,} connections that a twin tries in its {twin.DEADLINE:.0f} s"
    )
    # The largest that can be drilled tells most.
    for vpc in sorted(found.alone, key=lambda each: found.alone[each], reverse=True):
        if part := one_vpc(source, network.vpc[vpc]):
            less = f"drill one VPC, of about {found.alone[vpc]:,}"
            return f"{takes}; {less}: bulkhead drill {shlex.quote(part)}"
    return (
        f"{takes}, and no VPC of it can be drilled alone; all packets are proved without a twin: "
        f"bulkhead prove {shlex.quote(source)}"
    )
