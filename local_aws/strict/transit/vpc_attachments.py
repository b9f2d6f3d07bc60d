"""Attachments: what all kinds show, those of VPCs, and those that VPN connections make.

https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.blocks import blocks_of
from local_aws.strict.ipv6_addresses import addresses_in
from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import Request, Result, answers, invalid, refusal
from local_aws.strict.transit.filters import chosen
from local_aws.strict.transit.tables import table_used_by, tie, untie
from local_aws.strict.transit.things import (
    LIMIT,
    Attachment,
    Shown,
    attachment_of,
    attachments,
    gateway_of,
    living,
    ready,
    switched,
    tag_list,
    vpc_attachment,
)

DEFAULTS: Final[Mapping[str, str]] = {
    "DnsSupport": "enable",
    "SecurityGroupReferencingSupport": "enable",
    "Ipv6Support": "disable",
    "ApplianceModeSupport": "disable",
}
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachmentRequestOptions.html"""
GATEWAYS_OF_A_VPC: Final = 5
"""https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html"""
FILTERS: Final = {
    "state": "State",
    "transit-gateway-attachment-id": "TransitGatewayAttachmentId",
    "transit-gateway-id": "TransitGatewayId",
}
OF_ALL: Final = {
    **FILTERS,
    "association.state": "Association.State",
    "association.transit-gateway-route-table-id": "Association.TransitGatewayRouteTableId",
    "resource-id": "ResourceId",
    "resource-owner-id": "ResourceOwnerId",
    "resource-type": "ResourceType",
    "transit-gateway-owner-id": "TransitGatewayOwnerId",
}
OF_VPCS: Final = {**FILTERS, "vpc-id": "VpcId"}


@answers("CreateTransitGatewayVpcAttachment")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachment.html"""
    params, cloud = request.params, request.cloud
    gateway = gateway_of(cloud, params.get("TransitGatewayId"))
    vpc = cloud.get_vpc(params["VpcId"])
    options = {**DEFAULTS, **(params.get("Options") or {})}
    switched(options, DEFAULTS)
    subnets = list(dict.fromkeys(params.get("SubnetIds") or []))
    one_subnet_a_zone(cloud, vpc.id, subnets, options)
    if vpc_attachment(cloud, gateway.id, vpc.id) is not None:
        raise refusal(
            "DuplicateTransitGatewayAttachment",
            f"{gateway.id} has non-deleted Transit Gateway Attachments with same VPC ID.",
        )
    if sum(living(each) and each.resource == vpc.id for each in attachments(cloud).values()) >= (
        GATEWAYS_OF_A_VPC
    ):
        raise refusal(LIMIT, f"{vpc.id} is attached to {GATEWAYS_OF_A_VPC} transit gateways.")
    attachment = Attachment(random_id("tgw-attach"), gateway.id, "vpc", vpc.id, options)
    enter(cloud, attachment, subnets)
    attachments(cloud)[attachment.id] = attachment
    tie(cloud, attachment)
    tags = add_tag_specification(params.get("TagSpecifications") or [])
    cloud.create_tags([attachment.id], tags)
    return {"TransitGatewayVpcAttachment": {**of_vpc(cloud, attachment), "State": "pending"}}


def one_subnet_a_zone(cloud: Any, vpc: str, subnets: list[str], options: Shown) -> None:
    """ "one subnet from each Availability Zone", and with IPv6 where its interfaces have such."""
    if not subnets:
        raise refusal("MissingParameter", "The request must contain the parameter subnetIds")
    zones: set[str] = set()
    for name in subnets:
        subnet = cloud.get_subnet(name)
        if subnet.vpc_id != vpc:
            raise invalid(f"Subnet {name} is not of {vpc}.")
        if subnet.availability_zone in zones:
            raise refusal("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ")
        if options["Ipv6Support"] == "enable" and not blocks_of(subnet, 6):
            raise invalid(f"Subnet {name} has no IPv6 CIDR block, which ipv6Support needs.")
        zones.add(subnet.availability_zone)


def enter(cloud: Any, attachment: Attachment, subnets: list[str]) -> None:
    """An interface in each subnet, without groups."""
    for name in subnets:
        subnet = cloud.get_subnet(name)
        what = f"Network Interface for Transit Gateway Attachment {attachment.id}"
        eni = managed_interface(cloud, subnet, "transit_gateway", what)
        if attachment.options["Ipv6Support"] == "enable":
            eni.ipv6_addresses = addresses_in(cloud, subnet, [], 1, held=())
        attachment.interfaces[name] = eni
    attachment.subnets += subnets


def leave(cloud: Any, attachment: Attachment, subnets: list[str]) -> None:
    for name in subnets:
        cloud.enis.pop(attachment.interfaces.pop(name).id, None)
        attachment.subnets.remove(name)


def of_vpc(cloud: Any, attachment: Attachment) -> Shown:
    return {
        "TransitGatewayAttachmentId": attachment.id,
        "TransitGatewayId": attachment.gateway,
        "VpcId": attachment.resource,
        "VpcOwnerId": cloud.account_id,
        "State": attachment.state,
        "SubnetIds": list(attachment.subnets),
        "CreationTime": attachment.created,
        "Options": dict(attachment.options),
        "Tags": tag_list(cloud, attachment.id),
    }


@answers("DescribeTransitGatewayVpcAttachments")
def describe_of_vpcs(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayVpcAttachments.html"""
    cloud = request.cloud
    held = [of_vpc(cloud, each) for each in attachments(cloud).values() if each.kind == "vpc"]
    return {"TransitGatewayVpcAttachments": asked(request, held, OF_VPCS)}


@answers("DescribeTransitGatewayAttachments")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayAttachments.html"""
    cloud = request.cloud
    held = [of_any(cloud, each) for each in attachments(cloud).values()]
    return {"TransitGatewayAttachments": asked(request, held, OF_ALL)}


def asked(request: Request, shown: list[Shown], names: Mapping[str, str]) -> list[Shown]:
    name = "TransitGatewayAttachmentId"
    missing = lambda each: attachment_of(request.cloud, each)  # noqa: E731
    return chosen(request, f"{name}s", name, names, missing)(shown)


def of_any(cloud: Any, attachment: Attachment) -> Shown:
    table = table_used_by(cloud, attachment)
    tied = {"TransitGatewayRouteTableId": table.id, "State": "associated"} if table else None
    return {
        "TransitGatewayAttachmentId": attachment.id,
        "TransitGatewayId": attachment.gateway,
        "TransitGatewayOwnerId": cloud.account_id,
        "ResourceOwnerId": cloud.account_id,
        "ResourceType": attachment.kind,
        "ResourceId": attachment.resource,
        "State": attachment.state,
        **({"Association": tied} if tied else {}),
        "CreationTime": attachment.created,
        "Tags": tag_list(cloud, attachment.id),
    }


@answers("ModifyTransitGatewayVpcAttachment")
def modify(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayVpcAttachment.html"""
    params, cloud = request.params, request.cloud
    attachment = ready(attachment_of(cloud, params.get("TransitGatewayAttachmentId"), "vpc"))
    options = {**attachment.options, **(params.get("Options") or {})}
    switched(options, DEFAULTS)
    added, removed = params.get("AddSubnetIds") or [], params.get("RemoveSubnetIds") or []
    for name in removed:
        if name not in attachment.subnets:
            raise invalid(f"{attachment.id} is not in {name}.")
    kept = [each for each in attachment.subnets if each not in removed]
    new = [each for each in dict.fromkeys(added) if each not in kept]
    one_subnet_a_zone(cloud, attachment.resource, [*kept, *new], options)
    leave(cloud, attachment, list(dict.fromkeys(removed)))
    again = options["Ipv6Support"] != attachment.options["Ipv6Support"]
    attachment.options = options
    if again:
        leave(cloud, attachment, kept)
        new = [*kept, *new]
    enter(cloud, attachment, new)
    return {"TransitGatewayVpcAttachment": {**of_vpc(cloud, attachment), "State": "modifying"}}


@answers("DeleteTransitGatewayVpcAttachment")
def delete(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayVpcAttachment.html"""
    cloud = request.cloud
    name = request.params.get("TransitGatewayAttachmentId")
    attachment = ready(attachment_of(cloud, name, "vpc"))
    shown = of_vpc(cloud, attachment)
    leave(cloud, attachment, list(attachment.subnets))
    end(cloud, attachment)
    return {"TransitGatewayVpcAttachment": {**shown, "State": "deleting"}}


def end(cloud: Any, attachment: Attachment) -> None:
    """It is in no table any more; static routes to it stay, and lead nowhere."""
    untie(cloud, attachment)
    attachment.state = "deleted"
    cloud.tags.pop(attachment.id, None)


def attach_vpn(cloud: Any, gateway: str, connection: str) -> Attachment:
    """What a VPN connection to a transit gateway makes."""
    attachment = Attachment(random_id("tgw-attach"), gateway, "vpn", connection)
    attachments(cloud)[attachment.id] = attachment
    tie(cloud, attachment)
    return attachment


def detach_vpn(cloud: Any, connection: str) -> None:
    for each in attachments(cloud).values():
        if each.kind == "vpn" and each.resource == connection and living(each):
            end(cloud, each)


@answers("CreateTransitGatewayConnect")
def create_connect(request: Request) -> Result:
    raise refusal("UnsupportedOperation", "The local AWS has no Connect attachments.")


@answers("CreateTransitGatewayMulticastDomain")
def create_multicast_domain(request: Request) -> Result:
    raise refusal("UnsupportedOperation", "The local AWS has no multicast of transit gateways.")


@answers("CreateTransitGatewayPolicyTable")
def create_policy_table(request: Request) -> Result:
    raise refusal("UnsupportedOperation", "The local AWS has no policy tables.")
