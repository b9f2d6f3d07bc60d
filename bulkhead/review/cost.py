"""What a change adds to what is paid a month, or saves."""

from __future__ import annotations

from bulkhead.cost import NOTHING, CostStep, Month, cost_step
from bulkhead.network import Network
from bulkhead.review.version import Version


def added(base: Version, head: Version) -> CostStep | None:
    """Between two plans, or a plan and nothing at all; of anything else nobody knows all of it."""
    before, after = _month(base), _month(head)
    return cost_step(before, after) if before and after else None


def _month(version: Version) -> Month | None:
    return NOTHING if version.network == Network() else version.month
