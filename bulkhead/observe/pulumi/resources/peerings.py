"""VPC peering connections."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource


def peering(resource: Resource, shape: Shape) -> None:
    """A VpcPeeringConnection, or its accepter's side of it."""
    out = resource.outputs
    name = out.maybe("vpcPeeringConnectionId") or resource.id
    before = shape.get("VpcPeeringConnections", name)
    status: Item = {"Code": out.maybe("acceptStatus") or "active"}
    if before is not None:
        # Whichever side was read last, the accepter's decides whether it is active.
        before["Status"] = status
        return
    accepts = "ccepter" in resource.type
    if status["Code"] == "pending-acceptance" and _is_accepted_elsewhere(resource, name, shape):
        why = "it was yet to be accepted when its state was read, and another stack accepts it"
        shape.gaps.add("vpc-peering-connection", name, name, why)
    own = {"VpcId": out.maybe("vpcId"), "Region": shape.stack.region_of(resource)}
    far = {"VpcId": out.maybe("peerVpcId"), "Region": out.maybe("peerRegion")}
    item: Item = {
        "VpcPeeringConnectionId": name,
        "Status": status,
        "RequesterVpcInfo": far if accepts else own,
        "AccepterVpcInfo": own if accepts else far,
    }
    shape.put("VpcPeeringConnections", name, item, resource)


def _is_accepted_elsewhere(resource: Resource, name: str, shape: Shape) -> bool:
    """Whether its other side is none of this stack: whoever accepts it tells no state of it."""
    return resource.outputs.maybe("peerVpcId") not in shape.items["Vpcs"] and not any(
        "ccepter" in each.type and each.outputs.values.get("vpcPeeringConnectionId") == name
        for each in shape.stack.resources
    )
