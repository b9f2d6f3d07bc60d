"""VPC Block Public Access, and what is excluded from it."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource


def options(resource: Resource, shape: Shape) -> None:
    """VpcBlockPublicAccessOptions."""
    mode = resource.outputs.text("internetGatewayBlockMode")
    shape.public_access = {"InternetGatewayBlockMode": mode}


def exclusion(resource: Resource, shape: Shape) -> None:
    """A VpcBlockPublicAccessExclusion."""
    out = resource.outputs
    arn = out.maybe("resourceArn") or f"/{out.maybe('vpcId') or out.text('subnetId')}"
    item: Item = {
        "ExclusionId": resource.id,
        "ResourceArn": arn,
        "InternetGatewayExclusionMode": out.text("internetGatewayExclusionMode"),
        "State": "create-complete",
    }
    shape.put("VpcBlockPublicAccessExclusions", resource.id, item, resource)
