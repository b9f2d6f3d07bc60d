"""`bulkhead reach`: what-if questions between any two ends, directly and by hops."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import typer

from bulkhead import prove as prover
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import (
    ENDS,
    ForOption,
    Json,
    SourceArgument,
    StackOption,
    VpcOption,
    addresses_meant,
    declared,
    protocol_asked,
    read,
    within,
)
from bulkhead.prove import ALL_HOPS, Question
from bulkhead.report.console import output, progress
from bulkhead.report.documents.reach import reach as document
from bulkhead.report.documents.writing import stream
from bulkhead.report.reach import print_reach
from bulkhead.report.scope import print_scope
from bulkhead.report.unmodelled import print_unmodelled


def reach(
    source: SourceArgument,
    *,
    from_: Annotated[str | None, typer.Option("--from", metavar="A", help=ENDS)] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="B", help="The same, at the other end.")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(help="tcp, udp, icmp, icmpv6, a number, or all (the default).")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Only this destination port.")
    ] = None,
    hops: Annotated[
        str | None,
        typer.Option(metavar="N", help="Also by way of others: so many hops, or all."),
    ] = None,
    for_: ForOption = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    as_json: Json = False,
) -> int:
    """What reaches what: who gets to B, where A gets to, and which ports are open between them.

    More pairs than anybody reads are told from place to place; --json has them all.

    With --hops: the blast radius of A, or who gets to B from host to host. There
    --protocol and --port are of the hop to B; without --to, of every hop. Exit
    code 0: something is reachable, or may be. 1: everything is denied.
    """
    if from_ is None and to is None:
        unusable("say --from, --to, or both; `bulkhead prove` shows everything")
    question = _question(from_=from_, to=to, protocol=protocol, port=port, hops=hops)
    opened = read(source, within(declared(for_) if for_ else None, vpc, stack))
    with progress("proving"):
        reach = prover.prove(opened.network)
    try:
        meant = replace(
            question,
            from_=from_ and addresses_meant(opened, from_),
            to=to and addresses_meant(opened, to),
        )
        answer = prover.ask(reach, meant, opened.flows)
    except LookupError as error:
        unusable(str(error.args[0]))
    if as_json:
        stream(document(opened.label, answer, provenance=opened.provenance))
    else:
        console = output()
        print_scope(console, opened.provenance)
        print_reach(console, answer)
        print_unmodelled(console, opened.network)
    return YES if answer.open else NO


def _question(
    *, from_: str | None, to: str | None, protocol: str | None, port: int | None, hops: str | None
) -> Question:
    protocol_asked(protocol)
    try:
        return Question(from_=from_, to=to, protocol=protocol, port=port, hops=_hops(hops))
    except ValueError as error:
        unusable(f"{error}: leave out --port")


def _hops(text: str | None) -> int | Literal["all"] | None:
    if text is None:
        return None
    if text == ALL_HOPS:
        return ALL_HOPS
    if not text.isdecimal() or int(text) < 1:
        unusable(f"--hops {text}: not a number from 1, or all")
    return int(text)
