"""Into a VPC from outside: the internet, a site, or where nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv6Address

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.edge import deliver, over_the_internet, past_edge_table, spoofed
from bulkhead.explain.walk.journey import (
    Aim,
    Ended,
    Fork,
    InSubnet,
    IntoTransit,
    Journey,
    Rule,
    Tree,
    Walk,
)
from bulkhead.explain.walk.leaving import RFC6598
from bulkhead.explain.walk.stages import follow
from bulkhead.explain.walk.tunnels import carries, is_of, remotes
from bulkhead.network import (
    AttachmentKind,
    Peering,
    TransitAttachment,
    Vpc,
    VpnConnection,
)


def enter(atlas: Atlas, journey: Journey, origin: Aim) -> Tree:
    """From an end outside all VPCs to the aim, wherever that is."""
    if journey.aim.vpc is None or journey.aim.subnet is None:
        return _outside(atlas, journey, origin)
    vpc = atlas.network.vpc[journey.aim.vpc]
    if atlas.in_vpc(journey.packet.source, vpc.id):
        return deliver(atlas, spoofed(journey, vpc))
    if origin.kind is EndpointKind.SITE:
        return _from_site(atlas, journey, origin)
    if journey.aim.by_public:
        return over_the_internet(atlas, journey)
    if origin.kind is EndpointKind.INTERNET:
        usual = [over_the_internet(atlas, journey), *_from_beyond(atlas, journey, vpc)]
    else:
        usual = [_from_elsewhere(atlas, journey, vpc.id)]
    ways = (*usual, *_out_of_tunnels(atlas, journey))
    return ways[0] if len(ways) == 1 else Fork(Rule.CHOICE, ways)


# From a site


def _from_site(atlas: Atlas, journey: Journey, origin: Aim) -> Tree:
    """By any of its connections: the sender chooses."""
    connections = atlas.connections(origin.id)
    ways = tuple(way for each in connections for way in _by_connection(atlas, journey, each))
    if not ways:
        return deliver(atlas, _no_door(atlas, journey, origin))
    return ways[0] if len(ways) == 1 else Fork(Rule.CHOICE, ways)


def _out_of_tunnels(atlas: Atlas, journey: Journey) -> Iterator[Tree]:
    """From an address that is no site's: whoever is behind a tunnel may send as anybody.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    for site in remotes(atlas):
        if journey.reply or is_of(atlas, site, journey.packet.source):
            continue
        coming = replace(journey.unreferable(), behind=site)
        why = atlas.doubt_about_site(site)
        for each in atlas.connections(site):
            if carries(each, journey.packet.source):
                if why:
                    yield coming.vanish(Layer.VPN, each.id, each.name, why)
                else:
                    yield from _by_connection(atlas, coming, each)


def _by_connection(atlas: Atlas, journey: Journey, connection: VpnConnection) -> Iterator[Tree]:
    """Its way into the aim's VPC, if it leads there."""
    if connection.vpn_gateway:
        gateway = atlas.vpn_gateway.get(connection.vpn_gateway)
        known = gateway is not None and not atlas.doubt(gateway.id)
        if gateway and known and gateway.vpc != journey.aim.vpc:
            return
        if not carries(connection, journey.packet.source):
            yield deliver(atlas, _unavailable(journey, connection))
            return
        journey = journey.note(Layer.VPN, connection.id, connection.name)
        id_ = connection.vpn_gateway
        why = atlas.doubt(id_) or f"VPN gateway {id_} is not in the network"
        if gateway is None or atlas.doubt(id_):
            yield journey.vanish(Layer.GATEWAY, id_, gateway.name if gateway else id_, why)
            return
        journey = journey.note(Layer.GATEWAY, id_, gateway.name)
        yield past_edge_table(atlas, journey, id_, journey.aim.vpc or "")
        return
    yield from _into_transit(atlas, journey, connection)


def _into_transit(atlas: Atlas, journey: Journey, connection: VpnConnection) -> Iterator[Tree]:
    """Into the transit gateway at which the connection ends."""
    if not carries(connection, journey.packet.source):
        yield _ended(_unavailable(journey, connection))
        return
    journey = journey.note(Layer.VPN, connection.id, connection.name)
    attachments = [
        each
        for each in atlas.network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == connection.id
    ]
    if not attachments:
        why = "the transit gateway where it ends is not in the network"
        yield journey.vanish(Layer.TRANSIT, connection.id, connection.name, why)
    for each in attachments:
        if each.available:
            stage = IntoTransit(each.gateway, each.id, None)
            yield follow(atlas, replace(journey.unreferable(), stage=stage))
        else:
            why, code = "the attachment is not available", Code.BAD_STATE_ATTACHMENT
            yield journey.drop(Layer.TRANSIT, each.id, each.name, code, why)


def _unavailable(journey: Journey, connection: VpnConnection) -> Journey:
    why = "the VPN connection is not available"
    return journey.note(
        Layer.VPN, connection.id, connection.name, False, code=Code.BAD_STATE_VPN, why=why
    )


def _ended(journey: Journey) -> Journey:
    return replace(journey, stage=Ended.DROPPED)


def _no_door(atlas: Atlas, journey: Journey, origin: Aim) -> Journey:
    """Nothing leads from there into the VPC; its internet gateway takes no private senders."""
    vpc = atlas.network.vpc[journey.aim.vpc or ""]
    gateway = next((each for each in atlas.network.internet_gateways if each.vpc == vpc.id), None)
    also: tuple[Code, ...] = ()
    if gateway and not isinstance(journey.packet.source, IPv6Address):
        also = (
            (Code.IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS,)
            if journey.packet.source in RFC6598
            else (Code.IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS,)
            if journey.packet.source.is_private
            else ()
        )
    what = "no VPN connection of the site" if origin.kind is EndpointKind.SITE else "nothing"
    why, code = f"{what} leads into this VPC", Code.NO_PATH
    return journey.note(Layer.GATEWAY, vpc.id, vpc.name, False, code=code, also=also, why=why)


def _from_beyond(atlas: Atlas, journey: Journey, vpc: Vpc) -> Iterator[Journey]:
    """From the internet by what leads out of AWS and was not observed: Direct Connect, say."""
    door = None if journey.reply else next(_ways_out(atlas, vpc.id), None)
    if door is not None:
        why = f"{door} joins the VPC to what was not observed"
        code = Code.UNKNOWN_DESTINATION
        yield journey.vanish(Layer.GATEWAY, vpc.id, vpc.name, why, code=code)


def _ways_out(atlas: Atlas, vpc: str) -> Iterator[str]:
    network = atlas.network
    for gateway in network.vpn_gateways:
        if gateway.vpc == vpc and atlas.doubt(gateway.id):
            yield gateway.name
    for own in network.transit_attachments:
        if (own.kind, own.resource) != (AttachmentKind.VPC, vpc) or not own.available:
            continue
        if own.gateway not in atlas.transit_gateway or atlas.doubt(own.gateway):
            yield own.gateway
        if atlas.doubt(own.id):
            yield own.name
        for each in network.transit_attachments:
            outward = each.kind in (AttachmentKind.OTHER, AttachmentKind.PEERING)
            if each.gateway == own.gateway and outward and _leads_out_of_sight(atlas, each):
                yield each.name


# From elsewhere


def _from_elsewhere(atlas: Atlas, journey: Journey, vpc: str) -> Tree:
    """Where a route of the VPC leads there by what nobody can follow, so may it lead back."""
    for subnet in atlas.network.subnets:
        if subnet.vpc == vpc and _led_astray(atlas, journey, InSubnet(subnet)):
            why = f"the routes of {subnet.name} lead there by what is not modelled"
            code = Code.UNKNOWN_DESTINATION
            return journey.vanish(Layer.GATEWAY, vpc, vpc, why, code=code)
    door = next(_unseen_doors(atlas, vpc), None)
    if door is not None:
        why = f"{door} joins the VPC to what was not observed"
        return journey.vanish(Layer.GATEWAY, vpc, vpc, why, code=Code.UNKNOWN_DESTINATION)
    peering = next(_unseen_peers(atlas, journey, vpc), None)
    if peering is not None:
        return deliver(atlas, _from_peer(journey, peering))
    origin = Aim(kind=EndpointKind.ELSEWHERE, id="", subnet=None, vpc=None, public=False)
    return deliver(atlas, _no_door(atlas, journey, origin))


def _unseen_peers(atlas: Atlas, journey: Journey, vpc: str) -> Iterator[Peering]:
    """Peerings with a VPC that is not here and has the sender's address, of this Region first."""
    found = [
        each
        for each in atlas.network.peerings
        if (far := each.other(vpc)) is not None
        and each.active
        and far.vpc not in atlas.network.vpc
        and any(journey.packet.source in block for block in far.cidrs)
    ]
    yield from sorted(found, key=lambda each: each.requester.region != each.accepter.region)


def _from_peer(journey: Journey, peering: Peering) -> Journey:
    """Getting in takes no route of this VPC, only the peer's, and a way past the layers here.

    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html)
    """
    why = "whether the VPC at its other end sends anything was not observed"
    code = Code.UNKNOWN_DESTINATION
    noted = journey.note(Layer.PEERING, peering.id, peering.name, None, code=code, why=why)
    within = peering.requester.region == peering.accepter.region
    return noted if within else noted.unreferable()


def _unseen_doors(atlas: Atlas, vpc: str) -> Iterator[str]:
    """What may let somebody in of whom nobody knows: getting in takes no route of the VPC."""
    network = atlas.network
    for gateway in network.vpn_gateways:
        if gateway.vpc == vpc and atlas.doubt(gateway.id):
            yield gateway.name
    for peering in network.peerings:
        if peering.other(vpc) is not None and peering.active and atlas.doubt(peering.id):
            yield peering.name
    for own in network.transit_attachments:
        if (own.kind, own.resource) != (AttachmentKind.VPC, vpc) or not own.available:
            continue
        if (
            own.gateway not in atlas.transit_gateway
            or atlas.doubt(own.gateway)
            or atlas.doubt(own.id)
            or any(
                _leads_out_of_sight(atlas, each)
                for each in network.transit_attachments
                if each.gateway == own.gateway
            )
        ):
            yield own.name


def _leads_out_of_sight(atlas: Atlas, attachment: TransitAttachment) -> bool:
    """Whether what is attached was not observed, or is of a kind that nobody models."""
    if attachment.kind is AttachmentKind.PEERING:
        return atlas.attachment(attachment.peer_gateway or "", attachment.resource) is None
    unseen = attachment.kind is AttachmentKind.VPC and attachment.resource not in atlas.network.vpc
    return unseen or attachment.kind is AttachmentKind.OTHER


def _led_astray(atlas: Atlas, journey: Journey, stage: InSubnet) -> bool:
    """Whether a packet back would leave the subnet for where nobody can follow it."""
    packet = journey.packet
    back = replace(packet, source=packet.destination, destination=packet.source)
    aim = Aim(kind=EndpointKind.ELSEWHERE, id="elsewhere", subnet=None, vpc=None, public=False)
    sent = Journey(packet=back, aim=aim, stage=stage)
    return any(
        each.stage is Ended.BEYOND and not each.nats and not _at_unseen_peer(each)
        for each in Walk(follow(atlas, sent)).leaves()
    )


def _at_unseen_peer(journey: Journey) -> bool:
    """Whether it went out of sight by a peering that is known, and in no doubt itself."""
    last = journey.hops[-1]
    return last.layer is Layer.PEERING and last.code is Code.UNKNOWN_DESTINATION


# Between ends outside


def _outside(atlas: Atlas, journey: Journey, origin: Aim) -> Tree:
    """Only transit gateways carry packets from outside to outside."""
    nowhere = journey.drop(Layer.GATEWAY, "", "", Code.NO_PATH, "nothing here connects the two")
    if origin.kind is not EndpointKind.SITE or origin.id == journey.aim.id:
        return nowhere
    ways: list[Tree] = []
    for each in atlas.connections(origin.id):
        id_ = each.vpn_gateway
        if not id_:
            ways.extend(_into_transit(atlas, journey, each))
        elif carries(each, journey.packet.source) and (
            id_ not in atlas.vpn_gateway or atlas.doubt(id_)
        ):
            why = atlas.doubt(id_) or f"{id_} is not in the network"
            ways.append(journey.vanish(Layer.GATEWAY, id_, id_, why))
    hub = _cloudhub(atlas, journey, origin)
    if hub:
        why = "two sites behind one VPN gateway may reach each other through it"
        ways.append(journey.note(Layer.GATEWAY, hub, hub, None, why=why).arrive())
    if not ways:
        return nowhere
    return ways[0] if len(ways) == 1 else Fork(Rule.CHOICE, tuple(ways))


def _cloudhub(atlas: Atlas, journey: Journey, origin: Aim) -> str:
    """A VPN gateway with connections of both
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)."""
    if journey.aim.kind is not EndpointKind.SITE:
        return ""
    address, there = journey.packet.source, atlas.connections(journey.aim.id)
    ours = {each.vpn_gateway for each in atlas.connections(origin.id) if carries(each, address)}
    theirs = {each.vpn_gateway for each in there if each.available}
    return min((ours & theirs) - {""}, default="")
