"""Where a VPC's block of IPv6 comes from: Amazon, or a pool that the account has.

What an account brought nobody here can know, so every pool of a well-formed id is one that it has,
and holds whatever block is asked of it that no VPC has yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Network
from typing import Any, Final

from local_aws.strict.rules import Request, invalid, refusal, refuses
from local_aws.strict.values import canonical, network

SOURCES: Final = ("AmazonProvidedIpv6CidrBlock", "Ipv6Pool", "Ipv6IpamPoolId")
POOLS: Final = {"Ipv6Pool": "ipv6pool-ec2-", "Ipv6IpamPoolId": "ipam-pool-"}
UNIQUE_LOCAL: Final = IPv6Network("fc00::/7")


@dataclass(frozen=True)
class Given:
    """A block out of a pool, as an association shows it."""

    block: str
    pool: str

    @property
    def shown(self) -> dict[str, str]:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html"""
        private = network(self.block).subnet_of(UNIQUE_LOCAL)  # type: ignore[arg-type]
        return {
            "cidr_block": self.block,
            "ipv6_pool": self.pool,
            "ip_source": "none" if private else "byoip",
            "ipv6_address_attribute": "private" if private else "public",
        }


def given(params: dict[str, Any]) -> Given | None:
    """What a request asks of a pool; None where it asks for none."""
    pool = next((str(params[key]) for key in POOLS if params.get(key)), None)
    return None if pool is None else Given(str(params["Ipv6CidrBlock"]), pool)


@refuses("CreateVpc", "AssociateVpcCidrBlock")
def a_block_has_one_source(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html"""
    params = request.params
    if params.get("Ipv4IpamPoolId"):
        raise refusal("UnsupportedOperation", "The local AWS has no IPAM of IPv4.")
    named = [each for each in SOURCES if params.get(each)]
    ipv4 = ["CidrBlock"] if request.operation == "AssociateVpcCidrBlock" else []
    ipv4 = [each for each in ipv4 if params.get(each)]
    if len([*named, *ipv4]) > 1:
        raise refusal(
            "InvalidParameterCombination", f"Only one of {', '.join(named + ipv4)} may be given"
        )
    if params.get("Ipv6CidrBlock") and not (set(named) & set(POOLS)):
        raise refusal("MissingParameter", "The request must contain the parameter Ipv6Pool")
    for key in POOLS:
        if key in named:
            a_pool_gives_a_free_block(request, key)


def a_pool_gives_a_free_block(request: Request, key: str) -> None:
    """ "/44 to /60 in increments of /4":
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#vpc-sizing-ipv6"""
    params, cloud = request.params, request.cloud
    pool = str(params[key])
    if not re.fullmatch(POOLS[key] + "[0-9a-f]{8,17}", pool):
        raise refusal(f"Invalid{key}.NotFound", f"The pool ID '{pool}' does not exist")
    if not params.get("Ipv6CidrBlock"):
        raise refusal(
            "UnsupportedOperation", f"Which blocks {pool} has free nobody here knows: name one."
        )
    params["Ipv6CidrBlock"] = canonical(params["Ipv6CidrBlock"], 6)
    block = network(params["Ipv6CidrBlock"])
    if not 44 <= block.prefixlen <= 60 or block.prefixlen % 4:
        raise refusal("InvalidVpc.Range", f"The CIDR '{block}' is invalid.")
    for vpc in cloud.vpcs.values():
        for held in vpc.get_cidr_block_association_set(ipv6=True):
            if block.overlaps(network(held["cidr_block"])):
                raise invalid(f"The CIDR '{block}' is allocated to {vpc.id} already.")
