"""`bulkhead discover flows`: who talks to whom, by VPC flow logs?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import Json, StackOption, VpcOption, declared, read, within
from bulkhead.discover.flows import hold_against, parsed_format, statements
from bulkhead.network import Network
from bulkhead.network.flow_logs import RECORDED
from bulkhead.report.console import output, progress
from bulkhead.report.documents.flows import flows as document
from bulkhead.report.documents.writing import write
from bulkhead.report.flows import print_flows
from bulkhead.report.markdown.flows import flows as markdown_of
from bulkhead.sources import Source, TopologySource, held, now, provenance
from bulkhead.sources.flow_logs import seen_in, window_of

FLOW_LOGS = "A file or folder of VPC flow logs (text, .gz, .parquet), or s3://BUCKET/PREFIX."


def flows(
    source: Annotated[list[str] | None, typer.Argument(metavar="[LOGS]...", help=FLOW_LOGS)] = None,
    *,
    network: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Whose interfaces, services and sites the addresses are: a topology, aws, a "
            "state, a dump. Else the topology of --against.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="TOPOLOGY",
            help="Say what of it was seen, what never, and what was seen and is not declared.",
        ),
    ] = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="The first day (UTC), as 2026-11-01.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="The last day (UTC).")] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FIELDS",
            help="The fields of records that do not name them (of CloudWatch Logs), as the flow "
            "log has them: '${version} ${srcaddr} …'.",
        ),
    ] = None,
    athena: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE",
            help="Read nothing: print the same questions for Athena, three statements of this "
            "table.",
        ),
    ] = None,
    as_json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown instead of text.")
    ] = False,
) -> int:
    """Who talks to whom, at which ports, and what was refused, by VPC flow logs.

    Exit code 0. With --against, 1: somebody was let talk to somebody, and nobody declared it.
    """
    if as_json and markdown:
        unusable("--json and --markdown exclude each other")
    if (vpc or stack) and network is None:
        unusable("--vpc and --stack are of --network SOURCE; name one")
    window = window_of(since, until)
    fields = parsed_format(format_) if format_ else ()
    time = now()
    topology, named = _named(against, network, vpc, stack)
    here = named.network if named else Network()
    if athena is not None:
        if source or as_json or markdown:
            unusable("--athena prints statements and reads no flow logs; leave the rest out")
        said = statements(athena, here, fields=fields or RECORDED, window=window)
        output().print("\n\n".join(f"{each};" for each in said))
        return YES
    if not source:
        unusable(f"no flow logs were named: {FLOW_LOGS}")
    with progress("reading flow logs") as say:
        seen = seen_in(source, here, fields=fields, window=window, progress=say)
    judged = hold_against(seen, topology.plan.declaration, here) if topology else None
    made_from = replace(provenance(time), accounts=named.provenance.accounts if named else ())
    if named is not None:
        made_from = made_from.beside(named.provenance)
    if as_json:
        write(document(seen, judged, provenance=made_from))
    elif markdown:
        output().print(markdown_of(seen, judged), end="")
    else:
        print_flows(output(), seen, judged)
    return YES if judged is None or judged.ok else NO


def _named(
    against: Path | None, network: str | None, vpc: list[str] | None, stack: str | None
) -> tuple[TopologySource | None, Source | None]:
    """What is declared, and where the names come from."""
    topology = declared(against) if against else None
    if network is None:
        return topology, topology
    opened = read(network, within(topology, vpc, stack))
    return held(topology, opened) if topology else None, opened
