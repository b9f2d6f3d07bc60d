"""Through transit gateways (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulkhead.network import AttachmentKind, Direction, Subnet, TransitAttachment
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.exits import into_tunnel
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    Abroad,
    Candidates,
    GroupReferences,
    Handed,
    Outcomes,
    Passage,
)


def transit_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """From a subnet, by the attachment of its VPC in its zone."""
    ours = [
        each
        for each in carriers.attachment.values()
        if each.gateway == id_ and each.kind is AttachmentKind.VPC and each.resource == here.vpc
    ]
    if id_ not in carriers.transit_gateway or not ours or carriers.doubtful(id_, ours[0].id):
        return (packet.unknown(),)
    attachment = ours[0]
    if not attachment.available:
        return DROPPED
    if any(each not in carriers.network.subnet for each in attachment.subnets):
        return (packet.unknown(),)
    entrances = [each for each in carriers.attached(attachment) if each.zone == here.zone]
    if not entrances:
        return DROPPED
    packet = packet.meets(entrances[0].nacl, Direction.INGRESS, packet.source)
    packet = _referring(carriers, packet, attachment)
    return _cross(carriers, packet, attachment, here.zone, target)


def out_of_tunnel(
    carriers: Carriers, packet: Passage, attachment: TransitAttachment, target: Standing
) -> Outcomes:
    """From a site, by the attachment of its connection."""
    if carriers.doubtful(attachment.gateway, attachment.id):
        return (packet.unknown(),)
    return _cross(carriers, packet, attachment, None, target) if attachment.available else DROPPED


def _referring(carriers: Carriers, packet: Passage, attachment: TransitAttachment) -> Passage:
    gateway = carriers.transit_gateway.get(attachment.gateway)
    allowed = gateway is not None and gateway.references and attachment.references
    return packet.limited(GroupReferences.INGRESS if allowed else GroupReferences.NONE)


def _cross(
    carriers: Carriers,
    packet: Passage,
    attachment: TransitAttachment,
    zone: str | None,
    target: Standing,
) -> Outcomes:
    """By the table of the attachment that it came in by, to those that its route names."""
    table = attachment.table
    mark = f"{attachment.gateway} {attachment.id}"
    if mark in packet.visited:
        return DROPPED
    if carriers.doubtful(attachment.gateway, attachment.id, table or ""):
        return (packet.unknown(),)
    if table is None:
        return DROPPED
    if table not in carriers.transit_tables:
        return (packet.unknown(),)
    packet = packet.through(mark)
    found: list[Passage | Handed | Abroad | None] = []
    for route in carriers.routing.transit(table, target.home):
        if route is None or route.blackhole or not route.attachments:
            found.append(None)
            continue
        for each in route.attachments:
            found.extend(_depart(carriers, packet, (attachment.gateway, each), zone, target))
    return tuple(dict.fromkeys(found))


def _depart(
    carriers: Carriers, packet: Passage, key: tuple[str, str], zone: str | None, target: Standing
) -> Outcomes:
    attachment = carriers.attachment.get(key)
    if attachment is None or carriers.doubtful(*key):
        return (packet.unknown(),)
    if not attachment.available:
        return DROPPED
    match attachment.kind:
        case AttachmentKind.VPC:
            return _into_vpc(carriers, packet, attachment, zone)
        case AttachmentKind.VPN:
            return _into_tunnel(carriers, packet, attachment, target)
        case AttachmentKind.PEERING:
            return _over_peering(carriers, packet, attachment, target)
        case _:
            return (packet.unknown(),)


def _over_peering(
    carriers: Carriers, packet: Passage, attachment: TransitAttachment, target: Standing
) -> Outcomes:
    """To the attachment at the other transit gateway, whose table goes on."""
    far = carriers.attachment.get((attachment.peer_gateway or "", attachment.resource))
    if far is None or carriers.doubtful(far.gateway, far.id):
        return (packet.unknown(),)
    if not far.available:
        return DROPPED
    return _cross(carriers, packet.limited(GroupReferences.NONE), far, None, target)


def _into_tunnel(
    carriers: Carriers, packet: Passage, attachment: TransitAttachment, target: Standing
) -> Candidates:
    connection = carriers.network.vpn_connection.get(attachment.resource)
    if connection is None:
        return (packet.unknown(),)
    return (into_tunnel(carriers, connection, packet, target),)


def _into_vpc(
    carriers: Carriers, packet: Passage, attachment: TransitAttachment, zone: str | None
) -> Outcomes:
    """To the attachment's subnet in the zone that the packet came from, or to any of them."""
    if attachment.resource not in carriers.network.vpc:
        return (packet.unknown(),)
    packet = replace(_referring(carriers, packet, attachment), transit=True)
    exits = carriers.attached(attachment)
    near = [each for each in exits if each.zone == zone]
    if near and not attachment.appliance_mode:
        exits = near[:1]
    elif len(exits) != len(attachment.subnets):
        return (packet.unknown(),)
    elif attachment.appliance_mode and packet.reply:
        exits = _as_asked(packet, attachment, exits)
    return (
        tuple(
            Handed(_held(packet, attachment, each), each.id, attachment.gateway) for each in exits
        )
        or DROPPED
    )


def _as_asked(
    packet: Passage, attachment: TransitAttachment, exits: Sequence[Subnet]
) -> Sequence[Subnet]:
    """In appliance mode a flow keeps to one subnet, both ways.

    (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html)
    """
    place = attachment.gateway, attachment.id
    kept = [each for each in exits if (*place, each.id) in packet.held]
    return kept or exits


def _held(packet: Passage, attachment: TransitAttachment, subnet: Subnet) -> Passage:
    if packet.reply or not attachment.appliance_mode:
        return packet
    place = attachment.gateway, attachment.id, subnet.id
    return replace(packet, held=packet.held | {place})
