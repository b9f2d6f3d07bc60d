"""Quotas of the account, as they are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.quotas import HIGHEST
from bulkhead.intent.written.fields import ReadBy, Written, by
from bulkhead.intent.written.looks import whole
from bulkhead.intent.wrong import Wrong


def _up_to(key: str) -> ReadBy:
    """As many as AWS allows at all, whatever is asked for."""
    most = HIGHEST[key]

    def parse(value: object) -> int:
        if isinstance(value, int) and value > most:
            raise Wrong(f"{value} is more than AWS allows", f"write {most} at most")
        return values.parse_whole(value, 1, most)

    return by(parse, whole(f"a number from 1 to {most}", 1, most))


class WrittenQuotas(Written):
    """How much the account may have, where that is not what AWS allows by default."""

    rules_per_group: Annotated[int, _up_to("rules-per-group")] | None = Field(
        default=None,
        alias="rules-per-group",
        description="rules of a security group, in each direction; AWS's default is 60",
    )
    groups_per_interface: Annotated[int, _up_to("groups-per-interface")] | None = Field(
        default=None,
        alias="groups-per-interface",
        description="security groups of an interface; AWS's default is 5",
    )
    entries_per_acl: Annotated[int, _up_to("entries-per-acl")] | None = Field(
        default=None,
        alias="entries-per-acl",
        description="entries of a network ACL in each direction, AWS's too; AWS's default is 20",
    )
    acls_per_vpc: Annotated[int, _up_to("acls-per-vpc")] | None = Field(
        default=None,
        alias="acls-per-vpc",
        description="network ACLs of a VPC, the default one among them; AWS's default is 200",
    )
    routes_per_table: Annotated[int, _up_to("routes-per-table")] | None = Field(
        default=None,
        alias="routes-per-table",
        description="routes of a route table that are not propagated; AWS's default is 500",
    )
    tables_per_vpc: Annotated[int, _up_to("tables-per-vpc")] | None = Field(
        default=None,
        alias="tables-per-vpc",
        description="route tables of a VPC, the main one among them; AWS's default is 200",
    )
    subnets_per_vpc: Annotated[int, _up_to("subnets-per-vpc")] | None = Field(
        default=None,
        alias="subnets-per-vpc",
        description="subnets of a VPC; AWS's default is 200",
    )
    groups_per_region: Annotated[int, _up_to("groups-per-region")] | None = Field(
        default=None,
        alias="groups-per-region",
        description="security groups in the Region, those of others too; AWS's default is 2500",
    )
    interfaces_per_region: Annotated[int, _up_to("interfaces-per-region")] | None = Field(
        default=None,
        alias="interfaces-per-region",
        description="interfaces in each zone of the Region; AWS's default is 5000",
    )
    vpns_per_gateway: Annotated[int, _up_to("vpns-per-gateway")] | None = Field(
        default=None,
        alias="vpns-per-gateway",
        description="VPN connections of the VPN gateway; AWS's default is 10",
    )
    addresses_per_region: Annotated[int, _up_to("addresses-per-region")] | None = Field(
        default=None,
        alias="addresses-per-region",
        description="Elastic IP addresses in the Region, those of others too; AWS's default is 5",
    )
    vpcs_per_region: Annotated[int, _up_to("vpcs-per-region")] | None = Field(
        default=None,
        alias="vpcs-per-region",
        description="VPCs in the Region, those of others too; AWS's default is 5",
    )
    peerings_per_vpc: Annotated[int, _up_to("peerings-per-vpc")] | None = Field(
        default=None,
        alias="peerings-per-vpc",
        description="VPC peering connections of a VPC; AWS's default is 50",
    )
