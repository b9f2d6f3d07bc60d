"""A fleet as the AWS CLI would print it, with the keys that the peer reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bulkhead.network import (
    AclEntry,
    Direction,
    GroupPeer,
    Network,
    SecurityGroup,
    protocol_name,
)

OWNER = "123456789012"
Answer = dict[str, Any]


def write_for_peer(network: Network, path: Path) -> Path:
    """One JSON object of all five answers, as `fwshift --from aws` takes it."""
    path.write_text(json.dumps(_answers(network)))
    return path


def _answers(network: Network) -> Answer:
    return {
        "Vpcs": [
            {
                "VpcId": each.id,
                "OwnerId": OWNER,
                "State": "available",
                "CidrBlock": str(each.cidrs[0]),
                "CidrBlockAssociationSet": [
                    {"CidrBlock": str(block), "CidrBlockState": {"State": "associated"}}
                    for block in each.cidrs
                ],
            }
            for each in network.vpcs
        ],
        "Subnets": [
            {
                "SubnetId": each.id,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "CidrBlock": str(each.cidr),
                "AvailabilityZone": each.zone,
                "AvailableIpAddressCount": 251,
                "Tags": _name(each.name),
            }
            for each in network.subnets
        ],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": each.id,
                "SubnetId": each.subnet,
                "VpcId": network.subnet[each.subnet].vpc,
                "InterfaceType": "interface",
                "OwnerId": OWNER,
                "Status": "in-use",
                "SourceDestCheck": True,
                "PrivateIpAddress": str(each.address),
                "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": str(each.address)}],
                "Groups": [{"GroupId": one, "GroupName": one} for one in each.security_groups],
                "TagSet": _name(each.name),
            }
            for each in network.interfaces
        ],
        "SecurityGroups": [
            {
                "GroupId": each.id,
                "GroupName": each.name,
                "Description": each.name,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "IpPermissions": _permissions(each, Direction.INGRESS),
                "IpPermissionsEgress": _permissions(each, Direction.EGRESS),
                "Tags": _name(each.name),
            }
            for each in network.security_groups
        ],
        "NetworkAcls": [
            {
                "NetworkAclId": each.id,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "IsDefault": each.default,
                "Associations": [
                    {"NetworkAclId": each.id, "SubnetId": subnet.id}
                    for subnet in network.subnets
                    if subnet.nacl == each.id
                ],
                "Entries": [_entry(entry) for entry in each.entries]
                + [_default(direction) for direction in Direction],
                "Tags": _name(each.name),
            }
            for each in network.nacls
        ],
    }


def _name(name: str) -> list[Answer]:
    return [{"Key": "Name", "Value": name}]


def _permissions(group: SecurityGroup, direction: Direction) -> list[Answer]:
    return [
        {
            "IpProtocol": protocol_name(rule.protocol),
            "FromPort": rule.ports.first,
            "ToPort": rule.ports.last,
            "IpRanges": [],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "UserIdGroupPairs": [{"GroupId": rule.peer.group, "UserId": OWNER}],
        }
        for rule in group.towards(direction)
        if isinstance(rule.peer, GroupPeer)
    ]


def _entry(entry: AclEntry) -> Answer:
    return {
        "CidrBlock": str(entry.cidr),
        "Egress": entry.direction is Direction.EGRESS,
        "Protocol": str(entry.protocol),
        "RuleAction": str(entry.action),
        "RuleNumber": entry.number,
        "PortRange": {"From": entry.ports.first, "To": entry.ports.last},
    }


def _default(direction: Direction) -> Answer:
    """The last entry of every NACL, which denies the rest."""
    return {
        "CidrBlock": "0.0.0.0/0",
        "Egress": direction is Direction.EGRESS,
        "Protocol": "-1",
        "RuleAction": "deny",
        "RuleNumber": 32767,
    }
