"""Which network ACLs deny nothing to whoever is in their VPC."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.network import (
    ANY_PROTOCOL,
    AclEntry,
    Action,
    Direction,
    IPNetwork,
    Network,
    Vpc,
    within,
)


def lets_the_vpc_through(network: Network, acl: str, vpc: Vpc) -> bool:
    """Whether a network ACL denies nothing to whoever is in the VPC, both ways."""
    found = network.nacl.get(acl)
    blocks = [each for each in vpc.cidrs if each.version == 4]
    return found is not None and all(
        _lets(found.entries, direction, block) for direction in Direction for block in blocks
    )


def _lets(entries: Iterable[AclEntry], direction: Direction, block: IPNetwork) -> bool:
    """Whether the first entry that speaks of a block lets all of it through."""
    for each in sorted(entries, key=lambda entry: entry.number):
        same = each.direction is direction and each.cidr.version == block.version
        if same and each.cidr.overlaps(block):
            whole = within(block, each.cidr) and each.protocol == ANY_PROTOCOL
            return each.certain and each.action is Action.ALLOW and whole
    return False
