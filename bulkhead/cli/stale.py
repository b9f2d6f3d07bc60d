"""A lock that does not hold all of a plan, or not all that others have in a VPC by now."""

from __future__ import annotations

from pathlib import Path

from bulkhead.network import Network
from bulkhead.plan import Plan
from bulkhead.plan.existing import came_since
from bulkhead.plan.files import is_stale
from bulkhead.plan.lock import lock_path
from bulkhead.problems import Problem
from bulkhead.report.console import errors
from bulkhead.sources import is_kept


def warn_of_others(topology: Path, planned: Plan, network: Network) -> tuple[Problem, ...]:
    """What others have made in a shared VPC since somebody looked; said on standard error too.

    An update that runs into it fails in the middle: AWS takes no two subnets at one address.
    """
    facts = planned.lock.vpc
    came = came_since(facts, network) if facts else {}
    if not facts or not came:
        return ()
    named = ", ".join(f"{came[each]} ({each})" for each in sorted(came))
    what = f"does not know what others have in {facts.id} since: {named}"
    remedy = f"run `bulkhead adopt {topology}`, which says whether the topology still fits"
    warning = Problem(str(lock_path(topology)), 0, what, remedy)
    errors().print(f"warning: {warning}")
    return (warning,)


def say_if_stale(topology: Path, planned: Plan) -> None:
    """A note on standard error, where it is so."""
    if not is_kept(topology) and is_stale(topology, planned):
        errors().print(
            f"note: {lock_path(topology)} does not hold all of this yet: "
            f"run `bulkhead plan {topology}`"
        )
