"""The encryption control of a VPC: what AWS keeps out of it, and what it excludes from that."""

from __future__ import annotations

from typing import Any, Final

import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import EncryptionMode, Excludable
from bulkhead.network import Vpc as PlannedVpc

_ARGUMENTS: Final = {each: f"{each.replace('-', '_')}_exclusion" for each in map(str, Excludable)}
"""What each is called where the provider takes it."""


def encryption_control(
    owner: Component, vpc: PlannedVpc, network: aws.ec2.Vpc
) -> aws.ec2.VpcEncryptionControl:
    """The control of a VPC that is planned with one, as a child of its component.

    Gateways come after it, and their exclusions with it: "you must add these exclusions when
    switching from monitor to enforce mode"
    (docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html).
    """
    control = vpc.encryption
    if control is None:
        raise ValueError(f"{vpc.name} is planned with no encryption control")
    enforced = control.mode is EncryptionMode.ENFORCE
    exclusions: dict[str, Any] = {
        argument: "enable" if name in control.excluded else "disable"
        for name, argument in _ARGUMENTS.items()
        if enforced
    }
    return aws.ec2.VpcEncryptionControl(
        owner.key("encryption"),
        aws.ec2.VpcEncryptionControlArgs(
            vpc_id=network.id,
            mode=str(control.mode),
            tags=owner.word_tags(vpc.name, purpose="keeps out what sends in clear text"),
            **exclusions,
        ),
        opts=owner.child(),
    )
