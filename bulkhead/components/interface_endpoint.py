"""An interface endpoint: a service of AWS at addresses of a VPC's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.endpoint_policy import policy_for
from bulkhead.network import Interface


class InterfaceEndpoint(Component):
    """An endpoint with an interface in each zone, for whoever acts for this account.

    Whoever resolves the service's own name in the VPC is led there. Which packets arrive its
    group says, which is made before it (`Service`, without interfaces).

    Produces: aws.ec2.VpcEndpoint.
    """

    endpoint_id: pulumi.Output[str]
    """Id of the endpoint."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        called: str,
        service: str,
        interfaces: Sequence[Interface],
        vpc_id: pulumi.Input[str],
        vpc_arn: pulumi.Input[str],
        group_id: pulumi.Input[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        more_group_ids: Sequence[pulumi.Input[str]] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`called` is what we call the service, `service` what AWS does. `subnet_ids` gives the id
        of each planned subnet; `vpc_arn` says which account, Region and partition of AWS it is."""
        super().__init__(name, topology, opts)
        created = aws.ec2.VpcEndpoint(
            self.key("endpoint"),
            vpc_id=vpc_id,
            vpc_endpoint_type="Interface",
            service_name=service,
            private_dns_enabled=True,
            security_group_ids=[group_id, *more_group_ids],
            subnet_ids=[subnet_ids[each.subnet] for each in interfaces],
            subnet_configurations=[
                aws.ec2.VpcEndpointSubnetConfigurationArgs(
                    subnet_id=subnet_ids[each.subnet], ipv4=str(each.address)
                )
                for each in interfaces
            ],
            policy=pulumi.Output.from_input(vpc_arn).apply(lambda arn: policy_for(service, arn)),
            tags=self.word_tags(called, purpose=f"the way to {called}"),
            # A VPC has one endpoint that answers by a service's own name.
            opts=self.child(delete_before_replace=True),
        )
        self.endpoint_id = created.id
        self.register_outputs({"endpointId": self.endpoint_id})
