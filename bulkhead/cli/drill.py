"""`bulkhead drill`: the twin of a network, measured with real sockets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead import twin
from bulkhead.agree.comparison import compare
from bulkhead.agree.table import tabulate
from bulkhead.cli.options import NO, YES, Json, SourceArgument, read, subject
from bulkhead.judge import judge
from bulkhead.plan.files import locked_plan
from bulkhead.prove import prove
from bulkhead.report import documents
from bulkhead.report.console import output, progress
from bulkhead.report.matrix import print_matrix
from bulkhead.report.verdict import print_comparison, print_judgement, print_verdict


def drill(
    source: SourceArgument,
    for_: Annotated[
        Path | None,
        typer.Option(
            "--for", metavar="TOPOLOGY", help="Also judge: is it what this topology declares?"
        ),
    ] = None,
    require: Annotated[
        bool, typer.Option("--require", help="Fail where no drill can run, instead of saying so.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Build the twin of a network, connect every pair with real sockets, and compare.

    Exit code 0: what was measured is what was proved (and, with --for, what was
    declared). 1: they differ. Where no drill can run, the verdict says so.
    """
    declared = locked_plan(for_, write=False) if for_ else None
    opened = read(source, topology=declared.topology if declared else None)
    planned = declared or opened.plan
    flows = planned.flows if planned else ()
    with progress("proving") as say:
        reach = prove(opened.network)
        judgement = judge(opened.network, planned.flows, planned.expectations) if planned else None
        say("looking whether a drill can run here")
        missing = twin.availability()
        drilled = None if missing else twin.drill(opened.network, flows, progress=say)
        say("comparing")
        comparison = compare(
            reach, drilled, missing, lambda probes: twin.probe(opened.network, probes)
        )
    if as_json:
        documents.write(documents.drill(opened.label, reach, planned, judgement, comparison))
    else:
        console = output()
        matrix = tabulate(
            reach,
            flows=planned.flows if planned else None,
            measurements=drilled.measurements if drilled else None,
        )
        print_matrix(console, matrix)
        if judgement:
            print_judgement(console, opened.network, judgement)
        print_comparison(console, comparison)
        about = subject(None if opened.plan else opened.label)
        print_verdict(console, about, planned, judgement, comparison)
    agreed = comparison.ok and (judgement is None or judgement.ok)
    return YES if agreed and not (require and missing) else NO
