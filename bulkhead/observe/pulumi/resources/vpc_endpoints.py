"""VPC endpoints, with the routes that AWS adds for those of kind Gateway."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.network_interfaces import of_an_endpoint
from bulkhead.observe.pulumi.resources.shape import Shape, short
from bulkhead.observe.pulumi.stack import Resource


def endpoint(resource: Resource, shape: Shape) -> None:
    """A VpcEndpoint; of one with interfaces a state seldom tells the addresses."""
    out = resource.outputs
    kind = out.maybe("vpcEndpointType") or "Gateway"
    item: Item = {
        "VpcEndpointId": resource.id,
        "VpcEndpointType": kind,
        "VpcId": out.text("vpcId"),
        "ServiceName": out.maybe("serviceName"),
        "State": out.maybe("state"),
    }
    shape.put("VpcEndpoints", resource.id, item, resource)
    if kind == "Interface" and of_an_endpoint(resource, shape):
        return
    if kind != "Gateway":
        why = "a state does not list the network interfaces that it runs"
        shape.gaps.add(short(resource.type), resource.id, resource.id, why)
        return
    listed = out.maybe("prefixListId") or _unnamed_list(resource.id)
    blocks = list(out.texts("cidrBlocks"))
    # AWS calls the list as it calls the service
    # (docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
    told: Item = {"PrefixListId": listed, "PrefixListName": out.maybe("serviceName")}
    told |= {"Cidrs": blocks} if blocks else {}
    shape.put("PrefixLists", listed, told, resource)
    source = resource.outputs if resource.external else resource.inputs
    for table in source.texts("routeTableIds"):
        _route(resource, shape, table=table, name=resource.id)


def _unnamed_list(endpoint: str) -> str:
    """What the list of an endpoint goes by until AWS has told its id."""
    return f"{endpoint}/prefix-list"


def association(resource: Resource, shape: Shape) -> None:
    """A VpcEndpointRouteTableAssociation."""
    out = resource.outputs
    _route(resource, shape, table=out.text("routeTableId"), name=out.text("vpcEndpointId"))


def _route(resource: Resource, shape: Shape, *, table: str, name: str) -> None:
    """The route by prefix list that AWS adds to an associated table."""
    held = shape.get("RouteTables", table)
    if held is None:
        shape.orphan(resource, table)
        return
    own = next(
        (each.outputs.maybe("prefixListId") for each in shape.stack.resources if each.id == name),
        None,
    )
    route = {"GatewayId": name, "DestinationPrefixListId": own or _unnamed_list(name)}
    if route not in held.setdefault("Routes", []):
        held["Routes"].append(route)
