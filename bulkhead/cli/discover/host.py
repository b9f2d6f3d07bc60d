"""`bulkhead discover host`: what of ZeroMQ runs here, or on the machines that records are of."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.discover.watching import seconds_until, span, watch
from bulkhead.cli.options import Json
from bulkhead.discover.host import (
    COLLECTOR,
    HostRecord,
    collect,
    greet_listeners,
    join,
    parse_record,
    read_record,
)
from bulkhead.files import noting, write_file
from bulkhead.problems import InputError, Problem
from bulkhead.report.console import errors, output, progress
from bulkhead.report.documents.host import host as document
from bulkhead.report.documents.writing import write
from bulkhead.report.host import print_host
from bulkhead.sources import now, provenance


def host(
    records: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RECORD]...",
            help="Records of machines, joined into one graph. This machine if there is none.",
        ),
    ] = None,
    *,
    pid: Annotated[
        list[int] | None,
        typer.Option(metavar="PID", help="Only this process, whatever it speaks; repeatable."),
    ] = None,
    greet: Annotated[
        bool,
        typer.Option(
            "--greet",
            help="Also connect to what listens on this machine, and send it a greeting.",
        ),
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the record of this machine."),
    ] = None,
    collector: Annotated[
        bool,
        typer.Option(
            "--collector",
            help="Print the collector: one file for machines where only Python is installed.",
        ),
    ] = False,
    proc: Annotated[
        Path,
        typer.Option(
            help="Where the proc file system of the machine is: of a host in a container."
        ),
    ] = Path("/proc"),
    every: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Look at this machine again and again (30s, 5m), and print what changed.",
        ),
    ] = None,
    times: Annotated[
        int | None, typer.Option(min=1, help="With --every: how often to look again.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="With --every: when to end (2026-11-30T18:00Z); else after 24h."
        ),
    ] = None,
    events: Annotated[
        str | None,
        typer.Option(
            metavar="SOCKET",
            help="With --every: look at once when a container starts or ends: docker:PATH, or "
            "kubernetes:PATH of kubectl proxy --unix-socket.",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Processes that use ZeroMQ, their sockets, and who is at the other end.

    Exit code 0: all that runs there was read. 1: some could not be, and how much is said.
    """
    if every is None and (
        of_a_watch := [
            name
            for name, value in (("--times", times), ("--until", until), ("--events", events))
            if value
        ]
    ):
        unusable(f"{of_a_watch[0]} goes with --every TIME")
    if every is not None and (records or record or collector):
        unusable("--every looks at this machine, and prints what changed; leave the rest out")
    if every is not None:
        return watch(
            lambda: join([this_host(proc, pid or [], greet=greet)]),
            every=span(every),
            times=times,
            lasting=seconds_until(until, now()),
            events=events,
            as_json=as_json,
        )
    here = {"--pid": pid, "--greet": greet, "--record": record, "--collector": collector}
    given = [name for name, value in here.items() if value]
    if records and given:
        unusable(f"{given[0]} is about this machine; leave it out with records of machines")
    if collector:
        sys.stdout.write(COLLECTOR.read_text(encoding="utf-8"))
        return YES
    time = now()
    with noting() as read:
        found = read_records(records) if records else [this_host(proc, pid or [], greet=greet)]
    if record:
        _write(record, found[0])
    graph = join(found)
    if as_json:
        write(document(graph, provenance=provenance(time, read)))
    else:
        print_host(output(), graph)
    return YES if graph.whole else NO


def this_host(proc: Path, pids: list[int], *, greet: bool) -> HostRecord:
    """What runs on this machine. Raises UnusableError where that cannot be read."""
    if not sys.platform.startswith("linux"):
        unusable(
            "this machine has no /proc: run the collector on a Linux machine, and name its record"
        )
    try:
        with progress("reading /proc"):
            found = parse_record(collect(str(proc), pids))
    except OSError as error:
        unusable(f"--proc {proc} cannot be read ({error.strerror}); name a proc file system")
    if missing := set(pids) - {each.pid for each in found.processes}:
        named = ", ".join(map(str, sorted(missing)))
        unusable(f"--pid {named}: there is no such process; see ps")
    if greet:
        with progress("greeting what listens"):
            found = greet_listeners(found, str(proc))
    return found


def read_records(paths: list[Path]) -> list[HostRecord]:
    """All of them, or all that is wrong with them."""
    problems: list[Problem] = []
    found: dict[tuple[str, str | None], tuple[Path, HostRecord]] = {}
    for path in dict.fromkeys(paths):
        try:
            read = read_record(path)
        except InputError as error:
            problems += error.problems
            continue
        other, _ = found.setdefault((read.host.name, read.host.boot), (path, read))
        if other != path:
            what = f"is of the machine {read.host.name}, as {other} is"
            problems.append(Problem(str(path), 0, what, "name one record of each machine"))
    if problems:
        raise InputError(problems)
    return [read for _, read in found.values()]


def _write(path: Path, found: HostRecord) -> None:
    text = json.dumps(found.model_dump(mode="json", by_alias=True), indent=1) + "\n"
    write_file(path, text.encode(), remedy="name another file with --record")
    errors().print(f"wrote {path}")
