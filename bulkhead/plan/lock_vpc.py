"""What others have in a VPC, as lines of a lock.

    "vpc block 10.0.0.0/16": true,
    "vpc id": "vpc-0a1b2c3d4e5f60718",
    "vpc subnet 10.0.1.0/24": "subnet-0a1b2c3d4e5f60718",
    "vpc vpn-gateway": "vgw-0a1b2c3d4e5f60718",

Two branches that looked at different times keep the lines of both: what is gone by then leaves
less room, until somebody looks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from bulkhead.plan.existing import VpcFacts


def is_of_vpc(name: str) -> bool:
    """Whether a line is about the VPC."""
    return name.startswith("vpc ")


def vpc_lines(vpc: VpcFacts | None) -> Iterator[tuple[str, object]]:
    """The lines that say it; none where nobody looked."""
    if vpc is None:
        return
    yield "vpc id", vpc.id
    yield from ((f"vpc block {each}", True) for each in vpc.blocks)
    yield from ((f"vpc subnet {network}", id_) for network, id_ in vpc.subnets.items())
    if vpc.vpn_gateway:
        yield "vpc vpn-gateway", vpc.vpn_gateway


def vpc_in(document: Mapping[str, object]) -> tuple[VpcFacts | None, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    texts: dict[str, str] = {}
    blocks: list[IPv4Network] = []
    subnets: dict[IPv4Network, str] = {}
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_vpc(name):
            continue
        _, what, *rest = name.split(" ")
        network = _network(rest)
        match what, value:
            case (("id" | "vpn-gateway"), str()) if not rest and value:
                texts[what] = value
            case "block", True if network is not None:
                blocks.append(network)
            case "subnet", str() if network is not None and value:
                subnets[network] = value
            case _:
                wrong[name] = f"{name!r} says nothing of a VPC: {json.dumps(value)[:80]}"
    if not (texts or blocks or subnets or wrong):
        return None, wrong
    if "id" not in texts and not wrong:
        first = next(name for name in document if is_of_vpc(name))
        wrong[first] = f"{first!r}: nothing says of which VPC that is ('vpc id')"
    facts = VpcFacts(
        id=texts.get("id", ""),
        blocks=tuple(sorted(blocks)),
        subnets=dict(sorted(subnets.items())),
        vpn_gateway=texts.get("vpn-gateway", ""),
    )
    return facts, wrong


def _network(rest: list[str]) -> IPv4Network | None:
    try:
        return IPv4Network(rest[0]) if len(rest) == 1 else None
    except ValueError:
        return None
