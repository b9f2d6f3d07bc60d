"""`bulkhead plan`: the network that a topology needs."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.cli.options import Json, TopologyArgument, declared, read
from bulkhead.plan import lock_path
from bulkhead.plan.files import save_lock
from bulkhead.report.console import errors, output, progress
from bulkhead.report.documents.plan import plan as document
from bulkhead.report.documents.writing import write
from bulkhead.report.plan import print_plan
from bulkhead.sources import TopologySource, is_kept, is_planned


def plan(
    topology: TopologyArgument,
    *,
    change: Annotated[
        str | None,
        typer.Option(
            "--change",
            metavar="OLD",
            help="The calls of an update from OLD (a topology, git:REVISION:TOPOLOGY or a snapshot "
            "of one) in order, each state between two proved. Writes no lock.",
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """The network that a topology needs. Brings the lock file beside it up to date.

    Not that of a snapshot, which stays as it is. With --change, exit code 1: something is
    lost meanwhile, and it is said what.
    """
    if change is not None:
        return _steps(change, declared(topology), as_json=as_json)
    opened = declared(topology)
    planned = opened.plan
    written = not is_kept(topology) and save_lock(topology, planned)
    if as_json:
        write(document(planned, provenance=opened.provenance))
    else:
        print_plan(output(), planned)
    if written:
        errors().print(f"wrote {lock_path(topology)}: commit it with the topology")
    return YES


def _steps(change: str, new: TopologySource, *, as_json: bool) -> int:
    from bulkhead.cli.review import version  # noqa: PLC0415 - a plan alone needs no prover
    from bulkhead.report.documents.steps import steps as steps_document  # noqa: PLC0415 - nor this
    from bulkhead.report.steps import print_steps  # noqa: PLC0415 - nor this
    from bulkhead.review.steps import steps  # noqa: PLC0415 - nor this

    if not is_planned(change):
        unusable(
            f"--change {change}: is not planned, and what an update starts from is; name what was "
            "deployed last: a topology, git:REVISION:TOPOLOGY, or a snapshot of one"
        )
    old = read(change)
    with progress("proving every call"):
        found = steps(version(old), version(new))
    if as_json:
        write(steps_document(found, provenance=(old.provenance, new.provenance)))
    else:
        print_steps(output(), found)
    return YES if found.loses_nothing else NO
