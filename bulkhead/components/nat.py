"""A regional NAT gateway: the way out for hosts that nobody outside may reach."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.zones import asked_in
from bulkhead.network import NatGateway

_PURPOSE = "the way to peers on the internet"


class Nat(Component):
    """A regional NAT gateway, with an Elastic IP address in each of its zones.

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
        after: list[pulumi.Resource] | None = None,
        zones_were: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`after` is the internet gateway of the VPC, which must be attached before;
        `zones_were` is what zones were called before, where their ids are said now."""
        super().__init__(name, topology, opts)
        were = zones_were or {}
        given = {
            zone: aws.ec2.Eip(
                self.key(zone, "address"),
                domain="vpc",
                tags=self.word_tags(f"{nat.name}-{zone}", purpose=_PURPOSE),
                opts=self.child(
                    after=after,
                    was=[self.key(was, "address") for was in (were.get(zone),) if was],
                ),
            )
            for zone, _ in nat.zones
        }
        made = aws.ec2.NatGateway(
            self.key("gateway"),
            vpc_id=vpc_id,
            availability_mode="regional",
            availability_zone_addresses=[
                aws.ec2.NatGatewayAvailabilityZoneAddressArgs(
                    **asked_in(zone), allocation_ids=[each.allocation_id]
                )
                for zone, each in given.items()
            ],
            tags=self.word_tags(nat.name, purpose=_PURPOSE),
            opts=self.child(after=after),
        )
        self.nat_gateway_id = made.id
        self.addresses = {zone: each.public_ip for zone, each in given.items()}
        self.register_outputs({"natGatewayId": self.nat_gateway_id, "addresses": self.addresses})
