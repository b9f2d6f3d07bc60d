"""`bulkhead plan`: the network that a topology needs."""

from __future__ import annotations

from pathlib import Path

from bulkhead.cli.options import YES, Json, TopologyArgument
from bulkhead.plan import Plan, write_lock
from bulkhead.plan.files import locked_plan
from bulkhead.plan.lock import in_ci, lock_path
from bulkhead.problems import InputError, Problem
from bulkhead.report import documents
from bulkhead.report.console import errors, output
from bulkhead.report.plan import print_plan


def plan(topology: TopologyArgument, as_json: Json = False) -> int:
    """The network that a topology needs. Brings the lock file beside it up to date."""
    planned = locked_plan(topology, write=False)
    written = not in_ci() and _written(topology, planned)
    if as_json:
        documents.write(documents.plan(planned))
    else:
        print_plan(output(), planned)
    if written:
        errors().print(f"wrote {lock_path(topology)}: commit it with the topology")
    return YES


def _written(topology: Path, planned: Plan) -> bool:
    beside = lock_path(topology)
    try:
        return write_lock(beside, planned.lock)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        remedy = "run it where the topology's folder can be written, and commit the lock"
        raise InputError([Problem(str(beside), 0, what, remedy)]) from None
