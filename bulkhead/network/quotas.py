"""Quotas of an AWS account, as AWS sets them where nobody asked for more.

Of a VPC: docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html; of VPNs:
docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html.
"""

from __future__ import annotations

from typing import Final

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
