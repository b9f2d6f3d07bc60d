"""Virtual private gateways: where a VPC ends its VPN connections."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, attachments_of, owner_of
from bulkhead.observe.pulumi.stack import Resource


def vpn_gateway(resource: Resource, shape: Shape) -> None:
    """A VpnGateway."""
    item: Item = {"VpnGatewayId": resource.id, **attachments_of(resource, "VpcAttachments")}
    shape.put("VpnGateways", resource.id, item, resource)


def attachment(resource: Resource, shape: Shape) -> None:
    """A VpnGatewayAttachment."""
    if gateway := owner_of(resource, shape, "VpnGateways", "vpnGatewayId"):
        gateway["VpcAttachments"] = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]
