"""Where schedulers put what they start: one more goes where fewest are, in one VPC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends

from local_aws.strict.networks import usable_addresses, used_addresses


def cloud_of(backend: Any) -> Any:
    """EC2 of the account and Region in which another service works."""
    return ec2_backends[backend.account_id][backend.region_name]


def fewest(subnets: Sequence[str], taken: Iterable[str]) -> str:
    """Of some subnets the one in which fewest are; of several the first."""
    there = list(taken)
    return min(subnets, key=there.count)


def missing_in(cloud: Any, subnets: Iterable[str], groups: Iterable[str]) -> tuple[str, str]:
    """The first subnet, and the first group, that there is not; '' for each that is there."""
    known = {each.id for zone in cloud.subnets.values() for each in zone.values()}
    held = {name for vpc in cloud.groups.values() for name in vpc}
    return (
        next((each for each in subnets if each not in known), ""),
        next((each for each in groups if each not in held), ""),
    )


def apart(cloud: Any, subnets: Iterable[str], groups: Iterable[str]) -> tuple[str, str] | None:
    """A subnet, and another or a group, that are not of one VPC."""
    first, *others = subnets
    vpc = cloud.get_subnet(first).vpc_id
    for each in others:
        if cloud.get_subnet(each).vpc_id != vpc:
            return first, each
    for each in groups:
        if each not in cloud.groups[vpc]:
            return first, each
    return None


def last_free(cloud: Any, subnet: str) -> str:
    """Any address that nobody has: AWS says of none which it takes."""
    used = used_addresses(cloud, subnet)
    free = [str(each) for each in usable_addresses(cloud.get_subnet(subnet))]
    left = [each for each in free if each not in used]
    if not left:
        raise ServiceException("InsufficientFreeAddressesInSubnet", f"{subnet} has no free address")
    return left[len(left) // 2]
