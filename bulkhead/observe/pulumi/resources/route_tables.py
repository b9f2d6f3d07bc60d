"""Route tables, their routes, written inside or apart, and what they are associated with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.observe.calls import TARGETS, Item
from bulkhead.observe.pulumi.known import novel, novel_inside
from bulkhead.observe.pulumi.resources.declared import declared_and_echoed
from bulkhead.observe.pulumi.resources.shape import Echo, Shape, Unclaimed, owner_of, vpc_of
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Record


def route_table(resource: Resource, shape: Shape) -> None:
    """A RouteTable, or the DefaultRouteTable, without its routes."""
    vpc = vpc_of(resource, shape, "RouteTables")
    item: Item = {"RouteTableId": resource.id, "VpcId": vpc, "Associations": [], "Routes": []}
    shape.put("RouteTables", resource.id, item, resource)
    if "efault" in resource.type:
        shape.main_tables[vpc] = resource.id


_TARGETS: Final = {
    "gatewayId": "GatewayId",
    **{call.id[0].lower() + call.id[1:]: call.id for call in TARGETS.values()},
    "vpcEndpointId": "GatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "localGatewayId": "LocalGatewayId",
    "carrierGatewayId": "CarrierGatewayId",
    "coreNetworkArn": "CoreNetworkArn",
    "odbNetworkArn": "OdbNetworkArn",
}


def routes_inside(resource: Resource, shape: Shape) -> None:
    """The routes written inside a RouteTable."""
    declared, echoed = declared_and_echoed(resource, ("routes",), _inside)
    shape.items["RouteTables"][resource.id]["Routes"].extend(declared)
    shape.echoes += [
        Echo(owner=resource.id, key="RouteTables", kind=Unclaimed.ROUTE, item=each, says=_says)
        for each in echoed
    ]


def _inside(record: Record, key: str, _table: str) -> Iterable[Item]:
    for block in record.records(key):
        found = _route(block, "cidrBlock", "ipv6CidrBlock")
        yield found | novel_inside("aws:ec2/routeTable:RouteTable", key, block)


def route(resource: Resource, shape: Shape) -> None:
    """A Route."""
    name = resource.outputs.text("routeTableId")
    table = shape.get("RouteTables", name)
    if table is None:
        shape.orphan(resource, name)
        return
    routes = table.setdefault("Routes", [])
    found = _route(resource.outputs, "destinationCidrBlock", "destinationIpv6CidrBlock")
    routes.append({**found, "State": resource.outputs.maybe("state"), **novel(resource)})
    shape.leads(resource, name, *(found[key] for key in _DESTINATIONS))


_DESTINATIONS: Final = (
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "DestinationPrefixListId",
)


def _route(record: Record, ipv4: str, ipv6: str) -> Item:
    item: Item = {
        "DestinationCidrBlock": record.maybe(ipv4),
        "DestinationIpv6CidrBlock": record.maybe(ipv6),
        "DestinationPrefixListId": record.maybe("destinationPrefixListId"),
    }
    for key, name in _TARGETS.items():
        if target := record.maybe(key):
            item[name] = target
    return item


def _says(found: Item) -> str:
    destination = (
        found["DestinationCidrBlock"]
        or found["DestinationIpv6CidrBlock"]
        or found["DestinationPrefixListId"]
    )
    target = next((found[name] for name in _TARGETS.values() if name in found), None)
    return f"{destination} -> {target}"


def association(resource: Resource, shape: Shape) -> None:
    """A RouteTableAssociation: of a subnet, or of a gateway."""
    out = resource.outputs
    association: Item = {
        "RouteTableAssociationId": resource.id,
        "SubnetId": out.maybe("subnetId"),
        "GatewayId": out.maybe("gatewayId"),
    }
    if table := owner_of(resource, shape, "RouteTables", "routeTableId"):
        table.setdefault("Associations", []).append(association)
    elif subnet := out.maybe("subnetId"):
        shape.foreign["RouteTables", subnet] = out.text("routeTableId")


def main_association(resource: Resource, shape: Shape) -> None:
    """A MainRouteTableAssociation."""
    out = resource.outputs
    shape.main_tables[out.text("vpcId")] = out.text("routeTableId")


def propagation(resource: Resource, shape: Shape) -> None:
    """A VpnGatewayRoutePropagation."""
    out = resource.outputs
    if owner_of(resource, shape, "RouteTables", "routeTableId"):
        shape.propagations.add((out.text("vpnGatewayId"), out.text("routeTableId")))


def propagations_inside(resource: Resource, shape: Shape) -> None:
    """The gateways that a RouteTable itself lets propagate to it."""
    source = resource.outputs if resource.external else resource.inputs
    for gateway in source.texts("propagatingVgws"):
        shape.propagations.add((gateway, resource.id))


def mark_main_tables(shape: Shape) -> None:
    """Mark the main table of each VPC: it counts where a subnet is associated with none."""
    for vpc, main in shape.main_tables.items():
        if table := shape.get("RouteTables", main):
            table.setdefault("Associations", []).append({"Main": True})
            table.setdefault("VpcId", vpc)


def propagated_routes(shape: Shape) -> None:
    """Static routes of a VPN connection appear in each table its gateway propagates to."""
    for gateway, table in sorted(shape.propagations):
        held = shape.get("RouteTables", table)
        if held is None:
            continue
        connections = [
            each
            for each in shape.items["VpnConnections"].values()
            if each["VpnGatewayId"] == gateway
        ]
        if not all(each["Options"]["StaticRoutesOnly"] for each in connections):
            held.setdefault("Routes", []).append(_learned(gateway))
        for connection in connections:
            for known in connection["Routes"]:
                propagated = {"GatewayId": gateway, "Origin": "EnableVgwRoutePropagation"}
                held.setdefault("Routes", []).append({**known, **propagated})


def _learned(gateway: str) -> Item:
    """Whatever a gateway may propagate: nobody knows whether, nor how much of it."""
    return {
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": gateway,
        "Origin": "EnableVgwRoutePropagation",
        "State": "learned by BGP, which no state shows",
    }
