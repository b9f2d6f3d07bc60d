"""`bulkhead audit`: is it enough, control by control?"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bulkhead import audit as auditing
from bulkhead.audit import ALL_CHECKS, ALL_CONTROLS, Audit, Evidence, Framework, Outcome, Settings
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
)
from bulkhead.files import noting
from bulkhead.network.fingerprint import fingerprint
from bulkhead.network.inventory import Inventory, Listed, nothing_read
from bulkhead.report.audit import print_audit
from bulkhead.report.console import output, progress
from bulkhead.report.documents.audit import audit as document
from bulkhead.report.documents.writing import write
from bulkhead.report.scope import print_scope
from bulkhead.sources import Source, TopologySource, provenance

if TYPE_CHECKING:
    from bulkhead.plan import Plan
    from bulkhead.report.sheet import Sheet

_NO_PLAN_SAYS: Final = "no topology says it; audit the account, or a state of the stack"


class FailOn(StrEnum):
    """What makes the exit code 1."""

    FAIL = "fail"
    NOT_DECIDED = "not-decided"


def audit(
    source: SourceArgument,
    *,
    for_: Annotated[
        Path | None,
        typer.Option("--for", metavar="TOPOLOGY", help="What it should be; only that is audited."),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    framework: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FRAMEWORK",
            help=f"{', '.join(Framework)} or all, which is the default; repeatable.",
        ),
    ] = None,
    suppressions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What somebody answers for; else TOPOLOGY.suppressions.yaml, if it is there.",
        ),
    ] = None,
    drill: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A record of `bulkhead drill --json` of this network."),
    ] = None,
    cde: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SEGMENT", help="Holds cardholder data; repeatable. By default all of it."
        ),
    ] = None,
    stores: Annotated[
        list[str] | None,
        typer.Option(metavar="SERVICE", help="Stores cardholder data; repeatable."),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="Whether what is not decided fails too.")
    ] = FailOn.FAIL,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    code_quality: CodeQualityFile = None,
    html: HtmlFile = None,
    ocsf: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write OCSF, an array of Compliance Findings."),
    ] = None,
) -> int:
    """Is it enough? Controls of CIS, FSBP, PCI DSS and NIST, each with its evidence.

    Each control passes, fails, does not apply, is suppressed or is not decided: never a
    pass by silence. Exit code 0: no control fails. 1: some do, or with --fail-on
    not-decided some are not decided.
    """
    controls = auditing.of(_frameworks(framework or []))
    forms = asked(
        sarif=sarif,
        junit=junit,
        csv=csv,
        code_quality=code_quality,
        html=html,
        ocsf=ocsf,
        as_json=as_json,
    )
    wanted, opened = read_for(for_, source, vpc, stack, audited=True)
    with noting() as beside:
        excused = _suppressions(suppressions, wanted, opened)
        evidence = _evidence(opened, wanted, drill)
    _expect_named(evidence, cde or [], stores or [])
    with progress("proving"):
        found = auditing.audit(
            evidence, controls, settings=_settings(cde, stores), suppressions=excused
        )
    made_from = opened.provenance.beside(wanted.provenance if wanted else None)
    made_from = made_from.beside(provenance(made_from.time, beside))
    code = _code(found, fail_on)
    if forms:
        from bulkhead.report.sheets.audit import audit as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(
            sheet(opened.label, found, evidence, ok=code == YES, provenance=made_from),
            lambda made: _page(made, evidence, opened),
            lambda made: _ocsf(made, found),
        )
    if forms.instead:
        return code
    if as_json:
        write(
            document(
                opened.label, found, opened.network, origins=evidence.origins, provenance=made_from
            )
        )
    else:
        console = output()
        print_scope(console, opened.provenance)
        print_audit(console, opened.label, found)
    return code


def _code(found: Audit, fail_on: FailOn) -> int:
    undecided = fail_on is FailOn.NOT_DECIDED and found.of(Outcome.NOT_DECIDED)
    return YES if found.ok and not undecided else NO


def _page(made: Sheet, evidence: Evidence, opened: Source) -> str:
    from bulkhead.report import html  # noqa: PLC0415 - for who asks for a page

    return html.of_network(
        made, evidence.reach, title=opened.label, declaration=evidence.declaration
    )


def _ocsf(made: Sheet, found: Audit) -> str:
    from bulkhead.report.ocsf import ocsf  # noqa: PLC0415 - for who asks for it
    from bulkhead.report.sheets.audit import grouped  # noqa: PLC0415

    return ocsf(grouped(found), found, made)


def _frameworks(named: list[str]) -> tuple[Framework, ...]:
    if not named or "all" in named:
        return tuple(Framework)
    for each in named:
        if each not in tuple(Framework):
            unusable(f"--framework {each}: not {', '.join(Framework)} or all")
    return tuple(map(Framework, named))


def _evidence(opened: Source, wanted: TopologySource | None, drill: Path | None) -> Evidence:
    plan = wanted.plan if wanted else opened.plan
    return Evidence(
        network=opened.network,
        inventory=_planned_beside(opened.plan) if opened.plan else opened.inventory,
        stands=opened.stands,
        narrowed=wanted is not None or opened.provenance.scope is not None,
        declaration=plan.declaration if plan else None,
        diagram=_diagram(wanted or opened),
        drill=auditing.read_drill(drill, fingerprint(opened.network)) if drill else None,
        origins=opened.origins,
        said=plan.said if plan else {},
    )


def _planned_beside(plan: Plan) -> Inventory:
    """What a topology says beside the network: whether its traffic is recorded, what of the
    internet the account closes, whether tunnels log and whether somebody is told of them."""
    from bulkhead.plan.flow_logs import as_listed  # noqa: PLC0415 - for who has a topology
    from bulkhead.plan.monitoring import alarms_as_listed  # noqa: PLC0415 - likewise
    from bulkhead.plan.public_access import as_blocked  # noqa: PLC0415
    from bulkhead.plan.tunnels import tunnels_as_listed  # noqa: PLC0415 - likewise

    beside = replace(
        nothing_read(_NO_PLAN_SAYS),
        tunnels=tunnels_as_listed(plan.network),
        tunnel_alarms=alarms_as_listed(plan.monitoring, plan.network),
    )
    if blocked := as_blocked(plan.network):
        beside = replace(beside, public_access=Listed((blocked,), ()))
    return beside if plan.existing else replace(beside, flow_logs=as_listed(plan.logs))


def _diagram(topology: Source) -> bool | None:
    """Whether what `bulkhead document` wrote beside a topology is still so."""
    path = Path(topology.label)
    if topology.plan is None or not path.is_file():
        return None
    from bulkhead.cli.document import is_current  # noqa: PLC0415 - for who has a topology

    return is_current(path, topology.plan)


def _suppressions(
    named: Path | None, wanted: TopologySource | None, opened: Source
) -> tuple[auditing.Suppression, ...]:
    """Of the file that was named, or of the one that lies beside the topology."""
    if named is None:
        topology = wanted.label if wanted else opened.label if opened.plan else ""
        named = auditing.beside(Path(topology)) if topology else None
        if named is None or not named.exists():
            return ()
    checks = {each.id for each in ALL_CHECKS}
    return auditing.read_suppressions(named, checks, {each.name for each in ALL_CONTROLS})


def _settings(cde: list[str] | None, stores: list[str] | None) -> Settings:
    segments, services = tuple(cde or ()), tuple(stores or ())
    return {
        "cde-inbound-declared": {"segments": segments},
        "cde-outbound-declared": {"segments": segments},
        "stores-not-reached": {"services": services},
    }


def _expect_named(evidence: Evidence, cde: list[str], stores: list[str]) -> None:
    """A misspelt segment holds no data, and all would be well with it."""
    planned = evidence.declaration.planned if evidence.declaration else None
    every = (evidence.network, *([planned] if planned else []))
    segments = {each.segment for network in every for each in network.subnets if each.segment}
    services = {each.name for network in every for each in network.services}
    for option, named, known in (("cde", cde, segments), ("stores", stores, services)):
        for each in named:
            if each not in known:
                there = ", ".join(sorted(known)) or "none"
                unusable(f"--{option} {each}: nothing here is called so; there are {there}")
