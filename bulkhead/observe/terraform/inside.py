"""Rules, entries and routes that are written inside their owner, or apart from it.

The provider shows inside a group, a NACL and a table whatever AWS has, also what resources of
their own declare; a document does not say which of it the program wrote there. A program does
one or the other (registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
security_group, "NOTE on Security Groups and Security Group Rules"). So where anything is declared
apart, of a direction, what is inside is an echo, and else it is declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.observe.terraform.document import TerraformResource, Values

_GROUPS: Final = (
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
)
_ACLS: Final = ("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
_TABLES: Final = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")

INSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_GROUPS, ("ingress", "egress")),
    **dict.fromkeys(_ACLS, ("ingress", "egress", "subnetIds")),
    **dict.fromkeys(_TABLES, ("routes", "propagatingVgws")),
}
"""What may be written inside each type."""

_APART: Final[Mapping[str, tuple[str, str]]] = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("securityGroupId", "ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("securityGroupId", "egress"),
    "aws:ec2/route:Route": ("routeTableId", "routes"),
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": ("networkAclId", "subnetIds"),
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": (
        "routeTableId",
        "propagatingVgws",
    ),
}
"""Types that say it apart: of whom, and which of these."""

Apart = frozenset[tuple[object, str]]
"""Of whom anything is said apart, by id or address, and which of these."""


def apart(every: Iterable[TerraformResource]) -> Apart:
    """All that is, by the ids of its owners."""
    found: set[tuple[object, str]] = set()
    for each in every:
        if (said := says(each)) is not None:
            key, part = said
            owner = each.values.get(key)
            if isinstance(owner, str):
                found.add((owner, part))
    return frozenset(found)


def says(held: TerraformResource) -> tuple[str, str] | None:
    """By which property a resource names its owner, and what it says of it apart."""
    match held.token:
        case "aws:ec2/securityGroupRule:SecurityGroupRule":
            return "securityGroupId", str(held.values.get("type"))
        case "aws:ec2/networkAclRule:NetworkAclRule":
            return "networkAclId", "egress" if held.values.get("egress") is True else "ingress"
    return _APART.get(held.token)


def declared(held: TerraformResource, said_apart: Apart) -> Values:
    """What a resource declares, as far as its document tells: all, less the echo of others."""
    echoed = [
        part for part in INSIDE.get(held.token, ()) if (held.id, part) in said_apart and held.id
    ]
    return {key: each for key, each in held.values.items() if key not in echoed}
