"""`bulkhead reach`: what-if questions between any two ends, directly and by hops."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Final

import typer

from bulkhead.cli.options import (
    ENDS,
    NO,
    YES,
    Json,
    SourceArgument,
    ends,
    protocol_asked,
    read,
    unusable,
)
from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, PortRange, Verdict, has_ports, protocol_name
from bulkhead.prove import Cell, Reach, prove
from bulkhead.prove.blast import Reached, blast
from bulkhead.prove.cells import Traffic, cells, cells_nowhere, everything
from bulkhead.report import documents_reach
from bulkhead.report.console import output, progress
from bulkhead.report.documents_parts import stream
from bulkhead.report.reach import Folded, Question, print_cells, print_nowhere, print_reached
from bulkhead.report.verdict import print_unmodelled
from bulkhead.sources import Source

ALL: Final = "all"
"""As many hops as it takes."""


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
    as_json: Json = False,
) -> int:
    """What reaches what: who gets to B, where A gets to, and which ports are open between them.

    With --hops: the blast radius of A, or who gets to B from host to host. There
    --protocol and --port are of the hop to B; without --to, of every hop. Exit
    code 0: something is reachable, or may be. 1: everything is denied.
    """
    if from_ is None and to is None:
        unusable("say --from, --to, or both; `bulkhead prove` shows everything")
    most = _hops(hops)
    opened = read(source)
    with progress("proving"):
        proved = prove(opened.network)
    asked = Question(from_=from_, to=to, protocol=protocol, port=port, hops=most)
    traffic = _traffic(proved, to, protocol, port)
    sources, targets = _ends(opened, proved, from_), _ends(opened, proved, to)
    answer = _directly if most is None else _by_hops
    return answer(
        opened,
        proved,
        asked,
        sources=sources,
        targets=targets,
        traffic=traffic,
        as_json=as_json,
    )


def _directly(
    opened: Source,
    proved: Reach,
    asked: Question,
    *,
    sources: tuple[Endpoint, ...],
    targets: tuple[Endpoint, ...],
    traffic: Traffic,
    as_json: bool,
) -> int:
    folded = Folded()
    lost = _nowhere(sources, targets)
    if lost:
        found = cells_nowhere(sources, targets, traffic)
    else:
        everybody = sum(1 << proved.index(each) for each in sources)
        found = cells(proved, everybody, map(proved.index, targets), traffic)
    first = next(found, None)
    if first is None:
        unusable(
            f"{asked.from_ or 'everything'} and {asked.to or 'everything'} are the same host, "
            "or of different address families: no packet goes from one to the other"
        )
    shown = _counted(chain([first], found), folded, denied=asked.specific)
    if as_json:
        stream(documents_reach.question(opened.label, proved, asked, found=shown, lost=lost))
    else:
        deque(shown, maxlen=0)
        console = output()
        print_cells(console, folded, denied=asked.specific)
        print_nowhere(console, opened.network, lost)
        print_unmodelled(console, opened.network)
    return YES if folded.reachable else NO


def _counted(found: Iterable[Cell], folded: Folded, *, denied: bool) -> Iterator[Cell]:
    """The cells that are shown, each noted as it passes."""
    for cell in found:
        folded.add(cell)
        if denied or cell.verdict is not Verdict.DENIED:
            yield cell


def _by_hops(
    opened: Source,
    proved: Reach,
    asked: Question,
    *,
    sources: tuple[Endpoint, ...],
    targets: tuple[Endpoint, ...],
    traffic: Traffic,
    as_json: bool,
) -> int:
    most = asked.hops if isinstance(asked.hops, int) else None
    lost = _nowhere(sources, targets)
    found: tuple[Reached, ...]
    if lost:
        found = ()
    elif asked.to is None:
        found = blast(proved, sources, hops=most, traffic=traffic)
    else:
        # How one gets near is open; what was asked about is the last hop.
        every = blast(proved, targets, hops=most, backwards=True, last=traffic)
        wanted = set(sources)
        found = tuple(each for each in every if each.end in wanted)
    if as_json:
        stream(documents_reach.question(opened.label, proved, asked, reached=found, lost=lost))
    else:
        console = output()
        print_reached(console, found)
        print_nowhere(console, opened.network, lost)
        print_unmodelled(console, opened.network)
    return YES if found else NO


def _nowhere(*asked: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """What was named that no host can be at."""
    return tuple(each for ends in asked for each in ends if each.kind is EndpointKind.NOWHERE)


def _ends(opened: Source, proved: Reach, word: str | None) -> tuple[Endpoint, ...]:
    return proved.endpoints if word is None else ends(opened, proved, word)


def _traffic(proved: Reach, to: str | None, protocol: str | None, port: int | None) -> Traffic:
    """All protocols and ports, less what was not asked; of a socket that is named, its own."""
    number = protocol_asked(protocol)
    if number is None and port is None:
        named = [each for each in proved.network.listeners if each.name == to]
        if named:
            return tuple((each.protocol, PortRange(each.port, each.port)) for each in named)
    if number in (None, ANY_PROTOCOL):
        every = everything(proved)
        if port is None:
            return every
        return tuple((each, PortRange(port, port)) for each, _ in every if has_ports(each))
    if port is None:
        return ((number, ALL_PORTS),)
    if not has_ports(number):
        unusable(f"{protocol_name(number)} has no ports: leave out --port")
    return ((number, PortRange(port, port)),)


def _hops(text: str | None) -> int | str | None:
    if text is None or text == ALL:
        return text
    if not text.isdecimal() or int(text) < 1:
        unusable(f"--hops {text}: not a number from 1, or all")
    return int(text)
