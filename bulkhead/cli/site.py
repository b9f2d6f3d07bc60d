"""`bulkhead site`: the other side of a site, ready to use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Final

import typer

from bulkhead import onsite as room
from bulkhead.cli.codes import YES, unusable
from bulkhead.cli.options import Json, TopologyArgument, declared, read, within
from bulkhead.cli.stale import say_if_stale
from bulkhead.cli.standing_site import routing_of, tunnels_of
from bulkhead.intent.wrong import nearest
from bulkhead.onsite import NeedsAddressesError, Onsite, OnsiteHost
from bulkhead.report.console import output
from bulkhead.report.documents.onsite import onsite as document
from bulkhead.report.documents.writing import write
from bulkhead.report.onsite import print_onsite
from bulkhead.sources.topologies import topology_in


class OnsiteForm(StrEnum):
    """Which program reads it."""

    SWANCTL = "swanctl"
    UPDOWN = "updown"
    LINKS = "links"
    FRR = "frr"
    BIRD = "bird"
    NFTABLES = "nftables"
    JSON = "json"


_WRITERS: Final[Mapping[OnsiteForm, Callable[[Onsite], str]]] = {
    OnsiteForm.SWANCTL: room.swanctl,
    OnsiteForm.UPDOWN: room.updown,
    OnsiteForm.LINKS: room.links,
    OnsiteForm.FRR: room.frr,
    OnsiteForm.BIRD: room.bird,
    OnsiteForm.NFTABLES: room.nftables,
}


def site(
    topology: TopologyArgument,
    name: Annotated[str, typer.Argument(metavar="SITE", help="A site of the topology.")],
    *,
    format_: Annotated[
        OnsiteForm | None,
        typer.Option(
            "--format",
            help="For the device: strongSwan (swanctl, and the updown script that it calls), its "
            "interfaces (links), FRR, BIRD, nftables; or JSON.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="SOURCE",
            help="Where it stands (an account, a state, a dump): AWS's addresses of the tunnels "
            "are from there.",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="nftables of one of its hosts instead of the device."),
    ] = None,
    as_json: Json = False,
) -> int:
    """The other side of a site: its tunnels, routes and rules, for the programs there.

    From the same plan as AWS's side: what flows need passes, by a tunnel alone, and nothing else.
    Keys are in none of it.
    """
    form = OnsiteForm.JSON if as_json else format_
    if as_json and format_ not in (None, OnsiteForm.JSON):
        unusable(f"--json and --format {format_} exclude each other")
    if host is not None and form is not OnsiteForm.NFTABLES:
        unusable("--host is for rules of a host: add --format nftables")
    opened = declared(topology)
    wanted = topology_in(topology)
    if name not in wanted.sites:
        there = nearest(name, wanted.sites) if wanted.sites else "the topology has none"
        unusable(f"{topology}: no site is called {name!r}; {there}")
    say_if_stale(topology, opened.plan)
    stands = read(on, within(opened, None, None), audited=True) if on is not None else None
    routing = routing_of(opened.plan, name)
    standing = tunnels_of(stands, name, routing) if stands else ()
    found = room.onsite(wanted, opened.plan, name, standing)
    if form is OnsiteForm.JSON:
        write(document(found, warnings=opened.plan.warnings, provenance=opened.provenance))
    elif form is None:
        print_onsite(output(), found)
    elif host is not None:
        typer.echo(room.nftables_of_host(found, _host(found, host)), nl=False)
    else:
        try:
            typer.echo(_WRITERS[form](found), nl=False)
        except NeedsAddressesError as missing:
            unusable(
                f"{missing} is known once the connection is made; "
                "add --on aws, or --on a state of the stack"
            )
    return YES


def _host(found: Onsite, name: str) -> OnsiteHost:
    known = {each.name: each for each in found.hosts}
    if name not in known:
        there = nearest(name, known) if known else "the site names none"
        unusable(f"--host {name}: site {found.site} has no host of that name; {there}")
    return known[name]
