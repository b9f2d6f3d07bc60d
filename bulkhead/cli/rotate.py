"""`bulkhead rotate`: new keys for the tunnels of a site, one at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import TopologyArgument, declared, read, within
from bulkhead.cli.standing_site import connection_of, routing_of, tunnels_of
from bulkhead.intent.wrong import nearest
from bulkhead.onsite.rotation import CannotRotateError, rotation, rotation_script
from bulkhead.report.console import errors
from bulkhead.sources import Source
from bulkhead.sources.topologies import topology_in


def rotate(
    topology: TopologyArgument,
    name: Annotated[str, typer.Argument(metavar="SITE", help="A site of the topology.")],
    *,
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="SOURCE",
            help="Where it stands (an account, a state, a dump): AWS's addresses of the tunnels "
            "are from there.",
        ),
    ] = "aws",
) -> int:
    """New keys for the tunnels of a site, one at a time: a script for sh.

    It does each step: draws a key that nobody sees, gives it to one tunnel while the other is up,
    and waits until the device has it too. Exit code 1: a tunnel is down, and the script would not
    begin.
    """
    opened = declared(topology)
    wanted = topology_in(topology)
    if name not in wanted.sites:
        there = nearest(name, wanted.sites) if wanted.sites else "the topology has none"
        unusable(f"{topology}: no site is called {name!r}; {there}")
    stands = read(on, within(opened, None, None), audited=True)
    routing = routing_of(opened.plan, name)
    connection = connection_of(stands, name, routing)
    tunnels = tunnels_of(stands, name, routing)
    try:
        found = rotation(wanted.name, name, wanted.region, connection, tunnels)
    except CannotRotateError as unknown:
        unusable(f"{stands.label}: {unknown}; name where its stack stands")
    typer.echo(rotation_script(found), nl=False)
    return _told(stands, connection)


def _told(stands: Source, connection: str) -> int:
    """What is known of both by now; the script looks again before it begins."""
    down = [
        f"tunnel {each.number} ({each.outside})"
        for each in stands.inventory.tunnels
        if each.connection == connection and each.up is False
    ]
    for each in down:
        errors().print(f"note: {each} is DOWN: the key of the other one is not to be changed now")
    return NO if down else YES
