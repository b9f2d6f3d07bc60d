"""What is measured: planned fleets of any size, and one edit of each kind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from bulkhead.network import Network, PortRange
from bulkhead.prove import Reach
from tests.support.dumps import as_dump
from tests.support.fleet import fleet

PEER_KEYS = ("Vpcs", "Subnets", "NetworkInterfaces", "SecurityGroups", "NetworkAcls")


def build(services: int) -> Network:
    """`services` services with four flows each, 25 to a subnet, one NACL for a subnet."""
    made: Network = fleet(services)[0].build()
    return made


def decide(reach: Reach, among: int = -1) -> int:
    """Every cell of the destinations, both directions: how many have a verdict."""
    for index in range(len(reach.endpoints)):
        if among >> index & 1:
            for protocol in reach.protocols:
                reach.masks(index, protocol)
    return len(reach.endpoints) ** 2 * len(reach.protocols)


def other_rule(network: Network) -> Network:
    """One ingress rule of one group in the middle moved to another port."""
    groups = list(network.security_groups)
    number = len(groups) // 2
    rules = groups[number].rules
    moved = replace(rules[0], ports=PortRange(9999, 9999))
    groups[number] = replace(groups[number], rules=(moved, *rules[1:]))
    return replace(network, security_groups=tuple(groups))


def lost_reply(network: Network) -> Network:
    """One NACL entry for replies deleted: what compares rules only does not see it."""
    nacls = list(network.nacls)
    number = next(
        index
        for index, each in enumerate(nacls)
        if index > len(nacls) // 2 and any(entry.number > 5000 for entry in each.entries)
    )
    gone = next(entry for entry in nacls[number].entries if entry.number > 5000)
    kept = tuple(entry for entry in nacls[number].entries if entry is not gone)
    nacls[number] = replace(nacls[number], entries=kept)
    return replace(network, nacls=tuple(nacls))


def write_for_peer(network: Network, path: Path) -> Path:
    """What the AWS CLI would print, with the keys that the peer reads."""
    dump = as_dump(network)
    path.write_text(json.dumps({key: dump[key] for key in PEER_KEYS}))
    return path
