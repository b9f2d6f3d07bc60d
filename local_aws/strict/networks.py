"""VPCs, subnets, routes and network interfaces."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from local_aws.strict.rules import Request, Result, amends, dependency, invalid, refusal, refuses
from local_aws.strict.transit.things import carries
from local_aws.strict.values import canonical, network, version_of

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
ROUTE_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "VpcEndpointId",
    "CoreNetworkArn",
)
GROUPS_PER_INTERFACE = 5  # https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html


@refuses("DeleteVpc")
def a_vpc_in_use_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html"""
    cloud, vpc_id = request.cloud, request.params["VpcId"]
    cloud.get_vpc(vpc_id)
    inside = [
        *(
            subnet
            for zone in cloud.subnets.values()
            for subnet in zone.values()
            if subnet.vpc_id == vpc_id
        ),
        *(group for group in cloud.groups.get(vpc_id, {}).values() if not group.is_default),
        *(acl for acl in cloud.network_acls.values() if acl.vpc_id == vpc_id and not acl.default),
        *(igw for igw in cloud.internet_gateways.values() if igw.vpc and igw.vpc.id == vpc_id),
        *(each for each in cloud.egress_only_internet_gateways.values() if each.vpc_id == vpc_id),
        *(each for each in cloud.vpc_end_points.values() if each.vpc_id == vpc_id),
    ]
    if inside:
        raise dependency(f"The vpc '{vpc_id}'")


@amends("DeleteVpc")
def a_vpc_takes_its_default_list_along(request: Request, result: Result) -> None:
    acls = request.cloud.network_acls
    for acl in [acl for acl in acls.values() if acl.vpc_id == request.params["VpcId"]]:
        del acls[acl.id]


@refuses("CreateVpc", "CreateSubnet")
def blocks_are_canonical(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html"""
    if request.params.get("CidrBlock"):
        request.params["CidrBlock"] = canonical(request.params["CidrBlock"], 4)


@refuses("CreateSubnet")
def a_subnet_is_between_16_and_28(request: Request) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""
    block = request.params.get("CidrBlock")
    if block and not 16 <= network(block).prefixlen <= 28:
        raise refusal("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")


@amends("CreateSubnet")
def a_subnet_that_somebody_makes_is_no_default_one(request: Request, result: Result) -> None:
    """moto takes the first of a zone for one that the account began with, and what is made by the
    id of a zone for the first. Nothing in it has a public address unless somebody says so
    (docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html)."""
    result["Subnet"].default_for_az = result["Subnet"].map_public_ip_on_launch = False


@refuses("DeleteSubnet")
def a_subnet_with_interfaces_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html"""
    subnet_id = request.params["SubnetId"]
    if any(eni.subnet.id == subnet_id for eni in request.cloud.enis.values()):
        raise dependency(f"The subnet '{subnet_id}'")


@amends("DeleteSubnet")
def a_subnet_takes_its_associations_along(request: Request, result: Result) -> None:
    subnet_id = request.params["SubnetId"]
    for acl in request.cloud.network_acls.values():
        for key in [key for key, held in acl._associations.items() if held.subnet_id == subnet_id]:
            del acl._associations[key]
    for table in request.cloud.route_tables.values():
        for key in [key for key, held in table._associations.items() if held == subnet_id]:
            del table._associations[key]


@refuses("CreateRoute", "ReplaceRoute")
def a_route_leads_somewhere_in_its_vpc(request: Request) -> None:
    params, cloud = request.params, request.cloud
    for key in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        if params.get(key):
            params[key] = canonical(params[key], version_of(key))
    targets = [target for target in ROUTE_TARGETS if params.get(target)]
    if not targets:
        raise refusal(
            "MissingParameter", f"The request must contain one of {', '.join(ROUTE_TARGETS)}"
        )
    if len(targets) > 1:
        raise refusal(
            "InvalidParameterCombination", f"Only one of {', '.join(targets)} may be given"
        )
    table = cloud.get_route_table(params["RouteTableId"])
    if request.operation == "CreateRoute":
        a_destination_has_one_route(table, params)
    attached = attached_vpcs(cloud, params[targets[0]])
    if attached is not None and table.vpc_id not in attached:
        raise invalid(
            f"route table {table.id} and network gateway {params[targets[0]]} belong to different"
            " networks"
        )


def a_destination_has_one_route(table: Any, params: dict[str, Any]) -> None:
    """moto looks at IPv4 blocks alone, and lets the local route be doubled. What propagates is
    in nobody's way."""
    for route in table._routes.values():
        for key, held in (
            ("DestinationCidrBlock", route.destination_cidr_block),
            ("DestinationIpv6CidrBlock", route.destination_ipv6_cidr_block),
            ("DestinationPrefixListId", route.destination_prefix_list_id),
        ):
            if held is not None and held == params.get(key):
                raise refusal(
                    "RouteAlreadyExists", f"The route identified by {held} already exists."
                )


def attached_vpcs(cloud: Any, target: str) -> set[str] | None:
    """The VPCs that a gateway or interface belongs to; None if it is of a kind without one."""
    of = VPCS_OF.get(target.partition("-")[0])
    return None if of is None else of(cloud, target)


def vpcs_of_internet_gateway(cloud: Any, target: str) -> set[str]:
    gateway = cloud.get_internet_gateway(target)
    return {gateway.vpc.id} if gateway.vpc else set()


def vpcs_of_vpn_gateway(cloud: Any, target: str) -> set[str]:
    attachments = cloud.get_vpn_gateway(target).attachments.values()
    return {held.vpc_id for held in attachments if held.state == "attached"}


def vpcs_of_nat_gateway(cloud: Any, target: str) -> set[str]:
    gateway = cloud.nat_gateways.get(target)
    if gateway is None or gateway.state != "available":
        raise refusal(
            "InvalidNatGatewayID.NotFound", f"The natGateway ID '{target}' does not exist"
        )
    return {gateway.vpc_id}


def vpcs_of_peering(cloud: Any, target: str) -> set[str]:
    peering = cloud.get_vpc_peering_connection(target)
    if peering._status.code != "active":
        raise invalid(f"The peering connection {target} is {peering._status.code}")
    return {peering.vpc.id, peering.peer_vpc.id}


VPCS_OF: Final[Mapping[str, Callable[[Any, str], set[str]]]] = {
    "eigw": lambda cloud, target: {cloud.get_egress_only_igw(target).vpc_id},
    "eni": lambda cloud, target: {cloud.get_network_interface(target).vpc_id},
    "igw": vpcs_of_internet_gateway,
    "nat": vpcs_of_nat_gateway,
    "pcx": vpcs_of_peering,
    "vgw": vpcs_of_vpn_gateway,
}
"""By how the id of a route's target begins."""


def route_state(route: Any) -> str:
    """ "blackhole" where a target is not available:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html"""
    if route.local:
        return "active"
    cloud = route.route_table.ec2_backend
    gone = (
        (route.nat_gateway is not None and route.nat_gateway.state != "available")
        or (route.interface is not None and route.interface.id not in cloud.enis)
        or (
            route.egress_only_igw is not None
            and route.egress_only_igw.id not in cloud.egress_only_internet_gateways
        )
        or (route.gateway is not None and detached(cloud, route.gateway))
        or (route.vpc_pcx is not None and route.vpc_pcx._status.code != "active")
        or (
            route.transit_gateway is not None
            and not carries(cloud, route.transit_gateway, route.route_table.vpc_id)
        )
    )
    return "blackhole" if gone else "active"


def detached(cloud: Any, gateway: Any) -> bool:
    if gateway.id.startswith("igw-"):
        return gateway.vpc is None or gateway.id not in cloud.internet_gateways
    if gateway.id.startswith("vgw-"):
        return not any(held.state == "attached" for held in gateway.attachments.values())
    return False


@refuses("DeleteRoute", "ReplaceRoute")
def the_local_route_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"""
    params = request.params
    destination = params.get("DestinationCidrBlock") or params.get("DestinationIpv6CidrBlock")
    table = request.cloud.get_route_table(params["RouteTableId"])
    for route in table.routes:
        if (
            route.local
            and destination
            and destination
            in (
                route.destination_cidr_block,
                route.destination_ipv6_cidr_block,
            )
        ):
            raise invalid(
                f"cannot remove or replace local route {destination} in route table {table.id}"
            )


@refuses("AssociateRouteTable")
def a_subnet_has_one_table(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html"""
    subnet_id, table_id = request.params.get("SubnetId"), request.params["RouteTableId"]
    for table in request.cloud.route_tables.values():
        if table.id != table_id and subnet_id in table._associations.values():
            raise refusal(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {table_id} conflicts with an existing"
                " association",
            )
    if (
        subnet_id
        and request.cloud.get_subnet(subnet_id).vpc_id
        != request.cloud.get_route_table(table_id).vpc_id
    ):
        raise invalid(f"route table {table_id} and subnet {subnet_id} belong to different networks")


def used_addresses(cloud: Any, subnet_id: str) -> set[str]:
    return {
        str(address["PrivateIpAddress"])
        for eni in cloud.enis.values()
        if eni.subnet.id == subnet_id
        for address in eni.private_ip_addresses
    }


def usable_addresses(subnet: Any) -> Iterator[ipaddress.IPv4Address]:
    """All but the first four and the last one.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    """
    block = ipaddress.IPv4Network(subnet.cidr_block)
    for offset in range(4, block.num_addresses - 1):
        yield block[offset]


def check_addresses(cloud: Any, subnet: Any, wanted: list[str]) -> None:
    block = ipaddress.IPv4Network(subnet.cidr_block)
    used = used_addresses(cloud, subnet.id)
    for text in wanted:
        try:
            address = ipaddress.IPv4Address(text)
        except ValueError:
            raise invalid(f"Invalid value '{text}' for address.") from None
        if address not in block:
            raise invalid(f"Address {text} does not fall within the subnet's address range")
        if not 4 <= int(address) - int(block.network_address) < block.num_addresses - 1:
            raise invalid(f"Address {text} is in subnet's reserved address range")
        if text in used:
            raise refusal("InvalidIPAddress.InUse", f"Address {text} is in use.")


@refuses("CreateNetworkInterface")
def an_interface_has_addresses_of_its_subnet(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html"""
    params, cloud = request.params, request.cloud
    subnet = cloud.get_subnet(params["SubnetId"])
    listed = params.get("PrivateIpAddresses", [])
    wanted = [entry["PrivateIpAddress"] for entry in listed if entry.get("PrivateIpAddress")]
    if params.get("PrivateIpAddress"):
        wanted.append(params["PrivateIpAddress"])
    if len(set(wanted)) != len(wanted):
        raise invalid("The same private address is given twice")
    check_addresses(cloud, subnet, wanted)
    if not wanted:
        # moto draws at random, with the reserved and the used ones in the hat.
        used = used_addresses(cloud, subnet.id)
        free = next((str(a) for a in usable_addresses(subnet) if str(a) not in used), None)
        if free is None:
            raise refusal("InsufficientFreeAddressesInSubnet", f"{subnet.id} has no free address")
        params["PrivateIpAddress"] = free


@refuses("CreateNetworkInterface", "ModifyNetworkInterfaceAttribute")
def an_interface_has_five_groups_of_its_vpc(request: Request) -> None:
    params, cloud = request.params, request.cloud
    groups = params.get("Groups", [])
    if len(groups) > GROUPS_PER_INTERFACE:
        raise refusal(
            "SecurityGroupsPerInterfaceLimitExceeded",
            "The maximum number of security groups per interface has been reached.",
        )
    if "SubnetId" in params:
        vpc_id = cloud.get_subnet(params["SubnetId"]).vpc_id
    else:
        vpc_id = cloud.get_network_interface(params["NetworkInterfaceId"]).vpc_id
    for group_id in groups:
        group = cloud.get_security_group_from_id(group_id)
        if group is None:
            raise refusal(
                "InvalidGroup.NotFound", f"The security group '{group_id}' does not exist"
            )
        if group.vpc_id != vpc_id:
            raise refusal(
                "InvalidParameter",
                "You have specified two resources that belong to different networks.",
            )


@refuses("AssignPrivateIpAddresses")
def an_added_address_is_free(request: Request) -> None:
    eni = request.cloud.get_network_interface(request.params["NetworkInterfaceId"])
    held = {address["PrivateIpAddress"] for address in eni.private_ip_addresses}
    added = [a for a in request.params.get("PrivateIpAddresses", []) if a not in held]
    check_addresses(request.cloud, eni.subnet, added)


@refuses("DeleteNetworkInterface")
def an_attached_interface_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html"""
    eni = request.cloud.get_network_interface(request.params["NetworkInterfaceId"])
    if eni.attachment_id:
        raise invalid(f"Network interface '{eni.id}' is currently in use.")
