"""A security group that several services hold, by which a service names them all."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.service import group_name
from bulkhead.network import SecurityGroup, tags


class SharedGroup(Component):
    """A security group without rules: it says who its holders are, and rules of a service name it.

    Produces: aws.ec2.SecurityGroup.
    """

    security_group_id: pulumi.Output[str]
    """Its id, for the interfaces that hold it and the rules that name it."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        group: SecurityGroup,
        vpc_id: pulumi.Input[str],
        was: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`group` is what is planned of it."""
        super().__init__(name, topology, opts, was=was)
        security_group = aws.ec2.SecurityGroup(
            self.key("group"),
            name=group_name(self.key("group")),
            # For that of a service the same stands, and why.
            description="Managed by Bulkhead",
            vpc_id=vpc_id,
            tags=self.tags(group.name, tags.named_by_tag(group.named_by)),
            opts=self.child(),
        )
        self.security_group_id = security_group.id
        self.register_outputs({"securityGroupId": self.security_group_id})
