"""Quotas of an AWS account, as AWS sets them where nobody asked for more.

Of a VPC: docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html; of VPNs:
docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulkhead.network.gateways import RouteTable
from bulkhead.network.rules import Direction, ListReference, SecurityGroup

VPC_QUOTAS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
VPN_QUOTAS: Final = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html"

RULES_PER_GROUP: Final = 60
"""Of each direction, and of each family apart."""
GROUPS_PER_INTERFACE: Final = 5
RULES_PER_INTERFACE: Final = 1_000
"""The rules of a group times the groups of an interface: no quota may be raised beyond that."""
ENTRIES_PER_ACL: Final = 19
"""20 per direction and family, of which the implicit '*' entry takes one."""
GROUPS_PER_REGION: Final = 2_500
SUBNETS_PER_VPC: Final = 200
INTERFACES_PER_REGION: Final = 5_000
ROUTES_PER_TABLE: Final = 500
CONNECTIONS_PER_GATEWAY: Final = 10
ROUTES_PER_CONNECTION: Final = 100


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """How much of a quota is taken. `at_least`: a prefix list may count for more than is known."""

    count: int
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'at least ' if self.at_least else ''}{self.count}"


def rules_taken(group: SecurityGroup, direction: Direction, version: int) -> Taken:
    """The rules of one family: a reference to a group counts in both, one to a prefix list as
    often as the list may have entries
    (docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html).
    """
    own = sum(
        each.peer.kind == "group" or each.peer.cidr.version == version
        for each in group.towards(direction)
        if each.prefix_list is None
    )
    return _with_lists(
        own,
        (
            each
            for each in group.lists
            if each.direction is direction and each.family in (version, None)
        ),
    )


def routes_taken(table: RouteTable) -> Taken:
    """The routes of a table that are not propagated, of a prefix list as often as it may have
    entries."""
    own = sum(not each.propagated and each.prefix_list is None for each in table.routes)
    return _with_lists(own, table.lists)


def _with_lists(own: int, lists: Iterable[ListReference]) -> Taken:
    several = tuple(lists)
    return Taken(
        own + sum(each.least for each in several),
        at_least=any(each.weight is None for each in several),
    )
