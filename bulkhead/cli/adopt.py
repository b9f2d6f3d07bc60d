"""`bulkhead adopt`: what others have in the VPC that a topology shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulkhead.cli.codes import YES, unusable
from bulkhead.cli.options import Json, StackOption, checked
from bulkhead.plan.files import save_lock
from bulkhead.plan.lock import in_ci, lock_path
from bulkhead.report.adopted import print_adopted
from bulkhead.report.console import output, progress
from bulkhead.report.documents.adopt import adopt as document
from bulkhead.report.documents.writing import write
from bulkhead.sources.adopting import adopt as adopted


def adopt(
    topology: Annotated[Path, typer.Argument(help="A topology file (.yaml) with `vpc: existing`.")],
    *,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Where the VPC is; else the account, in the topology's Region."
        ),
    ] = None,
    stack: StackOption = None,
    as_json: Json = False,
) -> int:
    """What others have in the VPC that a topology shares, into its lock.

    A plan is made from the lock alone, so it has to know which addresses others have. Ask again
    when the VPC has changed. Whatever does not fit is refused, all of it together, and then
    nothing is written. Exit code 0: it fits.
    """
    if in_ci():
        unusable("on a build server (CI is set) no lock is written: adopt the VPC, and commit it")
    source = checked(on) if on else None
    with progress(f"reading {source or 'the account'}"):
        planned = adopted(topology, source, stack)
    changed = save_lock(topology, planned)
    lock = lock_path(topology)
    if as_json:
        write(document(planned, str(lock), changed=changed))
    else:
        print_adopted(output(), planned, str(lock), changed=changed)
    return YES
