"""An account in which services run whose interfaces come and go: those of today, as AWS shows.

account = account_of(plan.network)                   # as planned, and nobody came yet
files = with_members(account, {"worker": 7}, seed)   # seven of a scheduler's, at free addresses
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address
from random import Random
from typing import Any

from bulkhead.network import Interface, Network, assignable
from tests.support.aws_ids import with_aws_ids
from tests.support.aws_words import OWNER, Answer
from tests.support.dumps import as_files

Files = dict[str, Answer]


def account_of(planned: Network) -> Network:
    """What was planned, by the ids that AWS gave it. Its stand-ins say where members may be."""
    return with_aws_ids(planned)


def coming(account: Network) -> dict[str, list[Interface]]:
    """By service what stands in for its members, in each of its subnets."""
    found: dict[str, list[Interface]] = {}
    for each in account.interfaces:
        if each.stand_in:
            found.setdefault(each.service or "", []).append(each)
    return found


def with_members(account: Network, counts: Mapping[str, int], random: Random) -> Files:
    """The answers of an account in which so many interfaces hold the group of each service, at any
    free addresses of its subnets."""
    files = as_files(account)
    listed: list[Any] = files["NetworkInterfaces.json"]["NetworkInterfaces"]
    taken = {(each["SubnetId"], each["PrivateIpAddress"]) for each in listed}
    there = coming(account)
    for service, count in counts.items():
        for _ in range(count):
            listed.append(member(account, random.choice(there[service]), taken, random))
    return files


def member(
    account: Network, like: Interface, taken: set[tuple[str, str]], random: Random, **other: Any
) -> Answer:
    """An interface that a scheduler makes: without a tag of ours."""
    subnet = account.subnet[like.subnet]
    every = (str(IPv4Address(each)) for each in assignable(subnet.cidr))
    address = random.choice([each for each in every if (subnet.id, each) not in taken])
    taken.add((subnet.id, address))
    number = f"{len(taken):017x}"
    within = int(IPv4Address(address)) - int(subnet.cidr.network_address)
    # In a subnet whose block nobody uses AWS gives none unasked.
    blocks = subnet.ipv6_cidrs if like.ipv6_addresses else ()
    six = [each[within] for each in blocks if random.choice((True, False))]
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": subnet.id,
        "VpcId": subnet.vpc,
        "InterfaceType": "lambda" if like.function else "interface",
        "Description": f"AWS Lambda VPC ENI-{like.service}-{number}" if like.function else "",
        "RequesterManaged": like.function,
        "OwnerId": OWNER,
        "Status": "in-use",
        "SourceDestCheck": True,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
        "Ipv6Addresses": [{"Ipv6Address": str(each)} for each in six],
        "Ipv6Prefixes": [],
        "Groups": [{"GroupId": each, "GroupName": each} for each in like.security_groups],
        "TagSet": [],
        **other,
    }
