"""VPC Block Public Access: its exclusions, and the option of the whole Region."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import AccessBlock, Exclusion

_PURPOSE = "meets peers on the internet, though that is blocked"


def exclusion(
    owner: Component,
    name: str,
    excluded: Exclusion,
    *,
    key: Sequence[str],
    was: Sequence[str] = (),
    vpc_id: pulumi.Input[str] | None = None,
    subnet_id: pulumi.Input[str] | None = None,
) -> aws.ec2.VpcBlockPublicAccessExclusion:
    """That of one VPC or one subnet (`name`), as a child of its component.

    It may stand before anything is blocked, "to ensure that there is no traffic disruption"
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcBlockPublicAccessExclusion.html).
    """
    return aws.ec2.VpcBlockPublicAccessExclusion(
        owner.key(*key),
        vpc_id=vpc_id,
        subnet_id=subnet_id,
        internet_gateway_exclusion_mode=str(excluded),
        tags=owner.word_tags(name, purpose=_PURPOSE),
        opts=owner.child(was=was),
    )


class PublicAccessOptions(Component):
    """The option of the account in a Region, for every VPC there: one stack alone has it.

    Produces: aws.ec2.VpcBlockPublicAccessOptions. AWS deletes none: with it, it is turned off.
    """

    mode: pulumi.Output[str]
    """What is blocked: 'block-ingress'."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        block: AccessBlock,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`after` are the exclusions, without which it would cut what they are for; they go after
        it, too."""
        super().__init__(name, topology, opts)
        made = aws.ec2.VpcBlockPublicAccessOptions(
            self.key("mode"),
            internet_gateway_block_mode=str(block.mode),
            opts=self.child(after=[*after]),
        )
        self.mode = made.internet_gateway_block_mode
        self.register_outputs({"mode": self.mode})
