"""Which questions are put to AWS, under which key each answer stands, and what a lost one means.

This is the table of kinds of things: a row says what a kind is called in an answer, in an id, in
a route and in a `Network`, and the readers of every source look there.

A describe-shaped document is one object: {"Vpcs": [...], "Subnets": [...], ...}. Its
keys are those of AWS's own answers. Where an answer is about one thing and does
not name it (the routes of one transit gateway table), or stands in several
objects (a firewall and its status), each item is the whole answer, with the id
of the thing it was asked about beside it; `Detail.ask` is that id's name.

Only reading calls. The IAM policy in docs/observe.md grants exactly these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from bulkhead.network import TargetKind

Item = dict[str, Any]
"""One object of an answer, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: the key its answer has, and where in an item its id is.

    `id` may name alternatives ('A|B') and what is inside ('A.B'); `also` is a
    second part of the identity. `page` is the largest MaxResults (elbv2: PageSize)
    that the operation takes; None where AWS does not paginate it. A core call
    must succeed. `loss`: what is not known without the answer.

    `field` of a `Network` holds what is made of it; '' where it only adds to others.
    `called`: what one of them is called where a doubt names it, if that is not the
    field's own singular. `target` is what a route leads to that names one, whose id
    begins with `begins` (docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html).
    What is `between` two regions is described by both.
    """

    operation: str
    key: str
    id: str
    page: int | None = 1000
    core: bool = False
    loss: str = ""
    service: str = "ec2"
    also: str = ""
    field: str = ""
    called: str = ""
    target: TargetKind | None = None
    begins: str = ""
    between: bool = False

    @property
    def permission(self) -> str:
        prefix = _PREFIXES.get(self.service, self.service)
        return f"{prefix}:{self.operation}"

    @property
    def command(self) -> str:
        """As the AWS CLI calls it: 'DescribeVpcs' -> 'describe-vpcs', 'ListHostedZonesByVPC' ->
        'list-hosted-zones-by-vpc'."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.operation).lower()

    @property
    def word(self) -> str:
        """What one of the things is called."""
        return self.called or self.field.removesuffix("s").replace("_", "-")


_PREFIXES: Final = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}
"""Of permissions, where it is not what boto3 calls a service."""


@dataclass(frozen=True, slots=True)
class Detail(Call):
    """A question about one thing: `ask` names the argument, and the id beside the answer.

    `answer` is the key of the list inside the answer; '' where the item is the answer itself.
    """

    ask: str = ""
    answer: str = ""


CALLS: Final = (
    Call(
        "DescribeVpcs",
        "Vpcs",
        "VpcId",
        core=True,
        loss="which VPCs there are",
        field="vpcs",
    ),
    Call(
        "DescribeSubnets",
        "Subnets",
        "SubnetId",
        core=True,
        loss="which subnets there are",
        field="subnets",
    ),
    Call(
        "DescribeNetworkInterfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
        core=True,
        loss="which interfaces there are",
        field="interfaces",
        called="network-interface",
        target=TargetKind.INTERFACE,
        begins="eni",
    ),
    Call(
        "DescribeSecurityGroups",
        "SecurityGroups",
        "GroupId",
        core=True,
        loss="what a group allows that is not there",
        field="security_groups",
    ),
    Call(
        "DescribeNetworkAcls",
        "NetworkAcls",
        "NetworkAclId",
        core=True,
        loss="which network ACL guards a subnet that none of those here names",
        field="nacls",
        called="network-acl",
    ),
    Call(
        "DescribeRouteTables",
        "RouteTables",
        "RouteTableId",
        page=100,
        core=True,
        loss="which route table a subnet or gateway uses that none of those here names",
        field="route_tables",
    ),
    # Nothing is lost without this one: the groups themselves list their permissions.
    Call("DescribeSecurityGroupRules", "SecurityGroupRules", "SecurityGroupRuleId"),
    # Nothing but names is lost without this one, where the interfaces are there.
    Call("DescribeInstances", "Reservations", "ReservationId"),
    Call(
        "DescribeInternetGateways",
        "InternetGateways",
        "InternetGatewayId",
        loss="whether the VPC is attached to the internet",
        field="internet_gateways",
        target=TargetKind.INTERNET_GATEWAY,
        begins="igw",
    ),
    Call(
        "DescribeEgressOnlyInternetGateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
        page=255,
        loss="which VPC an egress-only internet gateway serves",
        field="egress_only_gateways",
        target=TargetKind.EGRESS_ONLY_GATEWAY,
        begins="eigw",
    ),
    Call(
        "DescribeNatGateways",
        "NatGateways",
        "NatGatewayId",
        loss="where a NAT gateway is and which address it gives",
        field="nat_gateways",
        target=TargetKind.NAT_GATEWAY,
        begins="nat",
    ),
    Call(
        "DescribeVpnGateways",
        "VpnGateways",
        "VpnGatewayId",
        page=None,
        loss="which VPC a virtual private gateway serves",
        field="vpn_gateways",
        target=TargetKind.VPN_GATEWAY,
        begins="vgw",
    ),
    Call(
        "DescribeVpnConnections",
        "VpnConnections",
        "VpnConnectionId",
        page=None,
        loss="which sites lie behind a gateway",
        field="vpn_connections",
    ),
    Call(
        "DescribeCustomerGateways",
        "CustomerGateways",
        "CustomerGatewayId",
        page=None,
        loss="the name and the address of the remote end of a VPN connection",
        field="customer_gateways",
    ),
    Call(
        "DescribeVpcPeeringConnections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
        loss="whether another VPC is peered with this one",
        field="peerings",
        called="vpc-peering-connection",
        target=TargetKind.PEERING,
        begins="pcx",
        between=True,
    ),
    Call(
        "DescribeTransitGateways",
        "TransitGateways",
        "TransitGatewayId",
        loss="what a transit gateway allows",
        field="transit_gateways",
        target=TargetKind.TRANSIT_GATEWAY,
        begins="tgw",
    ),
    Call(
        "DescribeTransitGatewayAttachments",
        "TransitGatewayAttachments",
        "TransitGatewayAttachmentId",
        also="TransitGatewayId",
        loss="which route table an attachment of a transit gateway uses",
        field="transit_attachments",
        called="transit-gateway-attachment",
    ),
    Call(
        "DescribeTransitGatewayVpcAttachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        loss="whether a transit gateway leads into the VPC, and by which subnets",
    ),
    Call(
        "DescribeTransitGatewayPeeringAttachments",
        "TransitGatewayPeeringAttachments",
        "TransitGatewayAttachmentId",
        loss="which transit gateways are peered",
        between=True,
    ),
    Call(
        "DescribeTransitGatewayRouteTables",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
        loss="which route tables a transit gateway has",
        field="transit_route_tables",
        called="transit-gateway-route-table",
    ),
    Call(
        "DescribeVpcEndpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        loss="what a VPC endpoint leads to",
        field="gateway_endpoints",
        called="vpc-endpoint",
    ),
    # No packet depends on it: without it nobody knows what a VPC lets in that sends in clear text.
    Call("DescribeVpcEncryptionControls", "VpcEncryptionControls", "VpcEncryptionControlId"),
    Call(
        "DescribeVpcBlockPublicAccessExclusions",
        "VpcBlockPublicAccessExclusions",
        "ExclusionId",
        loss="what is excluded from VPC Block Public Access",
    ),
    Call(
        "DescribeLoadBalancers",
        "LoadBalancers",
        "LoadBalancerArn",
        page=400,
        service="elbv2",
        loss="which ports a load balancer listens on",
        field="load_balancers",
    ),
    Call(
        "DescribeTargetGroups",
        "TargetGroups",
        "TargetGroupArn",
        page=400,
        service="elbv2",
        loss="how a load balancer reaches its targets",
    ),
)
"""Asked once each."""

PREFIX_LIST_ENTRIES: Final = Detail(
    "GetManagedPrefixListEntries",
    "PrefixLists",
    "PrefixListId",
    page=100,
    loss="what a rule or route by prefix list stands for",
    ask="PrefixListId",
    answer="Entries",
)

PREFIX_LIST_SIZES: Final = Call(
    "DescribeManagedPrefixLists",
    "PrefixLists",
    "PrefixListId",
    page=100,
    loss="how many entries a prefix list may have, which quotas count",
)

_TABLE: Final = "TransitGatewayRouteTableId"
TRANSIT_ROUTES: Final = Detail(
    "SearchTransitGatewayRoutes",
    "TransitGatewayRoutes",
    _TABLE,
    page=None,
    loss="where a transit gateway's route table leads",
    ask=_TABLE,
)
TRANSIT_PROPAGATIONS: Final = Detail(
    "GetTransitGatewayRouteTablePropagations",
    "TransitGatewayPropagations",
    _TABLE,
    ask=_TABLE,
    answer="TransitGatewayRouteTablePropagations",
)
TRANSIT_ASSOCIATIONS: Final = Detail(
    "GetTransitGatewayRouteTableAssociations",
    "TransitGatewayAssociations",
    _TABLE,
    ask=_TABLE,
    answer="Associations",
)
STATIC_TRANSIT_ROUTES: Final = Detail(
    TRANSIT_ROUTES.operation, "TransitGatewayStaticRoutes", _TABLE, ask=_TABLE
)
"""The same answer, where only static routes were searched for: nobody asks for this here."""

LISTENERS: Final = Detail(
    "DescribeListeners",
    "Listeners",
    "ListenerArn",
    page=400,
    service="elbv2",
    loss="which ports a load balancer listens on",
    ask="LoadBalancerArn",
    answer="Listeners",
)
LISTENER_RULES: Final = Detail(
    "DescribeRules",
    "Rules",
    "RuleArn",
    page=400,
    service="elbv2",
    loss="where an application load balancer's rules lead",
    ask="ListenerArn",
    answer="Rules",
)
TARGET_HEALTH: Final = Detail(
    "DescribeTargetHealth",
    "TargetHealth",
    "TargetGroupArn",
    page=None,
    service="elbv2",
    loss="where a load balancer passes connections on",
    ask="TargetGroupArn",
    answer="TargetHealthDescriptions",
)
TARGET_ATTRIBUTES: Final = Detail(
    "DescribeTargetGroupAttributes",
    "TargetGroupAttributes",
    "TargetGroupArn",
    page=None,
    service="elbv2",
    ask="TargetGroupArn",
    answer="Attributes",
)
# Only how long a silent connection lives is not known without these two.
LISTENER_ATTRIBUTES: Final = Detail(
    "DescribeListenerAttributes",
    "ListenerAttributes",
    "ListenerArn",
    page=None,
    service="elbv2",
    ask="ListenerArn",
    answer="Attributes",
)
BALANCER_ATTRIBUTES: Final = Detail(
    "DescribeLoadBalancerAttributes",
    "BalancerAttributes",
    "LoadBalancerArn",
    page=None,
    service="elbv2",
    ask="LoadBalancerArn",
    answer="Attributes",
)

_FIREWALL: Final = "network-firewall"
LIST_FIREWALLS: Final = Call("ListFirewalls", "Firewalls", "FirewallArn", 100, service=_FIREWALL)
FIREWALLS: Final = Detail(
    "DescribeFirewall",
    "Firewalls",
    "Firewall.FirewallArn|FirewallArn",
    page=None,
    service=_FIREWALL,
    loss="what a Network Firewall lets through",
    field="firewalls",
    ask="FirewallArn",
)
FIREWALL_POLICIES: Final = Detail(
    "DescribeFirewallPolicy",
    "FirewallPolicies",
    "FirewallPolicyResponse.FirewallPolicyArn|FirewallPolicyArn|Arn",
    page=None,
    service=_FIREWALL,
    ask="FirewallPolicyArn",
)
RULE_GROUPS: Final = Detail(
    "DescribeRuleGroup",
    "RuleGroups",
    "RuleGroupResponse.RuleGroupArn|RuleGroupArn|Arn",
    page=None,
    service=_FIREWALL,
    ask="RuleGroupArn",
)

DETAILS: Final = (
    PREFIX_LIST_ENTRIES,
    TRANSIT_ROUTES,
    STATIC_TRANSIT_ROUTES,
    TRANSIT_PROPAGATIONS,
    TRANSIT_ASSOCIATIONS,
    LISTENERS,
    LISTENER_RULES,
    TARGET_HEALTH,
    TARGET_ATTRIBUTES,
    LISTENER_ATTRIBUTES,
    BALANCER_ATTRIBUTES,
    FIREWALLS,
    FIREWALL_POLICIES,
    RULE_GROUPS,
)
"""Asked once for each thing that the first answers name."""

BLOCK_PUBLIC_ACCESS: Final = Call(
    "DescribeVpcBlockPublicAccessOptions",
    "VpcBlockPublicAccessOptions",
    "",
    page=None,
    loss="whether VPC Block Public Access overrides the internet gateways",
)
REGIONS: Final = Call("DescribeRegions", "Regions", "RegionName", page=None)

SECRETS: Final = frozenset({"PreSharedKey", "CustomerGatewayConfiguration", "UserData"})
"""What answers hold and nobody here keeps: the second is XML that repeats pre-shared keys, the
last a script that may hold any."""

KEYS: Final[dict[str, Call]] = {call.key: call for call in (*CALLS, *DETAILS)}
"""Every key of a describe-shaped document that holds a list."""
FIELDS: Final = {call.field: call for call in (*CALLS, *DETAILS) if call.field}
"""Every field of a Network that holds things known by AWS's ids."""
TARGETS: Final = {call.target: call for call in CALLS if call.target}
"""What routes lead to and an answer lists."""

_MORE: Final = (PREFIX_LIST_SIZES, LIST_FIREWALLS, BLOCK_PUBLIC_ACCESS, REGIONS)
PERMISSIONS: Final = tuple(sorted({call.permission for call in (*CALLS, *DETAILS, *_MORE)}))

QUOTA: Final = Call(
    "GetServiceQuota",
    "Quota",
    "QuotaCode",
    page=None,
    loss="how much the account may have",
    service="service-quotas",
)
"""Of an account, and of no network: `plan --quotas` alone asks for it, once for each quota."""
