"""Services whose interfaces come and go: which those are, the plan says, whatever tags say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bulkhead.ends.members import with_stand_ins
from bulkhead.network import IPNetwork, Network, SecurityGroup, Subnet
from bulkhead.prove.reach import Reach, prove


def following(reach: Reach, planned: Network) -> Reach:
    """The proof itself, where in the network stand in for such services those whom the plan has.

    A network that was found says by tags which services these are, and by names in which subnets;
    where it says otherwise than the plan, it is proved again with those of the plan.
    """
    network = reach.network
    members = {each.service: each.members for each in planned.security_groups if each.members}
    blocks: dict[str | None, dict[IPNetwork, bool]] = defaultdict(dict)
    for each in planned.interfaces:
        if each.stand_in:
            blocks[each.service][planned.subnet_of(each).cidr] = bool(each.ipv6_addresses)

    def places(found: Network, group: SecurityGroup) -> Iterable[tuple[Subnet, bool]]:
        there = blocks[group.service]
        for each in found.subnets:
            if each.vpc == group.vpc and each.cidr in there:
                yield each, there[each.cidr]

    as_planned = replace(
        network,
        security_groups=tuple(
            replace(each, members=members.get(each.service)) for each in network.security_groups
        ),
    )
    interfaces = with_stand_ins(as_planned, places).interfaces
    return (
        reach
        if interfaces == network.interfaces
        else prove(replace(network, interfaces=interfaces))
    )
