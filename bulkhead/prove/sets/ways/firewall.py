"""Through a Network Firewall.

(docs.aws.amazon.com/network-firewall/latest/developerguide/how-it-works.html)
"""

from __future__ import annotations

from dataclasses import replace

from bulkhead.network import Direction, Subnet
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    FirewallCheck,
    GroupReferences,
    Handed,
    Outcomes,
    Passage,
)


def firewall(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet | None, target: Standing
) -> Outcomes:
    """Into an endpoint's subnet, past the firewall, and on from there.

    `here` is None for what enters the target's VPC from outside.
    """
    if id_ not in carriers.firewall or carriers.doubtful(id_):
        return (packet.unknown(),)
    asked, subnet = carriers.firewall[id_]
    inside = carriers.network.subnet.get(subnet)
    if inside is None or carriers.doubtful(asked):
        return (packet.unknown(),)
    vpc = here.vpc if here else target.vpc
    if id_ in packet.visited or inside.vpc != vpc:
        return DROPPED
    if here is None or inside.id != here.id:
        packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
    check = FirewallCheck(
        asked, id_, packet.source, target.home, packet.client_ports, packet.from_ipv6
    )
    packet = replace(packet.through(id_), checks=(*packet.checks, check))
    return (Handed(packet.limited(GroupReferences.NONE), inside.id),)
