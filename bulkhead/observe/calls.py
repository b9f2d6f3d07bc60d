"""Which questions are put to the EC2 API, and what is lost without each answer.

Only read-only `Describe*` calls (and the entries of prefix lists). The IAM
policy in docs/observe.md grants exactly these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Call:
    """One EC2 operation: the key its answer has, and the id of each thing in it.

    `page` is the largest MaxResults that the operation takes; None where AWS
    does not paginate it. A core call must succeed; without another one, `loss`
    is what becomes undetermined.
    """

    operation: str
    key: str
    id: str
    page: int | None = 1000
    core: bool = False
    loss: str = ""

    @property
    def permission(self) -> str:
        return f"ec2:{self.operation}"


CALLS: Final = (
    Call("DescribeVpcs", "Vpcs", "VpcId", core=True),
    Call("DescribeSubnets", "Subnets", "SubnetId", core=True),
    Call("DescribeNetworkInterfaces", "NetworkInterfaces", "NetworkInterfaceId", core=True),
    Call("DescribeSecurityGroups", "SecurityGroups", "GroupId", core=True),
    Call("DescribeNetworkAcls", "NetworkAcls", "NetworkAclId", core=True),
    Call("DescribeRouteTables", "RouteTables", "RouteTableId", page=100, core=True),
    # Nothing is lost without this one: the groups themselves list their permissions.
    Call("DescribeSecurityGroupRules", "SecurityGroupRules", "SecurityGroupRuleId"),
    Call(
        "DescribeInternetGateways",
        "InternetGateways",
        "InternetGatewayId",
        loss="whether the VPC is attached to the internet",
    ),
    Call(
        "DescribeVpnGateways",
        "VpnGateways",
        "VpnGatewayId",
        page=None,
        loss="which VPC a virtual private gateway serves",
    ),
    Call(
        "DescribeVpnConnections",
        "VpnConnections",
        "VpnConnectionId",
        page=None,
        loss="which sites lie behind a virtual private gateway",
    ),
    Call(
        "DescribeCustomerGateways",
        "CustomerGateways",
        "CustomerGatewayId",
        page=None,
        loss="the name and the address of the remote end of a VPN connection",
    ),
    Call(
        "DescribeVpcPeeringConnections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
        loss="whether another VPC is peered with this one",
    ),
    Call(
        "DescribeTransitGatewayVpcAttachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        loss="whether a transit gateway leads into the VPC",
    ),
)

PREFIX_LIST_ENTRIES: Final = Call(
    "GetManagedPrefixListEntries",
    "PrefixLists",
    "PrefixListId",
    page=100,
    loss="what a rule or route by prefix list stands for",
)

BLOCK_PUBLIC_ACCESS: Final = Call(
    "DescribeVpcBlockPublicAccessOptions",
    "VpcBlockPublicAccessOptions",
    "",
    page=None,
    loss="whether VPC Block Public Access overrides the internet gateways",
)

PERMISSIONS: Final = tuple(
    sorted(call.permission for call in (*CALLS, PREFIX_LIST_ENTRIES, BLOCK_PUBLIC_ACCESS))
)
