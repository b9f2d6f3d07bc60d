"""Quotas of the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenQuotas
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Quotas(TopologyPart):
    """How much the account may have, where that is not what AWS allows by default."""

    shape: ClassVar[type[Written]] = WrittenQuotas

    rules_per_group: int | None = None
    """Rules of a security group, in each direction; 60 if not said."""
    groups_per_interface: int | None = None
    """Security groups of an interface; 5 if not said."""
    entries_per_acl: int | None = None
    """Entries of a network ACL in each direction, AWS's too; 20 if not said."""
    acls_per_vpc: int | None = None
    """Network ACLs of a VPC, the default one among them; 200 if not said."""
    routes_per_table: int | None = None
    """Routes of a route table that are not propagated; 500 if not said."""
    tables_per_vpc: int | None = None
    """Route tables of a VPC, the main one among them; 200 if not said."""
    subnets_per_vpc: int | None = None
    """Subnets of a VPC; 200 if not said."""
    groups_per_region: int | None = None
    """Security groups in the Region, those of others too; 2500 if not said."""
    interfaces_per_region: int | None = None
    """Interfaces in each zone of the Region; 5000 if not said."""
    vpns_per_gateway: int | None = None
    """VPN connections of the VPN gateway; 10 if not said."""
    addresses_per_region: int | None = None
    """Elastic IP addresses in the Region, those of others too; 5 if not said."""
    vpcs_per_region: int | None = None
    """VPCs in the Region, those of others too; 5 if not said."""
    peerings_per_vpc: int | None = None
    """VPC peering connections of a VPC; 50 if not said."""
