"""A small account, as the AWS CLI would print it; tests change what they are about."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.network import Network, Unmodelled

Document = dict[str, Any]


def tags(**named: str) -> list[dict[str, str]]:
    return [{"Key": key.replace("__", ":"), "Value": value} for key, value in named.items()]


ACCOUNT: Document = {
    "Vpcs": [
        {
            "VpcId": "vpc-1",
            "OwnerId": "123456789012",
            "CidrBlock": "10.20.0.0/16",
            "CidrBlockAssociationSet": [
                {"CidrBlock": "10.20.0.0/16", "CidrBlockState": {"State": "associated"}},
                {"CidrBlock": "10.30.0.0/16", "CidrBlockState": {"State": "associated"}},
                {"CidrBlock": "10.40.0.0/16", "CidrBlockState": {"State": "disassociated"}},
            ],
            "Tags": tags(Name="trading", bulkhead__topology="trading"),
        }
    ],
    "Subnets": [
        {
            "SubnetId": "subnet-a",
            "VpcId": "vpc-1",
            "CidrBlock": "10.20.0.0/24",
            "AvailabilityZone": "eu-west-1a",
            "Tags": tags(Name="feed-a", bulkhead__segment="feed"),
        },
        {
            "SubnetId": "subnet-b",
            "VpcId": "vpc-1",
            "CidrBlock": "10.20.1.0/24",
            "AvailabilityZone": "eu-west-1b",
        },
    ],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-1",
            "SubnetId": "subnet-a",
            "VpcId": "vpc-1",
            "InterfaceType": "interface",
            "Description": "",
            "SourceDestCheck": True,
            "PrivateIpAddress": "10.20.0.10",
            "PrivateIpAddresses": [
                {
                    "Primary": True,
                    "PrivateIpAddress": "10.20.0.10",
                    "Association": {"PublicIp": "198.51.100.7"},
                },
                {"Primary": False, "PrivateIpAddress": "10.20.0.11"},
            ],
            "Groups": [{"GroupId": "sg-ticker", "GroupName": "ticker"}],
            "TagSet": [],
        },
        {
            "NetworkInterfaceId": "eni-2",
            "SubnetId": "subnet-b",
            "VpcId": "vpc-1",
            "InterfaceType": "interface",
            "Description": "arn:aws:ecs:task",
            "SourceDestCheck": True,
            "PrivateIpAddress": "10.20.1.10",
            "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": "10.20.1.10"}],
            "Groups": [{"GroupId": "sg-strategy", "GroupName": "strategy"}],
        },
    ],
    "SecurityGroups": [
        {
            "GroupId": "sg-ticker",
            "GroupName": "ticker",
            "VpcId": "vpc-1",
            "Tags": tags(
                bulkhead__service="ticker",
                bulkhead__segment="feed",
                **{"bulkhead__socket__ticks": "PUB tcp 5556"},
            ),
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5556,
                    "ToPort": 5557,
                    "UserIdGroupPairs": [{"GroupId": "sg-strategy", "UserId": "123456789012"}],
                    "IpRanges": [{"CidrIp": "192.168.10.0/24", "Description": "exchange"}],
                }
            ],
            "IpPermissionsEgress": [
                {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            ],
        },
        {
            "GroupId": "sg-strategy",
            "GroupName": "strategy",
            "VpcId": "vpc-1",
            "Tags": tags(bulkhead__service="strategy"),
            "IpPermissions": [],
            "IpPermissionsEgress": [],
        },
    ],
    "SecurityGroupRules": [
        {
            "SecurityGroupRuleId": "sgr-1",
            "GroupId": "sg-ticker",
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": 5556,
            "ToPort": 5557,
            "ReferencedGroupInfo": {"GroupId": "sg-strategy", "UserId": "123456789012"},
        },
        {
            "SecurityGroupRuleId": "sgr-2",
            "GroupId": "sg-ticker",
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": 5556,
            "ToPort": 5557,
            "CidrIpv4": "192.168.10.0/24",
            "Description": "exchange",
        },
        {
            "SecurityGroupRuleId": "sgr-3",
            "GroupId": "sg-ticker",
            "IsEgress": True,
            "IpProtocol": "-1",
            "FromPort": -1,
            "ToPort": -1,
            "CidrIpv4": "0.0.0.0/0",
        },
    ],
    "NetworkAcls": [
        {
            "NetworkAclId": "acl-default",
            "VpcId": "vpc-1",
            "IsDefault": True,
            "Associations": [{"NetworkAclId": "acl-default", "SubnetId": "subnet-b"}],
            "Entries": [
                {
                    "CidrBlock": "0.0.0.0/0",
                    "Egress": egress,
                    "Protocol": "-1",
                    "RuleAction": action,
                    "RuleNumber": number,
                }
                for egress in (True, False)
                for action, number in (("allow", 100), ("deny", 32767))
            ],
        },
        {
            "NetworkAclId": "acl-feed",
            "VpcId": "vpc-1",
            "IsDefault": False,
            "Associations": [{"NetworkAclId": "acl-feed", "SubnetId": "subnet-a"}],
            "Entries": [
                {
                    "CidrBlock": "10.20.1.0/24",
                    "Egress": False,
                    "PortRange": {"From": 5556, "To": 5557},
                    "Protocol": "6",
                    "RuleAction": "allow",
                    "RuleNumber": 100,
                },
                {
                    "Ipv6CidrBlock": "::/0",
                    "Egress": False,
                    "Protocol": "-1",
                    "RuleAction": "allow",
                    "RuleNumber": 101,
                },
                {
                    "Ipv6CidrBlock": "::/0",
                    "Egress": False,
                    "Protocol": "-1",
                    "RuleAction": "deny",
                    "RuleNumber": 32768,
                },
            ],
        },
    ],
    "RouteTables": [
        {
            "RouteTableId": "rtb-main",
            "VpcId": "vpc-1",
            "Associations": [{"Main": True, "AssociationState": {"State": "associated"}}],
            "PropagatingVgws": [{"GatewayId": "vgw-1"}],
            "Routes": [
                {
                    "DestinationCidrBlock": "10.20.0.0/16",
                    "GatewayId": "local",
                    "Origin": "CreateRouteTable",
                    "State": "active",
                },
                {
                    "DestinationCidrBlock": "192.168.10.0/24",
                    "GatewayId": "vgw-1",
                    "Origin": "EnableVgwRoutePropagation",
                    "State": "active",
                },
            ],
        },
        {
            "RouteTableId": "rtb-public",
            "VpcId": "vpc-1",
            "Associations": [
                {
                    "Main": False,
                    "SubnetId": "subnet-a",
                    "AssociationState": {"State": "associated"},
                }
            ],
            "Routes": [
                {
                    "DestinationCidrBlock": "0.0.0.0/0",
                    "GatewayId": "igw-1",
                    "Origin": "CreateRoute",
                    "State": "active",
                }
            ],
        },
    ],
    "InternetGateways": [
        {"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]},
        {"InternetGatewayId": "igw-loose", "Attachments": []},
    ],
    "VpnGateways": [
        {
            "VpnGatewayId": "vgw-1",
            "State": "available",
            "VpcAttachments": [{"State": "attached", "VpcId": "vpc-1"}],
        }
    ],
    "CustomerGateways": [
        {
            "CustomerGatewayId": "cgw-1",
            "BgpAsn": "65010",
            "IpAddress": "203.0.113.10",
            "State": "available",
            "Type": "ipsec.1",
            "Tags": tags(Name="exchange-router"),
        }
    ],
    "VpnConnections": [
        {
            "VpnConnectionId": "vpn-1",
            "State": "available",
            "Type": "ipsec.1",
            "VpnGatewayId": "vgw-1",
            "CustomerGatewayId": "cgw-1",
            "CustomerGatewayConfiguration": "<xml>never-read-this</xml>",
            "Options": {
                "StaticRoutesOnly": True,
                "LocalIpv4NetworkCidr": "0.0.0.0/0",
                "RemoteIpv4NetworkCidr": "0.0.0.0/0",
                "TunnelInsideIpVersion": "ipv4",
                "TunnelOptions": [
                    {
                        "OutsideIpAddress": "198.51.100.1",
                        "TunnelInsideCidr": "169.254.10.0/30",
                        "PreSharedKey": "never-read-this",
                        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
                        "Phase1IntegrityAlgorithms": [{"Value": "SHA2-384"}],
                        "Phase1DHGroupNumbers": [{"Value": 20}],
                        "Phase2EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
                        "Phase2IntegrityAlgorithms": [{"Value": "SHA2-512"}],
                        "Phase2DHGroupNumbers": [{"Value": 21}],
                        "IkeVersions": [{"Value": "ikev2"}],
                    },
                    {"TunnelInsideCidr": "169.254.11.0/30", "PreSharedKey": "never-read-this"},
                ],
            },
            "Routes": [
                {
                    "DestinationCidrBlock": "192.168.10.0/24",
                    "Source": "Static",
                    "State": "available",
                },
                {"DestinationCidrBlock": "192.168.99.0/24", "State": "deleted"},
            ],
            "Tags": tags(
                bulkhead__site="exchange",
                bulkhead__trust="trusted",
                **{"bulkhead__socket__orders": "ROUTER tcp 6000"},
            ),
        }
    ],
    "VpcPeeringConnections": [],
    "TransitGateways": [],
    "TransitGatewayAttachments": [],
    "TransitGatewayVpcAttachments": [],
    "PrefixLists": [],
    "LoadBalancers": [],
    "TargetGroups": [],
}


class Account:
    """The document above, to be changed and then observed."""

    def __init__(self) -> None:
        self.document: Document = copy.deepcopy(ACCOUNT)

    def thing(self, key: str, known_as: str) -> dict[str, Any]:
        for each in self.document[key]:
            if known_as in each.values():
                return each
        raise KeyError(known_as)

    def observe(self, **how: Any) -> Network:
        # Through JSON, as a dump of the AWS CLI would come.
        read: Document = json.loads(json.dumps(self.document))
        return observe.from_answers(read, **{"region": "eu-west-1", **how})

    def rule(self, **values: Any) -> None:
        rule = {
            "SecurityGroupRuleId": "sgr-9",
            "GroupId": "sg-strategy",
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": 1,
            "ToPort": 2,
        }
        self.document["SecurityGroupRules"].append({**rule, **values})
        # The group's own account of its rules would contradict it.
        for key in ("IpPermissions", "IpPermissionsEgress"):
            self.thing("SecurityGroups", "sg-strategy").pop(key, None)

    def route(self, **values: Any) -> None:
        self.thing("RouteTables", "rtb-public")["Routes"].append({"State": "active", **values})


@pytest.fixture
def account() -> Account:
    return Account()


Gaps = Callable[[Network, str], list[Unmodelled]]


@pytest.fixture
def gaps() -> Gaps:
    """What makes a thing undetermined, by its id."""

    def about(network: Network, scope: str) -> list[Unmodelled]:
        return [each for each in network.unmodelled if each.scope == scope]

    return about


State = Callable[[Iterable[dict[str, Any]]], Network]


@pytest.fixture
def write_state(tmp_path: Path) -> Callable[..., Path]:
    def write(resources: Iterable[dict[str, Any]], **more: Any) -> Path:
        path = tmp_path / "state.json"
        deployment = {"manifest": {}, "resources": list(resources), **more}
        path.write_text(json.dumps({"version": 3, "deployment": deployment}))
        return path

    return write
