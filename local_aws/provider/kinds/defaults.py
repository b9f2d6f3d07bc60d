"""aws.ec2.DefaultVpc and DefaultSubnet: what an account has in each Region, taken into a program.

What is there is taken; what somebody deleted is made again, as AWS does it
(https://docs.aws.amazon.com/vpc/latest/userguide/create-default-vpc.html). Neither is deleted
unless the program says `forceDestroy`.
"""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.networks import KINDS as NETWORKS
from local_aws.provider.kinds.networks import change_vpc, set_subnet_attributes
from local_aws.provider.table import NOTHING, Delete, Kind, Property, Read, State, tag_list
from local_aws.wire import Properties

_VPC, _SUBNET = NETWORKS
VPC = (
    Property("enableDnsSupport", default=True),
    Property("enableDnsHostnames", default=True),
    Property("enableNetworkAddressUsageMetrics", default=False),
    Property("assignGeneratedIpv6CidrBlock", default=False),
    Property("forceDestroy", default=False),
)
SUBNET = (
    Property("availabilityZone", required=True, replaces=True),
    Property("mapPublicIpOnLaunch", default=True),
    Property("assignIpv6AddressOnCreation", default=False),
    Property("forceDestroy", default=False),
)


def tagged(aws: Aws, shown: Answer, of: str, tags: Mapping[str, str]) -> str:
    name = str(shown[of])
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def find_vpc(aws: Aws) -> Answer | None:
    return aws.one("describe_vpcs", "Vpcs", Filters=filters(is_default="true"))


def find_subnet(aws: Aws, zone: str) -> Answer | None:
    wanted = {"default_for_az": "true", "availability_zone": zone}
    return aws.one("describe_subnets", "Subnets", Filters=filters(**wanted))


def take_vpc(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    shown = find_vpc(aws) or aws.call("create_default_vpc")["Vpc"]
    return tagged(aws, shown, "VpcId", tags)


def take_subnet(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    zone = str(inputs["availabilityZone"])
    shown = find_subnet(aws, zone)
    if shown is None:
        shown = aws.call("create_default_subnet", AvailabilityZone=zone)["Subnet"]
    return tagged(aws, shown, "SubnetId", tags)


def as_said(properties: tuple[Property, ...], inputs: Properties) -> Properties:
    """With what Terraform has for these and for no others: names of hosts, public addresses."""
    usual = {each.name: each.default for each in properties if each.default is not NOTHING}
    return {**usual, **inputs}


def make_vpc_so(aws: Aws, name: str, inputs: Properties) -> None:
    change_vpc(aws, name, _VPC.read(aws, name, {}) or {}, as_said(VPC, inputs))


def make_subnet_so(aws: Aws, name: str, inputs: Properties) -> None:
    live = _SUBNET.read(aws, name, {}) or {}
    set_subnet_attributes(aws, name, live, as_said(SUBNET, inputs))


def read_as(kind: Kind) -> Read:
    """As the resource that a program makes; whether it goes, no call of AWS says."""

    def read(aws: Aws, name: str, state: State) -> State | None:
        live = kind.read(aws, name, state)
        return live and {**live, "forceDestroy": state.get("forceDestroy", False)}

    return read


def left_or_deleted(kind: Kind) -> Delete:
    def delete(aws: Aws, name: str, state: State) -> None:
        if state.get("forceDestroy"):
            kind.delete(aws, name, state)

    return delete


KINDS = (
    Kind(
        token="aws:ec2/defaultVpc:DefaultVpc",
        properties=VPC,
        outputs=("cidrBlock", "instanceTenancy", *_VPC.outputs),
        create=take_vpc,
        after_create=make_vpc_so,
        read=read_as(_VPC),
        update=lambda aws, name, old, new: make_vpc_so(aws, name, new),
        delete=left_or_deleted(_VPC),
        made=False,
        unsettled=_VPC.unsettled,
    ),
    Kind(
        token="aws:ec2/defaultSubnet:DefaultSubnet",
        properties=SUBNET,
        outputs=("availabilityZoneId", "cidrBlock", "ipv6CidrBlock", "vpcId", *_SUBNET.outputs),
        create=take_subnet,
        after_create=make_subnet_so,
        read=read_as(_SUBNET),
        update=lambda aws, name, old, new: make_subnet_so(aws, name, new),
        delete=left_or_deleted(_SUBNET),
        made=False,
    ),
)
