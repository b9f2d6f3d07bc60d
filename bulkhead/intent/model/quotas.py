"""Quotas of the account that a topology is for."""

from __future__ import annotations

from bulkhead.intent.model.base import Resolved


class AccountQuotas(Resolved):
    """How much the account may have; None where what AWS allows by default holds."""

    rules_per_group: int | None = None
    groups_per_interface: int | None = None
    entries_per_acl: int | None = None
    acls_per_vpc: int | None = None
    routes_per_table: int | None = None
    tables_per_vpc: int | None = None
    subnets_per_vpc: int | None = None
    groups_per_region: int | None = None
    interfaces_per_region: int | None = None
    vpns_per_gateway: int | None = None
    addresses_per_region: int | None = None
    vpcs_per_region: int | None = None
    peerings_per_vpc: int | None = None
