"""`bulkhead draw`: a picture of a network and its flows."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bulkhead import prove as prover
from bulkhead.agree import tabulate
from bulkhead.cli.options import YES, SourceArgument, read, unusable
from bulkhead.plan import Plan
from bulkhead.plan.files import locked_plan
from bulkhead.report import picture
from bulkhead.report.console import errors, progress


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
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write to a file, not to the pipe."),
    ] = None,
) -> int:
    """A picture of the network and its flows, readable at fifty services.

    What is too much for one picture is summed up by segment; --only shows a part
    of it in full.
    """
    declared = locked_plan(for_) if for_ else None
    opened = read(source, topology=declared.topology if declared else None)
    planned = declared or opened.plan
    with progress("proving") as say:
        reach = prover.prove(opened.network)
        say("drawing")
        matrix = tabulate(reach, planned.declaration if planned else None)
        try:
            scene = picture.scene(
                _title(opened.label, opened.plan),
                reach,
                matrix,
                purposes=planned.purposes if planned else {},
                only=only,
            )
        except LookupError as error:
            unusable(str(error.args[0]))
        text = picture.svg(scene) if form is Format.SVG else picture.mermaid(scene)
    if out is None:
        typer.echo(text, nl=False)
        return YES
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        unusable(f"{out} cannot be written: {error.strerror}")
    errors().print(f"wrote {out}")
    return YES


def _title(label: str, planned: Plan | None) -> str:
    return planned.topology if planned else f"what {label} holds"
