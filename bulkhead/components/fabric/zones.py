"""Whether an account has the zones that a topology names by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi
import pulumi_aws as aws

from bulkhead.intent import Topology
from bulkhead.network import is_zone_id, tags
from bulkhead.problems import InputError, Problem


def expect_zones(topology: Topology, provider: pulumi.ProviderResource | None) -> None:
    """Ask AWS what the account calls the zones, before anything is made in them.

    Nothing is asked where they are named. Raises InputError with each zone that the account does
    not have, or had under another name than `was:` says while this stack stood there; or where
    AWS does not tell.
    """
    if not is_zone_id(topology.zones[0]):
        return
    options = pulumi.InvokeOptions(provider=provider)
    try:
        told = aws.get_availability_zones(opts=options)
        names = dict(zip(told.zone_ids, told.names, strict=True))
        problems = tuple(_wrong(topology, names, options))
    except Exception as error:  # the class of whatever a provider says
        what = f"AWS does not tell which zones it has in {topology.region}: {error}"
        remedy = "allow ec2:DescribeAvailabilityZones, or list the zones by their names"
        raise InputError([Problem(*topology.place_of("zones"), what, remedy)]) from None
    if problems:
        raise InputError(problems)


def _wrong(
    topology: Topology, names: Mapping[str, str], options: pulumi.InvokeOptions
) -> Iterator[Problem]:
    for index, zone in enumerate(topology.zones):
        place = topology.place_of("zones", zone if topology.zones_were else index)
        if zone not in names:
            have = ", ".join(sorted(names)) or "none"
            what = f"the account has no zone {zone} in {topology.region}: it has {have}"
            yield Problem(*place, what, "list those that it has")
            continue
        was = topology.zones_were.get(zone, names[zone])
        if was != names[zone] and _stands(topology, options):
            yield Problem(
                *place,
                f"{zone} was {names[zone]} in this account, and not {was}: the subnets of this "
                "stack would be made anew in another zone",
                f"write {zone}: {{ was: {names[zone]} }}; accounts that differ need a lock each",
            )


def _stands(topology: Topology, options: pulumi.InvokeOptions) -> bool:
    """Whether this stack has subnets there: where it has none, nothing was called otherwise."""
    wanted = {tags.TOPOLOGY: topology.name, tags.STACK: pulumi.get_stack()}
    filters = [
        aws.ec2.GetSubnetsFilterArgs(name=f"tag:{tag}", values=[value])
        for tag, value in wanted.items()
    ]
    return bool(aws.ec2.get_subnets(filters=filters, opts=options).ids)
