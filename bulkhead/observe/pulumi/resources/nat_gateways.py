"""NAT gateways, with the interface that AWS makes for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, short
from bulkhead.observe.pulumi.stack import Resource


def nat_gateway(resource: Resource, shape: Shape) -> None:
    """A NatGateway, and the interface that AWS makes for it."""
    out = resource.outputs
    if _is_regional(resource):
        shape.put("NatGateways", resource.id, _regional(resource, shape), resource)
        return
    known_as = out.maybe("networkInterfaceId") or f"{resource.id}/primary"
    subnet = out.maybe("subnetId")
    home = shape.get("Subnets", subnet)
    address: Item = {
        "NetworkInterfaceId": known_as,
        "PrivateIp": out.maybe("privateIp"),
        "PublicIp": out.maybe("publicIp"),
        "IsPrimary": True,
    }
    if subnet is None or home is None:
        shape.orphan(resource, subnet or resource.id)
        return
    item: Item = {
        "NatGatewayId": resource.id,
        "SubnetId": subnet,
        "VpcId": home["VpcId"],
        "ConnectivityType": out.maybe("connectivityType"),
        "NatGatewayAddresses": [address, *_secondary(resource, shape)],
    }
    shape.put("NatGateways", resource.id, item, resource)
    if address["PrivateIp"] and shape.get("NetworkInterfaces", known_as) is None:
        interface: Item = {
            "NetworkInterfaceId": known_as,
            "SubnetId": subnet,
            "InterfaceType": "nat_gateway",
            "PrivateIpAddress": address["PrivateIp"],
        }
        shape.put("NetworkInterfaces", known_as, interface, resource)


def _secondary(resource: Resource, shape: Shape) -> Iterator[Item]:
    """Its further addresses; those that AWS is yet to choose leave the gateway in doubt."""
    out = resource.outputs
    private = out.texts("secondaryPrivateIpAddresses")
    allocations = out.texts("secondaryAllocationIds")
    public = _public_addresses(shape)
    wanted = max(out.maybe_integer("secondaryPrivateIpAddressCount") or 0, len(allocations))
    if wanted > len(private) or any(public.get(each) is None for each in allocations):
        why = "not all of its secondary addresses are in this state"
        shape.gaps.add(short(resource.type), resource.id, resource.id, why)
    for own, allocation in zip_longest(private, allocations):
        yield {"PrivateIp": own, "PublicIp": public.get(allocation), "IsPrimary": False}


def _public_addresses(shape: Shape) -> dict[str, str | None]:
    """Allocation -> the Elastic IP address."""
    return {
        each.id: each.outputs.maybe("publicIp")
        for each in shape.stack.resources
        if each.type == "aws:ec2/eip:Eip"
    }


# Regional ones (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)


def _is_regional(resource: Resource) -> bool:
    return resource.outputs.maybe("availabilityMode") == "regional"


def _own_table(resource: Resource) -> str:
    return resource.outputs.maybe("routeTableId") or resource.id


def _regional(resource: Resource, shape: Shape) -> Item:
    out = resource.outputs
    given = out.records("availabilityZoneAddresses")
    shown = [
        {
            "PublicIp": each.maybe("publicIp"),
            "AvailabilityZone": each.maybe("availabilityZone"),
            "AvailabilityZoneId": each.maybe("availabilityZoneId"),
            "Status": each.maybe("status"),
        }
        for each in out.records("regionalNatGatewayAddresses")
    ]
    public = _public_addresses(shape)
    planned = [
        {
            "PublicIp": public.get(allocation),
            "AvailabilityZone": each.maybe("availabilityZone"),
            "AvailabilityZoneId": each.maybe("availabilityZoneId"),
        }
        for each in given
        for allocation in each.texts("allocationIds")
    ]
    expands = out.maybe("autoProvisionZones") or ("disabled" if given else "enabled")
    return {
        "NatGatewayId": resource.id,
        "VpcId": out.text("vpcId"),
        "AvailabilityMode": "regional",
        "AutoProvisionZones": expands,
        "RouteTableId": _own_table(resource),
        "NatGatewayAddresses": shown or planned,
    }


def own_table(resource: Resource, shape: Shape) -> None:
    """The route table that AWS makes with a regional NAT gateway."""
    if _is_regional(resource):
        table = _own_table(resource)
        item: Item = {"VpcId": resource.outputs.text("vpcId"), "Routes": []}
        shape.items["RouteTables"].setdefault(table, {"RouteTableId": table, **item})


def first_routes(shape: Shape) -> None:
    """Each such table comes with a route to the VPC's internet gateway."""
    of_vpc = {
        attachment["VpcId"]: gateway
        for gateway, item in shape.items["InternetGateways"].items()
        for attachment in item.get("Attachments", ())
    }
    for each in shape.items["NatGateways"].values():
        table = shape.get("RouteTables", each.get("RouteTableId"))
        if each.get("AvailabilityMode") == "regional" and table is not None:
            vpc = each["VpcId"]
            gateway = of_vpc.get(vpc, f"the internet gateway of {vpc}")
            first: Item = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway}
            if not any(one.get("DestinationCidrBlock") == "0.0.0.0/0" for one in table["Routes"]):
                table["Routes"].append({**first, "Origin": "CreateRoute", "State": "active"})
