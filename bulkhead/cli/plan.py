"""`bulkhead plan`: the network that a topology needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import Json, TopologyArgument, checked, declared, read, within
from bulkhead.plan import lock_path
from bulkhead.plan.files import move_next_tunnel, save_lock
from bulkhead.plan.lock import in_ci
from bulkhead.report.console import errors, output, progress
from bulkhead.report.documents.writing import write
from bulkhead.report.plan import print_plan
from bulkhead.sources import TopologySource, held, is_kept, is_planned


def plan(
    topology: TopologyArgument,
    *,
    change: Annotated[
        str | None,
        typer.Option(
            "--change",
            metavar="OLD",
            help="The calls of an update from OLD in order, each state between two proved. OLD is "
            "any SOURCE: a topology, git:REVISION:TOPOLOGY, a `pulumi stack export`, aws. "
            "Writes no lock.",
        ),
    ] = None,
    quotas: Annotated[
        str | None,
        typer.Option(
            "--quotas",
            metavar="ACCOUNT",
            help="First ask an account (aws, aws:REGION) how much it may have, and keep that in "
            "the lock: later plans need no account for it.",
        ),
    ] = None,
    rehearse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LOGS",
            help="What this network would have cut of what VPC flow logs recorded: a file, a "
            "folder, or s3://BUCKET/PREFIX; repeatable. Writes no lock.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="For --rehearse: the network in which that was recorded, which says who its "
            "addresses are. Else the planned one.",
        ),
    ] = None,
    next_tunnel: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SITE",
            help="A change of options reaches tunnel 1 of a site first. When that is up again, "
            "give tunnel 2 the same; repeatable.",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """The network that a topology needs. Brings the lock file beside it up to date.

    Not that of a snapshot, which stays as it is. With --change, exit code 1: something is
    lost meanwhile, and it is said what. With --rehearse: not all that carried traffic is kept.
    """
    if rehearse:
        if change is not None or quotas is not None:
            unusable("--rehearse and --change or --quotas exclude each other")
        return _rehearsed(declared(topology), rehearse, on, as_json=as_json)
    if on is not None:
        unusable("--on goes with --rehearse LOGS")
    if next_tunnel and (change is not None or is_kept(topology)):
        unusable("--next-tunnel writes the lock: not with --change, and of no snapshot")
    if quotas is not None:
        _ask(topology, quotas)
    for site in next_tunnel or ():
        _go_on(topology, site)
    if change is not None:
        return _steps(change, declared(topology), as_json=as_json)
    opened = declared(topology)
    planned = opened.plan
    written = not is_kept(topology) and save_lock(topology, planned)
    if as_json:
        # What it is written by takes as long to make as many a plan.
        from bulkhead.report.documents.plan import plan as document  # noqa: PLC0415

        write(document(planned, provenance=opened.provenance))
    else:
        print_plan(output(), planned)
    if written:
        errors().print(f"wrote {lock_path(topology)}: commit it with the topology")
    return YES


def _ask(topology: Path, account: str) -> None:
    """What is told stays in the lock, whatever becomes of the plan."""
    from bulkhead.sources.quotas import keep_quotas  # noqa: PLC0415 - needs boto3

    if in_ci():
        unusable("on a build server (CI is set) no lock is written: ask elsewhere, and commit it")
    if is_kept(topology):
        unusable(f"{topology} is a snapshot, which stays as it is: name the topology itself")
    with progress(f"asking {checked(account)} for its quotas"):
        kept = keep_quotas(topology, account)
    if kept.changed:
        errors().print(f"wrote {kept.file}: quotas of the account in {kept.quotas.region}")
    if kept.quotas.untold:
        every = ", ".join(kept.quotas.untold)
        errors().print(f"note: Service Quotas tells nothing of {every}: AWS's defaults are taken")


def _go_on(topology: Path, site: str) -> None:
    if in_ci():
        unusable("on a build server (CI is set) no lock is written: do it elsewhere, and commit it")
    move_next_tunnel(topology, site)
    errors().print(f"tunnel 2 of {site} gets what tunnel 1 has: see that tunnel 1 is UP before")


def _rehearsed(planned: TopologySource, logs: list[str], on: str | None, *, as_json: bool) -> int:
    from bulkhead.cli.rehearsing import rehearsed  # noqa: PLC0415 - a plan alone needs no prover
    from bulkhead.report.documents.rehearsal import rehearsal  # noqa: PLC0415 - nor this
    from bulkhead.report.rehearsal import print_rehearsal  # noqa: PLC0415 - nor this

    found, provenance = rehearsed(planned, logs, on)
    if as_json:
        write(rehearsal(found, provenance=provenance))
    else:
        print_rehearsal(output(), found)
    return YES if found.ok else NO


def _steps(change: str, new: TopologySource, *, as_json: bool) -> int:
    from bulkhead.cli.review import version  # noqa: PLC0415 - a plan alone needs no prover
    from bulkhead.report.documents.steps import steps as steps_document  # noqa: PLC0415 - nor this
    from bulkhead.report.steps import print_steps  # noqa: PLC0415 - nor this
    from bulkhead.review.steps import steps  # noqa: PLC0415 - nor this

    old = read(change) if is_planned(change) else read(change, within(new, None, None))
    new = held(new, old)
    with progress("proving every call"):
        found = steps(version(old), version(new))
    if as_json:
        write(steps_document(found, provenance=(old.provenance, new.provenance)))
    else:
        print_steps(output(), found)
    return YES if found.loses_nothing else NO
