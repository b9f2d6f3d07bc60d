"""Gateways, peerings, endpoints, transit gateways and firewalls of a Pulumi state.

Brought into the shape in which AWS describes them, as stack_shape does with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bulkhead.observe.pulumi.file import Resource
from bulkhead.observe.pulumi.things import Handler, Item, Shape, short
from bulkhead.observe.record import Hidden, Record

_TABLE: Final = "TransitGatewayRouteTableId"
_ATTACHMENT: Final = "TransitGatewayAttachmentId"


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


def egress_only_gateway(resource: Resource, shape: Shape) -> None:
    """An EgressOnlyInternetGateway."""
    attached = [{"VpcId": resource.outputs.text("vpcId"), "State": "attached"}]
    item: Item = {"EgressOnlyInternetGatewayId": resource.id, "Attachments": attached}
    shape.put("EgressOnlyInternetGateways", resource.id, item, resource)


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
    own = {"VpcId": out.maybe("vpcId"), "Region": shape.stack.region_of(resource)}
    far = {"VpcId": out.maybe("peerVpcId"), "Region": out.maybe("peerRegion")}
    item: Item = {
        "VpcPeeringConnectionId": name,
        "Status": status,
        "RequesterVpcInfo": far if accepts else own,
        "AccepterVpcInfo": own if accepts else far,
    }
    shape.put("VpcPeeringConnections", name, item, resource)


def public_access_exclusion(resource: Resource, shape: Shape) -> None:
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


def endpoint(resource: Resource, shape: Shape) -> None:
    """A VpcEndpoint; of one with interfaces a state does not tell the addresses."""
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
    if kind != "Gateway":
        why = "a state does not list the network interfaces that it runs"
        shape.gaps.add(short(resource.type), resource.id, resource.id, why)
        return
    if listed := out.maybe("prefixListId"):
        blocks = list(out.texts("cidrBlocks"))
        told: Item = {"PrefixListId": listed} | ({"Cidrs": blocks} if blocks else {})
        shape.put("PrefixLists", listed, told, resource)
    source = resource.outputs if resource.external else resource.inputs
    for table in source.texts("routeTableIds"):
        endpoint_route(resource, shape, table=table, name=resource.id)


def endpoint_association(resource: Resource, shape: Shape) -> None:
    """A VpcEndpointRouteTableAssociation."""
    out = resource.outputs
    endpoint_route(resource, shape, table=out.text("routeTableId"), name=out.text("vpcEndpointId"))


def endpoint_route(resource: Resource, shape: Shape, *, table: str, name: str) -> None:
    """The route by prefix list that AWS adds to an associated table."""
    held = shape.get("RouteTables", table)
    if held is None:
        shape.orphan(resource, table)
        return
    own = next(
        (each.outputs.maybe("prefixListId") for each in shape.stack.resources if each.id == name),
        None,
    )
    route = {"GatewayId": name, "DestinationPrefixListId": own or f"{name}/prefix-list"}
    if route not in held.setdefault("Routes", []):
        held["Routes"].append(route)


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


def transit_table(resource: Resource, shape: Shape) -> None:
    """A route table of a transit gateway."""
    item: Item = {
        _TABLE: resource.id,
        "TransitGatewayId": resource.outputs.text("transitGatewayId"),
    }
    shape.put("TransitGatewayRouteTables", resource.id, item, resource)


def transit_vpc(resource: Resource, shape: Shape) -> None:
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


def transit_vpn(resource: Resource, shape: Shape) -> None:
    """The attachment of a VPN connection that ends at a transit gateway."""
    out = resource.outputs
    name, gateway = out.maybe("transitGatewayAttachmentId"), out.maybe("transitGatewayId")
    if name and gateway:
        _attach(resource, shape, name, gateway, "vpn", resource.id)
        _by_default(shape, name, gateway, association=True, propagation=True)


def transit_peering(resource: Resource, shape: Shape) -> None:
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


def transit_association(resource: Resource, shape: Shape) -> None:
    """A RouteTableAssociation of a transit gateway."""
    out = resource.outputs
    _tie(shape, "Association", out.text("transitGatewayRouteTableId"), _attached(out))


def transit_propagation(resource: Resource, shape: Shape) -> None:
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


def transit_route(resource: Resource, shape: Shape) -> None:
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
    }
    _static(shape, out.text("transitGatewayRouteTableId"))["Routes"].append(found)


def _static(shape: Shape, table: str) -> Item:
    empty: Item = {_TABLE: table, "Routes": []}
    return shape.items["TransitGatewayStaticRoutes"].setdefault(table, empty)


def firewall(resource: Resource, shape: Shape) -> None:
    """A Network Firewall with the endpoints that AWS made for it."""
    out = resource.outputs
    states: Item = {}
    for status in out.records("firewallStatuses"):
        for state in status.records("syncStates"):
            for each in state.records("attachments"):
                attachment = {
                    "EndpointId": each.text("endpointId"),
                    "SubnetId": each.text("subnetId"),
                }
                states[state.text("availabilityZone")] = {"Attachment": attachment}
    item: Item = {
        "Firewall": {
            "FirewallArn": out.text("arn"),
            "FirewallName": out.maybe("name"),
            "VpcId": out.text("vpcId"),
            "FirewallPolicyArn": out.text("firewallPolicyArn"),
        },
        **({"FirewallStatus": {"SyncStates": states}} if states else {}),
    }
    shape.put("Firewalls", out.text("arn"), item, resource)


def firewall_policy(resource: Resource, shape: Shape) -> None:
    """A FirewallPolicy."""
    _whole(resource, shape, "FirewallPolicies", "FirewallPolicyResponse", "FirewallPolicy")


def rule_group(resource: Resource, shape: Shape) -> None:
    """A RuleGroup; rules in Suricata's own language may stand beside it."""
    _whole(resource, shape, "RuleGroups", "RuleGroupResponse", "RuleGroup")
    item = shape.items["RuleGroups"][resource.outputs.text("arn")]
    if rules := resource.outputs.maybe("rules"):
        item["RuleGroup"] = {"RulesSource": {"RulesString": rules}}


def _whole(resource: Resource, shape: Shape, key: str, response: str, name: str) -> None:
    out = resource.outputs
    arn = out.text("arn")
    inside = out.inside(name[0].lower() + name[1:])
    item: Item = {
        response: {f"{name}Arn": arn},
        **({name: _as_aws_writes(inside.values)} if inside else {}),
    }
    shape.put(key, arn, item, resource)


_OTHERWISE: Final = {
    "tcpFlags": "TCPFlags",
    "ipSets": "IPSets",
    "tlsInspectionConfigurationArn": "TLSInspectionConfigurationArn",
}
_SETS: Final = {"ipSets": "ipSet", "portSets": "portSet", "ruleVariables": "ipSet"}


def _as_aws_writes(value: Any) -> Any:
    """'statelessRules' -> 'StatelessRules'; sets by name, which Pulumi lists."""
    if isinstance(value, Mapping):
        return {
            _OTHERWISE.get(key, key[:1].upper() + key[1:]): _sets(key, each)
            for key, each in value.items()
            if each is not None
        }
    if isinstance(value, list):
        return [_as_aws_writes(each) for each in value]
    return value


def _sets(key: str, value: Any) -> Any:
    if key not in _SETS or not isinstance(value, list):
        return _as_aws_writes(value)
    found = {}
    for each in value:
        inside = each.get(_SETS[key]) if isinstance(each, Mapping) else None
        name = each.get("key") if isinstance(each, Mapping) else None
        if isinstance(inside, Mapping) and isinstance(name, str):
            definition = inside.get("definitions")
            found[name] = {"Definition": definition if not isinstance(definition, Hidden) else None}
    return found


def finish(shape: Shape) -> None:
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


EDGES: Final[Mapping[str, Handler]] = {
    "aws:ec2/natGateway:NatGateway": nat_gateway,
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": egress_only_gateway,
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": peering,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": peering,
    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion": public_access_exclusion,
    "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": (
        endpoint_association
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": transit_gateway,
    "aws:ec2transitgateway/routeTable:RouteTable": transit_table,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": transit_vpc,
    "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter": transit_vpc,
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": transit_peering,
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": transit_peering,
    "aws:ec2/vpnConnection:VpnConnection": transit_vpn,
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation": transit_association,
    "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation": transit_propagation,
    "aws:ec2transitgateway/route:Route": transit_route,
    "aws:ec2transitgateway/prefixListReference:PrefixListReference": transit_route,
    "aws:networkfirewall/firewall:Firewall": firewall,
    "aws:networkfirewall/firewallPolicy:FirewallPolicy": firewall_policy,
    "aws:networkfirewall/ruleGroup:RuleGroup": rule_group,
}
"""In this order they are read, after the things and the rules."""
