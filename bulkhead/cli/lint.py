"""`bulkhead lint`: which rules do nothing, hide something, or stand wide open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead import lint as rules
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
    declared,
    read,
)
from bulkhead.lint import Severity, Smells
from bulkhead.network import Network
from bulkhead.report.console import output, progress
from bulkhead.report.documents.lint import lint as document
from bulkhead.report.documents.writing import write
from bulkhead.report.lint import print_smells


def lint(
    source: SourceArgument,
    *,
    for_: Annotated[
        Path | None,
        typer.Option("--for", metavar="TOPOLOGY", help="Only what was built for this topology."),
    ] = None,
    vpc: Annotated[
        list[str] | None,
        typer.Option(metavar="VPC", help="Only what is in this VPC (id or name); repeatable."),
    ] = None,
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
    opened = read(source)
    wanted = declared(for_) if for_ else None
    chosen = _chosen(opened.network, wanted.plan.topology if wanted else None, vpc or [])
    with progress("proving"):
        found = rules.lint(opened.network)
    smells = _narrowed(found, opened.network, chosen, severity)
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
        print_smells(output(), opened.label, smells, opened.origins)
    return YES if smells.clean else NO


def _chosen(network: Network, topology: str | None, named: list[str]) -> frozenset[str] | None:
    """The ids of the VPCs that were asked for; None: all of them."""
    if topology is None and not named:
        return None
    found = set(network.vpc)
    if topology is not None:
        found = {each.id for each in network.vpcs if each.topology == topology}
        if not found:
            unusable(f"nothing here was built from topology {topology}")
    for each in named:
        if not any(each in (vpc.id, vpc.name) for vpc in network.vpcs):
            there = ", ".join(f"{vpc.id} ({vpc.name})" for vpc in network.vpcs)
            unusable(f"--vpc {each}: no such VPC here; there are {there or 'none'}")
    if named:
        found &= {vpc.id for vpc in network.vpcs if vpc.id in named or vpc.name in named}
    return frozenset(found)


def _narrowed(
    smells: Smells, network: Network, chosen: frozenset[str] | None, severity: Severity
) -> Smells:
    inside = smells if chosen is None else smells.inside(network, chosen)
    return inside.at_least(severity)
