"""`bulkhead presets`: the applications whose sockets are known."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead.cli.codes import unusable
from bulkhead.cli.generated import Check, Output, give
from bulkhead.intent.presets import preset_called
from bulkhead.intent.presets.page import listing, page
from bulkhead.intent.wrong import Wrong


def presets(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="An application, such as salt; all if not said."),
    ] = None,
    out: Output = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="All of them as a page, with all that is known.")
    ] = False,
    check: Check = False,
) -> int:
    """Applications whose sockets are known: all of them, or one as it would be written.

    A service or a site has the sockets of one by `use: salt.master`; what is written for it wins.
    Exit code 1: --check found the file stale.
    """
    if name is None:
        return give(page() if markdown else listing(), out, check=check)
    if markdown:
        unusable("--markdown is for all of them; leave out the name")
    try:
        # Of `salt.master` the application: the file says all of its roles.
        found = preset_called(name.partition(".")[0])
    except Wrong as wrong:
        unusable(f"{wrong.what}; {wrong.remedy}")
    return give(found.text, out, check=check)
