"""What the bridge between Pulumi and the provider of Terraform calls types and arguments.

An argument goes by the same words, run together; a block that may come several times, by their
plural; one that comes once at most is an object, and no list of one
(github.com/pulumi/pulumi-terraform-bridge, pkg/tfbridge/names.go). A test holds the tables
against the SDK that was made by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from bulkhead.observe.pulumi.known import KNOWN

TYPES: Final[Mapping[str, str]] = {
    "aws_customer_gateway": "aws:ec2/customerGateway:CustomerGateway",
    "aws_default_network_acl": "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws_default_route_table": "aws:ec2/defaultRouteTable:DefaultRouteTable",
    "aws_default_security_group": "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws_default_subnet": "aws:ec2/defaultSubnet:DefaultSubnet",
    "aws_default_vpc": "aws:ec2/defaultVpc:DefaultVpc",
    "aws_ec2_managed_prefix_list": "aws:ec2/managedPrefixList:ManagedPrefixList",
    "aws_ec2_transit_gateway": "aws:ec2transitgateway/transitGateway:TransitGateway",
    "aws_ec2_transit_gateway_peering_attachment": (
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
    ),
    "aws_ec2_transit_gateway_peering_attachment_accepter": (
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
    ),
    "aws_ec2_transit_gateway_prefix_list_reference": (
        "aws:ec2transitgateway/prefixListReference:PrefixListReference"
    ),
    "aws_ec2_transit_gateway_route": "aws:ec2transitgateway/route:Route",
    "aws_ec2_transit_gateway_route_table": "aws:ec2transitgateway/routeTable:RouteTable",
    "aws_ec2_transit_gateway_route_table_association": (
        "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
    ),
    "aws_ec2_transit_gateway_route_table_propagation": (
        "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
    ),
    "aws_ec2_transit_gateway_vpc_attachment": "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    "aws_ec2_transit_gateway_vpc_attachment_accepter": (
        "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
    ),
    "aws_egress_only_internet_gateway": (
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
    ),
    "aws_eip": "aws:ec2/eip:Eip",
    "aws_eip_association": "aws:ec2/eipAssociation:EipAssociation",
    "aws_flow_log": "aws:ec2/flowLog:FlowLog",
    "aws_instance": "aws:ec2/instance:Instance",
    "aws_internet_gateway": "aws:ec2/internetGateway:InternetGateway",
    "aws_internet_gateway_attachment": (
        "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
    ),
    "aws_launch_template": "aws:ec2/launchTemplate:LaunchTemplate",
    "aws_lb": "aws:lb/loadBalancer:LoadBalancer",
    "aws_lb_listener": "aws:lb/listener:Listener",
    "aws_lb_target_group": "aws:lb/targetGroup:TargetGroup",
    "aws_lb_target_group_attachment": "aws:lb/targetGroupAttachment:TargetGroupAttachment",
    "aws_main_route_table_association": (
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
    ),
    "aws_nat_gateway": "aws:ec2/natGateway:NatGateway",
    "aws_network_acl": "aws:ec2/networkAcl:NetworkAcl",
    "aws_network_acl_association": "aws:ec2/networkAclAssociation:NetworkAclAssociation",
    "aws_network_acl_rule": "aws:ec2/networkAclRule:NetworkAclRule",
    "aws_network_interface": "aws:ec2/networkInterface:NetworkInterface",
    "aws_network_interface_sg_attachment": (
        "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment"
    ),
    "aws_networkfirewall_firewall": "aws:networkfirewall/firewall:Firewall",
    "aws_networkfirewall_firewall_policy": "aws:networkfirewall/firewallPolicy:FirewallPolicy",
    "aws_networkfirewall_logging_configuration": (
        "aws:networkfirewall/loggingConfiguration:LoggingConfiguration"
    ),
    "aws_networkfirewall_rule_group": "aws:networkfirewall/ruleGroup:RuleGroup",
    "aws_route": "aws:ec2/route:Route",
    "aws_route_table": "aws:ec2/routeTable:RouteTable",
    "aws_route_table_association": "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws_security_group": "aws:ec2/securityGroup:SecurityGroup",
    "aws_security_group_rule": "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws_subnet": "aws:ec2/subnet:Subnet",
    "aws_vpc": "aws:ec2/vpc:Vpc",
    "aws_vpc_block_public_access_exclusion": (
        "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion"
    ),
    "aws_vpc_block_public_access_options": (
        "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions"
    ),
    "aws_vpc_encryption_control": "aws:ec2/vpcEncryptionControl:VpcEncryptionControl",
    "aws_vpc_endpoint": "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws_vpc_endpoint_route_table_association": (
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
    ),
    "aws_vpc_ipv4_cidr_block_association": (
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
    ),
    "aws_vpc_ipv6_cidr_block_association": (
        "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation"
    ),
    "aws_vpc_peering_connection": "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws_vpc_peering_connection_accepter": (
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    ),
    "aws_vpc_security_group_egress_rule": (
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    ),
    "aws_vpc_security_group_ingress_rule": (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    ),
    "aws_vpn_connection": "aws:ec2/vpnConnection:VpnConnection",
    "aws_vpn_connection_route": "aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
    "aws_vpn_gateway": "aws:ec2/vpnGateway:VpnGateway",
    "aws_vpn_gateway_attachment": "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
    "aws_vpn_gateway_route_propagation": (
        "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"
    ),
}
"""Everything that is read. Of the rest a type tells whether it may carry packets or run hosts."""

ONCE: Final[Mapping[str, frozenset[str]]] = {
    "aws:ec2/networkInterface:NetworkInterface": frozenset(
        {"connectionTrackingSpecification", "enaSrdSpecification", "enaSrdUdpSpecification"}
    ),
    "aws:ec2/instance:Instance": frozenset(
        {"capacityReservationSpecification", "capacityReservationTarget", "cpuOptions"}
        | {"creditSpecification", "enclaveOptions", "instanceMarketOptions", "spotOptions"}
        | {"launchTemplate", "maintenanceOptions", "metadataOptions", "primaryNetworkInterface"}
        | {"privateDnsNameOptions", "rootBlockDevice"}
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": frozenset({"metadataOptions"}),
    "aws:ec2/vpnConnection:VpnConnection": frozenset(
        {"tunnel1LogOptions", "cloudwatchLogOptions", "tunnel2LogOptions"}
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": frozenset({"accepter", "requester"}),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": frozenset(
        {"accepter", "requester"}
    ),
    "aws:ec2/vpcEncryptionControl:VpcEncryptionControl": frozenset(
        {"resourceExclusions", "egressOnlyInternetGateway", "elasticFileSystem", "internetGateway"}
        | {"lambda", "natGateway", "virtualPrivateGateway", "vpcLattice", "vpcPeering"}
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": frozenset({"dnsOptions"}),
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": frozenset({"options"}),
    "aws:lb/listener:Listener": frozenset(
        {"authenticateCognito", "authenticateOidc", "fixedResponse", "forward", "jwtValidation"}
        | {"mutualAuthentication", "redirect", "stickiness"}
    ),
    "aws:lb/loadBalancer:LoadBalancer": frozenset(
        {"accessLogs", "connectionLogs", "healthCheckLogs", "ipamPools"}
        | {"minimumLoadBalancerCapacity"}
    ),
    "aws:lb/targetGroup:TargetGroup": frozenset(
        {"dnsFailover", "healthCheck", "stickiness", "targetGroupHealth", "unhealthyStateRouting"}
    ),
    "aws:networkfirewall/firewall:Firewall": frozenset({"encryptionConfiguration"}),
    "aws:networkfirewall/firewallPolicy:FirewallPolicy": frozenset(
        {"encryptionConfiguration", "firewallPolicy", "policyVariables", "ipSet"}
        | {"statefulEngineOptions", "flowTimeouts", "override", "actionDefinition"}
        | {"publishMetricAction"}
    ),
    "aws:networkfirewall/ruleGroup:RuleGroup": frozenset(
        {"encryptionConfiguration", "ruleGroup", "rulesSource", "rulesSourceList", "header"}
        | {"statelessRulesAndCustomActions", "ruleDefinition", "matchAttributes"}
        | {"actionDefinition", "publishMetricAction", "referenceSets", "ruleVariables", "ipSet"}
        | {"portSet", "statefulRuleOptions"}
    ),
}
"""The blocks that come once at most, at whatever depth. Timeouts are told to nobody."""

_MODULES: Final = (
    ("ec2_transit_gateway", "ec2transitgateway"),
    ("ec2_client_vpn", "ec2clientvpn"),
    ("ec2", "ec2"),
    ("dx", "directconnect"),
)
"""How a type begins whose module goes by another name than the service."""
_OF_EC2: Final = re.compile(
    r"(ami|carrier_gateway|customer_gateway|default_|egress_only|eip|flow_log|internet_gateway"
    r"|key_pair|launch_template|local_gateway|main_route|nat_gateway|network_acl|network_interface"
    r"|placement_group|route$|route_table|security_group|spot|subnet|vpc"
    r"|vpn)(?!lattice)"
)
"""Types of EC2 that say no service; of `vpc` also the rules of groups."""


def type_of(called: str) -> str:
    """'aws_vpc' -> 'aws:ec2/vpc:Vpc'; of what is not read a token that says as much."""
    if token := TYPES.get(called):
        return token
    provider, _, rest = called.partition("_")
    if provider == "awscc":
        module, _, name = rest.partition("_")
        return f"aws-native:{module}:{_camel(name, upper=True)}"
    if provider != "aws":
        return f"{provider}:index/{_camel(rest)}:{_camel(rest, upper=True)}"
    for begins, module in _MODULES:
        if rest.startswith(f"{begins}_"):
            name = rest.removeprefix(f"{begins}_")
            return f"aws:{module}/{_camel(name)}:{_camel(name, upper=True)}"
    if _OF_EC2.match(rest):
        return f"aws:ec2/{_camel(rest)}:{_camel(rest, upper=True)}"
    module, _, name = rest.partition("_")
    name = name or module
    return f"aws:{module}/{_camel(name)}:{_camel(name, upper=True)}"


def renamed(token: str, values: Mapping[str, object]) -> dict[str, object]:
    """The arguments of a resource as the bridge has them. Keys of tags and the like stay."""
    once = ONCE.get(token, frozenset())
    return {
        name: _value(token, each, once, name)
        for key, each in values.items()
        for name in [_property(token, key)]
    }


def _value(token: str, value: object, once: frozenset[str], name: str) -> object:
    if isinstance(value, list):
        if name in once and len(value) <= 1 and all(isinstance(each, Mapping) for each in value):
            return _block(token, value[0]) if value else None
        return [_block(token, each) if isinstance(each, Mapping) else each for each in value]
    if isinstance(value, Mapping) and name not in _OF_THE_USERS:
        return _block(token, value)
    return value


def _block(token: str, value: Mapping[str, object]) -> dict[str, object]:
    return renamed(token, value)


_OF_THE_USERS: Final = frozenset({"tags", "tagsAll", "volumeTags"})
"""Maps whose keys people choose."""


def _property(token: str, called: str) -> str:
    """'cidr_block' -> 'cidrBlock', 'route' -> 'routes'."""
    name = _camel(called)
    known = _known(token)
    if name in known:
        return name
    return next((each for each in _plurals(name) if each in known), name)


def _plurals(name: str) -> Iterator[str]:
    yield f"{name}s"
    if name.endswith("y"):
        yield f"{name[:-1]}ies"
    yield f"{name}es"


@cache
def _known(token: str) -> frozenset[str]:
    """Every word of what is known of a type, at whatever depth."""
    table = KNOWN.get(token)
    if table is None:
        return _BESIDE.get(token, frozenset())
    said = " ".join(
        (table.read, table.handed_on, table.beside, "timeouts", *table.harmless.values())
    )
    return frozenset(re.findall(r"[A-Za-z0-9]+", said)) | _BESIDE.get(token, frozenset())


_BESIDE: Final[Mapping[str, frozenset[str]]] = {
    "aws:ec2/launchTemplate:LaunchTemplate": frozenset({"networkInterfaces"}),
    "aws:networkfirewall/firewallPolicy:FirewallPolicy": frozenset(
        {"statefulRuleGroupReferences", "statelessRuleGroupReferences", "ruleVariables"}
        | {"statelessCustomActions", "dimensions"}
    ),
    "aws:networkfirewall/ruleGroup:RuleGroup": frozenset(
        {"statefulRules", "statelessRules", "customActions", "sources", "destinations"}
        | {"sourcePorts", "destinationPorts", "tcpFlags", "ruleOptions", "ipSets", "portSets"}
        | {"ipSetReferences", "dimensions"}
    ),
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration": frozenset(
        {"logDestinationConfigs"}
    ),
}
"""Blocks that come several times, of what the table of properties takes as a whole."""


def _camel(called: str, *, upper: bool = False) -> str:
    first, *rest = called.split("_")
    words = "".join(each[:1].upper() + each[1:] for each in rest)
    return (first[:1].upper() + first[1:] if upper else first) + words
