"""`bulkhead document`: the ledger of flows that stands beside a topology."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from bulkhead.agree import tabulate
from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import Json, TopologyArgument, declared
from bulkhead.files import read_if_there, write_file
from bulkhead.ledger import Ledger
from bulkhead.ledger import ledger as entries
from bulkhead.plan import Plan
from bulkhead.prove import Reach
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import prove
from bulkhead.report import picture
from bulkhead.report.console import errors, output, progress
from bulkhead.report.documents.ledger import ledger as as_document
from bulkhead.report.documents.writing import write
from bulkhead.report.markdown.ledger import ledger as page
from bulkhead.report.words import count
from bulkhead.sources import is_kept
from bulkhead.sources.topologies import topology_in

_PAGE: Final = "flows.md"
_DRAWING: Final = ".svg"
_LARGEST: Final = 64 * 1024 * 1024
_MOST_LINES: Final = 40
_HEADING: Final = "# Flows of "


def document(
    topology: TopologyArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The page, with its picture beside it; flows.md beside the topology if not said.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if the page is stale.")
    ] = False,
    as_json: Json = False,
) -> int:
    """The ledger of flows, as a page and a picture to commit beside the topology.

    Every boundary where ZeroMQ crosses the network, with the flows over it: why, whose, by
    which layers, how encrypted. --json prints it instead, and writes nothing. Exit code 0:
    written, or up to date. 1: --check found it stale.
    """
    if check and as_json:
        unusable("--check and --json exclude each other")
    opened = declared(topology)
    planned = opened.plan
    if as_json:
        found, _ = _proved(topology, planned)
        write(as_document(found, provenance=opened.provenance))
        return YES
    if out is None and is_kept(topology):
        unusable(f"{topology} is a snapshot, beside which nothing is written: name a page with -o")
    ledger_at = out or topology.parent / _PAGE
    drawn_at = ledger_at.with_suffix(_DRAWING)
    if drawn_at == ledger_at:
        unusable(f"-o {ledger_at}: the picture is to be {drawn_at}; name the page {_PAGE}")
    before = {path: _there(path) for path in (ledger_at, drawn_at)}
    _refuse_anothers(ledger_at, before[ledger_at], planned.topology)
    found, reach = _proved(topology, planned)
    pages = _pages(topology, planned, out, found, reach)
    stale = {path: text for path, text in pages.items() if before[path] != text}
    return _told(stale, before, found) if check else _written(stale)


def is_current(topology: Path, planned: Plan) -> bool | None:
    """Whether the page beside a topology is that of its plan; None where there is none."""
    before = _there(topology.parent / _PAGE)
    if before is None or not before.startswith(f"{_HEADING}{planned.topology}\n"):
        return None
    pages = _pages(topology, planned, None, *_proved(topology, planned))
    return all(_there(path) == text for path, text in pages.items())


def _pages(
    topology: Path, planned: Plan, out: Path | None, found: Ledger, reach: Reach
) -> dict[Path, str]:
    """The page and its picture, by where they are to stand."""
    ledger_at = out or topology.parent / _PAGE
    drawn_at = ledger_at.with_suffix(_DRAWING)
    return {
        ledger_at: page(
            found,
            topology=_from(ledger_at, topology),
            command=_command(topology, out),
            picture=drawn_at.name,
        ),
        drawn_at: _drawn(planned, reach),
    }


def _proved(topology: Path, planned: Plan) -> tuple[Ledger, Reach]:
    with progress("proving"):
        reach = telling_apart(prove(planned.network), planned.declaration)
        return entries(topology_in(topology), planned, reach), reach


def _there(path: Path) -> str | None:
    data = read_if_there(path, largest=_LARGEST, remedy="name another file with -o")
    return None if data is None else data.decode("utf-8", "replace")


def _refuse_anothers(path: Path, before: str | None, topology: str) -> None:
    """A folder may hold several topologies, and a page of somebody else's may be called so."""
    if before is not None and not before.startswith(f"{_HEADING}{topology}\n"):
        unusable(f"{path} is not the ledger of {topology}; name another file with -o")


def _from(page: Path, topology: Path) -> str:
    return Path(os.path.relpath(topology, page.parent)).as_posix()


def _command(topology: Path, out: Path | None) -> str:
    """What a person types in the folder that the paths start from."""
    words = ["bulkhead", "document", topology.name]
    if out is not None:
        words += ["-o", Path(os.path.relpath(out, topology.parent)).as_posix()]
    return shlex.join(words)


def _drawn(planned: Plan, reach: Reach) -> str:
    matrix = tabulate(reach, planned.declaration)
    return picture.svg(picture.scene(planned.topology, reach, matrix, purposes=planned.purposes))


def _told(stale: Mapping[Path, str], before: Mapping[Path, str | None], found: Ledger) -> int:
    console = output()
    for path, text in stale.items():
        if before[path] is None:
            console.print(Text(f"{path} is missing", "bold red"))
        else:
            console.print(Text(f"{path} is stale", "bold red"))
            if path.suffix != _DRAWING:
                _print_difference(before[path] or "", text)
    if stale:
        console.print("write it anew with `bulkhead document`, and commit it")
        return NO
    console.print(f"up to date: {count(len(found.flows), 'flow')}")
    return YES


def _print_difference(before: str, after: str) -> None:
    console = output()
    lines = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    for line in lines[:_MOST_LINES]:
        console.print(Text(f"  {line}", {"+": "green", "-": "red"}.get(line[:1], "dim")))
    if len(lines) > _MOST_LINES:
        console.print(f"  and {len(lines) - _MOST_LINES} more lines")


def _written(stale: Mapping[Path, str]) -> int:
    for path, text in stale.items():
        write_file(path, text.encode(), remedy="name another file with -o")
        errors().print(f"wrote {path}")
    if not stale:
        errors().print("nothing to write: up to date")
    return YES
