"""aws.ec2.Vpc and aws.ec2.Subnet."""

from __future__ import annotations

from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws, filters
from local_aws.provider.table import Kind, Property, State, deleted_by, made_by, shown_by
from local_aws.wire import Properties

VPC_ATTRIBUTES = {
    "enableDnsSupport": "EnableDnsSupport",
    "enableDnsHostnames": "EnableDnsHostnames",
    "enableNetworkAddressUsageMetrics": "EnableNetworkAddressUsageMetrics",
}
VPC = (
    Property("cidrBlock", "CidrBlock", required=True, replaces=True),
    Property("instanceTenancy", "InstanceTenancy", default="default", replaces=True),
    Property("enableDnsSupport", default=True),
    Property("enableDnsHostnames", default=False),
    Property("enableNetworkAddressUsageMetrics", default=False),
)


def set_vpc_attributes(aws: Aws, name: str, old: State, new: Properties) -> None:
    for prop in VPC:
        attribute = VPC_ATTRIBUTES.get(prop.name)
        wanted = new.get(prop.name, prop.default)
        if attribute and wanted != old.get(prop.name, prop.default):
            # One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
            change: dict[str, Any] = {attribute: {"Value": wanted}}
            aws.call("modify_vpc_attribute", VpcId=name, **change)


def vpc_details(aws: Aws, shown: Answer) -> State:
    name = shown["VpcId"]
    state: State = {"arn": aws.arn("vpc", name)}
    for prop, attribute in VPC_ATTRIBUTES.items():
        key = attribute[0].lower() + attribute[1:]
        answer = aws.call("describe_vpc_attribute", VpcId=name, Attribute=key)
        state[prop] = answer[attribute]["Value"]
    main = aws.one(
        "describe_route_tables",
        "RouteTables",
        Filters=filters(vpc_id=name, association__main="true"),
    )
    acl = aws.one(
        "describe_network_acls", "NetworkAcls", Filters=filters(vpc_id=name, default="true")
    )
    group = aws.one(
        "describe_security_groups",
        "SecurityGroups",
        Filters=filters(vpc_id=name, group_name="default"),
    )
    table_id = main["RouteTableId"] if main else None
    state["mainRouteTableId"] = state["defaultRouteTableId"] = table_id
    state["defaultNetworkAclId"] = acl["NetworkAclId"] if acl else None
    state["defaultSecurityGroupId"] = group["GroupId"] if group else None
    return state


SUBNET_ATTRIBUTES = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}
SUBNET = (
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("cidrBlock", "CidrBlock", required=True, replaces=True),
    Property("availabilityZone", "AvailabilityZone", replaces=True, computed=True),
    Property("availabilityZoneId", "AvailabilityZoneId", replaces=True, computed=True),
    Property("mapPublicIpOnLaunch", default=False),
    Property("assignIpv6AddressOnCreation", default=False),
)


def set_subnet_attributes(aws: Aws, name: str, old: State, new: Properties) -> None:
    for prop in SUBNET:
        attribute = SUBNET_ATTRIBUTES.get(prop.name)
        wanted = new.get(prop.name, prop.default)
        if attribute and wanted != old.get(prop.name, prop.default):
            change: dict[str, Any] = {attribute: {"Value": wanted}}
            aws.call("modify_subnet_attribute", SubnetId=name, **change)


def subnet_details(aws: Aws, shown: Answer) -> State:
    live = {prop: shown.shown(member) for prop, member in SUBNET_ATTRIBUTES.items()}
    return {**live, "arn": aws.arn("subnet", shown["SubnetId"])}


KINDS = (
    Kind(
        token="aws:ec2/vpc:Vpc",
        properties=VPC,
        outputs=(
            "arn",
            "defaultNetworkAclId",
            "defaultRouteTableId",
            "defaultSecurityGroupId",
            "dhcpOptionsId",
            "mainRouteTableId",
            "ownerId",
        ),
        create=made_by("create_vpc", "Vpc.VpcId", VPC, "vpc"),
        after_create=lambda aws, name, inputs: set_vpc_attributes(aws, name, {}, inputs),
        read=shown_by(
            "describe_vpcs",
            "VpcIds",
            "Vpcs",
            VPC,
            {"ownerId": "OwnerId", "dhcpOptionsId": "DhcpOptionsId"},
            vpc_details,
        ),
        update=set_vpc_attributes,
        delete=deleted_by("delete_vpc", "VpcId"),
        refused={
            "assignGeneratedIpv6CidrBlock": "the local AWS has no IPv6 VPCs",
            "ipv4IpamPoolId": "the local AWS has no IPAM: give cidrBlock",
        },
    ),
    Kind(
        token="aws:ec2/subnet:Subnet",
        properties=SUBNET,
        outputs=("arn", "ownerId"),
        create=made_by("create_subnet", "Subnet.SubnetId", SUBNET, "subnet"),
        after_create=lambda aws, name, inputs: set_subnet_attributes(aws, name, {}, inputs),
        read=shown_by(
            "describe_subnets",
            "SubnetIds",
            "Subnets",
            SUBNET,
            {"ownerId": "OwnerId"},
            subnet_details,
        ),
        update=set_subnet_attributes,
        delete=deleted_by("delete_subnet", "SubnetId"),
    ),
)
