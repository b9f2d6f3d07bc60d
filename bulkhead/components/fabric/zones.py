"""Whether an account has the zones that a topology names by their ids."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
import pulumi_aws as aws

from bulkhead.intent import Topology
from bulkhead.network import tags
from bulkhead.problems import Problem


def zones_lacking(topology: Topology, options: pulumi.InvokeOptions) -> Iterator[Problem]:
    """Each zone that the account does not have, or had under another name than `was:` says while
    this stack stood there."""
    told = aws.get_availability_zones(opts=options)
    names = dict(zip(told.zone_ids, told.names, strict=True))
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
