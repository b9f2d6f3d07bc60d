"""Where the IPv6 block of a VPC comes from: `ipv6: amazon`, or one of a pool of the account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Network
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bulkhead.intent.wrong import Wrong, nearest, quoted

AMAZON: Final = "amazon"
Ipv6Use = bool | Literal["unused"]
"""Of a segment: whether its hosts have addresses of its block. One that is unused is the step
before there is none: AWS takes no block away of which somebody has an address
(docs.aws.amazon.com/vpc/latest/userguide/subnet-associate-ipv6-cidr.html)."""
UNUSED: Final[Literal["unused"]] = "unused"
VPC_PREFIX: Final = 56
POOL: Final = "ipam-pool-[0-9a-f]{8,17}|ipv6pool-ec2-[0-9a-f]{8,17}"
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html"""
_KEYS: Final = ("cidr", "pool")
_POOL: Final = re.compile(POOL, re.ASCII)
_EXAMPLE: Final = f"write {AMAZON}, or {{cidr: 2600:1f18:1234:5600::/56, pool: ipam-pool-…}}"
_DOCUMENTATION: Final = IPv6Network("2001:db8::/32")
_OF_VPCS: Final = (IPv6Network("2000::/3"), IPv6Network("fd00::/8"))
"""Global unicast (RFC 4291), and private ones of an IPAM
(docs.aws.amazon.com/vpc/latest/ipam/planning-ipv6-ipam.html)."""


class Ipv6Wanted(BaseModel):
    """What a topology says of it. Without a `cidr` Amazon gives a block when the VPC is made."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    cidr: IPv6Network | None = None
    pool: str = ""
    """Of which the block is: an IPAM pool, or one of addresses that the account brought."""


def parse_ipv6(value: object) -> Ipv6Wanted:
    """'amazon', or a block of /56 and its pool. Raises Wrong."""
    if value == AMAZON:
        return Ipv6Wanted()
    if not isinstance(value, Mapping):
        raise Wrong(f"{quoted(value)} is neither {AMAZON} nor a block of a pool", _EXAMPLE)
    for key in value:
        if key not in _KEYS:
            raise Wrong(f"has no key {quoted(key)}", nearest(str(key), _KEYS))
    if "cidr" not in value:
        raise Wrong("names no cidr of its pool", _EXAMPLE)
    if "pool" not in value:
        remedy = f"name the pool that it is of, or write {AMAZON}: which block that gives, it says"
        raise Wrong("names no pool, and AWS takes no block of IPv6 without one", remedy)
    pool = value["pool"]
    if not isinstance(pool, str) or not _POOL.fullmatch(pool):
        raise Wrong(f"{quoted(pool)} is no id of a pool", "write ipam-pool-… or ipv6pool-ec2-…")
    return Ipv6Wanted(cidr=_block(value["cidr"]), pool=pool)


def parse_ipv6_use(value: object) -> Ipv6Use:
    """true, false, or 'unused'. Raises Wrong."""
    if isinstance(value, bool):
        return value
    if value == UNUSED:
        return UNUSED
    raise Wrong(
        f"{quoted(value)} is neither true, false nor {UNUSED}", f"write true, false or {UNUSED}"
    )


def _block(value: object) -> IPv6Network:
    try:
        network = IPv6Network(value if isinstance(value, str | IPv6Network) else "", strict=False)
    except ValueError:
        raise Wrong(f"{quoted(value)} is no block of IPv6", _EXAMPLE) from None
    if isinstance(value, str) and IPv6Network(value, strict=False) != _strictly(value):
        raise Wrong(f"{quoted(value)} has bits set behind its prefix", f"write {network}")
    if network.prefixlen != VPC_PREFIX:
        what = f"{network} is no /{VPC_PREFIX}, of which each unit has a /62 and each zone a /64"
        raise Wrong(what, f"write a /{VPC_PREFIX} of the pool")
    if network.subnet_of(_DOCUMENTATION):
        what = f"{network} is for documentation alone (RFC 3849), and no VPC has it"
        raise Wrong(what, f"write {AMAZON}, or a block of your pool")
    if not any(network.subnet_of(each) for each in _OF_VPCS):
        what = f"{network} is neither global (2000::/3) nor unique local (fd00::/8)"
        raise Wrong(what, "write a block of your pool")
    return network


def _strictly(value: str) -> IPv6Network | None:
    try:
        return IPv6Network(value)
    except ValueError:
        return None
