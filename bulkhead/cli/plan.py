"""`bulkhead plan`: the network that a topology needs."""

from __future__ import annotations

from bulkhead.cli.codes import YES
from bulkhead.cli.options import Json, TopologyArgument, declared
from bulkhead.plan import lock_path
from bulkhead.plan.files import save_lock
from bulkhead.report.console import errors, output
from bulkhead.report.documents.plan import plan as document
from bulkhead.report.documents.writing import write
from bulkhead.report.plan import print_plan
from bulkhead.sources import is_kept


def plan(topology: TopologyArgument, as_json: Json = False) -> int:
    """The network that a topology needs. Brings the lock file beside it up to date.

    Not that of a snapshot, which stays as it is.
    """
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
