"""The verbs in the order of the help, and what every one of them does on an error."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Annotated, Never

import typer

from bulkhead import twin
from bulkhead.cli.answering import answering
from bulkhead.cli.check import check
from bulkhead.cli.diff import diff
from bulkhead.cli.draw import draw
from bulkhead.cli.drill import drill
from bulkhead.cli.explain import explain
from bulkhead.cli.lint import lint
from bulkhead.cli.options import UNUSABLE, YES, UnusableError
from bulkhead.cli.plan import plan
from bulkhead.cli.prove import prove
from bulkhead.cli.reach import reach
from bulkhead.cli.refusing import refuse
from bulkhead.observe import ObserveError
from bulkhead.problems import InputError


def _exit(code: int) -> Never:
    raise typer.Exit(code)


app = typer.Typer(
    name="bulkhead",
    result_callback=_exit,  # what a verb returns is the exit code
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("check")(check)
app.command("plan")(plan)
app.command("prove")(prove)
app.command("reach")(reach)
app.command("explain")(explain)
app.command("diff")(diff)
app.command("lint")(lint)
app.command("drill")(drill)
app.command("draw")(draw)


def _version(asked: bool) -> None:
    if asked:
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
    with answering():
        try:
            code = app(standalone_mode=False)
        except (
            InputError,
            ObserveError,
            UnusableError,
            twin.TwinError,
            typer.TyperException,
        ) as error:
            refuse(error)
            code = UNUSABLE
        sys.exit(code)
