"""What an engine says that it replaces, where both networks do not tell it already.

A preview says which properties force it, and not whether the old one goes before the new one
stands. What is replaced only because it was made from something that is goes with that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.network import Origin, Origins, Replaced
from bulkhead.review import ways
from bulkhead.review.interruption import Interruption
from bulkhead.review.reviewed import Replacement
from bulkhead.review.ways import Manner

_THROUGH: Final = "what runs through it is cut until another takes its place"
_RULE: Final = (
    "what it lets through is closed for a moment, if the old one goes before the new one stands: "
    "a preview does not say"
)


def _way(kind: str, interrupts: Interruption, means: str) -> Manner:
    return Manner(kind, interrupts, means, "")


_RULES: Final = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "security group rule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "security group rule",
    "aws:ec2/securityGroupRule:SecurityGroupRule": "security group rule",
    "aws:ec2/networkAcl:NetworkAcl": "NACL",
    "aws:ec2/networkAclRule:NetworkAclRule": "NACL entry",
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": "NACL association",
    "aws:ec2/routeTable:RouteTable": "route table",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "route table association",
    "aws:ec2/route:Route": "route",
    "aws:ec2/vpnConnectionRoute:VpnConnectionRoute": "route of a VPN connection",
}
_CARRIERS: Final = {
    "aws:ec2/instance:Instance": "instance",
    "aws:ec2/eip:Eip": "elastic address",
    "aws:ec2/internetGateway:InternetGateway": "internet gateway",
    "aws:ec2/natGateway:NatGateway": "NAT gateway",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "peering connection",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "VPC endpoint",
    "aws:ec2transitgateway/transitGateway:TransitGateway": "transit gateway",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "transit gateway attachment",
    "aws:lb/loadBalancer:LoadBalancer": "load balancer",
}
_WAYS: Final[Mapping[str, Manner]] = {
    "aws:ec2/vpc:Vpc": ways.VPC,
    "aws:ec2/subnet:Subnet": ways.SUBNET,
    "aws:ec2/securityGroup:SecurityGroup": ways.GROUP,
    "aws:ec2/networkInterface:NetworkInterface": ways.INTERFACE,
    "aws:ec2/vpnConnection:VpnConnection": ways.NEW_TUNNELS,
    "aws:ec2/customerGateway:CustomerGateway": replace(ways.OTHER_GATEWAY, kind="customer gateway"),
    "aws:ec2/vpnGateway:VpnGateway": replace(ways.OTHER_GATEWAY, kind="VPN gateway"),
    **{kind: _way(name, Interruption.CLOSED, _RULE) for kind, name in _RULES.items()},
    **{kind: _way(name, Interruption.CONNECTIONS, _THROUGH) for kind, name in _CARRIERS.items()},
}


def why(replaced: Replaced) -> str:
    """What forces it, in the words of the engine."""
    if replaced.reasons:
        return f"the engine cannot change {', '.join(replaced.reasons)} in place"
    return "what it was made from is replaced"


def said_by_engine(
    several: Iterable[Replaced], told: Collection[str], origins: Origins
) -> Iterator[Replacement]:
    """What of these is not `told` (ids) yet and interrupts something."""
    for each in several:
        way = _WAYS.get(each.kind)
        follows = each.kind in _RULES and not each.reasons
        if way is None or follows or each.new_id in told:
            continue
        yield Replacement(
            kind=way.kind,
            name=each.name,
            why=why(each),
            interrupts=way.interrupts,
            means=way.means,
            page=way.page,
            origin=origins.of(each.new_id) or Origin(urn=each.urn),
            steps=True,
        )
