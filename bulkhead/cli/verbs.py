"""The verbs in the order of the help, and what every one of them does on an error."""

from __future__ import annotations

import gc
import sys
from typing import Annotated, Final, Never

import typer

from bulkhead.cli.answering import answering
from bulkhead.cli.codes import UNUSABLE, YES
from bulkhead.cli.lazy import verbs_of
from bulkhead.problems import UnusableError

_UNTIL_COLLECTED: Final = 200_000
"""Objects that may be made before Python looks for cycles, of which a network has none: at its
700 that takes a tenth of the time of a large answer."""

VERBS: Final = {
    "check": "Is this the network that the topology declares?",
    "plan": "The network that a topology needs.",
    "adopt": "Take over what stands: into the lock of a topology, or (--write) as a topology.",
    "discover": "Find where ZeroMQ crosses the network, before anybody wrote it down.",
    "endpoints": "What the programs of a service bind, connect to and set.",
    "site": "The other side of a site: its tunnels, routes and rules, for the programs there.",
    "rotate": "New keys for the tunnels of a site, one at a time: a script for sh.",
    "prove": "What can reach what, over all packets, both ways: the flow matrix.",
    "reach": "What reaches what: who gets to B, where A gets to, and which ports are open "
    "between them.",
    "explain": "The rules that allow it, or all layers that block it, both ways.",
    "diff": "Which flows open, close or break from A to B, by which rules, and what that cuts.",
    "review": "What a change does, from BASE to HEAD; where that is written; may it pass?",
    "lint": "Rules that are open to the world, shadowed, redundant, unused, stale or unreachable.",
    "audit": "Is it enough? Controls of CIS, FSBP, PCI DSS and NIST, each with its evidence.",
    "drill": "Build the twin of a network, connect every pair with real sockets, and compare.",
    "document": "The ledger of flows, as a page and a picture to commit beside the topology.",
    "snapshot": "Keep what a source says as evidence, which every verb reads again.",
    "draw": "A picture of the network and its flows, readable at fifty services.",
    "init": "Write a first topology that check accepts, to be changed into yours.",
    "fmt": "Lay topologies out alike: indentation, quotes, the order of keys. Comments stay.",
    "schema": "What a topology may say: a JSON Schema for editors, or the reference as a page.",
    "presets": "Applications whose sockets are known: all of them, or one as it would be written.",
    "comment": "Put an answer on its pull request: one comment, updated in place.",
}
"""Each has a module of its name with a function of its name, whose help begins with this; or with
`VERBS` of its own."""


app = verbs_of("bulkhead.cli", VERBS, name="bulkhead")


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata  # noqa: PLC0415 - as long to import as all the help needs

        typer.echo(f"bulkhead {metadata.version('bulkhead')}")
        raise typer.Exit(YES)


@app.callback()
def bulkhead(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say which version this is.",
            callback=_version,
            is_eager=True,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """The network around a ZeroMQ fleet: declared, proved over all packets, drilled."""


def main() -> Never:
    """Run the command line; every error that a person can mend is a message, not a traceback."""
    gc.set_threshold(_UNTIL_COLLECTED)
    with answering():
        try:
            code = app(standalone_mode=False)
        except (UnusableError, typer.TyperException) as error:
            from bulkhead.cli.refusing import refuse  # noqa: PLC0415 - nothing that is right needs it

            refuse(error)
            code = UNUSABLE
        sys.exit(code)
