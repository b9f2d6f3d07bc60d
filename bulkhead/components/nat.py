"""A NAT gateway, regional or in a zone: the way out for hosts that nobody outside may reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.zones import asked_in
from bulkhead.network import NatGateway

_PURPOSE = "the way to peers on the internet"


class Nat(Component):
    """A regional NAT gateway, with an Elastic IP address in each of its zones; or one in a subnet.

    Produces: aws.ec2.Eip for each zone, and aws.ec2.NatGateway.
    """

    nat_gateway_id: pulumi.Output[str]
    """Id of the gateway: where routes lead."""
    addresses: Mapping[str, pulumi.Output[str]]
    """By zone the address by which peers know what comes from there."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        nat: NatGateway,
        vpc_id: pulumi.Input[str],
        subnet: tuple[str, pulumi.Input[str]] | None = None,
        after: list[pulumi.Resource] | None = None,
        was: Sequence[str] = (),
        zones_were: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`after` is the internet gateway of the VPC, which must be attached before, and of a zonal
        one what guards its `subnet`, of which this is the zone and the id; `was` and `zones_were`
        are what it and zones were called before, where their ids are said now."""
        super().__init__(name, topology, opts, was=was)
        self._after, were = after, zones_were or {}
        if nat.subnet is None:
            given = {
                zone: self._address(f"{nat.name}-{zone}", zone, were=were.get(zone, ""))
                for zone, _ in nat.zones
            }
            where: dict[str, Any] = {
                "vpc_id": vpc_id,
                "availability_mode": "regional",
                "availability_zone_addresses": [
                    aws.ec2.NatGatewayAvailabilityZoneAddressArgs(
                        **asked_in(zone), allocation_ids=[each.allocation_id]
                    )
                    for zone, each in given.items()
                ],
            }
        else:
            zone, id_ = subnet or ("", None)
            given = {zone: self._address(nat.name, "zonal")}
            where = {
                "subnet_id": id_,
                "allocation_id": given[zone].allocation_id,
                "private_ip": str(nat.address),
            }
        made = aws.ec2.NatGateway(
            self.key("gateway"),
            **where,
            tags=self.word_tags(nat.name, purpose=_PURPOSE),
            opts=self.child(after=after),
        )
        self.nat_gateway_id = made.id
        self.addresses = {zone: each.public_ip for zone, each in given.items()}
        self.register_outputs({"natGatewayId": self.nat_gateway_id, "addresses": self.addresses})

    def _address(self, named: str, part: str, *, were: str = "") -> aws.ec2.Eip:
        return aws.ec2.Eip(
            self.key(part, "address"),
            domain="vpc",
            tags=self.word_tags(named, purpose=_PURPOSE),
            opts=self.child(after=self._after, was=[self.key(were, "address")] if were else []),
        )
