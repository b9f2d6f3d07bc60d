"""What others have in a VPC, as lines of a lock.

    "vpc block 10.0.0.0/16": true,
    "vpc id": "vpc-0a1b2c3d4e5f60718",
    "vpc subnet 10.0.1.0/24": "subnet-0a1b2c3d4e5f60718",
    "vpc vpn-gateway": "vgw-0a1b2c3d4e5f60718",
    "vpc vpn-gateway read": true,
    "vpc vpn-learns vpn-0a1b2c3d4e5f60718": true,
    "vpc vpn-route 10.9.0.0/16": "vpn-0f1e2d3c4b5a69788",
    "vpc vpn-teaches rtb-0a1b2c3d4e5f60718": true,

and those of subnets that segments stand in (`lock_standing`).

Two branches that looked at different times keep the lines of both: what is gone by then leaves
less room, until somebody looks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Final

from bulkhead.plan.lock_standing import is_of_standing, standing_in, standing_lines
from bulkhead.plan.vpc_facts import BehindGateway, VpcFacts


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
    yield from standing_lines(vpc.standing)
    if vpc.behind is not None:
        yield _READ, True
        yield from ((f"vpc vpn-learns {each}", True) for each in vpc.behind.learning)
        yield from ((f"vpc vpn-route {to}", each) for to, each in vpc.behind.routes.items())
        yield from ((f"vpc vpn-teaches {each}", True) for each in vpc.behind.taught)


def vpc_in(document: Mapping[str, object]) -> tuple[VpcFacts | None, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    texts: dict[str, str] = {}
    blocks: list[IPv4Network] = []
    subnets: dict[IPv4Network, str] = {}
    routes: dict[IPv4Network, str] = {}
    named: dict[str, list[str]] = {"vpn-learns": [], "vpn-teaches": []}
    standing, none = standing_in(document)
    wrong: dict[str, str] = {**none}
    for name, value in document.items():
        if not is_of_vpc(name) or name == _READ or is_of_standing(name):
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
            case "vpn-route", str() if network is not None and value:
                routes[network] = value
            case (("vpn-learns" | "vpn-teaches"), True) if len(rest) == 1:
                named[what] += rest
            case _:
                wrong[name] = f"{name!r} says nothing of a VPC: {json.dumps(value)[:80]}"
    if _READ in document and document[_READ] is not True:
        wrong[_READ] = f"{_READ!r} says nothing of a VPC: {json.dumps(document[_READ])[:80]}"
    about = [name for name in document if is_of_vpc(name)]
    if not about:
        return None, wrong
    if "id" not in texts and not wrong:
        wrong[about[0]] = f"{about[0]!r}: nothing says of which VPC that is ('vpc id')"
    facts = VpcFacts(
        id=texts.get("id", ""),
        blocks=tuple(sorted(blocks)),
        subnets=dict(sorted(subnets.items())),
        vpn_gateway=texts.get("vpn-gateway", ""),
        behind=BehindGateway(
            routes=dict(sorted(routes.items())),
            learning=tuple(sorted(named["vpn-learns"])),
            taught=tuple(sorted(named["vpn-teaches"])),
        )
        if _READ in document
        else None,
        standing=standing,
    )
    return facts, wrong


_READ: Final = "vpc vpn-gateway read"
"""That somebody looked at what others have there: without it the lines say nothing of it."""


def _network(rest: list[str]) -> IPv4Network | None:
    try:
        return IPv4Network(rest[0]) if len(rest) == 1 else None
    except ValueError:
        return None
