"""`bulkhead check`: is this the network that the topology declares?"""

from __future__ import annotations

from dataclasses import replace
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
    TopologyArgument,
    VpcOption,
    declared,
    read,
    subject,
    within,
)
from bulkhead.cli.stale import say_if_stale, warn_of_others
from bulkhead.judge import judge
from bulkhead.prove import prove
from bulkhead.report.console import output, progress
from bulkhead.report.documents.check import check as document
from bulkhead.report.documents.writing import write
from bulkhead.report.scope import print_scope
from bulkhead.report.verdict import print_judgement, print_verdict
from bulkhead.sources import held


def check(
    topology: TopologyArgument,
    *,
    on: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Judge what SOURCE holds instead of the plan."),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
) -> int:
    """Is this the network that the topology declares?

    Exit code 0: exactly. 1: something stands there that no plan has, or is lacking or
    not as planned; a flow is extra, missing or half-open, a layer is weaker than
    declared, or one of the topology's own tests fails.
    """
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        as_json=as_json,
    )
    wanted = declared(topology)
    if not on and (vpc or stack):
        unusable("--vpc and --stack choose from what stands somewhere: name it with --on")
    zone = wanted.plan.zone
    asked_about = replace(within(wanted, vpc, stack), names=zone.domain if zone else "")
    opened = read(on, asked_about) if on else wanted
    planned = held(wanted, opened).plan
    network = opened.network
    warnings = (*planned.warnings, *(warn_of_others(topology, planned, network) if on else ()))
    with progress("proving"):
        reach = prove(network)
        judgement = judge(reach, planned.declaration, opened.inventory.private_zones)
    made_from = opened.provenance.beside(wanted.provenance)
    if forms:
        from bulkhead.report.sheets.check import check as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(
                opened.label,
                subject(on),
                network,
                judgement,
                planned.declaration,
                origins=opened.origins,
                provenance=made_from,
                warnings=warnings,
            ),
            pages.of_network(opened, reach, planned),
        )
    if forms.instead:
        return YES if judgement.ok else NO
    if as_json:
        write(
            document(
                opened.label,
                network,
                judgement,
                origins=opened.origins,
                provenance=made_from,
                warnings=warnings,
            )
        )
    else:
        console = output()
        say_if_stale(topology, planned)
        print_scope(console, opened.provenance)
        print_judgement(console, network, judgement)
        print_verdict(console, subject(on), judgement)
    return YES if judgement.ok else NO
