"""Elastic IP addresses: where they come from, what they may be with, when they may go."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses

ADDRESSES: Final = 5
"""A Region: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""
POOL: Final = ipaddress.IPv4Network("203.0.113.128/25")
"""Of documentation (RFC 5737); moto would draw from 127.0.0.0/8."""


@refuses("AllocateAddress")
def a_region_has_five_addresses(request: Request) -> None:
    params, cloud = request.params, request.cloud
    if params.get("PublicIpv4Pool", "amazon") != "amazon" or params.get("CustomerOwnedIpv4Pool"):
        raise refusal("InvalidParameterValue", "The local AWS has no other pool than Amazon's.")
    if len(cloud.addresses) >= ADDRESSES:
        raise refusal("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    used = {held.public_ip for held in cloud.addresses}
    wanted = params.get("Address")
    if wanted and (wanted in used or ipaddress.ip_address(wanted) not in POOL):
        raise refusal("InvalidAddress.NotFound", f"Address '{wanted}' not found.")
    params["Domain"] = "vpc"
    params["Address"] = wanted or next(
        str(address) for address in POOL.hosts() if str(address) not in used
    )


def address_of(request: Request) -> Any:
    params, cloud = request.params, request.cloud
    if params.get("AllocationId"):
        return cloud.address_by_allocation([params["AllocationId"]])[0]
    if params.get("PublicIp"):
        return cloud.address_by_ip([params["PublicIp"]])[0]
    raise refusal("MissingParameter", "Either public IP or allocation id must be specified")


@refuses("ReleaseAddress")
def an_address_in_use_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html"""
    address = address_of(request)
    if address.association_id:
        raise refusal(
            "InvalidIPAddress.InUse",
            f"Address '{address.public_ip}' is in use: disassociate it first.",
        )


@refuses("AssociateAddress")
def an_address_is_with_what_the_internet_reaches(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html"""
    params, cloud = request.params, request.cloud
    address = address_of(request)
    if params.get("NetworkInterfaceId"):
        eni = cloud.get_network_interface(params["NetworkInterfaceId"])
    elif params.get("InstanceId"):
        eni = cloud.get_instance(params["InstanceId"]).nics[0]
    else:
        raise refusal("MissingParameter", "Either instance ID or network interface id is required")
    private = params.get("PrivateIpAddress")
    if private and private != eni.private_ip_address:
        if private in {each["PrivateIpAddress"] for each in eni.private_ip_addresses}:
            raise refusal(
                "UnsupportedOperation",
                "The local AWS gives an Elastic IP address to an interface's primary address only.",
            )
        raise invalid(f"You must specify an IP address of {eni.id}: {private} is none.")
    attached_gateway(cloud, eni.subnet.vpc_id)
    if address.association_id:
        if params.get("AllowReassociation") is False:
            raise refusal(
                "Resource.AlreadyAssociated",
                f"resource {address.allocation_id} is already associated with"
                f" associate-id {address.association_id}",
            )
        # "Reassociation is automatic" for addresses in a VPC.
        params["AllowReassociation"] = True
        if address.eni is not None:
            address.eni.public_ip = None


def attached_gateway(cloud: Any, vpc_id: str) -> None:
    """Raises what AWS answers where a VPC has no internet gateway.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    gateways = cloud.internet_gateways.values()
    if not any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in gateways):
        raise refusal(
            "Gateway.NotAttached", f"Network {vpc_id} is not attached to any internet gateway"
        )


@refuses("DetachInternetGateway")
def a_gateway_with_mapped_addresses_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html"""
    vpc_id = request.params["VpcId"]
    mapped = [
        address
        for address in request.cloud.addresses
        if address.eni is not None and address.eni.subnet.vpc_id == vpc_id
    ]
    if mapped:
        raise refusal(
            "DependencyViolation",
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public"
            " address(es) before detaching the gateway.",
        )


@amends("DeleteNetworkInterface")
def an_address_leaves_with_its_interface(request: Request, result: Result) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/working-with-eips.html"""
    for address in request.cloud.addresses:
        if address.eni is not None and address.eni.id not in request.cloud.enis:
            address.eni = address.association_id = None


@amends("AllocateAddress")
def an_address_says_where_it_is_of(request: Request, result: Result) -> None:
    result["PublicIpv4Pool"] = "amazon"
    result["NetworkBorderGroup"] = request.cloud.region_name


@amends("DescribeAddresses")
def addresses_say_where_they_are_of(request: Request, result: Result) -> None:
    for address in result["Addresses"]:
        address.public_ipv4_pool = "amazon"
        address.network_border_group = request.cloud.region_name
