"""Through a regional NAT gateway, which stands in no subnet and has a route table of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.network import NAT_PORTS, NatGateway, PublicAccess, Subnet, TargetKind
from bulkhead.prove.sets.routing import Choice, Unrouted
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.exits import attached
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    Candidates,
    Exit,
    GroupReferences,
    Outcomes,
    Passage,
    SentOn,
)


def regional(
    carriers: Carriers, nat: NatGateway, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """By its own table, from no subnet; with which private address is not shown.

    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
    """
    served = tuple(dict.fromkeys(zone for zone, _ in nat.zones))
    zones = (here.zone,) if here.zone in served else served if nat.expands else ()
    found: list[Passage | None] = []
    for zone in zones or ("",):
        sent_on = replace(
            packet.limited(GroupReferences.NONE),
            public=True,
            client_ports=NAT_PORTS,
            nat=SentOn(nat.id, None, zone),
        )
        for one, aim in _as_ipv4(sent_on, packet, target):
            if aim is None or not zones:
                found.append(one.unknown())
                continue
            table, vpc = nat.route_table or "", nat.vpc
            for choice in carriers.routing.towards(table, vpc, aim.home, aim.kind):
                found.extend(_out_of_the_region(carriers, choice, one, nat.vpc, aim))
    return tuple(dict.fromkeys(found))


def _as_ipv4(
    sent_on: Passage, packet: Passage, target: Standing
) -> Iterator[tuple[Passage, Standing | None]]:
    """What becomes of a packet, and whom it is for then; of IPv6 who has that address of IPv4.

    Nothing of one in doubt denies.
    """
    if not target.is_ipv6:
        yield sent_on, target
    for called in target.ipv4:
        if called.in_doubt:
            yield replace(packet, nat=sent_on.nat, from_ipv6=True), None
        else:
            as_ipv4 = replace(sent_on, from_ipv6=True, receiver=called.place)
            yield as_ipv4, called.standing


def _out_of_the_region(
    carriers: Carriers, choice: Choice, packet: Passage, vpc: str, target: Standing
) -> Candidates:
    if isinstance(choice, Unrouted):
        local = choice is Unrouted.LOCAL and target.vpc == vpc
        return (packet.unknown(),) if local or choice is Unrouted.UNKNOWN else DROPPED
    if choice.blackhole:
        return DROPPED
    if choice.target is not TargetKind.INTERNET_GATEWAY:
        return (packet.unknown(),)
    if target.kind is not EndpointKind.INTERNET:
        return DROPPED
    decided = attached(carriers, choice.target_id, carriers.internet_gateway, vpc, packet)
    return decided or _past_block_public_access(carriers, packet, vpc)


def _past_block_public_access(carriers: Carriers, packet: Passage, vpc: str) -> Candidates:
    """What lets no subnet of the VPC out lets the gateway out neither; of some nobody knows."""
    subnets = carriers.network.subnets
    blocked = {each.id for each in subnets if each.public_access is PublicAccess.BLOCKED}
    own = {each.id for each in subnets if each.vpc == vpc}
    if own <= blocked:
        return DROPPED
    gone = replace(packet, exit=Exit.INTERNET_GATEWAY)
    doubtful = packet.origin in blocked or not own.isdisjoint(blocked)
    return (packet.unknown(),) if doubtful else (gone,)
