"""Subnets of others that segments stand in: read, and nothing of them is changed."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import Subnet


class SubnetsOfOthers(Component):
    """Subnets in a VPC of others, with what decides there.

    Produces nothing: of each aws.ec2.Subnet, of its NetworkAcl, its RouteTable and the
    RouteTableAssociation, where it has one, it only reads what they are. So a state says what
    stands there, and an update ends where one of them is gone.
    """

    subnet_ids: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Id of each, by segment and zone."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        subnets: Mapping[str, Mapping[str, Subnet]],
        main: frozenset[str] = frozenset(),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`subnets` by segment and zone, as planned: with the ids that AWS has for all of it. Of
        those tables that are the `main` one of the VPC no association says so."""
        super().__init__(name, topology, opts)
        every = [each for zones in subnets.values() for each in zones.values()]
        read = {
            each.id: aws.ec2.Subnet.get(self.key(each.id), each.id, opts=self.child())
            for each in every
        }
        for id_ in sorted({each.nacl for each in every}):
            aws.ec2.NetworkAcl.get(self.key(id_), id_, opts=self.child())
        for id_ in sorted({each.route_table for each in every}):
            aws.ec2.RouteTable.get(self.key(id_), id_, opts=self.child())
        for each in every:
            if each.route_table not in main:
                aws.ec2.RouteTableAssociation.get(
                    self.key(each.id, "routes"),
                    # As it is imported: what AWS calls the association, nobody plans.
                    f"{each.id}/{each.route_table}",
                    opts=self.child(),
                )
        self.subnet_ids = {
            segment: {zone: read[each.id].id for zone, each in zones.items()}
            for segment, zones in subnets.items()
        }
        self.register_outputs({"subnetIds": self.subnet_ids})
