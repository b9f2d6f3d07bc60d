"""NAT gateways, with the interface that AWS makes for each."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource


def nat_gateway(resource: Resource, shape: Shape) -> None:
    """A NatGateway, and the interface that AWS makes for it."""
    out = resource.outputs
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
        "NatGatewayAddresses": [address],
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
