"""`bulkhead draw`: a picture of a network and its flows."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bulkhead import prove as prover
from bulkhead.agree import tabulate
from bulkhead.cli.codes import YES, unusable
from bulkhead.cli.options import (
    SourceArgument,
    StackOption,
    VpcOption,
    read_for,
)
from bulkhead.plan import Plan
from bulkhead.prove import Reach
from bulkhead.prove.overview import overview, too_open
from bulkhead.report import picture
from bulkhead.report.console import errors, progress
from bulkhead.report.quarantine import summary_line
from bulkhead.report.scope import print_scope


class Format(StrEnum):
    """What a picture may be."""

    SVG = "svg"
    MERMAID = "mermaid"


def draw(
    source: SourceArgument,
    *,
    form: Annotated[
        Format, typer.Option("--format", help="svg, or mermaid for what GitHub draws.")
    ] = Format.SVG,
    only: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The flows of one segment, service, site or VPC."),
    ] = None,
    for_: Annotated[
        Path | None,
        typer.Option(
            "--for", metavar="TOPOLOGY", help="Show what is not as this topology declares."
        ),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write to a file, not to the pipe."),
    ] = None,
) -> int:
    """A picture of the network and its flows, readable at fifty services.

    What is too much for one picture is summed up by segment; --only shows a part
    of it in full. Where more is open than that can hold, pairs of ends are counted
    from place to place.
    """
    wanted, opened = read_for(for_, source, vpc, stack)
    planned = wanted.plan if wanted else opened.plan
    with progress("proving") as say:
        reach = prover.prove(opened.network)
        say("drawing")
        title = _title(opened.label, opened.plan)
        if too_open(reach):
            if only is not None:
                unusable(
                    f"too much is open for a picture of {only}: "
                    f"bulkhead reach {shlex.quote(source)} --to {shlex.quote(only)} tells it"
                )
            scene = picture.places(title, opened.network, overview(reach))
        else:
            scene = _every_flow(title, reach, planned, only)
        text = picture.svg(scene) if form is Format.SVG else picture.mermaid(scene)
    print_scope(errors(), opened.provenance)
    if out is None:
        typer.echo(text, nl=False)
        return YES
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        unusable(f"{out} cannot be written: {error.strerror}")
    errors().print(f"wrote {out}")
    return YES


def _every_flow(title: str, reach: Reach, planned: Plan | None, only: str | None) -> picture.Scene:
    matrix = tabulate(reach, planned.declaration if planned else None)
    purposes = planned.purposes if planned else {}
    notes = [summary_line(each) for each in planned.quarantine] if planned else []
    try:
        return picture.scene(title, reach, matrix, purposes=purposes, only=only, notes=notes)
    except LookupError as error:
        unusable(str(error.args[0]))


def _title(label: str, planned: Plan | None) -> str:
    return planned.topology if planned else f"what {label} holds"
