"""A VPC peering connection of two VPCs of one account and Region."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import Peering as PlannedPeering


class Peering(Component):
    """A peering connection that is asked for and accepted at once.

    Produces: aws.ec2.VpcPeeringConnection. Nothing passes by it alone: routes lead there, and rules
    let through; those that name a group of the other VPC are made after it, for AWS knows none of
    an unjoined one (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
    """

    peering_id: pulumi.Output[str]
    """Id of the connection."""
    made: pulumi.Resource
    """What must stand before anything that names what is in the other VPC."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        peering: PlannedPeering,
        requester_id: pulumi.Input[str],
        accepter_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Between VPCs of these ids, both of the account and the Region of the provider."""
        super().__init__(name, topology, opts)
        self.made = connection = aws.ec2.VpcPeeringConnection(
            self.key("peering"),
            vpc_id=requester_id,
            peer_vpc_id=accepter_id,
            auto_accept=True,
            tags=self.word_tags(peering.name, purpose="joins two VPCs"),
            opts=self.child(),
        )
        self.peering_id = connection.id
        self.register_outputs({"peeringId": self.peering_id})
