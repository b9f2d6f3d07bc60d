"""`bulkhead discover register`: all evidence, joined into one register of boundaries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.discover.evidence import gathered, grounds_of
from bulkhead.cli.discover.writing import refuse_to_add, refuse_to_overwrite, update, write_first
from bulkhead.cli.forms import asked
from bulkhead.cli.options import (
    CodeOption,
    CsvFile,
    HostOption,
    HtmlFile,
    Json,
    JunitFile,
    PcapOption,
    SarifFile,
    ServiceOption,
    TrackedOption,
    declared,
    read,
)
from bulkhead.discover.register import (
    BoundaryRegister,
    Grounds,
    HeldAgainst,
    against,
    declared_ports_of,
    register_of,
)
from bulkhead.files import noting, write_file
from bulkhead.intent import load
from bulkhead.network import Network, Provenance
from bulkhead.report.console import errors, output
from bulkhead.report.documents.register import register as document
from bulkhead.report.documents.writing import write
from bulkhead.report.markdown import register as page
from bulkhead.report.register import print_held, print_register
from bulkhead.sources import now, provenance


def register(
    *,
    code: CodeOption = None,
    tracked: TrackedOption = False,
    host: HostOption = None,
    here: Annotated[bool, typer.Option("--here", help="Also what runs on this machine.")] = False,
    pcap: PcapOption = None,
    probe: Annotated[
        list[str] | None,
        typer.Option(
            "--probe", metavar="HOST:PORT", help="Greet this listener, and no more; repeatable."
        ),
    ] = None,
    flows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOGS",
            help="VPC flow logs, as for discover flows; repeatable. They speak for boundaries "
            "that are known otherwise.",
        ),
    ] = None,
    service: ServiceOption = None,
    network: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Which subnets there are: any source of `bulkhead prove`."
        ),
    ] = None,
    against_: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="TOPOLOGY",
            help="Hold the register against what this topology declares.",
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also draw it: .svg, or .mmd for what GitHub draws."),
    ] = None,
    write_: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="TOPOLOGY", help="Write a first topology, which check accepts."
        ),
    ] = None,
    update_: Annotated[
        Path | None,
        typer.Option(
            "--update",
            metavar="TOPOLOGY",
            help="Add what is new to a topology; no line of it that is there changes.",
        ),
    ] = None,
    as_json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown instead of text.")
    ] = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    html: HtmlFile = None,
) -> int:
    """All evidence joined: who connects to whom, at which port, across what, and what shows it.

    Exit code 0; with --against 1 where a boundary is not declared, or is declared otherwise.
    """
    if not (code or host or here or pcap or probe or flows):
        unusable(
            "nothing to look at: name --code PATH, --host RECORD, --here, --pcap FILE, "
            "--probe HOST:PORT or --flows LOGS"
        )
    if tracked and not code:
        unusable("--tracked goes with --code")
    if as_json and markdown:
        unusable("--json and --markdown exclude each other")
    if picture and picture.suffix not in (".svg", ".mmd"):
        unusable(f"--picture {picture}: name a file that ends in .svg or .mmd")
    against_ = _asked_to_write(write_, update_, against_)
    forms = asked(sarif=sarif, junit=junit, csv=csv, html=html, as_json=as_json, markdown=markdown)
    time = now()
    wanted = declared(against_) if against_ else None
    source = read(network) if network else wanted
    there = source.network if source else Network()
    grounds = grounds_of(there, source.label) if source else Grounds()
    with noting() as noted:
        given = gathered(
            code=code or (),
            records=host or (),
            here=here,
            captures=pcap or (),
            probes=probe or (),
            flows=flows or (),
            services=service or (),
            network=there,
            grounds=grounds,
            tracked=tracked,
        )
    if wanted is not None:
        given = replace(given, declared=declared_ports_of(load(Path(wanted.label))))
    found = register_of(given)
    if write_:
        write_first(write_, found, grounds)
    held = None
    if wanted is not None:
        planned = grounds_of(wanted.network, wanted.label)
        if update_ and update(update_, found, planned):
            wanted = declared(update_)
        held = against(found, load(Path(wanted.label)), planned)
    if picture:
        _draw(picture, found, held)
    told = {str(each) for each in host or ()}
    digests = {name: digest for name, digest in noted.items() if name in told} | dict(found.digests)
    if wanted is not None:
        digests |= {each.name: each.sha256 for each in wanted.provenance.digests}
    made_from = provenance(time, digests)
    if forms:
        from bulkhead.report.sheets import register as sheets  # noqa: PLC0415 - for who asks for a file

        made = (
            sheets.register(found, provenance=made_from)
            if held is None
            else sheets.held(held, found, provenance=made_from)
        )
        forms.write(made, pages.of_entries)
    if not forms.instead:
        _say(found, held, made_from, as_json=as_json, markdown=markdown)
    return YES if held is None or held.ok else NO


def _asked_to_write(write_: Path | None, update_: Path | None, held: Path | None) -> Path | None:
    """What the register is held against: whoever updates a topology means that one."""
    if write_ and update_:
        unusable("--write and --update exclude each other")
    if write_:
        refuse_to_overwrite(write_)
    if update_:
        refuse_to_add(update_)
    if update_ and held not in (None, update_):
        unusable(f"--update {update_} is held against that topology; leave --against out")
    return held or update_


def _say(
    found: BoundaryRegister,
    held: HeldAgainst | None,
    made_from: Provenance,
    *,
    as_json: bool,
    markdown: bool,
) -> None:
    if as_json:
        write(document(found, held, provenance=made_from))
    elif markdown:
        typer.echo(page.register(found) if held is None else page.held(held, found), nl=False)
    elif held is None:
        print_register(output(), found)
    else:
        print_held(output(), held, found)


def _draw(path: Path, found: BoundaryRegister, held: HeldAgainst | None) -> None:
    from bulkhead.report import picture  # noqa: PLC0415 - for who asks for one

    title = f"{held.topology}, as it was seen" if held else "boundaries of ZeroMQ"
    scene = picture.seen(title, found, held)
    text = picture.svg(scene) if path.suffix == ".svg" else picture.mermaid(scene)
    write_file(path, text.encode(), remedy="name another file with --picture")
    errors().print(f"wrote {path}")
