"""Transit gateways, what is attached to them, and their route tables."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.known import novel
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Record

_TABLE: Final = "TransitGatewayRouteTableId"


_ATTACHMENT: Final = "TransitGatewayAttachmentId"


def transit_gateway(resource: Resource, shape: Shape) -> None:
    """A TransitGateway, with the table that AWS makes for it."""
    out = resource.outputs
    support = out.maybe("securityGroupReferencingSupport")
    item: Item = {
        "TransitGatewayId": resource.id,
        "TransitGatewayArn": out.maybe("arn"),
        "Options": {"SecurityGroupReferencingSupport": support},
    }
    shape.put("TransitGateways", resource.id, item, resource)
    for way in ("association", "propagation"):
        if table := out.maybe(f"{way}DefaultRouteTableId"):
            made: Item = {_TABLE: table, "TransitGatewayId": resource.id}
            shape.items["TransitGatewayRouteTables"].setdefault(table, made)


def route_table(resource: Resource, shape: Shape) -> None:
    """A route table of a transit gateway."""
    item: Item = {
        _TABLE: resource.id,
        "TransitGatewayId": resource.outputs.text("transitGatewayId"),
    }
    shape.put("TransitGatewayRouteTables", resource.id, item, resource)


def vpc_attachment(resource: Resource, shape: Shape) -> None:
    """A VpcAttachment."""
    out = resource.outputs
    gateway = out.text("transitGatewayId")
    item: Item = {
        _ATTACHMENT: resource.id,
        "TransitGatewayId": gateway,
        "VpcId": out.text("vpcId"),
        "SubnetIds": list(out.texts("subnetIds")),
        "Options": {
            "ApplianceModeSupport": out.maybe("applianceModeSupport"),
            "SecurityGroupReferencingSupport": out.maybe("securityGroupReferencingSupport"),
        },
    }
    shape.put("TransitGatewayVpcAttachments", resource.id, item, resource)
    _attach(resource, shape, resource.id, gateway, "vpc", item["VpcId"])
    _by_default(
        shape,
        resource.id,
        gateway,
        association=out.flag("transitGatewayDefaultRouteTableAssociation", default=True),
        propagation=out.flag("transitGatewayDefaultRouteTablePropagation", default=True),
    )


def vpn_attachment(resource: Resource, shape: Shape) -> None:
    """The attachment of a VPN connection that ends at a transit gateway."""
    out = resource.outputs
    name, gateway = out.maybe("transitGatewayAttachmentId"), out.maybe("transitGatewayId")
    if name and gateway:
        _attach(resource, shape, name, gateway, "vpn", resource.id)
        _by_default(shape, name, gateway, association=True, propagation=True)


def peering_attachment(resource: Resource, shape: Shape) -> None:
    """A PeeringAttachment of two transit gateways."""
    out = resource.outputs
    own, far = out.text("transitGatewayId"), out.text("peerTransitGatewayId")
    _attach(resource, shape, resource.id, own, "peering", far)


def _attach(resource: Resource, shape: Shape, name: str, gateway: str, *told: str) -> None:
    kind, target = told
    item: Item = {
        _ATTACHMENT: name,
        "TransitGatewayId": gateway,
        "ResourceType": kind,
        "ResourceId": target,
    }
    # Both ends of a peering go by one id.
    known_as = f"{name} of {gateway}" if kind == "peering" else name
    shape.put("TransitGatewayAttachments", known_as, item, resource)


def _by_default(
    shape: Shape, attachment: str, gateway: str, *, association: bool, propagation: bool
) -> None:
    """What a new attachment is tied to unless it, or its gateway, says otherwise."""
    found = next((each for each in shape.stack.resources if each.id == gateway), None)
    if found is None:
        return
    for way, wanted in (("Association", association), ("Propagation", propagation)):
        on = found.outputs.maybe(f"defaultRouteTable{way}") != "disable"
        table = found.outputs.maybe(f"{way.lower()}DefaultRouteTableId")
        if wanted and on and table:
            _tie(shape, way, table, attachment)


def association(resource: Resource, shape: Shape) -> None:
    """A RouteTableAssociation of a transit gateway."""
    out = resource.outputs
    _tie(shape, "Association", out.text("transitGatewayRouteTableId"), _attached(out))


def propagation(resource: Resource, shape: Shape) -> None:
    """A RouteTablePropagation of a transit gateway."""
    out = resource.outputs
    _tie(shape, "Propagation", out.text("transitGatewayRouteTableId"), _attached(out))


def _attached(out: Record) -> str:
    return out.text("transitGatewayAttachmentId")


def _tie(shape: Shape, way: str, table: str, attachment: str) -> None:
    key = f"TransitGateway{way}s"
    inside = "Associations" if way == "Association" else "TransitGatewayRouteTablePropagations"
    held = shape.items[key].setdefault(table, {_TABLE: table, inside: []})
    if {_ATTACHMENT: attachment} not in held[inside]:
        held[inside].append({_ATTACHMENT: attachment})


def route(resource: Resource, shape: Shape) -> None:
    """A static route of a transit gateway, by block or by prefix list."""
    out = resource.outputs
    blackhole = out.flag("blackhole")
    attachment = None if blackhole else _attached(out)
    found: Item = {
        "DestinationCidrBlock": out.maybe("destinationCidrBlock"),
        "PrefixListId": out.maybe("prefixListId"),
        "Type": "static",
        "State": "blackhole" if blackhole else "active",
        "TransitGatewayAttachments": [{_ATTACHMENT: attachment}] if attachment else [],
        **novel(resource),
    }
    table = out.text("transitGatewayRouteTableId")
    _static(shape, table)["Routes"].append(found)
    shape.leads(resource, table, found["DestinationCidrBlock"], found["PrefixListId"])


def _static(shape: Shape, table: str) -> Item:
    empty: Item = {_TABLE: table, "Routes": []}
    return shape.items["TransitGatewayStaticRoutes"].setdefault(table, empty)


def tables(shape: Shape) -> None:
    """What this stack made of each table of a transit gateway is all that a state knows."""
    for table in shape.items["TransitGatewayRouteTables"]:
        _static(shape, table)
        inside = "TransitGatewayRouteTablePropagations"
        empty: Item = {_TABLE: table, inside: []}
        held = shape.items["TransitGatewayPropagations"].setdefault(table, empty)
        for each in held[inside]:
            attachment = shape.get("TransitGatewayAttachments", each[_ATTACHMENT])
            if attachment is not None:
                each["ResourceType"] = attachment["ResourceType"]
                each["ResourceId"] = attachment["ResourceId"]
