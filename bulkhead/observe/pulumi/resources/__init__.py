"""Resources of a Pulumi state, brought into the shape in which AWS describes them.

One file a kind of resource, and here the order in which all are read. A type may
come more than once: first what a thing is, then what is said of it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bulkhead.observe.pulumi.resources import (
    declared,
    internet_gateways,
    load_balancers,
    nat_gateways,
    network_acls,
    network_firewalls,
    network_interfaces,
    peerings,
    prefix_lists,
    public_access,
    route_tables,
    security_groups,
    transit_gateways,
    vpc_endpoints,
    vpcs,
    vpn_connections,
    vpn_gateways,
)
from bulkhead.observe.pulumi.resources.novelties import novelties
from bulkhead.observe.pulumi.resources.shape import ResourceReader, Shape

__all__ = ["IN_ORDER", "TYPES", "finish"]

_THINGS: Final[tuple[tuple[str, ResourceReader], ...]] = (
    ("aws:ec2/vpc:Vpc", vpcs.vpc),
    ("aws:ec2/defaultVpc:DefaultVpc", vpcs.vpc),
    ("aws:ec2/subnet:Subnet", vpcs.subnet),
    ("aws:ec2/defaultSubnet:DefaultSubnet", vpcs.subnet),
    ("aws:ec2/securityGroup:SecurityGroup", security_groups.security_group),
    ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", security_groups.security_group),
    ("aws:ec2/networkAcl:NetworkAcl", network_acls.network_acl),
    ("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", network_acls.network_acl),
    ("aws:ec2/routeTable:RouteTable", route_tables.route_table),
    ("aws:ec2/defaultRouteTable:DefaultRouteTable", route_tables.route_table),
    ("aws:ec2/networkInterface:NetworkInterface", network_interfaces.network_interface),
    ("aws:ec2/instance:Instance", network_interfaces.instance),
    ("aws:ec2/internetGateway:InternetGateway", internet_gateways.internet_gateway),
    ("aws:ec2/vpnGateway:VpnGateway", vpn_gateways.vpn_gateway),
    ("aws:ec2/customerGateway:CustomerGateway", vpn_connections.customer_gateway),
    ("aws:ec2/vpnConnection:VpnConnection", vpn_connections.vpn_connection),
    ("aws:ec2/natGateway:NatGateway", nat_gateways.own_table),
    ("aws:ec2/managedPrefixList:ManagedPrefixList", prefix_lists.prefix_list),
    (
        "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
        public_access.options,
    ),
)
"""Later ones look at earlier ones."""

_RULES: Final[tuple[tuple[str, ResourceReader], ...]] = (
    ("aws:ec2/securityGroup:SecurityGroup", security_groups.rules_inside),
    ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", security_groups.rules_inside),
    ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", security_groups.ingress_rule),
    ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", security_groups.egress_rule),
    ("aws:ec2/securityGroupRule:SecurityGroupRule", security_groups.legacy_rule),
    ("aws:ec2/networkAcl:NetworkAcl", network_acls.entries_inside),
    ("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", network_acls.entries_inside),
    ("aws:ec2/networkAclRule:NetworkAclRule", network_acls.network_acl_rule),
    ("aws:ec2/routeTable:RouteTable", route_tables.routes_inside),
    ("aws:ec2/defaultRouteTable:DefaultRouteTable", route_tables.routes_inside),
    ("aws:ec2/route:Route", route_tables.route),
)
"""What stands apart comes after what stands inside."""

_TIES: Final[tuple[tuple[str, ResourceReader], ...]] = (
    (
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        vpcs.secondary_block,
    ),
    ("aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation", vpcs.ipv6_block),
    ("aws:ec2/vpcEncryptionControl:VpcEncryptionControl", vpcs.encryption_control),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", route_tables.association),
    ("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", route_tables.main_association),
    ("aws:ec2/networkAcl:NetworkAcl", network_acls.subnets_inside),
    ("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", network_acls.subnets_inside),
    ("aws:ec2/networkAclAssociation:NetworkAclAssociation", network_acls.association),
    (
        "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
        network_interfaces.group_attachment,
    ),
    ("aws:ec2/eip:Eip", network_interfaces.public_address),
    ("aws:ec2/eipAssociation:EipAssociation", network_interfaces.public_address),
    ("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment", internet_gateways.attachment),
    ("aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment", vpn_gateways.attachment),
    ("aws:ec2/vpnConnectionRoute:VpnConnectionRoute", vpn_connections.route),
    ("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", route_tables.propagation),
    ("aws:ec2/routeTable:RouteTable", route_tables.propagations_inside),
    ("aws:ec2/defaultRouteTable:DefaultRouteTable", route_tables.propagations_inside),
)
"""What only ties two others together: associations, attachments, propagation."""

_BEYOND: Final[tuple[tuple[str, ResourceReader], ...]] = (
    ("aws:ec2/natGateway:NatGateway", nat_gateways.nat_gateway),
    (
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        internet_gateways.egress_only_gateway,
    ),
    ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", peerings.peering),
    ("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", peerings.peering),
    (
        "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
        public_access.exclusion,
    ),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", vpc_endpoints.endpoint),
    (
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        vpc_endpoints.association,
    ),
    ("aws:ec2transitgateway/transitGateway:TransitGateway", transit_gateways.transit_gateway),
    ("aws:ec2transitgateway/routeTable:RouteTable", transit_gateways.route_table),
    ("aws:ec2transitgateway/vpcAttachment:VpcAttachment", transit_gateways.vpc_attachment),
    (
        "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter",
        transit_gateways.vpc_attachment,
    ),
    (
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        transit_gateways.peering_attachment,
    ),
    (
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        transit_gateways.peering_attachment,
    ),
    ("aws:ec2/vpnConnection:VpnConnection", transit_gateways.vpn_attachment),
    (
        "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
        transit_gateways.association,
    ),
    (
        "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
        transit_gateways.propagation,
    ),
    ("aws:ec2transitgateway/route:Route", transit_gateways.route),
    ("aws:ec2transitgateway/prefixListReference:PrefixListReference", transit_gateways.route),
    ("aws:lb/loadBalancer:LoadBalancer", load_balancers.balancer),
    ("aws:lb/targetGroup:TargetGroup", load_balancers.target_group),
    ("aws:lb/targetGroupAttachment:TargetGroupAttachment", load_balancers.target),
    ("aws:lb/listener:Listener", load_balancers.listener),
    ("aws:networkfirewall/firewall:Firewall", network_firewalls.firewall),
    ("aws:networkfirewall/firewallPolicy:FirewallPolicy", network_firewalls.policy),
    ("aws:networkfirewall/ruleGroup:RuleGroup", network_firewalls.rule_group),
)
"""What routes lead to, and what stands in the way there."""

IN_ORDER: Final = (*_THINGS, *_RULES, *_TIES, *_BEYOND)
TYPES: Final = frozenset(token for token, _ in IN_ORDER)

_LAST: Final[tuple[Callable[[Shape], None], ...]] = (
    novelties,
    security_groups.default_rules,
    route_tables.mark_main_tables,
    nat_gateways.first_routes,
    load_balancers.at_any_address,
    network_interfaces.homes,
    route_tables.propagated_routes,
    vpcs.tied_elsewhere,
    network_acls.undeclared_associations,
    transit_gateways.tables,
    declared.unexplained,
)


def finish(shape: Shape) -> None:
    """What can be said only when every resource has been read."""
    for each in _LAST:
        each(shape)
