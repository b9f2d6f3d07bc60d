"""`bulkhead explain`: the rules that allow it, or all layers that block it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import typer

from bulkhead import explain as explainer
from bulkhead import prove as prover
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import (
    ENDS,
    ForOption,
    Json,
    SourceArgument,
    StackOption,
    VpcOption,
    declared,
    protocol_asked,
    read,
    receivers,
    senders,
    within,
)
from bulkhead.ends import Endpoint, EndpointKind, listeners, waits_at
from bulkhead.network import (
    ALL_PORTS,
    ICMP,
    ICMP6,
    TCP,
    Listener,
    PortRange,
    Verdict,
    has_ports,
    is_of_family,
    protocol_name,
)
from bulkhead.prove import Reach
from bulkhead.report.console import output, progress
from bulkhead.report.documents.explain import explain as document
from bulkhead.report.documents.writing import write
from bulkhead.report.explanation import distinct, print_answer
from bulkhead.report.scope import print_scope
from bulkhead.report.unmodelled import print_unmodelled

_ECHO: Final = {ICMP: 8 * 256, ICMP6: 128 * 256}
"""Echo request, the message that people mean by 'can it ping' (RFC 792, RFC 4443)."""


def explain(
    source: SourceArgument,
    *,
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="A",
            help=ENDS,
        ),
    ],
    to: Annotated[str, typer.Option("--to", metavar="B", help="The same, at the other end.")],
    protocol: Annotated[
        str | None,
        typer.Option(
            help="tcp (the default), udp, icmp or icmpv6 (an echo request), all, or a number."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Destination port (tcp and udp).")
    ] = None,
    for_: ForOption = None,
    vpc: VpcOption = None,
    stack: StackOption = None,
    as_json: Json = False,
) -> int:
    """The rules that allow it, or all layers that block it, both ways.

    Exit code 0: allowed. 1: denied, half-open or undetermined.
    """
    opened = read(source, within(declared(for_) if for_ else None, vpc, stack))
    with progress("proving"):
        reach = prover.prove(opened.network)
    sources = senders(opened, reach, from_)
    targets, public = receivers(opened, reach, to)
    asked = _traffic(reach, to, protocol, port)
    said = [
        explainer.explain(opened.network, one, other, number, each)
        for number, each, socket in asked
        for one in sources
        for other in targets
        if (one.kind, one.id) != (other.kind, other.id)
        and not (one.outer and other.outer)
        and (socket is None or waits_at(socket, other))
        and one.version == other.version
        and (socket is None or is_of_family(number, one.version))
    ]
    said += [
        explainer.explain_public(opened.network, one, other, number, each)
        for number, each, _ in asked
        for one in sources
        for other in public
        if one.version == other.end.version and one.kind is not EndpointKind.ELSEWHERE
    ]
    if not said:
        others = (*targets, *(each.end for each in public))
        unusable(_nothing_between(sources, others, from_, to))
    if as_json:
        answers = [explainer.answer(opened.network, each) for each in said]
        made_from = opened.provenance
        write(document(opened.label, opened.network, from_, to, answers, provenance=made_from))
    else:
        console = output()
        print_scope(console, opened.provenance)
        for index, each in enumerate(distinct(said)):
            if index:
                console.print()
            print_answer(console, explainer.answer(opened.network, each))
        if any(each.verdict is Verdict.UNDETERMINED for each in said):
            print_unmodelled(console, opened.network)
    return YES if all(each.verdict is Verdict.ALLOWED for each in said) else NO


def _nothing_between(
    sources: Iterable[Endpoint], others: Iterable[Endpoint], from_: str, to: str
) -> str:
    if all(each.external for each in sources):
        return f"{from_} and {to} are both outside: no packet between them comes by here"
    if {each.version for each in sources}.isdisjoint(each.version for each in others):
        return f"{from_} and {to} have no address family in common: no packet goes between them"
    return f"{from_} and {to} are the same host: no packet between them leaves it"


def _traffic(
    reach: Reach, to: str, protocol: str | None, port: int | None
) -> list[tuple[int, int, Listener | None]]:
    """Protocol and port as asked; or of each socket that is named, which waits at some ends alone.

    Of one that waits in a range, the lowest port of that.
    """
    number = protocol_asked(protocol)
    try:
        waiting = listeners(reach.network, to)
    except LookupError:
        waiting = ()
    if port is None and number in (None, *(each.protocol for each in waiting)) and waiting:
        # Two sockets at one port of a host are one question.
        first = {
            (each.protocol, _first(each.protocol, each.ports), each.owner, each.address): each
            for each in reversed(waiting)
        }
        return [(*key[:2], each) for key, each in reversed(first.items())]
    if port is not None and number is None:
        spoken = [
            each.protocol for each in waiting if has_ports(each.protocol) and port in each.ports
        ]
        return [(each, port, None) for each in dict.fromkeys(spoken or [TCP])]
    number = TCP if number is None else number
    if port is None and has_ports(number):
        unusable(f"{to} names no socket: say which port with --port")
    if port is not None and not has_ports(number):
        unusable(f"{protocol_name(number)} has no ports: leave out --port")
    return [(number, _first(number, ALL_PORTS) if port is None else port, None)]


def _first(protocol: int, ports: PortRange) -> int:
    """The lowest port; where all messages of icmp are meant, an echo request."""
    return _ECHO.get(protocol, 0) if ports == ALL_PORTS else ports.first
