"""A plan as it is in an account: in the block of IPv6 that its VPC was given, zones by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv6Network

from bulkhead.network import Network, Origin, Origins
from bulkhead.network.ipv6_blocks import given_instead, moved, rebased
from bulkhead.network.zones import with_zones_of
from bulkhead.plan.planner import Plan


def as_given(plan: Plan, found: Network) -> Plan:
    """The same plan in the block that its VPC has in a network that was found, and its zones,
    where it has their ids, as they are called there.

    Itself, where nothing stands for either in it, or nothing there tells.
    """
    network = with_zones_of(plan.network, found)
    plan = plan if network is plan.network else replace(plan, network=network)
    block = given_instead(plan.network, found)
    return plan if block is None else in_block(plan, block)


def in_block(plan: Plan, block: IPv6Network) -> Plan:
    """The same plan in this block of IPv6, where one stands for it in it."""
    return replace(
        plan,
        network=rebased(plan.network, block),
        zone=moved(plan.zone, block),
        origins=_moved_origins(plan.origins, block),
    )


def _moved_origins(origins: Origins, block: IPv6Network) -> Origins:
    def rules(component_id: str) -> Mapping[object, Origin]:
        told = origins.rules(component_id)
        return {moved(rule, block): origin for rule, origin in told.items()}

    return replace(origins, rules=rules)
