"""Into a VPC from where nobody looked: by what was not observed, or what leads nobody knows where.

Somebody nobody knows gets in where something nobody knows might lead back to him.
"""

from __future__ import annotations

from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import AttachmentKind, Subnet, TransitAttachment
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.leave import forward
from bulkhead.prove.sets.ways.passage import DROPPED, Candidates, Passage


def from_elsewhere(
    carriers: Carriers, packet: Passage, origin: Standing, target: Standing
) -> Candidates:
    """Dropped for sure, or unknown."""
    if target.vpc is None:
        return DROPPED
    key = (target.vpc, origin.home)
    if key not in carriers.elsewhere:
        carriers.elsewhere[key] = _lets_in(carriers, origin, target.vpc) or any(
            _may_lead_to(carriers, origin, subnet)
            for subnet in carriers.network.subnets
            if subnet.vpc == target.vpc
        )
    return (packet.unknown(),) if carriers.elsewhere[key] else DROPPED


def _lets_in(carriers: Carriers, far: Standing, vpc: str) -> bool:
    """Whether something that was not observed may bring packets into the VPC."""
    if any(of == vpc and carriers.doubtful(id_) for id_, of in carriers.vpn_gateway.items()):
        return True
    for peering in carriers.peering.values():
        side = peering.other(vpc)
        if side is None or not peering.active:
            continue
        blocks = set(map(as_prefix, side.cidrs))
        theirs = side.vpc not in carriers.network.vpc and not blocks.isdisjoint(
            carriers.tree.chain(far.home)
        )
        if theirs or carriers.doubtful(peering.id):
            return True
    return any(
        _joins_the_unseen(carriers, each)
        for each in carriers.attachment.values()
        if each.kind is AttachmentKind.VPC and each.resource == vpc and each.available
    )


def _joins_the_unseen(carriers: Carriers, own: TransitAttachment) -> bool:
    if own.gateway not in carriers.transit_gateway or carriers.doubtful(own.gateway, own.id):
        return True
    return any(
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
            return any(each is not None and not each.known for each in ends)
    return False
