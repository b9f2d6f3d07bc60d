"""The command line: one verb per question.

Exit codes: 0 yes, 1 no (the answer is printed), 2 the question could not be
asked (bad input, an account that does not answer).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Never

import typer

from bulkhead import twin
from bulkhead.network import (
    ANY_PROTOCOL,
    ICMP,
    Network,
    Verdict,
    has_ports,
    protocol_name,
    protocol_number,
)
from bulkhead.observe import ObserveError
from bulkhead.plan import Plan, write_lock
from bulkhead.plan.files import is_stale, locked_plan
from bulkhead.plan.lock import in_ci, lock_path
from bulkhead.problems import InputError
from bulkhead.prove import (
    Endpoint,
    Explanation,
    Judgement,
    Reach,
    explain,
    judge,
    prove,
    resolve,
    strays,
)
from bulkhead.report import documents
from bulkhead.report.comparison import compare
from bulkhead.report.console import errors, output, progress
from bulkhead.report.explanation import print_explanation
from bulkhead.report.matrix import print_matrix, tabulate
from bulkhead.report.plan import print_plan
from bulkhead.report.verdict import (
    print_comparison,
    print_judgement,
    print_unmodelled,
    print_verdict,
)
from bulkhead.sources import Source, open_source

YES, NO, UNUSABLE = 0, 1, 2

SourceArgument = Annotated[
    str,
    typer.Argument(
        help="A topology (.yaml), a `pulumi stack export` (.json), aws, or aws:REGION.",
    ),
]
TopologyArgument = Annotated[Path, typer.Argument(help="A topology file (.yaml).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md) instead of text.")]


def _exit(code: int) -> Never:
    raise typer.Exit(code)


app = typer.Typer(
    name="bulkhead",
    result_callback=_exit,  # what a verb returns is the exit code
    help="The network around a ZeroMQ fleet: declared, proved over all packets, drilled.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def check(
    topology: TopologyArgument,
    on: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="Judge what SOURCE holds instead of the plan."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Is this the network that the topology declares?

    Exit code 0: exactly. 1: a flow is extra, missing or half-open, a layer is
    weaker than declared, or one of the topology's own tests fails.
    """
    with progress("planning"):
        planned = locked_plan(topology, write=False)
    with progress(f"reading {on or topology}") as say:
        network = open_source(on, topology=planned.topology).network if on else planned.network
        say("proving")
        judgement = _judged(network, planned)
    if as_json:
        documents.write(documents.judgement(str(on or topology), planned, network, judgement))
    else:
        console = output()
        _say_if_stale(topology, planned)
        print_judgement(console, network, judgement)
        print_verdict(console, _subject(on), planned, judgement)
    return YES if judgement.ok else NO


@app.command()
def plan(topology: TopologyArgument, as_json: Json = False) -> int:
    """The network that a topology needs. Brings the lock file beside it up to date."""
    planned = locked_plan(topology, write=False)
    written = not in_ci() and write_lock(lock_path(topology), planned.lock)
    if as_json:
        documents.write(documents.plan(planned))
    else:
        print_plan(output(), planned)
    if written:
        errors().print(f"wrote {lock_path(topology)}: commit it with the topology")
    return YES


@app.command("prove")
def prove_source(source: SourceArgument, as_json: Json = False) -> int:
    """What can reach what, over all packets, both ways: the flow matrix."""
    opened = _open(source)
    with progress("proving"):
        reach = prove(opened.network)
    if as_json:
        documents.write(documents.reach(opened.label, reach))
    else:
        console = output()
        matrix = tabulate(reach, flows=opened.plan.flows if opened.plan else None)
        print_matrix(console, matrix)
        print_unmodelled(console, opened.network)
    return YES


@app.command("explain")
def explain_cell(
    source: SourceArgument,
    *,
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="A",
            help="A service, service.socket, site, interface, address, or internet.",
        ),
    ],
    to: Annotated[str, typer.Option("--to", metavar="B", help="The same, at the other end.")],
    protocol: Annotated[
        str | None, typer.Option(help="tcp (the default), udp, icmp, all, or a number.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Destination port (tcp and udp).")
    ] = None,
    as_json: Json = False,
) -> int:
    """The rules that allow it, or all layers that block it, both ways.

    Exit code 0: allowed. 1: denied, half-open or undetermined.
    """
    opened = _open(source)
    with progress("proving"):
        reach = prove(opened.network)
    sources = _ends(reach, from_)
    targets = _ends(reach, to)
    asked = _traffic(reach, to, protocol, port)
    answers = [
        explain(opened.network, one, other, number, each)
        for number, each in asked
        for one in sources
        for other in targets
        if (one.kind, one.id) != (other.kind, other.id)
    ]
    if not answers:
        _unusable(f"{from_} and {to} are the same host: no packet between them leaves it")
    if as_json:
        documents.write(documents.explanations(opened.label, from_, to, answers))
    else:
        console = output()
        for index, answer in enumerate(_distinct(answers)):
            if index:
                console.print()
            print_explanation(console, answer)
    return YES if all(each.verdict is Verdict.ALLOWED for each in answers) else NO


@app.command()
def drill(
    source: SourceArgument,
    for_: Annotated[
        Path | None,
        typer.Option(
            "--for", metavar="TOPOLOGY", help="Also judge: is it what this topology declares?"
        ),
    ] = None,
    require: Annotated[
        bool, typer.Option("--require", help="Fail where no drill can run, instead of saying so.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Build the twin of a network, connect every pair with real sockets, and compare.

    Exit code 0: what was measured is what was proved (and, with --for, what was
    declared). 1: they differ. Where no drill can run, the verdict says so.
    """
    declared = locked_plan(for_, write=False) if for_ else None
    opened = _open(source, topology=declared.topology if declared else None)
    planned = declared or opened.plan
    flows = planned.flows if planned else ()
    with progress("proving") as say:
        reach = prove(opened.network)
        judgement = judge(opened.network, planned.flows, planned.expectations) if planned else None
        say("looking whether a drill can run here")
        missing = twin.availability()
        drilled = None if missing else twin.drill(opened.network, flows, progress=say)
        say("comparing")
        comparison = compare(
            reach, drilled, missing, lambda probes: twin.probe(opened.network, probes)
        )
    if as_json:
        documents.write(documents.drill(opened.label, reach, planned, judgement, comparison))
    else:
        console = output()
        matrix = tabulate(
            reach,
            flows=planned.flows if planned else None,
            measurements=drilled.measurements if drilled else None,
        )
        print_matrix(console, matrix)
        if judgement:
            print_judgement(console, opened.network, judgement)
        print_comparison(console, comparison)
        subject = _subject(None if opened.plan else opened.label)
        print_verdict(console, subject, planned, judgement, comparison)
    agreed = comparison.ok and (judgement is None or judgement.ok)
    return YES if agreed and not (require and missing) else NO


def _judged(network: Network, planned: Plan) -> Judgement:
    """The judgement, with what stands in single layers of an observed network beside it."""
    judgement = judge(network, planned.flows, planned.expectations)
    more = strays(planned.network, network)
    return replace(judgement, findings=(*judgement.findings, *more))


def _subject(observed: str | None) -> str:
    return f"what {observed} holds" if observed else "the plan"


def _open(source: str, *, topology: str | None = None) -> Source:
    with progress(f"reading {source}"):
        return open_source(source, topology=topology)


def _ends(reach: Reach, words: str) -> tuple[Endpoint, ...]:
    try:
        return tuple(resolve(reach.network, words))
    except LookupError as error:
        _unusable(str(error.args[0]))


def _traffic(
    reach: Reach, to: str, protocol: str | None, port: int | None
) -> list[tuple[int, int]]:
    """(protocol, port) pairs: as asked, or those of the socket that is named."""
    try:
        number = protocol_number(protocol) if protocol else None
    except ValueError:
        _unusable(f"--protocol {protocol}: not tcp, udp, icmp, all or a number from 0 to 255")
    waiting = [
        (each.protocol, each.port)
        for each in reach.network.listeners
        if to in (each.name, each.owner)
    ]
    if port is None and number in (None, *(each for each, _ in waiting)) and waiting:
        return list(dict.fromkeys(waiting))
    number = protocol_number("tcp") if number is None else number
    if port is None and has_ports(number):
        _unusable(f"{to} names no socket: say which port with --port")
    if port is not None and number in (ICMP, ANY_PROTOCOL):
        _unusable(f"{protocol_name(number)} has no ports: leave out --port")
    return [(number, port or 0)]


def _distinct(answers: list[Explanation]) -> list[Explanation]:
    """One of those that say the same: replicas share their rules."""
    seen: dict[object, Explanation] = {}
    for each in answers:
        said = tuple(
            (hop.layer, hop.passes, hop.rules, hop.why) for hop in (*each.request, *each.reply)
        )
        seen.setdefault((each.protocol, each.port, each.verdict, said), each)
    return list(seen.values())


def _say_if_stale(topology: Path, planned: Plan) -> None:
    if is_stale(topology, planned):
        errors().print(
            f"note: {lock_path(topology)} does not hold all of this yet: "
            f"run `bulkhead plan {topology}`"
        )


def _unusable(message: str) -> Never:
    errors().print(f"error: {message}", style="red", markup=False)
    raise typer.Exit(UNUSABLE)


def main() -> Never:
    """Run the command line; every error that a person can mend is a message, not a traceback."""
    console = errors()
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            console.print(f"error: {problem}", style="red", markup=False)
    except (ObserveError, twin.TwinError) as error:
        console.print(f"error: {error}", style="red", markup=False)
    sys.exit(UNUSABLE)
