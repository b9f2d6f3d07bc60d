"""A lock that does not hold all of a plan: what it lacks may come out differently elsewhere."""

from __future__ import annotations

from pathlib import Path

from bulkhead.plan import Plan
from bulkhead.plan.files import is_stale
from bulkhead.plan.lock import lock_path
from bulkhead.report.console import errors
from bulkhead.sources import is_kept


def say_if_stale(topology: Path, planned: Plan) -> None:
    """A note on standard error, where it is so."""
    if not is_kept(topology) and is_stale(topology, planned):
        errors().print(
            f"note: {lock_path(topology)} does not hold all of this yet: "
            f"run `bulkhead plan {topology}`"
        )
