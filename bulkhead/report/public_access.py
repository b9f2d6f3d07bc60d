"""What VPC Block Public Access does, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.network import AccessMode, Exclusion, Network, Vpc

_SHOWN = 6


def public_access_lines(network: Network) -> Iterator[str]:
    """One for each VPC under it: 'VPC trading: Block Public Access block-ingress, but …'."""
    for vpc in network.vpcs:
        if not vpc.neighbour and (said := public_access_of(network, vpc)):
            yield f"VPC {vpc.name}: {said}"


def public_access_of(network: Network, vpc: Vpc) -> str:
    """What it blocks, and what is excluded; '' where it is off, or nobody said."""
    block = vpc.access_block
    if block is None or block.mode is AccessMode.OFF:
        return ""
    but = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in _excluded(network, vpc))
    return f"Block Public Access {block}, but for {but}" if but else f"Block Public Access {block}"


def _excluded(network: Network, vpc: Vpc) -> Iterator[tuple[Exclusion, list[str]]]:
    found: dict[Exclusion, list[str]] = defaultdict(list)
    if vpc.access_block and vpc.access_block.excluded:
        found[vpc.access_block.excluded].append("the VPC")
    for each in network.subnets:
        if each.vpc == vpc.id and each.excluded:
            found[each.excluded].append(each.name)
    for kind in (Exclusion.EGRESS, Exclusion.BOTH):
        if names := found[kind]:
            more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
            yield kind, [*names[:_SHOWN], *more]
