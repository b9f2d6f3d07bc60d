"""A topology that is built in a VPC of others, and the account as the AWS CLI would print it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from bulkhead.intent import Topology
from bulkhead.network import Network
from bulkhead.plan import Plan, plan
from bulkhead.plan.lock import Lock
from bulkhead.plan.vpc_facts import VpcFacts
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.topologies import topology_from

VPC = "vpc-0a1b2c3d4e5f60718"
TEXT = f"""
    name: demo
    region: eu-west-1
    cidr: 10.0.64.0/20
    vpc: {{ existing: {VPC} }}
    zones: 2
    segments: {{ feed: {{ purpose: prices }}, strat: {{ purpose: decides }} }}
    services:
      ticker: {{ segment: feed, sockets: {{ ticks: {{ type: PUB, bind: "tcp://*:5556" }} }} }}
      momentum: {{ segment: strat, sockets: {{ market: {{ type: SUB, connect: ticker.ticks }} }} }}
"""
FACTS = VpcFacts(
    id=VPC,
    blocks=(IPv4Network("10.0.0.0/16"),),
    subnets={IPv4Network("10.0.1.0/24"): "subnet-0web"},
)


def shared_topology(folder: Path, text: str = TEXT) -> Topology:
    return topology_from(folder, text)


def planned_in(topology: Topology, facts: VpcFacts | None = FACTS) -> Plan:
    return plan(topology, Lock(topology=topology.name, first=True, vpc=facts))


Account = dict[str, list[dict[str, Any]]]


_IDS = re.compile(r"(?<=[\"/])(subnet|sg|acl|rtb|eni|vgw|cgw|vpn)-")


def account_of(*plans: Plan, stack: str = "dev") -> Account:
    """What was planned as it stands, tagged as Pulumi tags it, in the VPC with all of others'.

    Of several plans the ids of each are its own.
    """
    account: Account = {}
    for planned in plans:
        network = with_aws_ids(ours_of(planned.network))
        (vpc,) = network.vpcs
        text = json.dumps(as_files(network)).replace(vpc.id, VPC)
        files = json.loads(_IDS.sub(rf"\1-{planned.topology}-", text))
        for key, records in (one for answer in files.values() for one in answer.items()):
            if key == "Vpcs" or not isinstance(records, list):
                account[key] = records
                continue
            for record in records:
                tags = record.setdefault("TagSet" if key == "NetworkInterfaces" else "Tags", [])
                tags += tagged(topology=planned.topology, stack=stack)
            account[key] = account.get(key, []) + records
    account.pop("SecurityGroupRules", None)  # the groups themselves say it
    for record in account["Vpcs"]:
        record["Tags"] = [{"Key": "Name", "Value": "shared"}]
    with_others(account)
    return account


def ours_of(network: Network) -> Network:
    """Without what a plan takes others to have."""

    def kept(things: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(each for each in things if not network.is_others(each.id))

    return replace(
        network,
        subnets=kept(network.subnets),
        nacls=kept(network.nacls),
        route_tables=kept(network.route_tables),
        beside=(),
    )


def tagged(**words: str) -> list[dict[str, str]]:
    return [{"Key": f"bulkhead:{key}", "Value": value} for key, value in words.items()]


def with_others(account: Account) -> None:
    """The default NACL, group and table, all open, and a web server of another team."""
    anybody = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    allow = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
    account["NetworkAcls"].append(
        {
            "NetworkAclId": "acl-0default",
            "VpcId": VPC,
            "IsDefault": True,
            "Entries": [{**allow, "Egress": False}, {**allow, "Egress": True}],
            "Associations": [
                {
                    "NetworkAclAssociationId": "aclassoc-0web",
                    "NetworkAclId": "acl-0default",
                    "SubnetId": "subnet-0web",
                }
            ],
        }
    )
    account["RouteTables"].append(
        {
            "RouteTableId": "rtb-0main",
            "VpcId": VPC,
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
            ],
            "Associations": [
                {"RouteTableAssociationId": "rtbassoc-0", "RouteTableId": "rtb-0main", "Main": True}
            ],
        }
    )
    for name, more in (("default", []), ("web", tagged(service="ticker", topology="webteam"))):
        account["SecurityGroups"].append(
            {
                "GroupId": f"sg-0{name}",
                "GroupName": name,
                "VpcId": VPC,
                "IpPermissions": anybody,
                "IpPermissionsEgress": anybody,
                "Tags": more,
            }
        )
    account["Subnets"].append(
        {
            "SubnetId": "subnet-0web",
            "VpcId": VPC,
            "CidrBlock": "10.0.1.0/24",
            "AvailabilityZone": "eu-west-1a",
            "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": False,
            "Tags": [],
        }
    )
    account["NetworkInterfaces"].append(interface("eni-0web", "subnet-0web", "10.0.1.4", "sg-0web"))


def interface(name: str, subnet: str, address: str, group: str) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": name,
        "SubnetId": subnet,
        "VpcId": VPC,
        "InterfaceType": "interface",
        "Description": "",
        "SourceDestCheck": True,
        "Status": "in-use",
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
        "Groups": [{"GroupId": group}],
        "TagSet": [],
    }


def dumped(account: Account, folder: Path) -> Path:
    """The account as a folder of answers of one Region."""
    files = {f"eu-west-1/{key}.json": {key: answer} for key, answer in account.items()}
    return write(files, folder)
