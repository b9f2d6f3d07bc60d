"""Virtual private gateways: where a VPC ends its VPN connections."""

from __future__ import annotations

from bulkhead.network import AMAZON_ASN
from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, attachments_of, owner_of
from bulkhead.observe.pulumi.stack import Resource


def vpn_gateway(resource: Resource, shape: Shape) -> None:
    """A VpnGateway."""
    item: Item = {
        "VpnGatewayId": resource.id,
        # Of one that is yet to be made: what AWS gives it where nobody says another
        # (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html).
        "AmazonSideAsn": resource.outputs.maybe_integer("amazonSideAsn") or AMAZON_ASN,
        **attachments_of(resource, "VpcAttachments"),
    }
    shape.put("VpnGateways", resource.id, item, resource)


def attachment(resource: Resource, shape: Shape) -> None:
    """A VpnGatewayAttachment."""
    if gateway := owner_of(resource, shape, "VpnGateways", "vpnGatewayId"):
        gateway["VpcAttachments"] = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]
