"""The functions of the provider that find what stands in EC2: aws.ec2.get_vpc and its like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds import networks
from local_aws.provider.kinds.prefix_lists import entries_of
from local_aws.provider.kinds.routes import as_listed
from local_aws.provider.refusals import Refused
from local_aws.provider.table import tags_of
from local_aws.wire import Properties

Arguments = Mapping[str, Any]


def conditions(arguments: Arguments, names: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """EC2's filters: those that are said, tags, and arguments that stand for one."""
    found = [
        {"Name": each["name"], "Values": list(each["values"])}
        for each in arguments.get("filters") or ()
    ]
    for key, value in (arguments.get("tags") or {}).items():
        found.append({"Name": f"tag:{key}", "Values": [value]})
    for name, of in names.items():
        value = arguments.get(name)
        if value is not None:
            said = str(value).lower() if isinstance(value, bool) else str(value)
            found.append({"Name": of, "Values": [said]})
    return found or None


def the_one(found: list[Answer], what: str) -> Answer:
    """As Terraform: neither none nor several."""
    if not found:
        raise Refused("", f"no matching {what} found")
    if len(found) > 1:
        raise Refused(
            "", f"multiple {what}s matched; use additional constraints to reduce matches to one"
        )
    return found[0]


def get_vpc(aws: Aws, arguments: Arguments) -> Properties:
    names = {
        "cidrBlock": "cidr",
        "dhcpOptionsId": "dhcp-options-id",
        "default": "is-default",
        "state": "state",
    }
    said = {**arguments, "default": arguments.get("default") or None}
    ids = [arguments["id"]] if arguments.get("id") else None
    vpcs = aws.listed("describe_vpcs", "Vpcs", VpcIds=ids, Filters=conditions(said, names))
    shown = the_one(vpcs, "EC2 VPC")
    details = networks.vpc_details(aws, shown)
    return {
        **arguments,
        **{
            name: details[name]
            for name in ("arn", "enableDnsHostnames", "enableDnsSupport", "mainRouteTableId",
                         "enableNetworkAddressUsageMetrics")
        },
        "id": shown["VpcId"],
        "cidrBlock": shown["CidrBlock"],
        "cidrBlockAssociations": [
            {
                "associationId": each["AssociationId"],
                "cidrBlock": each["CidrBlock"],
                "state": each["CidrBlockState"]["State"],
            }
            for each in listed(shown, "CidrBlockAssociationSet")
        ],
        "default": bool(shown.get("IsDefault")),
        "dhcpOptionsId": shown.get("DhcpOptionsId"),
        "instanceTenancy": shown.get("InstanceTenancy"),
        "ipv6AssociationId": details["ipv6AssociationId"] or "",
        "ipv6CidrBlock": details["ipv6CidrBlock"] or "",
        "ownerId": shown.get("OwnerId"),
        "region": aws.region,
        "state": shown.get("State"),
        "tags": tags_of(shown),
    }  # fmt: skip


def get_vpcs(aws: Aws, arguments: Arguments) -> Properties:
    found = aws.listed("describe_vpcs", "Vpcs", Filters=conditions(arguments, {}))
    ids = [each["VpcId"] for each in found]
    return {**arguments, "id": aws.region, "ids": ids, "region": aws.region}


SUBNET = {
    "availabilityZone": "availabilityZone",
    "cidrBlock": "cidrBlock",
    "defaultForAz": "defaultForAz",
    "state": "state",
    "vpcId": "vpc-id",
}


def get_subnets(aws: Aws, arguments: Arguments) -> Properties:
    found = aws.listed("describe_subnets", "Subnets", Filters=conditions(arguments, {}))
    ids = [each["SubnetId"] for each in found]
    return {**arguments, "id": aws.region, "ids": ids, "region": aws.region}


def get_subnet(aws: Aws, arguments: Arguments) -> Properties:
    said = {**arguments, "defaultForAz": arguments.get("defaultForAz") or None}
    ids = [arguments["id"]] if arguments.get("id") else None
    wanted = conditions(said, SUBNET)
    shown = the_one(
        aws.listed("describe_subnets", "Subnets", SubnetIds=ids, Filters=wanted), "EC2 Subnet"
    )
    details = networks.subnet_details(aws, shown)
    return {
        **arguments,
        **details,
        "id": shown["SubnetId"],
        "availabilityZone": shown["AvailabilityZone"],
        "availabilityZoneId": shown.get("AvailabilityZoneId"),
        "availableIpAddressCount": shown.get("AvailableIpAddressCount"),
        "cidrBlock": shown["CidrBlock"],
        "defaultForAz": bool(shown.get("DefaultForAz")),
        "ipv6CidrBlockAssociationId": details["ipv6CidrBlockAssociationId"] or "",
        "ownerId": shown.get("OwnerId"),
        "region": aws.region,
        "state": shown.get("State"),
        "tags": tags_of(shown),
        "vpcId": shown["VpcId"],
    }


def get_security_group(aws: Aws, arguments: Arguments) -> Properties:
    names = {"name": "group-name", "vpcId": "vpc-id"}
    ids = [arguments["id"]] if arguments.get("id") else None
    found = aws.listed(
        "describe_security_groups",
        "SecurityGroups",
        GroupIds=ids,
        Filters=conditions(arguments, names),
    )
    shown = the_one(found, "EC2 Security Group")
    return {
        **arguments,
        "id": shown["GroupId"],
        "arn": aws.arn("security-group", shown["GroupId"]),
        "description": shown.get("Description"),
        "name": shown["GroupName"],
        "region": aws.region,
        "tags": tags_of(shown),
        "vpcId": shown.get("VpcId"),
    }


def get_security_groups(aws: Aws, arguments: Arguments) -> Properties:
    found = aws.listed(
        "describe_security_groups", "SecurityGroups", Filters=conditions(arguments, {})
    )
    ids = [each["GroupId"] for each in found]
    return {
        **arguments,
        "id": aws.region,
        "ids": ids,
        "arns": [aws.arn("security-group", each) for each in ids],
        "vpcIds": [each.get("VpcId") for each in found],
        "region": aws.region,
    }


def get_route_table(aws: Aws, arguments: Arguments) -> Properties:
    names = {
        "routeTableId": "route-table-id",
        "subnetId": "association.subnet-id",
        "vpcId": "vpc-id",
    }
    found = aws.listed("describe_route_tables", "RouteTables", Filters=conditions(arguments, names))
    shown = the_one(found, "EC2 Route Table")
    name = shown["RouteTableId"]
    return {
        "gatewayId": "",
        "subnetId": "",
        **arguments,
        "id": name,
        "arn": aws.arn("route-table", name),
        "associations": [
            {
                "main": bool(each["Main"]),
                "routeTableAssociationId": each["RouteTableAssociationId"],
                "routeTableId": each["RouteTableId"],
                "subnetId": each.get("SubnetId") or "",
                "gatewayId": each.get("GatewayId") or "",
            }
            for each in listed(shown, "Associations")
        ],
        "ownerId": shown.get("OwnerId"),
        "region": aws.region,
        "routeTableId": name,
        "routes": as_listed(shown),
        "tags": tags_of(shown),
        "vpcId": shown["VpcId"],
    }


def get_prefix_list(aws: Aws, arguments: Arguments) -> Properties:
    names = {"name": "prefix-list-name", "prefixListId": "prefix-list-id"}
    found = aws.listed("describe_prefix_lists", "PrefixLists", Filters=conditions(arguments, names))
    shown = the_one(found, "EC2 Prefix List")
    return {
        **arguments,
        "id": shown["PrefixListId"],
        "prefixListId": shown["PrefixListId"],
        "name": shown["PrefixListName"],
        "cidrBlocks": list(shown.get("Cidrs", ())),
        "region": aws.region,
    }


def get_managed_prefix_list(aws: Aws, arguments: Arguments) -> Properties:
    names = {"id": "prefix-list-id", "name": "prefix-list-name"}
    found = aws.listed(
        "describe_managed_prefix_lists", "PrefixLists", Filters=conditions(arguments, names)
    )
    shown = the_one(found, "EC2 Managed Prefix List")
    return {
        **arguments,
        "id": shown["PrefixListId"],
        "name": shown["PrefixListName"],
        "addressFamily": shown.get("AddressFamily"),
        "arn": shown.get("PrefixListArn"),
        "entries": entries_of(aws, shown["PrefixListId"]),
        "maxEntries": shown.get("MaxEntries") or 0,
        "ownerId": shown.get("OwnerId"),
        "region": aws.region,
        "tags": tags_of(shown),
        "version": shown.get("Version") or 0,
    }


def get_ami(aws: Aws, arguments: Arguments) -> Properties:
    images = aws.listed(
        "describe_images",
        "Images",
        Owners=arguments.get("owners") or None,
        Filters=conditions(arguments, {}),
    )
    if arguments.get("nameRegex"):
        images = [each for each in images if re.search(arguments["nameRegex"], each["Name"])]
    if arguments.get("mostRecent"):
        images = sorted(images, key=lambda each: str(each["CreationDate"]))[-1:]
    shown = the_one(images, "EC2 AMI")
    return {
        **arguments,
        "id": shown["ImageId"],
        "imageId": shown["ImageId"],
        "name": shown["Name"],
        "arn": f"arn:aws:ec2:{aws.region}::image/{shown['ImageId']}",
        "architecture": shown["Architecture"],
        "creationDate": shown["CreationDate"],
        "description": shown.get("Description") or "",
        "ownerId": shown["OwnerId"],
        "imageOwnerAlias": shown.get("ImageOwnerAlias") or "",
        "public": True,
        "region": aws.region,
        "rootDeviceName": shown["RootDeviceName"],
        "rootDeviceType": shown["RootDeviceType"],
        "state": shown["State"],
        "virtualizationType": shown["VirtualizationType"],
        "blockDeviceMappings": [],
        "productCodes": [],
        "tags": {},
    }


LOOKUPS: dict[str, Callable[[Aws, Arguments], Properties]] = {
    "aws:ec2/getAmi:getAmi": get_ami,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": get_managed_prefix_list,
    "aws:ec2/getPrefixList:getPrefixList": get_prefix_list,
    "aws:ec2/getRouteTable:getRouteTable": get_route_table,
    "aws:ec2/getSecurityGroup:getSecurityGroup": get_security_group,
    "aws:ec2/getSecurityGroups:getSecurityGroups": get_security_groups,
    "aws:ec2/getSubnet:getSubnet": get_subnet,
    "aws:ec2/getSubnets:getSubnets": get_subnets,
    "aws:ec2/getVpc:getVpc": get_vpc,
    "aws:ec2/getVpcs:getVpcs": get_vpcs,
}
