"""NAT gateways: zonal ones, public and private, and regional ones."""

from __future__ import annotations

import copy
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.utils import iso_8601_datetime_with_milliseconds, utcnow
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import (
    add_tag_specification,
    random_eip_association_id,
    random_nat_gateway_id,
)

from local_aws.strict.addresses import attached_gateway
from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import Request, Result, answers, refusal, refuses


class Gateway(TaggedEC2Resource):
    """What DescribeNatGateways shows of one; moto's own knows zonal ones alone."""

    failure_code: str | None = None
    failure_message: str | None = None

    def __init__(self, cloud: Any, vpc_id: str, subnet_id: str | None, connectivity: str) -> None:
        self.ec2_backend = cloud
        self.id = random_nat_gateway_id()
        self.nat_gateway_id = self.id
        self.vpc_id = vpc_id
        self.subnet_id = subnet_id
        self.connectivity_type = connectivity
        self.state = "available"
        self.create_time = iso_8601_datetime_with_milliseconds(utcnow())
        self.nat_gateway_addresses: list[dict[str, Any]] = []
        self.interfaces: list[Any] = []
        self.availability_mode = "zonal" if subnet_id else "regional"
        self.auto_scaling_ips: str | None = None
        self.auto_provision_zones: str | None = None
        self.route_table_id: str | None = None

    def fail(self, code: str, message: str) -> None:
        self.state, self.failure_code, self.failure_message = "failed", code, message


@answers("CreateNatGateway")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html"""
    params, cloud = request.params, request.cloud
    if params.get("AvailabilityMode") == "regional":
        gateway = regional(cloud, params)
    else:
        gateway = zonal(cloud, params)
    gateway.add_tags(add_tag_specification(params.get("TagSpecifications") or []))
    cloud.nat_gateways[gateway.id] = gateway
    told = copy.copy(gateway)
    told.state = "pending"
    return {"NatGateway": told, "ClientToken": params.get("ClientToken")}


def zonal(cloud: Any, params: dict[str, Any]) -> Gateway:
    connectivity = params.get("ConnectivityType") or "public"
    for key in ("SecondaryAllocationIds", "SecondaryPrivateIpAddresses"):
        if params.get(key) or params.get("SecondaryPrivateIpAddressCount"):
            raise refusal("UnsupportedOperation", f"The local AWS has no {key} of NAT gateways.")
    if not params.get("SubnetId"):
        raise refusal("MissingParameter", "The request must contain the parameter subnetId")
    subnet = cloud.get_subnet(params["SubnetId"])
    if (connectivity == "public") != bool(params.get("AllocationId")):
        if connectivity == "public":
            raise refusal("MissingParameter", "The request must contain the parameter AllocationId")
        raise refusal("InvalidParameterCombination", "A private NAT gateway takes no allocation id")
    gateway = Gateway(cloud, subnet.vpc_id, subnet.id, connectivity)
    address = None
    if connectivity == "public":
        address = cloud.address_by_allocation([params["AllocationId"]])[0]
        if address.association_id:
            raise refusal(
                "Resource.AlreadyAssociated",
                f"Elastic IP address [{address.allocation_id}] is already associated",
            )
        try:
            attached_gateway(cloud, subnet.vpc_id)
        except ServiceException:  # AWS takes the call, and the gateway fails:
            # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
            gateway.fail(
                "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
            )
            return gateway
    eni = managed_interface(
        cloud,
        subnet,
        "nat_gateway",
        f"Interface for NAT Gateway {gateway.id}",
        address=params.get("PrivateIpAddress"),
    )
    gateway.interfaces.append(eni)
    shown: dict[str, Any] = {
        "NetworkInterfaceId": eni.id,
        "PrivateIp": eni.private_ip_address,
        "IsPrimary": True,
        "Status": "succeeded",
    }
    if address is not None:
        cloud.associate_address(eni=eni, allocation_id=address.allocation_id)
        shown.update(
            AllocationId=address.allocation_id,
            PublicIp=address.public_ip,
            AssociationId=address.association_id,
        )
    gateway.nat_gateway_addresses.append(shown)
    return gateway


def regional(cloud: Any, params: dict[str, Any]) -> Gateway:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html

    It is in no subnet and has a route table of its own. It finds its zones and addresses itself,
    or has those that it is given.
    """
    for key in ("SubnetId", "AllocationId", "PrivateIpAddress"):
        if params.get(key):
            raise refusal("InvalidParameterCombination", f"A regional NAT gateway takes no {key}")
    if (params.get("ConnectivityType") or "public") != "public":
        raise refusal("InvalidParameterCombination", "A regional NAT gateway is a public one")
    if not params.get("VpcId"):
        raise refusal("MissingParameter", "The request must contain the parameter vpcId")
    vpc = cloud.get_vpc(params["VpcId"])
    gateway = Gateway(cloud, vpc.id, None, "public")
    given = params.get("AvailabilityZoneAddresses") or []
    gateway.auto_scaling_ips = gateway.auto_provision_zones = "disabled" if given else "enabled"
    addresses = given_addresses(cloud, given)
    internet = [each for each in cloud.internet_gateways.values() if each.vpc is vpc]
    if not internet:
        gateway.fail("Gateway.NotAttached", f"Network {vpc.id} has no Internet gateway attached")
        return gateway
    table = cloud.create_route_table(vpc.id)
    cloud.create_route(table.id, "0.0.0.0/0", gateway_id=internet[0].id)
    gateway.route_table_id = table.id
    give(gateway, addresses)
    return gateway


def give(gateway: Gateway, addresses: list[tuple[Any, Any]]) -> None:
    """Each with its zone."""
    for zone, address in addresses:
        address.association_id = random_eip_association_id()
        address.regional_nat = gateway
        gateway.nat_gateway_addresses.append(
            {
                "AllocationId": address.allocation_id,
                "AssociationId": address.association_id,
                "AvailabilityZone": zone.name,
                "AvailabilityZoneId": zone.zone_id,
                "PublicIp": address.public_ip,
                "Status": "succeeded",
            }
        )


@answers("AssociateNatGatewayAddress")
def associate(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateNatGatewayAddress.html"""
    params, cloud = request.params, request.cloud
    gateway = regional_one(cloud, params["NatGatewayId"])
    keys = ("AllocationIds", "AvailabilityZone", "AvailabilityZoneId")
    given = {key: params[key] for key in keys if params.get(key)}
    give(gateway, given_addresses(cloud, [given]))
    return {"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.nat_gateway_addresses}


@answers("DisassociateNatGatewayAddress")
def disassociate(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateNatGatewayAddress.html"""
    params, cloud = request.params, request.cloud
    gateway = regional_one(cloud, params["NatGatewayId"])
    leaving = set(params["AssociationIds"])
    for address in cloud.addresses:
        if address.association_id in leaving and getattr(address, "regional_nat", None) is gateway:
            address.regional_nat = address.association_id = None
    held = gateway.nat_gateway_addresses
    gateway.nat_gateway_addresses = [each for each in held if each["AssociationId"] not in leaving]
    return {"NatGatewayId": gateway.id, "NatGatewayAddresses": gateway.nat_gateway_addresses}


def regional_one(cloud: Any, name: str) -> Any:
    gateway = cloud.nat_gateways.get(name)
    if gateway is None or gateway.state == "deleted":
        raise refusal("NatGatewayNotFound", f"The Nat Gateway {name} was not found")
    if gateway.subnet_id:
        raise refusal(
            "UnsupportedOperation", "The local AWS gives further addresses to regional ones alone."
        )
    return gateway


def given_addresses(cloud: Any, given: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZoneAddress.html"""
    zones = {zone.name: zone for zone in cloud.describe_availability_zones()}
    by_id = {zone.zone_id: zone for zone in zones.values()}
    found: list[tuple[Any, Any]] = []
    for each in given:
        name, known_as = each.get("AvailabilityZone"), each.get("AvailabilityZoneId")
        if bool(name) == bool(known_as):
            raise refusal(
                "InvalidParameterCombination", "Specify one of AvailabilityZone and its id"
            )
        zone = zones.get(name) if name else by_id.get(known_as)
        if zone is None:
            raise refusal(
                "InvalidParameterValue", f"Invalid availability zone: [{name or known_as}]"
            )
        if any(known is zone for known, _ in found):
            raise refusal("InvalidParameterValue", f"{zone.name} is named twice")
        for allocation in each.get("AllocationIds") or []:
            address = cloud.address_by_allocation([allocation])[0]
            if address.association_id or any(known is address for _, known in found):
                raise refusal(
                    "Resource.AlreadyAssociated",
                    f"Elastic IP address [{allocation}] is already associated",
                )
            found.append((zone, address))
    return found


@refuses("DeleteNatGateway")
def a_gateway_is_there(request: Request) -> None:
    name = request.params["NatGatewayId"]
    gateway = request.cloud.nat_gateways.get(name)
    if gateway is None or gateway.state == "deleted":
        raise refusal("NatGatewayNotFound", f"The Nat Gateway {name} was not found")


@answers("DeleteNatGateway")
def delete(request: Request) -> Result:
    """ "Deleting a public NAT gateway disassociates its Elastic IP address but does not release
    the address": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
    """
    cloud = request.cloud
    gateway = cloud.nat_gateways[request.params["NatGatewayId"]]
    for eni in gateway.interfaces:
        for address in cloud.addresses:
            if address.eni is eni:
                cloud.disassociate_address(address=address.public_ip)
        cloud.enis.pop(eni.id, None)
    for address in cloud.addresses:
        if getattr(address, "regional_nat", None) is gateway:
            address.regional_nat = address.association_id = None
    if gateway.route_table_id:
        cloud.route_tables.pop(gateway.route_table_id, None)
    gateway.interfaces = []
    gateway.state = "deleted"
    return {"NatGatewayId": gateway.id}


@refuses("DescribeNatGateways")
def those_that_are_asked_for_are_there(request: Request) -> None:
    known = request.cloud.nat_gateways
    for name in request.params.get("NatGatewayIds") or []:
        if name not in known:
            raise refusal("NatGatewayNotFound", f"The Nat Gateway {name} was not found")


@refuses("DisassociateAddress")
def a_nat_gateway_keeps_its_address(request: Request) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html"""
    association = request.params.get("AssociationId")
    for address in request.cloud.addresses:
        held = association and address.association_id == association and address.eni
        if held and held.interface_type == "nat_gateway":
            raise refusal(
                "AuthFailure", "You do not have permission to access the specified resource."
            )
