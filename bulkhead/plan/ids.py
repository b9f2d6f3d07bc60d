"""What things are called in a plan, before AWS gives them ids: 'acl/feed', 'sg/ticker'."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bulkhead.network import Network
from bulkhead.plan.units import Unit

OF_THE_VPC: Final = "(vpc)"
"""A name that nobody can give: no parenthesis is in one."""


def acl_name(unit: Unit) -> str:
    """What people call the NACL of a unit: 'feed', and 'feed.2' the second in its place. No name of
    a segment or service begins with a digit."""
    return unit.key if unit.turn == 1 else f"{unit.key}.{unit.turn}"


def acl_id(unit: Unit) -> str:
    """What the NACL of a unit is called in a plan."""
    return f"acl/{acl_name(unit)}"


def table_id(unit: Unit, zone: str = "") -> str:
    """What the route table of a unit is called in a plan, or its own of a zone."""
    return f"rtb/{unit.key}/{zone}" if zone else f"rtb/{unit.key}"


def own(kind: str, vpc: str = "") -> str:
    """The id of what AWS makes with a VPC: its default NACL, default group, main table; of several
    VPCs with that of this name.

    Segments and services may be called `default` and `main` as well.
    """
    return f"{kind}/({vpc})" if vpc else f"{kind}/{OF_THE_VPC}"


def expect_distinct(network: Network) -> None:
    """Raises AssertionError where two things share an id: references would mean either."""
    times = Counter(each.id for each in network.things)
    twice = sorted(id_ for id_, count in times.items() if count > 1)
    if twice:
        raise AssertionError(f"planned twice: {', '.join(twice)}")
