"""Peerings of transit gateways: asked for at one, accepted at the other.

https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html
"""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.rules import Request, Result, answers, invalid, refusal
from local_aws.strict.transit.tables import tie
from local_aws.strict.transit.things import (
    Attachment,
    Shown,
    attachment_of,
    attachments,
    gateway_of,
    living,
    tag_list,
)
from local_aws.strict.transit.vpc_attachments import FILTERS, asked, end

OF_PEERINGS: Final = {
    **FILTERS,
    "local-owner-id": "RequesterTgwInfo.OwnerId",
    "remote-owner-id": "AccepterTgwInfo.OwnerId",
}
WAITS: Final = "pendingAcceptance"


@answers("CreateTransitGatewayPeeringAttachment")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayPeeringAttachment.html

    Across Regions both ends have one id. In one Region each gateway has an attachment of its own.
    """
    params, cloud = request.params, request.cloud
    gateway = gateway_of(cloud, params.get("TransitGatewayId"))
    if (params.get("Options") or {}).get("DynamicRouting") == "enable":
        raise refusal("UnsupportedOperation", "The local AWS has no dynamic routing of peerings.")
    if params.get("PeerAccountId") != cloud.account_id:
        raise refusal("UnsupportedOperation", "The local AWS has one account.")
    there = ec2_backends[cloud.account_id][params["PeerRegion"]]
    peer = gateway_of(there, params.get("PeerTransitGatewayId"))
    if peer.id == gateway.id:
        raise invalid(f"{gateway.id} cannot be its own peer.")
    name = random_id("tgw-attach")
    other = random_id("tgw-attach") if there is cloud else name
    common = {
        "TransitGatewayAttachmentId": name,
        "RequesterTgwInfo": end_of(cloud, gateway.id),
        "AccepterTgwInfo": end_of(there, peer.id),
    }
    if there is cloud:
        common["AccepterTransitGatewayAttachmentId"] = other
    for at, own, far, called in ((cloud, gateway, peer, name), (there, peer, gateway, other)):
        made = Attachment(called, own.id, "peering", far.id, state=WAITS, peering=common)
        attachments(at)[called] = made
    tags = add_tag_specification(params.get("TagSpecifications") or [])
    cloud.create_tags([name], tags)
    answer = shown(cloud, attachments(cloud)[name])
    return {"TransitGatewayPeeringAttachment": {**answer, "State": "initiatingRequest"}}


def end_of(cloud: Any, gateway: str) -> Shown:
    return {"TransitGatewayId": gateway, "OwnerId": cloud.account_id, "Region": cloud.region_name}


def shown(cloud: Any, attachment: Attachment) -> Shown:
    return {
        **attachment.peering,
        "State": attachment.state,
        "Status": {"Code": attachment.state},
        "CreationTime": attachment.created,
        "Options": {"DynamicRouting": "disable"},
        "Tags": tag_list(cloud, attachment.peering["TransitGatewayAttachmentId"]),
    }


def ends(cloud: Any, attachment: Attachment) -> list[tuple[Any, Attachment]]:
    """Both ends, that which asked first, each with the Region that it is in."""
    common = attachment.peering
    name = common["TransitGatewayAttachmentId"]
    names = (name, common.get("AccepterTransitGatewayAttachmentId", name))
    regions = (common["RequesterTgwInfo"]["Region"], common["AccepterTgwInfo"]["Region"])
    found = []
    for region, called in zip(regions, names, strict=True):
        at = ec2_backends[cloud.account_id][region]
        found.append((at, attachments(at)[called]))
    return found


@answers("DescribeTransitGatewayPeeringAttachments")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayPeeringAttachments.html"""
    cloud = request.cloud
    held = {}
    for each in attachments(cloud).values():
        if each.kind == "peering":
            held[each.peering["TransitGatewayAttachmentId"]] = {
                **shown(cloud, each),
                "TransitGatewayId": each.gateway,
            }
    found = asked(request, list(held.values()), OF_PEERINGS)
    for item in found:
        del item["TransitGatewayId"]  # it stands here for the filter alone
    return {"TransitGatewayPeeringAttachments": found}


def waiting(request: Request, does: str) -> list[tuple[Any, Attachment]]:
    """Both ends of one that waits, of which the one that was asked is here."""
    cloud = request.cloud
    name = request.params.get("TransitGatewayAttachmentId")
    attachment = attachment_of(cloud, name, "peering")
    both = ends(cloud, attachment)
    if both[1] != (cloud, attachment):
        raise invalid(f"Cannot {does} {name} as the source of the peering request.")
    if attachment.state != WAITS:
        raise refusal("IncorrectState", f"{name} is in invalid state {attachment.state}")
    return both


@answers("AcceptTransitGatewayPeeringAttachment")
def accept(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptTransitGatewayPeeringAttachment.html"""
    for at, each in waiting(request, "accept"):
        each.state = "available"
        tie(at, each)
    answer = shown(at, each)
    return {"TransitGatewayPeeringAttachment": {**answer, "State": "pending"}}


@answers("RejectTransitGatewayPeeringAttachment")
def reject(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RejectTransitGatewayPeeringAttachment.html"""
    for at, each in waiting(request, "reject"):
        each.state = "rejected"
        at.tags.pop(each.id, None)
    return {"TransitGatewayPeeringAttachment": {**shown(at, each), "State": "rejecting"}}


@answers("DeleteTransitGatewayPeeringAttachment")
def delete(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayPeeringAttachment.html"""
    cloud = request.cloud
    name = request.params.get("TransitGatewayAttachmentId")
    attachment = attachment_of(cloud, name, "peering")
    answer = shown(cloud, attachment)
    for at, each in ends(cloud, attachment):
        if living(each):
            end(at, each)
    return {"TransitGatewayPeeringAttachment": {**answer, "State": "deleting"}}
