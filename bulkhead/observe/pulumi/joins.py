"""Resources that only tie two others together: associations, attachments, propagation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulkhead.observe.pulumi.file import Resource
from bulkhead.observe.pulumi.things import Handler, Item, Shape, short
from bulkhead.observe.record import Hidden


def _secondary_block(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    if vpc := _owner(resource, shape, "Vpcs", "vpcId"):
        vpc["CidrBlockAssociationSet"].append({"CidrBlock": out.text("cidrBlock")})


def _ipv6_block(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    if vpc := _owner(resource, shape, "Vpcs", "vpcId"):
        if block := out.maybe("ipv6CidrBlock"):
            vpc["Ipv6CidrBlockAssociationSet"].append({"Ipv6CidrBlock": block})
        else:
            why = "the IPv6 block that it was given is not in the state"
            shape.gaps.add(short(resource.type), resource.id, out.text("vpcId"), why)


def _table_association(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    association: Item = {"SubnetId": out.maybe("subnetId"), "GatewayId": out.maybe("gatewayId")}
    if table := _owner(resource, shape, "RouteTables", "routeTableId"):
        table.setdefault("Associations", []).append(association)
    elif subnet := out.maybe("subnetId"):
        shape.foreign["RouteTables", subnet] = out.text("routeTableId")


def _main_association(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    shape.main_tables[out.text("vpcId")] = out.text("routeTableId")


def _acl_association(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    subnet = out.text("subnetId")
    if acl := _owner(resource, shape, "NetworkAcls", "networkAclId"):
        acl["Associations"] = [
            *(each for each in acl["Associations"] if each["SubnetId"] != subnet),
            {"SubnetId": subnet},
        ]
    else:
        shape.foreign["NetworkAcls", subnet] = out.text("networkAclId")


def _acl_subnets(resource: Resource, shape: Shape) -> None:
    """The subnets that a NetworkAcl itself names; its outputs only echo (see stack_rules)."""
    acl = shape.items["NetworkAcls"][resource.id]
    source = resource.outputs if resource.external else resource.inputs
    acl["Associations"].extend({"SubnetId": each} for each in source.texts("subnetIds"))
    if not resource.external and "efault" not in resource.type:
        for subnet in resource.outputs.texts("subnetIds"):
            shape.claimed[subnet].add(resource.id)


def _group_attachment(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    if interface := _owner(resource, shape, "NetworkInterfaces", "networkInterfaceId"):
        held: Item = {"GroupId": out.text("securityGroupId")}
        if held not in interface["Groups"]:
            interface["Groups"].append(held)


def _public_address(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    name = out.maybe("networkInterface") or out.maybe("networkInterfaceId")
    interface = shape.get("NetworkInterfaces", name)
    public = out.maybe("publicIp")
    if interface is None or public is None:
        return
    private = out.maybe("privateIp") or out.maybe("privateIpAddress")
    if private in (None, interface["PrivateIpAddress"]):
        interface["Association"] = {"PublicIp": public}
        return
    for each in interface.get("PrivateIpAddresses", ()):
        if each["PrivateIpAddress"] == private:
            each["Association"] = {"PublicIp": public}


def _internet_attachment(resource: Resource, shape: Shape) -> None:
    if gateway := _owner(resource, shape, "InternetGateways", "internetGatewayId"):
        gateway["Attachments"] = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]


def _vpn_attachment(resource: Resource, shape: Shape) -> None:
    if gateway := _owner(resource, shape, "VpnGateways", "vpnGatewayId"):
        gateway["VpcAttachments"] = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]


def _vpn_route(resource: Resource, shape: Shape) -> None:
    if connection := _owner(resource, shape, "VpnConnections", "vpnConnectionId"):
        block = resource.outputs.text("destinationCidrBlock")
        connection["Routes"].append({"DestinationCidrBlock": block})


def _propagation(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    if _owner(resource, shape, "RouteTables", "routeTableId"):
        shape.propagations.add((out.text("vpnGatewayId"), out.text("routeTableId")))


def _propagating_table(resource: Resource, shape: Shape) -> None:
    source = resource.outputs if resource.external else resource.inputs
    for gateway in source.texts("propagatingVgws"):
        shape.propagations.add((gateway, resource.id))


def _owner(resource: Resource, shape: Shape, key: str, name: str) -> Item | None:
    owner = resource.outputs.text(name)
    found = shape.get(key, owner)
    if found is None:
        shape.orphan(resource, owner)
    return found


def finish(shape: Shape) -> None:
    """What can be said only when everything is tied: main tables, propagated routes, doubts."""
    for vpc, main in shape.main_tables.items():
        if table := shape.get("RouteTables", main):
            table.setdefault("Associations", []).append({"Main": True})
            table.setdefault("VpcId", vpc)
    # A state names an interface's subnet only; describe calls name its VPC as well.
    for interface in shape.items["NetworkInterfaces"].values():
        if home := shape.get("Subnets", str(interface.get("SubnetId"))):
            interface.setdefault("VpcId", home["VpcId"])
    _propagate(shape)
    tied = {
        each.get("SubnetId")
        for acl in shape.items["NetworkAcls"].values()
        for each in acl.get("Associations", ())
    }
    for subnet, acls in sorted(shape.claimed.items()):
        if subnet not in tied and subnet in shape.items["Subnets"]:
            named = " and ".join(sorted(acls))
            why = f"the last reading shows it behind {named}, which no resource declares"
            shape.gaps.add(
                "undeclared association", subnet, subnet, f"{why}; 'pulumi refresh' tells"
            )
    for (key, subnet), owner in sorted(shape.foreign.items()):
        kind = "network ACL" if key == "NetworkAcls" else "route table"
        shape.gaps.add("subnet", subnet, subnet, f"its {kind} {owner} is not in this state")


def _propagate(shape: Shape) -> None:
    """Static routes of a VPN connection appear in each table its gateway propagates to."""
    for gateway, table in sorted(shape.propagations):
        held = shape.get("RouteTables", table)
        if held is None:
            continue
        for connection in shape.items["VpnConnections"].values():
            if connection["VpnGatewayId"] != gateway:
                continue
            if not connection["Options"]["StaticRoutesOnly"]:
                why = "what it learns by BGP, and so propagates, is not in a state"
                shape.gaps.add("route propagation", gateway, table, why)
            for known in connection["Routes"]:
                propagated = {"GatewayId": gateway, "Origin": "EnableVgwRoutePropagation"}
                held.setdefault("Routes", []).append({**known, **propagated})


def pending(shape: Shape) -> None:
    """Operations that an interrupted update left open, on what matters here."""
    for kind, resource in shape.stack.pending:
        if not resource.type.startswith("aws:"):
            continue
        scope = resource.id or narrowest(resource) or resource.urn
        why = f"{kind} it was interrupted: AWS may hold something else; 'pulumi refresh' tells"
        shape.gaps.add(f"pending {short(resource.type)}", resource.id or resource.urn, scope, why)


def narrowest(resource: Resource) -> str | None:
    """The narrowest thing that a resource says something about."""
    for record in (resource.outputs, resource.inputs):
        for key in ("securityGroupId", "networkAclId", "routeTableId", "networkInterfaceId"):
            value = record.values.get(key)
            if isinstance(value, str) and value:
                return value
    return None


_OWNERS: Final = (
    *("securityGroupId", "networkAclId", "routeTableId", "networkInterfaceId", "networkInterface"),
    *("subnetId", "subnetIds", "vpcId", "internetGatewayId", "vpnGatewayId", "vpnConnectionId"),
)
"""Properties that say what a resource is about, rather than what it says about it."""


def in_doubt(resource: Resource) -> list[str]:
    """What depends on a resource of which something is hidden: what it is, or may be, about."""
    scopes = [owner] if (owner := narrowest(resource)) else []
    hidden = [
        value
        for key in _OWNERS
        for each in (resource.outputs.values.get(key),)
        for value in (each if isinstance(each, list) else [each])
        if isinstance(value, Hidden)
    ]
    subnet = resource.outputs.values.get("subnetId")
    if hidden and isinstance(subnet, str):
        scopes.append(subnet)
    scopes.extend(candidate for value in hidden for candidate in value.candidates)
    return list(dict.fromkeys(scopes))


JOINS: Final[Mapping[str, Handler]] = {
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": _secondary_block,
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": _ipv6_block,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _table_association,
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": _main_association,
    "aws:ec2/networkAcl:NetworkAcl": _acl_subnets,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": _acl_subnets,
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": _acl_association,
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": (
        _group_attachment
    ),
    "aws:ec2/eip:Eip": _public_address,
    "aws:ec2/eipAssociation:EipAssociation": _public_address,
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": _internet_attachment,
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": _vpn_attachment,
    "aws:ec2/vpnConnectionRoute:VpnConnectionRoute": _vpn_route,
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": _propagation,
    "aws:ec2/routeTable:RouteTable": _propagating_table,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _propagating_table,
}
