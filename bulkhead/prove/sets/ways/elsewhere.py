"""Into a VPC from where nobody looked: by what was not observed, or what leads nobody knows where.

Somebody nobody knows gets in where something nobody knows might lead back to him; out of
a peer that nobody observed he comes as himself, so the VPC's own layers are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import AttachmentKind, Subnet, TransitAttachment
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.leave import deliver, forward
from bulkhead.prove.sets.ways.passage import DROPPED, Candidates, GroupReferences, Passage


def from_elsewhere(
    carriers: Carriers, packet: Passage, origin: Standing, target: Standing
) -> Candidates:
    """Dropped for sure, or unknown."""
    if target.vpc is None or target.subnet is None:
        return DROPPED
    key = (target.vpc, origin.home)
    if key not in carriers.elsewhere:
        carriers.elsewhere[key] = _lets_in(carriers, target.vpc) or any(
            _may_lead_to(carriers, origin, subnet)
            for subnet in carriers.network.subnets
            if subnet.vpc == target.vpc
        )
    if carriers.elsewhere[key]:
        return (packet.unknown(),)
    return tuple(_from_peers(carriers, packet, origin, target)) or DROPPED


def _from_peers(
    carriers: Carriers, packet: Passage, origin: Standing, target: Standing
) -> Iterator[Passage]:
    """Over each peering that joins the VPC to one that is not here and has such an address.

    A request takes no route of this VPC, only its replies do, so it may arrive wherever
    the NACL and the groups here let it in
    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html).
    """
    for peering in carriers.peering.values():
        far = peering.other(target.vpc or "")
        if far is None or not peering.active or far.vpc in carriers.network.vpc:
            continue
        if set(map(as_prefix, far.cidrs)).isdisjoint(carriers.tree.chain(origin.home)):
            continue
        coming = replace(packet, sure=False)
        if peering.requester.region != peering.accepter.region:
            coming = coming.limited(GroupReferences.NONE)
        yield from filter(None, deliver(carriers, coming, target.vpc or "", target))


def from_beyond(carriers: Carriers, packet: Passage, target: Standing) -> Iterator[Candidates]:
    """From the internet by what leads out of AWS and was not observed: Direct Connect, say."""
    vpc = target.vpc
    if packet.reply or vpc is None or carriers.routing.is_in(vpc, packet.source):
        return
    if _leads_out(carriers, vpc):
        yield (packet.unknown(),)


def _leads_out(carriers: Carriers, vpc: str) -> bool:
    if any(of == vpc and carriers.doubtful(id_) for id_, of in carriers.vpn_gateway.items()):
        return True
    return any(
        _is_in_doubt(carriers, own)
        or any(
            each.gateway == own.gateway
            and each.kind in (AttachmentKind.OTHER, AttachmentKind.PEERING)
            and _is_unseen(carriers, each)
            for each in carriers.attachment.values()
        )
        for own in carriers.attachment.values()
        if own.kind is AttachmentKind.VPC and own.resource == vpc and own.available
    )


def _is_in_doubt(carriers: Carriers, own: TransitAttachment) -> bool:
    return own.gateway not in carriers.transit_gateway or carriers.doubtful(own.gateway, own.id)


def _lets_in(carriers: Carriers, vpc: str) -> bool:
    """Whether something that was not observed may bring packets into the VPC."""
    if any(of == vpc and carriers.doubtful(id_) for id_, of in carriers.vpn_gateway.items()):
        return True
    for peering in carriers.peering.values():
        if peering.other(vpc) and peering.active and carriers.doubtful(peering.id):
            return True
    return any(
        _joins_the_unseen(carriers, each)
        for each in carriers.attachment.values()
        if each.kind is AttachmentKind.VPC and each.resource == vpc and each.available
    )


def _joins_the_unseen(carriers: Carriers, own: TransitAttachment) -> bool:
    return _is_in_doubt(carriers, own) or any(
        _is_unseen(carriers, each)
        for each in carriers.attachment.values()
        if each.gateway == own.gateway
    )


def _is_unseen(carriers: Carriers, attachment: TransitAttachment) -> bool:
    """Whether what is attached is not here, or of a kind that nobody models."""
    match attachment.kind:
        case AttachmentKind.OTHER:
            return True
        case AttachmentKind.VPC:
            return attachment.resource not in carriers.network.vpc
        case AttachmentKind.PEERING:
            far = (attachment.peer_gateway or "", attachment.resource)
            return far not in carriers.attachment
        case _:
            return False


def _may_lead_to(carriers: Carriers, far: Standing, subnet: Subnet) -> bool:
    for cidr in carriers.network.vpc[subnet.vpc].cidrs:
        if (cidr.version == 6) == far.is_ipv6:
            start = Passage(source=as_prefix(cidr), public=False, reply=False, origin=subnet.id)
            ends = forward(carriers, start, subnet, far)
            return any(each is not None and _may_be_answered(each) for each in ends)
    return False


def _may_be_answered(packet: Passage) -> bool:
    """Whether somebody at the end of a way that nobody knows may send packets back by it.

    A regional NAT gateway opens none, wherever it sends.
    """
    regional = packet.nat is not None and packet.nat.address is None
    return not (packet.known or packet.at_unseen_peer or regional)
