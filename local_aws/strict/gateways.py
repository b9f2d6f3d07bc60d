"""Customer gateways and virtual private gateways."""

from __future__ import annotations

import ipaddress
from typing import Any

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses
from local_aws.strict.transit.gateways import PRIVATE_ASNS

DEFAULT_AMAZON_ASN = (
    64512  # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html
)


RESERVED_ASNS = {
    7224: "",
    9059: "eu-west-1",
    10124: "ap-northeast-1",
    17943: "ap-southeast-1",
}
"""In all Regions (''), or in one: https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html"""


def vpn_connections_of(cloud: Any, gateway_id: str) -> list[Any]:
    return [
        connection
        for connection in cloud.vpn_connections.values()
        if connection.state != "deleted"
        and gateway_id
        in (
            connection.vpn_gateway_id,
            connection.transit_gateway_id,
            connection.customer_gateway_id,
        )
    ]


@refuses("CreateCustomerGateway")
def a_customer_gateway_has_an_address(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html"""
    params = request.params
    text = params.get("IpAddress") or params.get("PublicIp")
    try:
        ipaddress.ip_address(text or "")
    except ValueError:
        raise invalid(
            f"Value ({text}) for parameter ipAddress is invalid. Invalid IP address."
        ) from None
    asn = params.get("BgpAsnExtended", params.get("BgpAsn"))
    if asn is not None and not 1 <= int(asn) <= 4294967295:
        raise invalid(f"Value ({asn}) for parameter bgpAsn is invalid.")
    if asn is not None and RESERVED_ASNS.get(int(asn)) in ("", request.cloud.region_name):
        raise invalid(f"Value ({asn}) for parameter bgpAsn is invalid. It is reserved.")
    if asn is not None:
        params["BgpAsn"] = str(asn)  # shown as a string, whichever parameter said it


@amends("CreateCustomerGateway")
def the_same_gateway_twice_is_the_same_gateway(request: Request, result: Result) -> None:
    """ "If you use an identical one … the call returns information about the existing one."

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html
    """
    created, gateways = result["CustomerGateway"], request.cloud.customer_gateways
    created.device_name = request.params.get("DeviceName")
    for other in gateways.values():
        if other is created or other.state == "deleted":
            continue
        if (other.type, other.ip_address, other.bgp_asn) == (
            created.type,
            created.ip_address,
            created.bgp_asn,
        ):
            del gateways[created.id]
            request.cloud.tags.pop(created.id, None)
            result["CustomerGateway"] = other
            return


@refuses("DeleteCustomerGateway", "DeleteVpnGateway")
def a_gateway_with_connections_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpnGateway.html"""
    gateway_id = request.params.get("CustomerGatewayId") or request.params.get("VpnGatewayId", "")
    if vpn_connections_of(request.cloud, gateway_id):
        raise refusal("IncorrectState", f"The gateway '{gateway_id}' is in use.")


@refuses("DeleteVpnGateway")
def an_attached_gateway_stays(request: Request) -> None:
    gateway = request.cloud.get_vpn_gateway(request.params["VpnGatewayId"])
    if any(held.state == "attached" for held in gateway.attachments.values()):
        raise refusal("IncorrectState", f"The vpnGateway '{gateway.id}' is attached to a VPC.")


@refuses("AttachVpnGateway")
def one_gateway_a_vpc(request: Request) -> None:
    """https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html"""
    vpc_id, gateway_id = request.params["VpcId"], request.params["VpnGatewayId"]
    request.cloud.get_vpn_gateway(gateway_id)
    for gateway in request.cloud.vpn_gateways.values():
        for held in gateway.attachments.values():
            if held.state != "attached":
                continue
            if gateway.id == gateway_id and held.vpc_id != vpc_id:
                raise refusal(
                    "VpnGatewayAttachmentLimitExceeded",
                    f"The vpnGateway '{gateway_id}' is attached to {held.vpc_id}.",
                )
            if gateway.id != gateway_id and held.vpc_id == vpc_id:
                raise refusal(
                    "VpnGatewayAttachmentLimitExceeded",
                    f"The vpc '{vpc_id}' has the vpnGateway '{gateway.id}'.",
                )


@refuses("CreateVpnGateway")
def the_asn_of_a_gateway_is_private(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html"""
    asn = request.params.get("AmazonSideAsn")
    if asn is not None and not any(int(asn) in each for each in PRIVATE_ASNS):
        raise invalid(f"Invalid value '{asn}' for amazonSideAsn: it is not a private ASN.")


@amends("CreateVpnGateway")
def a_gateway_has_an_asn(request: Request, result: Result) -> None:
    gateway = result["VpnGateway"]
    gateway.amazon_side_asn = int(gateway.amazon_side_asn or DEFAULT_AMAZON_ASN)
