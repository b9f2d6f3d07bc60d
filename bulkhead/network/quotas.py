"""Quotas of an AWS account: what AWS allows where nobody asked for more, and what somebody has.

Of a VPC: docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html; of VPNs:
docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html. Each page links its quotas by their codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network.gateways import RouteTable
from bulkhead.network.rules import Direction, ListReference, SecurityGroup

VPC_QUOTAS: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
VPN_QUOTAS: Final = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html"

RULES_PER_INTERFACE: Final = 1_000
"""The rules of a group times the groups of an interface: no quota may be raised beyond that."""
ROUTES_PER_CONNECTION: Final = 100
"""To a VPN gateway, and nobody has it raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How much of each an account may have, in AWS's way of counting; AWS's defaults."""

    rules_per_group: int = 60
    """Of each direction, and of each family apart."""
    groups_per_interface: int = 5
    entries_per_acl: int = 20
    """Of each direction, and of each family apart; the implicit '*' entry is one of them."""
    acls_per_vpc: int = 200
    """The default one counts."""
    routes_per_table: int = 500
    """That are not propagated, of each family apart."""
    tables_per_vpc: int = 200
    """The main one counts."""
    subnets_per_vpc: int = 200
    groups_per_region: int = 2_500
    interfaces_per_region: int = 5_000
    """Of each zone of the Region apart."""
    vpns_per_gateway: int = 10
    addresses_per_region: int = 5
    """Elastic IP addresses, those of others too."""
    vpcs_per_region: int = 5
    """Those of others too, the default one among them."""
    peerings_per_vpc: int = 50
    """That are active."""

    @property
    def entries_of_ours(self) -> int:
        """Entries of a NACL beside the implicit one."""
        return self.entries_per_acl - 1


DEFAULTS: Final = Quotas()


@dataclass(frozen=True, slots=True)
class QuotaName:
    """What Service Quotas calls a quota, and of which service it is."""

    name: str
    code: str
    service: str = "vpc"

    def __str__(self) -> str:
        return f"'{self.name}' ({self.service} {self.code})"


NAMES: Final[Mapping[str, QuotaName]] = {
    "rules_per_group": QuotaName("Inbound or outbound rules per security group", "L-0EA8095F"),
    "groups_per_interface": QuotaName("Security groups per network interface", "L-2AFB9258"),
    "entries_per_acl": QuotaName("Rules per network ACL", "L-2AEEBF1A"),
    "acls_per_vpc": QuotaName("Network ACLs per VPC", "L-B4A6D682"),
    "routes_per_table": QuotaName("Routes per route table", "L-93826ACB"),
    "tables_per_vpc": QuotaName("Route tables per VPC", "L-589F43AA"),
    "subnets_per_vpc": QuotaName("Subnets per VPC", "L-407747CB"),
    "groups_per_region": QuotaName("VPC security groups per Region", "L-E79EC296"),
    "interfaces_per_region": QuotaName("Network interfaces per Region", "L-DF5E4CA3"),
    "vpns_per_gateway": QuotaName("VPN connections per VGW", "L-B91E5754", "ec2"),
    "addresses_per_region": QuotaName("EC2-VPC Elastic IPs", "L-0263D0A3", "ec2"),
    "vpcs_per_region": QuotaName("VPCs per Region", "L-F678F1CE"),
    "peerings_per_vpc": QuotaName("Active VPC peering connections per VPC", "L-7E9ECCDB"),
}
"""Of each field of `Quotas`: by these an increase is asked for
(docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html)."""


def key_of(field: str) -> str:
    """What a topology calls a quota."""
    return field.replace("_", "-")


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
