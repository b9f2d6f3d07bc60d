"""An account that nobody designed, of any size, as the AWS CLI would print it.

VPCs joined by peerings and a VPN, public, private and closed subnets, NAT, NACLs that
deny in the middle, security groups whose rules overlap, refer to each other and to what
is gone, public addresses, and a few things that nobody can model. The same size and
seed make the same account.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

Answer = dict[str, Any]

OWNER = "123456789012"
REGION = "eu-west-1"
PER_VPC = 250
"""Interfaces of one VPC, where there are many."""
PER_SUBNET = 20
KINDS = 6
"""Subnets of a VPC after which their kinds begin again."""
PER_GROUP = 2
OFFICE = "198.51.100.0/25"
SITE = "192.168.16.0/20"
WIDE = ("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "10.0.0.0/9", OFFICE, SITE)
PORTS = (
    (22, 22),
    (80, 80),
    (443, 443),
    (3389, 3389),
    (5432, 5432),
    (8000, 8999),
    (8080, 8090),
    (9000, 9100),
    (0, 65535),
    (1024, 65535),
    (32768, 60999),
    (30000, 32767),
)


def write(account: Answer, path: Path) -> Path:
    """One JSON object with every answer, as a dump holds it and as the peer takes it."""
    path.write_text(json.dumps(account))
    return path


def edited(account: Answer) -> Answer:
    """The same with one rule for addresses of one group in the middle moved to another port."""
    account = copy.deepcopy(account)
    groups = account["SecurityGroups"]
    held = {group["GroupId"] for each in account["NetworkInterfaces"] for group in each["Groups"]}
    group = next(
        each for each in groups[len(groups) // 2 :] if each["GroupId"] in held and _moving(each)
    )
    _moving(group)[0].update(FromPort=9999, ToPort=9999)
    return account


def _moving(group: Answer) -> list[Answer]:
    return [
        each
        for each in group["IpPermissions"]
        if each["IpProtocol"] == "tcp"
        and any(one["CidrIp"][:3] == "10." for one in each["IpRanges"])
    ]


def one_by_one(account: Answer) -> list[Answer]:
    """What is in each VPC by itself: the peer reads no account of several."""
    return [
        {
            key: [each for each in several if each.get("VpcId") == vpc["VpcId"]]
            for key, several in account.items()
        }
        for vpc in account["Vpcs"]
    ]


def answers(interfaces: int, seed: int = 1) -> Answer:
    """Every answer of an account with so many interfaces, and of nothing else."""
    return _Account(interfaces, Random(seed)).answers()  # noqa: S311 - the same each time


class _Account:
    def __init__(self, interfaces: int, random: Random) -> None:
        self.random = random
        vpcs = max(3, -(-interfaces // PER_VPC))
        self.vpcs = [f"vpc-{number:08x}" for number in range(vpcs)]
        self.block = {
            each: IPv4Network(f"10.{number}.0.0/16") for number, each in enumerate(self.vpcs)
        }
        share, rest = divmod(interfaces, vpcs)
        self.sizes = {each: share + (number < rest) for number, each in enumerate(self.vpcs)}
        self.subnets = [each for vpc in self.vpcs for each in self._subnets(vpc)]
        self.groups = {
            vpc: [f"sg-{number:04x}{index:04x}" for index in range(self._groups_in(vpc))]
            for number, vpc in enumerate(self.vpcs)
        }
        self.public = iter(IPv4Network("52.16.0.0/14").hosts())

    def answers(self) -> Answer:
        vpcs = self.vpcs
        return {
            "Vpcs": [self._vpc(each) for each in vpcs],
            "Subnets": [self._subnet(*each) for each in self.subnets],
            "SecurityGroups": [self._group(vpc, each) for vpc in vpcs for each in self.groups[vpc]],
            "NetworkInterfaces": [one for each in self.subnets for one in self._interfaces(*each)],
            "NetworkAcls": [one for vpc in vpcs for one in self._acls(vpc)],
            "RouteTables": [one for vpc in vpcs for one in self._tables(vpc)],
            "InternetGateways": [
                {
                    "InternetGatewayId": _gateway("igw", vpc),
                    "Attachments": [{"VpcId": vpc, "State": "available"}],
                }
                for vpc in vpcs
            ],
            "NatGateways": [self._nat(vpc) for vpc in vpcs],
            "VpcPeeringConnections": [
                {
                    "VpcPeeringConnectionId": _gateway("pcx", one),
                    "RequesterVpcInfo": self._side(one),
                    "AccepterVpcInfo": self._side(other),
                    "Status": {"Code": "active"},
                }
                for one, other in self._peered()
            ],
            "VpnGateways": [
                {
                    "VpnGatewayId": _gateway("vgw", vpcs[0]),
                    "State": "available",
                    "VpcAttachments": [{"VpcId": vpcs[0], "State": "attached"}],
                }
            ],
            "CustomerGateways": [
                {
                    "CustomerGatewayId": "cgw-00000000",
                    "BgpAsn": "65000",
                    "State": "available",
                    "IpAddress": "198.51.100.200",
                }
            ],
            "VpnConnections": [
                {
                    "VpnConnectionId": "vpn-00000000",
                    "VpnGatewayId": _gateway("vgw", vpcs[0]),
                    "CustomerGatewayId": "cgw-00000000",
                    "State": "available",
                    "Type": "ipsec.1",
                    "Options": {"StaticRoutesOnly": True},
                    "Routes": [{"DestinationCidrBlock": SITE, "State": "available"}],
                }
            ],
            "PrefixLists": [
                {
                    "PrefixListId": "pl-00000001",
                    "Entries": [{"Cidr": OFFICE}, {"Cidr": "203.0.113.16/28"}, {"Cidr": SITE}],
                }
            ],
            **{key: [] for key in NOTHING},
        }

    def _groups_in(self, vpc: str) -> int:
        return max(3, self.sizes[vpc] // PER_GROUP)

    def _subnets(self, vpc: str) -> Iterator[tuple[str, str, int, int]]:
        """(VPC, subnet, which one of the VPC, how many interfaces)."""
        each = min(PER_SUBNET, max(3, self.sizes[vpc] // KINDS))
        for index in range(-(-self.sizes[vpc] // each)):
            some = min(each, self.sizes[vpc] - index * each)
            yield vpc, f"subnet-{self.vpcs.index(vpc):04x}{index:04x}", index, some

    def _peered(self) -> list[tuple[str, str]]:
        """Each VPC with the next one: who is two away is not reached."""
        return list(zip(self.vpcs, self.vpcs[1:], strict=False))

    def _vpc(self, vpc: str) -> Answer:
        block = str(self.block[vpc])
        return {
            "VpcId": vpc,
            "OwnerId": OWNER,
            "State": "available",
            "CidrBlock": block,
            "CidrBlockAssociationSet": [
                {"CidrBlock": block, "CidrBlockState": {"State": "associated"}}
            ],
            "Tags": _name(f"net {self.vpcs.index(vpc)}"),
        }

    def _side(self, vpc: str) -> Answer:
        return {
            "VpcId": vpc,
            "OwnerId": OWNER,
            "Region": REGION,
            "CidrBlock": str(self.block[vpc]),
            "CidrBlockSet": [{"CidrBlock": str(self.block[vpc])}],
        }

    def _place(self, vpc: str, index: int) -> IPv4Network:
        return next(islice(self.block[vpc].subnets(new_prefix=24), index, None))

    def _subnet(self, vpc: str, subnet: str, index: int, _: int) -> Answer:
        return {
            "SubnetId": subnet,
            "VpcId": vpc,
            "OwnerId": OWNER,
            "CidrBlock": str(self._place(vpc, index)),
            "AvailabilityZone": f"{REGION}{'abc'[index % 3]}",
            "MapPublicIpOnLaunch": _kind(index) == "public",
            "Tags": _name(f"{_kind(index)} {self.vpcs.index(vpc)}-{index}"),
        }

    def _interfaces(self, vpc: str, subnet: str, index: int, some: int) -> Iterator[Answer]:
        random, groups = self.random, self.groups[vpc]
        place = self._place(vpc, index)
        for number in range(some):
            held = random.sample(groups, random.choice((1, 1, 2, 3)))
            address = {"Primary": True, "PrivateIpAddress": str(place[10 + number])}
            public: Answer = {}
            if _kind(index) == "public" and random.random() < 0.7:
                public = {"Association": {"IpOwnerId": OWNER, "PublicIp": str(next(self.public))}}
            addresses = [{**address, **public}]
            if random.random() < 0.05:
                addresses.append({"Primary": False, "PrivateIpAddress": str(place[100 + number])})
            yield {
                "NetworkInterfaceId": f"eni-{subnet[-8:]}{number:02x}",
                "SubnetId": subnet,
                "VpcId": vpc,
                "InterfaceType": random.choice((*("interface",) * 9, "lambda")),
                "OwnerId": OWNER,
                "Status": "in-use",
                "SourceDestCheck": True,
                "PrivateIpAddress": address["PrivateIpAddress"],
                "PrivateIpAddresses": addresses,
                **public,
                "Groups": [{"GroupId": each, "GroupName": each} for each in held],
                "TagSet": _name(f"host {subnet[-8:]}-{number}"),
            }

    def _group(self, vpc: str, group: str) -> Answer:
        random = self.random
        wide_out = random.random() < 0.6
        out = [_permission("-1", (0, 0), cidr="0.0.0.0/0")] if wide_out else self._rules(vpc)
        return {
            "GroupId": group,
            "GroupName": f"{random.choice(('web', 'db', 'app', 'ops', 'old'))}-{group[-5:]}",
            "VpcId": vpc,
            "OwnerId": OWNER,
            "IpPermissions": self._rules(vpc),
            "IpPermissionsEgress": out,
        }

    def _rules(self, vpc: str) -> list[Answer]:
        return [self._rule(vpc) for _ in range(self.random.randint(2, 10))]

    def _rule(self, vpc: str) -> Answer:
        random = self.random
        protocol = random.choice(("tcp", "tcp", "tcp", "tcp", "tcp", "udp", "icmp", "-1", "50"))
        ports = random.choice(PORTS)
        if random.random() < 0.2:
            first = random.randrange(1024, 60000)
            ports = first, first + random.choice((0, 1, 10, 500))
        kind = random.random()
        if kind < 0.40:
            return _permission(protocol, ports, group=random.choice(self.groups[vpc]))
        if kind < 0.42:
            return _permission(protocol, ports, group="sg-ffffffff")
        if kind < 0.45:
            return _permission(protocol, ports, prefix_list="pl-00000001")
        if kind < 0.60:
            return _permission(protocol, ports, cidr=random.choice(WIDE))
        some = self.block[random.choice(self.vpcs)]
        if kind < 0.75:
            return _permission(protocol, ports, cidr=str(some))
        inside = IPv4Network((int(some[0]) + (random.randrange(12) << 8), 24))
        length = random.choice((20, 22, 23, 24, 24, 25, 28, 32))
        inside = IPv4Network((int(inside[10]), length), strict=False)
        return _permission(protocol, ports, cidr=str(inside))

    def _acls(self, vpc: str) -> Iterator[Answer]:
        """One that passes all; one of four subnets has its own, with denies in it."""
        own = [each for each in self.subnets if each[0] == vpc]
        shared = [each for each in own if each[2] % 4 != 1]
        yield _acl(
            _gateway("acl", vpc), vpc, True, shared, [_entry(100, out, "allow") for out in (0, 1)]
        )
        for each in own:
            if each not in shared:
                yield _acl(f"acl-own{each[1][-8:]}", vpc, False, [each], list(self._entries()))

    def _entries(self) -> Iterator[Answer]:
        random = self.random
        for egress in (0, 1):
            for number in range(50, 50 + random.randint(1, 6)):
                block = self.block[random.choice(self.vpcs)]
                denied = random.choice((str(block), OFFICE, "0.0.0.0/0", f"{block[2560]}/22"))
                ports = random.choice(((22, 22), (3389, 3389), (8000, 8080), (135, 445)))
                protocol = random.choice(("6", "17"))
                yield _entry(number, egress, "deny", denied, ports=ports, protocol=protocol)
            if random.random() < 0.7:
                yield _entry(100, egress, "allow")
            else:
                yield _entry(100, egress, "allow", "10.0.0.0/8")
                yield _entry(110, egress, "allow", ports=(443, 443), protocol="6")
                yield _entry(120, egress, "allow", ports=(32768, 65535), protocol="6")

    def _tables(self, vpc: str) -> Iterator[Answer]:
        own = [each for each in self.subnets if each[0] == vpc]
        local = {"DestinationCidrBlock": str(self.block[vpc]), "GatewayId": "local"}
        peers = [
            _route(self.block[far], "VpcPeeringConnectionId", _gateway("pcx", one))
            for one, other in self._peered()
            for near, far in ((one, other), (other, one))
            if near == vpc
        ]
        site = []
        if vpc == self.vpcs[0]:
            site = [_route(SITE, "GatewayId", _gateway("vgw", vpc))]
        ways = {
            "public": [*peers, *site, _route("0.0.0.0/0", "GatewayId", _gateway("igw", vpc))],
            "private": [*peers, *site, _route("0.0.0.0/0", "NatGatewayId", _gateway("nat", vpc))],
            "closed": site,
            # Nobody knows what an appliance does with what it is sent.
            "odd": [_route("172.16.0.0/12", "TransitGatewayId", "tgw-0badf00d"), *peers],
        }
        for kind, routes in ways.items():
            table = f"rtb-{kind}-{vpc[-8:]}"
            yield {
                "RouteTableId": table,
                "VpcId": vpc,
                "OwnerId": OWNER,
                "Associations": [
                    {"SubnetId": each[1], "RouteTableId": table, "Main": False}
                    for each in own
                    if _kind(each[2]) == kind
                ]
                + [{"RouteTableId": table, "Main": True}] * (kind == "closed"),
                "PropagatingVgws": [],
                "Routes": [local, *routes],
            }

    def _nat(self, vpc: str) -> Answer:
        subnet = next(each for each in self.subnets if each[0] == vpc)
        return {
            "NatGatewayId": _gateway("nat", vpc),
            "VpcId": vpc,
            "SubnetId": subnet[1],
            "State": "available",
            "ConnectivityType": "public",
            "NatGatewayAddresses": [
                {
                    "IsPrimary": True,
                    "Status": "succeeded",
                    "PrivateIp": str(self._place(vpc, 0)[250]),
                    "PublicIp": str(next(self.public)),
                }
            ],
        }


NOTHING = (
    "Reservations",
    "EgressOnlyInternetGateways",
    "TransitGateways",
    "TransitGatewayAttachments",
    "TransitGatewayVpcAttachments",
    "TransitGatewayPeeringAttachments",
    "TransitGatewayRouteTables",
    "VpcEndpoints",
    "VpcBlockPublicAccessExclusions",
    "LoadBalancers",
    "TargetGroups",
    "Firewalls",
)
"""What was asked for, and is not there."""


def _kind(index: int) -> str:
    return ("public", "private", "odd", "closed", "private", "private")[index % KINDS]


def _gateway(kind: str, vpc: str) -> str:
    return f"{kind}-{vpc.removeprefix('vpc-')}"


def _name(name: str) -> list[Answer]:
    return [{"Key": "Name", "Value": name}]


def _permission(
    protocol: str,
    ports: tuple[int, int],
    cidr: str | None = None,
    group: str | None = None,
    prefix_list: str | None = None,
) -> Answer:
    found: Answer = {
        "IpProtocol": protocol,
        "IpRanges": [{"CidrIp": cidr}] if cidr else [],
        "Ipv6Ranges": [],
        "PrefixListIds": [{"PrefixListId": prefix_list}] if prefix_list else [],
        "UserIdGroupPairs": [{"GroupId": group, "UserId": OWNER}] if group else [],
    }
    if protocol in ("tcp", "udp"):
        found |= {"FromPort": ports[0], "ToPort": ports[1]}
    if protocol == "icmp":
        found |= {"FromPort": -1, "ToPort": -1}
    return found


def _acl(
    name: str,
    vpc: str,
    default: bool,
    subnets: list[tuple[str, str, int, int]],
    entries: list[Answer],
) -> Answer:
    return {
        "NetworkAclId": name,
        "VpcId": vpc,
        "OwnerId": OWNER,
        "IsDefault": default,
        "Associations": [{"NetworkAclId": name, "SubnetId": each[1]} for each in subnets],
        "Entries": [*entries, *(_entry(32767, egress, "deny") for egress in (0, 1))],
    }


def _entry(
    number: int,
    egress: int,
    action: str,
    cidr: str = "0.0.0.0/0",
    *,
    ports: tuple[int, int] | None = None,
    protocol: str = "-1",
) -> Answer:
    found: Answer = {
        "CidrBlock": cidr,
        "Egress": bool(egress),
        "Protocol": protocol,
        "RuleAction": action,
        "RuleNumber": number,
    }
    return found if ports is None else {**found, "PortRange": {"From": ports[0], "To": ports[1]}}


def _route(destination: IPv4Network | str, kind: str, target: str) -> Answer:
    return {
        "DestinationCidrBlock": str(destination),
        kind: target,
        "State": "active",
        "Origin": "CreateRoute",
    }
