"""Internet, customer and virtual private gateways, and their attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, made_by, shown_by
from local_aws.wire import Properties


def attached_vpc(shown: Answer | None, attachments: str) -> str | None:
    """An attachment is `available` (internet gateway) or `attached` (VPN gateway)."""
    for held in listed(shown, attachments):
        if held["State"] in ("available", "attached"):
            return str(held["VpcId"])
    return None


INTERNET = (Property("vpcId", computed=True),)


def internet_vpc(aws: Aws, name: str) -> str | None:
    shown = aws.one("describe_internet_gateways", "InternetGateways", InternetGatewayIds=[name])
    return attached_vpc(shown, "Attachments")


def move_internet(aws: Aws, name: str, old: State, new: Properties) -> None:
    held, wanted = internet_vpc(aws, name), new.get("vpcId")
    if held is not None and held != wanted:
        aws.call("detach_internet_gateway", InternetGatewayId=name, VpcId=held)
    if wanted is not None and held != wanted:
        aws.call("attach_internet_gateway", InternetGatewayId=name, VpcId=wanted)


def delete_internet(aws: Aws, name: str, state: State) -> None:
    held = internet_vpc(aws, name)
    if held is not None:  # as create attached it, delete detaches it
        aws.gone("detach_internet_gateway", InternetGatewayId=name, VpcId=held)
    aws.gone("delete_internet_gateway", InternetGatewayId=name)


INTERNET_ATTACHMENT = (
    Property("internetGatewayId", "InternetGatewayId", required=True, replaces=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
)


def attach_internet(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call(
        "attach_internet_gateway",
        InternetGatewayId=inputs["internetGatewayId"],
        VpcId=inputs["vpcId"],
    )
    return internet_attachment_id(inputs)


def internet_attachment_id(inputs: Properties) -> str:
    return f"{inputs['internetGatewayId']}:{inputs['vpcId']}"


def read_internet_attachment(aws: Aws, name: str, state: State) -> State | None:
    gateway_id, _, vpc_id = name.partition(":")
    if internet_vpc(aws, gateway_id) != vpc_id:
        return None
    return {"internetGatewayId": gateway_id, "vpcId": vpc_id}


def detach_internet(aws: Aws, name: str, state: State) -> None:
    gateway_id, _, vpc_id = name.partition(":")
    if internet_vpc(aws, gateway_id) == vpc_id:
        aws.gone("detach_internet_gateway", InternetGatewayId=gateway_id, VpcId=vpc_id)


CUSTOMER = (
    Property("bgpAsn", "BgpAsn", replaces=True, canonical=str),
    Property("deviceName", "DeviceName", replaces=True),
    Property("ipAddress", "IpAddress", replaces=True),
    Property("type", "Type", required=True, replaces=True),
)


def make_customer(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    create = made_by(
        "create_customer_gateway", "CustomerGateway.CustomerGatewayId", CUSTOMER, "customer-gateway"
    )
    return create(aws, inputs, tags)


def delete_customer(aws: Aws, name: str, state: State) -> None:
    """AWS has one customer gateway for an address and number: another stack may still use it.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html
    """
    try:
        aws.gone("delete_customer_gateway", CustomerGatewayId=name)
    except Refused as refused:
        if refused.code != "IncorrectState":
            raise


VPN = (
    Property("amazonSideAsn", "AmazonSideAsn", replaces=True, computed=True, canonical=str),
    Property("availabilityZone", "AvailabilityZone", replaces=True),
    Property("vpcId", computed=True),
)


def vpn_vpc(aws: Aws, name: str) -> str | None:
    shown = aws.one("describe_vpn_gateways", "VpnGateways", VpnGatewayIds=[name])
    return attached_vpc(shown, "VpcAttachments")


def make_vpn(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    create = made_by("create_vpn_gateway", "VpnGateway.VpnGatewayId", (*VPN, TYPE), "vpn-gateway")
    return create(aws, {**inputs, "type": "ipsec.1"}, tags)


TYPE = Property("type", "Type")


def move_vpn(aws: Aws, name: str, old: State, new: Properties) -> None:
    wanted = new.get("vpcId")
    if wanted is None and not old.get("vpcId"):
        return  # attached, if at all, by an aws.ec2.VpnGatewayAttachment
    held = vpn_vpc(aws, name)
    if held is not None and held != wanted:
        aws.call("detach_vpn_gateway", VpnGatewayId=name, VpcId=held)
    if wanted is not None and held != wanted:
        aws.call("attach_vpn_gateway", VpnGatewayId=name, VpcId=wanted)


def delete_vpn(aws: Aws, name: str, state: State) -> None:
    held = vpn_vpc(aws, name)
    if held is not None:  # attached, it would keep its VPC from being deleted
        aws.gone("detach_vpn_gateway", VpnGatewayId=name, VpcId=held)
    aws.gone("delete_vpn_gateway", VpnGatewayId=name)


def spelt(number: Any) -> Any:
    return number if isinstance(number, NotShown) else str(number)


VPN_ATTACHMENT = (
    Property("vpcId", required=True, replaces=True),
    Property("vpnGatewayId", required=True, replaces=True),
)


def attach_vpn(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    held = vpn_vpc(aws, inputs["vpnGatewayId"])
    if held is not None and held != inputs["vpcId"]:
        raise Refused("", f"{inputs['vpnGatewayId']} is attached to {held}")
    aws.call("attach_vpn_gateway", VpnGatewayId=inputs["vpnGatewayId"], VpcId=inputs["vpcId"])
    return vpn_attachment_id(inputs)


def vpn_attachment_id(inputs: Properties) -> str:
    return f"vpn-attachment-{inputs['vpnGatewayId']}-{inputs['vpcId']}"


def read_vpn_attachment(aws: Aws, name: str, state: State) -> State | None:
    if not state:
        raise Refused(
            "", "a VPN gateway's attachment cannot be imported, as with the real provider"
        )
    if vpn_vpc(aws, state["vpnGatewayId"]) != state["vpcId"]:
        return None
    return {"vpnGatewayId": state["vpnGatewayId"], "vpcId": state["vpcId"]}


def detach_vpn(aws: Aws, name: str, state: State) -> None:
    if vpn_vpc(aws, state["vpnGatewayId"]) == state["vpcId"]:
        aws.gone("detach_vpn_gateway", VpnGatewayId=state["vpnGatewayId"], VpcId=state["vpcId"])


KINDS = (
    Kind(
        token="aws:ec2/internetGateway:InternetGateway",
        properties=INTERNET,
        outputs=("arn", "ownerId"),
        create=made_by(
            "create_internet_gateway",
            "InternetGateway.InternetGatewayId",
            INTERNET,
            "internet-gateway",
        ),
        after_create=lambda aws, name, inputs: move_internet(aws, name, {}, inputs),
        read=shown_by(
            "describe_internet_gateways",
            "InternetGatewayIds",
            "InternetGateways",
            (),
            {"ownerId": "OwnerId"},
            lambda aws, shown: {
                "arn": aws.arn("internet-gateway", shown["InternetGatewayId"]),
                "vpcId": attached_vpc(shown, "Attachments"),
            },
        ),
        update=move_internet,
        delete=delete_internet,
    ),
    Kind(
        token="aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
        properties=INTERNET_ATTACHMENT,
        outputs=(),
        create=attach_internet,
        read=read_internet_attachment,
        delete=detach_internet,
        find=lambda aws, inputs: internet_attachment_id(inputs),
        taggable=False,
    ),
    Kind(
        token="aws:ec2/customerGateway:CustomerGateway",
        properties=CUSTOMER,
        outputs=("arn",),
        create=make_customer,
        read=shown_by(
            "describe_customer_gateways",
            "CustomerGatewayIds",
            "CustomerGateways",
            CUSTOMER,
            {},
            lambda aws, shown: {"arn": aws.arn("customer-gateway", shown["CustomerGatewayId"])},
        ),
        delete=delete_customer,
        refused={
            "bgpAsnExtended": "give bgpAsn",
            "certificateArn": "the local AWS has no certificates for VPNs: use pre-shared keys",
        },
    ),
    Kind(
        token="aws:ec2/vpnGateway:VpnGateway",
        properties=VPN,
        outputs=("arn",),
        create=make_vpn,
        after_create=lambda aws, name, inputs: move_vpn(aws, name, {}, inputs),
        read=shown_by(
            "describe_vpn_gateways",
            "VpnGatewayIds",
            "VpnGateways",
            VPN,
            {},
            lambda aws, shown: {
                "arn": aws.arn("vpn-gateway", shown["VpnGatewayId"]),
                "vpcId": attached_vpc(shown, "VpcAttachments"),
                "amazonSideAsn": spelt(shown.shown("AmazonSideAsn")),
            },
        ),
        update=move_vpn,
        delete=delete_vpn,
    ),
    Kind(
        token="aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
        properties=VPN_ATTACHMENT,
        outputs=(),
        create=attach_vpn,
        read=read_vpn_attachment,
        delete=detach_vpn,
        find=lambda aws, inputs: vpn_attachment_id(inputs),
        taggable=False,
    ),
)
