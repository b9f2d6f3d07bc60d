"""A gateway endpoint: the way from some subnets to S3 or DynamoDB, and to nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.endpoint_policy import policy_for
from bulkhead.network import GatewayEndpoint as PlannedEndpoint


class GatewayEndpoint(Component):
    """An endpoint of S3 or DynamoDB for whoever acts for this account, and `reach` from tables.

    Produces: aws.ec2.VpcEndpoint, and by `reach` a VpcEndpointRouteTableAssociation per table.
    """

    endpoint_id: pulumi.Output[str]
    """Id of the endpoint."""
    prefix_list_id: pulumi.Output[str]
    """Id of the list of the service's addresses, which rules name."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        endpoint: PlannedEndpoint,
        vpc_id: pulumi.Input[str],
        vpc_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`vpc_arn` says which account, Region and partition of AWS it is."""
        super().__init__(name, topology, opts)
        created = aws.ec2.VpcEndpoint(
            self.key("endpoint"),
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=endpoint.service,
            policy=pulumi.Output.from_input(vpc_arn).apply(
                lambda arn: policy_for(endpoint.service, arn)
            ),
            tags=self.word_tags(endpoint.name, purpose=f"the way to {endpoint.called}"),
            opts=self.child(),
        )
        self.endpoint_id = created.id
        self.prefix_list_id = created.prefix_list_id
        self.register_outputs({"endpointId": self.endpoint_id, "prefixListId": self.prefix_list_id})

    def reach(self, tables: Mapping[str, pulumi.Input[str]]) -> None:
        """Put its route into tables, each by what people call it ('feed')."""
        for called, table_id in tables.items():
            aws.ec2.VpcEndpointRouteTableAssociation(
                self.key("from", called),
                vpc_endpoint_id=self.endpoint_id,
                route_table_id=table_id,
                opts=self.child(),
            )
