"""What AWS has now of what a plan takes for granted: asked before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, ip_network
from typing import Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.fabric.zones import zones_lacking
from bulkhead.intent import Topology
from bulkhead.network import Origin, PrefixList, is_zone_id, tags
from bulkhead.plan import Plan
from bulkhead.problems import InputError, Problem

_AGAIN: Final = "run `bulkhead adopt` again, and review what that changes"
_ADOPT: Final = "run `bulkhead adopt` again, and take a part that is free"


def expect_standing(
    topology: Topology, plan: Plan, lock: str, provider: pulumi.ProviderResource | None
) -> None:
    """Ask AWS for a VPC of others, zones that are named by their ids, and lists that peers are in.

    AWS would refuse what does not fit there half-way through an update. Raises InputError with
    all of it together, or where AWS does not tell. Of a VPC that is made for the topology, in
    zones by their names, nothing is asked.
    """
    options = pulumi.InvokeOptions(provider=provider)
    problems: list[Problem] = []
    if plan.existing:
        remedy = "allow ec2:DescribeVpcs, which reading the VPC needs as well"
        what = f"which blocks {plan.existing} has now"
        with _told(problems, Problem(lock, 0, what, remedy)):
            problems += _beyond(topology, plan, options)
        remedy = "allow ec2:DescribeSubnets, which making a subnet needs as well"
        what = f"which subnets {plan.existing} has now"
        with _told(problems, Problem(lock, 0, what, remedy)):
            problems += _in_the_way(plan, lock, options)
    if plan.standing:
        remedy = "allow ec2:DescribeSubnets, DescribeNetworkAcls and DescribeNetworkInterfaces"
        what = f"what stands in the subnets of {', '.join(sorted(plan.standing))} now"
        with _told(problems, Problem(lock, 0, what, remedy)):
            problems += _otherwise(topology, plan, options)
    if is_zone_id(topology.zones[0]):
        remedy = "allow ec2:DescribeAvailabilityZones, or list the zones by their names"
        what = f"which zones it has in {topology.region}"
        with _told(problems, Problem(*topology.place_of("zones"), what, remedy)):
            problems += zones_lacking(topology, options)
    for each in plan.network.prefix_lists:
        remedy = "allow ec2:DescribeManagedPrefixLists and ec2:GetManagedPrefixListEntries"
        what = f"what prefix list {each.prefix_list} holds now"
        with _told(problems, Problem(lock, 0, what, remedy)):
            problems += _changed(each, plan, lock, options)
    if problems:
        raise InputError(problems)


def _changed(
    was: PrefixList, plan: Plan, lock: str, options: pulumi.InvokeOptions
) -> Iterator[Problem]:
    """A prefix list in which peers are, and that holds others than when somebody looked."""
    found = aws.ec2.get_managed_prefix_list(id=was.prefix_list, opts=options)
    holds = tuple(ip_network(each.cidr) for each in found.entries)
    if said := was.become(PrefixList(prefix_list=was.prefix_list, cidrs=holds)):
        place = plan.origins.of(was.prefix_list) or Origin(file=lock)
        what = f"prefix list {was.prefix_list} {said}"
        yield Problem(place.file, place.line, what, _AGAIN)


@contextmanager
def _told(problems: list[Problem], asked: Problem) -> Iterator[None]:
    """Note that AWS does not tell something, where it does not."""
    try:
        yield
    except Exception as error:  # the class of whatever a provider says
        what = f"AWS does not tell {asked.what}: {error}"
        problems.append(Problem(asked.file, asked.line, what, asked.remedy))


def _beyond(topology: Topology, plan: Plan, options: pulumi.InvokeOptions) -> Iterator[Problem]:
    """A block of the VPC that was there when somebody looked may have gone since."""
    vpc = aws.ec2.get_vpc(id=plan.existing, opts=options)
    blocks = [
        IPv4Network(each.cidr_block)
        for each in vpc.cidr_block_associations
        if each.state in ("associated", "associating")
    ]
    if not any(topology.cidr.subnet_of(block) for block in blocks):
        has = ", ".join(map(str, blocks)) or "none"
        what = f"{topology.cidr} is no part of {plan.existing} any more, which has {has}"
        yield Problem(*topology.place_of("cidr"), what, _ADOPT)


def _otherwise(topology: Topology, plan: Plan, options: pulumi.InvokeOptions) -> Iterator[Problem]:
    """Subnets of others that segments stand in, and that are not as somebody found them. What the
    entries of their NACLs say, no data source tells: `check --on aws` does."""
    network = plan.network
    for segment, zones in plan.standing.items():
        place = topology.place_of("segments", segment, "subnets")
        for id_ in zones.values():
            subnet = network.subnet[id_]
            found = aws.ec2.get_subnet(id=id_, opts=options)
            if found.cidr_block != str(subnet.cidr) or found.vpc_id != plan.existing:
                what = f"{id_} of segment {segment} is {found.cidr_block} of {found.vpc_id} now, "
                yield Problem(*place, f"{what}and was {subnet.cidr}", _AGAIN)
            guarding = aws.ec2.get_network_acls(
                filters=[
                    aws.ec2.GetNetworkAclsFilterArgs(name="association.subnet-id", values=[id_])
                ],
                opts=options,
            ).ids
            if subnet.nacl not in guarding:
                what = f"{id_} of segment {segment} is behind {', '.join(guarding)} now, "
                yield Problem(*place, f"{what}and was behind {subnet.nacl}", _AGAIN)
            ours = {str(one.address): one.name for one in network.present if one.subnet == id_}
            for address, name, holder in _taken(plan.topology, id_, ours, options):
                what = f"{address} of {name} is {holder}'s by now"
                yield Problem(*place, what, _AGAIN)


def _taken(
    topology: str, subnet: str, ours: Mapping[str, str], options: pulumi.InvokeOptions
) -> Iterator[tuple[str, str, str]]:
    """Addresses that are planned, for whom, and who of others has come to have them."""

    def there(**wanted: Sequence[str]) -> set[str]:
        filters = [
            aws.ec2.GetNetworkInterfacesFilterArgs(name=_FILTERS[name], values=list(values))
            for name, values in {"subnet": [subnet], **wanted}.items()
        ]
        return set(aws.ec2.get_network_interfaces(filters=filters, opts=options).ids)

    addresses = sorted(ours)
    for start in range(0, len(addresses), _MOST_VALUES):
        some = addresses[start : start + _MOST_VALUES]
        for id_ in sorted(there(address=some) - there(address=some, topology=[topology])):
            held = aws.ec2.get_network_interface(id=id_, opts=options)
            for address in {*held.private_ips} & {*some}:
                yield address, ours[address], id_


_FILTERS: Final = {
    "subnet": "subnet-id",
    "address": "addresses.private-ip-address",
    "topology": f"tag:{tags.TOPOLOGY}",
}
_MOST_VALUES: Final = 200
"""Of a filter (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html)."""


def _in_the_way(plan: Plan, lock: str, options: pulumi.InvokeOptions) -> Iterator[Problem]:
    """Each subnet that is new, where one is planned."""
    planned = [each for each in plan.network.subnets if not plan.network.is_others(each.id)]
    for id_, cidr in _new(plan, options):
        for ours in planned:
            if cidr.overlaps(ours.cidr):
                yield Problem(
                    lock,
                    0,
                    f"{id_} ({cidr}) has come into {plan.existing}, where subnet {ours.name} "
                    f"({ours.cidr}) is planned",
                    _ADOPT,
                )


def _new(plan: Plan, options: pulumi.InvokeOptions) -> Iterator[tuple[str, IPv4Network]]:
    """Subnets of others that the lock does not know."""
    known = set(plan.lock.vpc.subnets.values()) if plan.lock.vpc else set()
    of_vpc = aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=[plan.existing])
    there = aws.ec2.get_subnets(filters=[of_vpc], opts=options).ids
    for id_ in sorted(set(there or ()) - known):
        found = aws.ec2.get_subnet(id=id_, opts=options)
        if found.tags.get(tags.TOPOLOGY) != plan.topology and found.cidr_block:
            yield id_, IPv4Network(found.cidr_block)
