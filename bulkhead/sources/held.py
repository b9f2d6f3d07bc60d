"""A topology held against what stands somewhere: planned as it is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bulkhead.network.ipv6_blocks import has_stand_in
from bulkhead.network.zones import by_zone_id
from bulkhead.sources.source import Source

AnySource = TypeVar("AnySource", bound=Source)


def held(declared: AnySource, against: Source) -> AnySource:
    """The same topology, planned in the block of IPv6 that its VPC was given elsewhere, and with
    zones by the names that they have there.

    Where that is a plan too, nobody was given any. Every other source is as it was read.
    """
    planned = None not in (declared.plan, against.plan)
    open_ = has_stand_in(declared.network) or by_zone_id(declared.network)
    if declared.plan is None or planned or not open_:
        return declared
    from bulkhead.plan import as_given  # noqa: PLC0415 - what stands needs no planner

    plan = as_given(declared.plan, against.network)
    if plan is declared.plan:
        return declared
    return replace(declared, plan=plan, network=plan.network, origins=plan.origins)
