"""What has come into a VPC of others, or into a prefix list, since `bulkhead adopt` looked: a plan
is made from that."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from typing import Final

import pulumi
import pulumi_aws as aws

from bulkhead.network import Origin, PrefixList, tags
from bulkhead.plan import Plan
from bulkhead.problems import InputError, Problem

_AGAIN: Final = "run `bulkhead adopt` again, and review what that changes"


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


def expect_lists(plan: Plan, lock: str, provider: pulumi.ProviderResource | None) -> None:
    """Ask AWS what the prefix lists hold now in which peers are, before anything is made of what
    they held.

    Raises InputError with each that has changed, or where AWS does not tell.
    """
    if not plan.network.prefix_lists:
        return
    options = pulumi.InvokeOptions(provider=provider)
    problems = []
    for each in plan.network.prefix_lists:
        if said := each.become(_held(each.prefix_list, lock, options)):
            place = plan.origins.of(each.prefix_list) or Origin(file=lock)
            what = f"prefix list {each.prefix_list} {said}"
            problems.append(Problem(place.file, place.line, what, _AGAIN))
    if problems:
        raise InputError(problems)


def _held(id_: str, lock: str, options: pulumi.InvokeOptions) -> PrefixList:
    try:
        found = aws.ec2.get_managed_prefix_list(id=id_, opts=options)
    except Exception as error:  # the class of whatever a provider says
        what = f"AWS does not tell what prefix list {id_} holds now: {error}"
        remedy = "allow ec2:DescribeManagedPrefixLists and ec2:GetManagedPrefixListEntries"
        raise InputError([Problem(lock, 0, what, remedy)]) from None
    return PrefixList(prefix_list=id_, cidrs=tuple(ip_network(each.cidr) for each in found.entries))


def _new(plan: Plan, options: pulumi.InvokeOptions) -> Iterator[tuple[str, IPv4Network]]:
    """Subnets of others that the lock does not know."""
    known = set(plan.lock.vpc.subnets.values()) if plan.lock.vpc else set()
    of_vpc = aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=[plan.existing])
    there = aws.ec2.get_subnets(filters=[of_vpc], opts=options).ids
    for id_ in sorted(set(there or ()) - known):
        found = aws.ec2.get_subnet(id=id_, opts=options)
        if found.tags.get(tags.TOPOLOGY) != plan.topology and found.cidr_block:
            yield id_, IPv4Network(found.cidr_block)
