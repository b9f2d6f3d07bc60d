"""What has come into a VPC of others since `bulkhead adopt` looked: a plan is made from that."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from bulkhead.network import tags
from bulkhead.plan import Plan
from bulkhead.problems import InputError, Problem


def expect_room(plan: Plan, lock: str, provider: pulumi.ProviderResource | None) -> None:
    """Ask AWS which subnets the VPC has now, before anything is made in it.

    AWS would refuse a subnet that overlaps another half-way through an update. Raises InputError
    with each that is new and in the way, or where AWS does not tell. Nothing is asked where the
    VPC is made for the topology.
    """
    if not plan.existing:
        return
    options = pulumi.InvokeOptions(provider=provider)
    try:
        new = tuple(_new(plan, options))
    except Exception as error:  # the class of whatever a provider says
        what = f"AWS does not tell which subnets {plan.existing} has now: {error}"
        remedy = "allow ec2:DescribeSubnets, which making a subnet needs as well"
        raise InputError([Problem(lock, 0, what, remedy)]) from None
    planned = [each for each in plan.network.subnets if not plan.network.is_others(each.id)]
    problems = [
        Problem(
            lock,
            0,
            f"{id_} ({cidr}) has come into {plan.existing}, where subnet {ours.name} "
            f"({ours.cidr}) is planned",
            "run `bulkhead adopt` again, and take a part that is free",
        )
        for id_, cidr in new
        for ours in planned
        if cidr.overlaps(ours.cidr)
    ]
    if problems:
        raise InputError(problems)


def _new(plan: Plan, options: pulumi.InvokeOptions) -> Iterator[tuple[str, IPv4Network]]:
    """Subnets of others that the lock does not know."""
    known = set(plan.lock.vpc.subnets.values()) if plan.lock.vpc else set()
    of_vpc = aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=[plan.existing])
    there = aws.ec2.get_subnets(filters=[of_vpc], opts=options).ids
    for id_ in sorted(set(there or ()) - known):
        found = aws.ec2.get_subnet(id=id_, opts=options)
        if found.tags.get(tags.TOPOLOGY) != plan.topology and found.cidr_block:
            yield id_, IPv4Network(found.cidr_block)
