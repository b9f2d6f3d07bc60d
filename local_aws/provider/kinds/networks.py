"""aws.ec2.Vpc and aws.ec2.Subnet."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from local_aws.provider.answers import Answer, listed
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
    Property("assignGeneratedIpv6CidrBlock", "AmazonProvidedIpv6CidrBlock", default=False),
)


def change_vpc(aws: Aws, name: str, old: State, new: Properties) -> None:
    set_vpc_attributes(aws, name, old, new)
    wanted = bool(new.get("assignGeneratedIpv6CidrBlock", False))
    if wanted == bool(old.get("assignGeneratedIpv6CidrBlock", False)):
        return
    if wanted:
        aws.call("associate_vpc_cidr_block", VpcId=name, AmazonProvidedIpv6CidrBlock=True)
    elif old.get("ipv6AssociationId"):
        aws.gone("disassociate_vpc_cidr_block", AssociationId=old["ipv6AssociationId"])


def ipv6_of(shown: Answer, associations: str) -> Answer | None:
    """The first IPv6 block that stands, as Terraform has it."""
    for held in listed(shown, associations):
        if held["Ipv6CidrBlockState"]["State"] in ("associated", "associating"):
            return held
    return None


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
    block = ipv6_of(shown, "Ipv6CidrBlockAssociationSet")
    generated = block is not None and block["Ipv6Pool"] == "Amazon"
    state["assignGeneratedIpv6CidrBlock"] = generated
    state["ipv6AssociationId"] = block["AssociationId"] if block else None
    state["ipv6CidrBlock"] = block["Ipv6CidrBlock"] if block else None
    state["ipv6CidrBlockNetworkBorderGroup"] = block.get("NetworkBorderGroup") if block else None
    return state


SUBNET_ATTRIBUTES = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}


def canonical_block(block: Any) -> Any:
    """2001:db8:0:1::/64 and 2001:0db8::1:0:0:0:0/64 are one."""
    try:
        return str(ip_network(block, strict=False))
    except ValueError:
        return block


SUBNET = (
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("cidrBlock", "CidrBlock", required=True, replaces=True),
    Property("availabilityZone", "AvailabilityZone", replaces=True, computed=True),
    Property("availabilityZoneId", "AvailabilityZoneId", replaces=True, computed=True),
    Property("mapPublicIpOnLaunch", default=False),
    Property("assignIpv6AddressOnCreation", default=False),
    Property("ipv6CidrBlock", "Ipv6CidrBlock", default="", canonical=canonical_block),
)


def change_subnet(aws: Aws, name: str, old: State, new: Properties) -> None:
    """AWS gives no addresses of a block that is not there, nor takes one away that it gives of."""
    held, wanted = old.get("ipv6CidrBlock") or None, new.get("ipv6CidrBlock") or None
    if held and held != wanted:
        set_subnet_attributes(aws, name, old, {**new, "assignIpv6AddressOnCreation": False})
        old = {**old, "assignIpv6AddressOnCreation": False}
        aws.gone("disassociate_subnet_cidr_block", AssociationId=old["ipv6CidrBlockAssociationId"])
    if wanted and held != wanted:
        aws.call("associate_subnet_cidr_block", SubnetId=name, Ipv6CidrBlock=wanted)
    set_subnet_attributes(aws, name, old, new)


def set_subnet_attributes(aws: Aws, name: str, old: State, new: Properties) -> None:
    for prop in SUBNET:
        attribute = SUBNET_ATTRIBUTES.get(prop.name)
        wanted = new.get(prop.name, prop.default)
        if attribute and wanted != old.get(prop.name, prop.default):
            change: dict[str, Any] = {attribute: {"Value": wanted}}
            aws.call("modify_subnet_attribute", SubnetId=name, **change)


def subnet_details(aws: Aws, shown: Answer) -> State:
    live = {prop: shown.shown(member) for prop, member in SUBNET_ATTRIBUTES.items()}
    block = ipv6_of(shown, "Ipv6CidrBlockAssociationSet")
    return {
        **live,
        "arn": aws.arn("subnet", shown["SubnetId"]),
        "ipv6CidrBlock": block["Ipv6CidrBlock"] if block else "",
        "ipv6CidrBlockAssociationId": block["AssociationId"] if block else None,
    }


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
            "ipv6AssociationId",
            "ipv6CidrBlock",
            "ipv6CidrBlockNetworkBorderGroup",
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
        update=change_vpc,
        delete=deleted_by("delete_vpc", "VpcId"),
        unsettled={
            "assignGeneratedIpv6CidrBlock": (
                "ipv6AssociationId",
                "ipv6CidrBlock",
                "ipv6CidrBlockNetworkBorderGroup",
            )
        },
        refused={
            "ipv4IpamPoolId": "the local AWS has no IPAM: give cidrBlock",
            "ipv6CidrBlock": "AWS chooses it: give assignGeneratedIpv6CidrBlock",
            "ipv6IpamPoolId": "the local AWS has no IPAM: give assignGeneratedIpv6CidrBlock",
        },
    ),
    Kind(
        token="aws:ec2/subnet:Subnet",
        properties=SUBNET,
        outputs=("arn", "ipv6CidrBlockAssociationId", "ownerId"),
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
        update=change_subnet,
        delete=deleted_by("delete_subnet", "SubnetId"),
        unsettled={"ipv6CidrBlock": ("ipv6CidrBlockAssociationId",)},
        refused={"ipv6Native": "the local AWS has no IPv6-only subnets: give cidrBlock too"},
    ),
)
