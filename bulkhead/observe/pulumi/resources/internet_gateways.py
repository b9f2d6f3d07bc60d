"""Internet gateways, and those for IPv6 that let connections out only."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, attachments_of, owner_of
from bulkhead.observe.pulumi.stack import Resource


def internet_gateway(resource: Resource, shape: Shape) -> None:
    """An InternetGateway."""
    item: Item = {"InternetGatewayId": resource.id, **attachments_of(resource, "Attachments")}
    shape.put("InternetGateways", resource.id, item, resource)


def attachment(resource: Resource, shape: Shape) -> None:
    """An InternetGatewayAttachment."""
    if gateway := owner_of(resource, shape, "InternetGateways", "internetGatewayId"):
        gateway["Attachments"] = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]


def egress_only_gateway(resource: Resource, shape: Shape) -> None:
    """An EgressOnlyInternetGateway."""
    attachments = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]
    item: Item = {"EgressOnlyInternetGatewayId": resource.id, "Attachments": attachments}
    shape.put("EgressOnlyInternetGateways", resource.id, item, resource)
