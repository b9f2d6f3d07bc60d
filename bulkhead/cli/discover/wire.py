"""`bulkhead discover wire`: captures, targets that somebody names, rules for who watches."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli import pages
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.forms import asked
from bulkhead.cli.options import CsvFile, HtmlFile, Json, JunitFile, SarifFile, declared
from bulkhead.discover.wire import (
    SECONDS,
    Answered,
    Cidr,
    DeclaredPorts,
    SignatureLanguage,
    declared_ports,
    judge_wire,
    probe,
    read_captures,
    targets,
)
from bulkhead.discover.wire import signatures as rules
from bulkhead.network import TCP
from bulkhead.report.console import output, progress
from bulkhead.report.documents.wire import probes as probes_document
from bulkhead.report.documents.wire import wire as document
from bulkhead.report.documents.writing import write
from bulkhead.report.wire import print_probes, print_wire
from bulkhead.sources import now, provenance


def wire(
    *,
    pcap: Annotated[
        list[Path] | None,
        typer.Option(
            "--pcap",
            metavar="FILE",
            help="A capture (pcap or pcapng, also with gzip); repeatable, in the order in which "
            "they were taken.",
        ),
    ] = None,
    probe_: Annotated[
        list[str] | None,
        typer.Option(
            "--probe",
            metavar="HOST:PORT",
            help="Greet this listener, and send it no more than a greeting; repeatable.",
        ),
    ] = None,
    signatures: Annotated[
        SignatureLanguage | None,
        typer.Option(help="Print rules by which that tool knows ZeroMQ."),
    ] = None,
    untrusted: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR",
            help="A network that is not trusted, for --pcap: plaintext from or to it is a "
            "finding; repeatable.",
        ),
    ] = None,
    subnet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR",
            help="A subnet, for --pcap: plaintext from one to another is a finding; repeatable.",
        ),
    ] = None,
    for_: Annotated[
        Path | None,
        typer.Option(
            "--for",
            metavar="TOPOLOGY",
            help="For --signatures: also rules for ports that this topology does not declare.",
        ),
    ] = None,
    seconds: Annotated[
        float,
        typer.Option(min=0.1, max=60, help="How long --probe waits for each target, at most."),
    ] = SECONDS,
    as_json: Json = False,
    sarif: SarifFile = None,
    junit: JunitFile = None,
    csv: CsvFile = None,
    html: HtmlFile = None,
) -> int:
    """ZeroMQ on the wire: in captures, or by a greeting to targets that you name.

    Exit code 0: of --pcap, no finding; of --probe, all of them speak ZMTP. 1: of --pcap, a finding,
    or networks were named and not all of it was read; of --probe, some do not, or nobody can tell.
    """
    given = [
        name
        for name, value in (("--pcap", pcap), ("--probe", probe_), ("--signatures", signatures))
        if value
    ]
    if len(given) != 1:
        told = f"{' and '.join(given)} exclude each other" if given else "nothing to look at"
        unusable(f"{told}: name --pcap FILE, --probe HOST:PORT or --signatures suricata")
    _refuse_what_is_for_others(
        given[0],
        {
            "--pcap": {
                "--untrusted": untrusted,
                "--subnet": subnet,
                "--sarif": sarif,
                "--junit": junit,
                "--csv": csv,
                "--html": html,
            },
            "--signatures": {"--for": for_},
        },
    )
    if signatures:
        if as_json:
            unusable("--json: rules are written in the language of --signatures")
        output().print(rules(signatures, _declared(for_) if for_ else None), end="")
        return YES
    if probe_:
        return _probe(probe_, seconds, as_json=as_json)
    forms = asked(sarif=sarif, junit=junit, csv=csv, html=html, as_json=as_json)
    networks = _networks("--untrusted", untrusted), _networks("--subnet", subnet)
    time = now()
    with progress("reading captures"):
        seen = read_captures(pcap or ())
    judged = judge_wire(seen, untrusted=networks[0], subnets=networks[1])
    made_from = provenance(time, {each.name: each.sha256 for each in seen.captures})
    if forms:
        from bulkhead.report.sheets.wire import wire as sheet  # noqa: PLC0415 - for who asks for a file

        forms.write(sheet(seen, judged, provenance=made_from), pages.of_entries)
    if not forms.instead:
        if as_json:
            write(document(seen, judged, subnets=networks[1], provenance=made_from))
        else:
            print_wire(output(), seen, judged)
    return YES if judged.ok else NO


def _refuse_what_is_for_others(given: str, options: dict[str, dict[str, object]]) -> None:
    for of, named in options.items():
        for name, value in named.items():
            if value and of != given:
                unusable(f"{name} is for {of}; leave it out with {given}")


def _networks(option: str, words: list[str] | None) -> tuple[Cidr, ...]:
    found = []
    for word in words or ():
        try:
            found.append(ip_network(word))
        except ValueError:
            unusable(f"{option} {word}: is no network; write one such as 10.0.0.0/16")
    return tuple(found)


def _probe(words: list[str], seconds: float, *, as_json: bool) -> int:
    time, answers = now(), []
    with progress("greeting") as say:
        for each in targets(words):
            say(f"greeting {each}")
            answers.append(probe(each, seconds=seconds))
    if as_json:
        write(probes_document(answers, provenance=provenance(time)))
    else:
        print_probes(output(), answers)
    return YES if all(each.answered is Answered.ZMTP for each in answers) else NO


def _declared(topology: Path) -> DeclaredPorts:
    """The ports of its sockets of ZeroMQ; what is plain TCP is none of them."""
    planned = declared(topology).plan
    mechanisms: dict[tuple[int, int], set[str]] = {}
    for flow in planned.declaration.flows:
        if flow.client_socket and flow.server.protocol == TCP and flow.server.ports:
            ports = flow.server.ports.first, flow.server.ports.last
            mechanisms.setdefault(ports, set()).add(flow.mechanism)
    return declared_ports(planned.topology, mechanisms)
