"""Into a VPC from outside: from the internet, and from sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.network import AttachmentKind, PublicAccess, TargetKind, VpnConnection
from bulkhead.prove.sets.routing import Choice, Unrouted
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.firewall import firewall
from bulkhead.prove.sets.ways.leave import appliance, deliver, follow
from bulkhead.prove.sets.ways.passage import DROPPED, Candidates, GroupReferences, Passage
from bulkhead.prove.sets.ways.transit import out_of_tunnel


def from_internet(carriers: Carriers, packet: Passage, target: Standing) -> Candidates:
    """By the internet gateway of the target's VPC."""
    if target.vpc is None or carriers.routing.is_in(target.vpc, packet.source):
        return DROPPED
    doors = carriers.doors.get(target.vpc, ())
    if not doors or not target.public:
        return DROPPED
    subnet = carriers.network.subnet[target.subnet or ""]
    if not packet.reply and subnet.public_access is not PublicAccess.OPEN:
        return DROPPED
    known = [
        each for each in doors if each in carriers.internet_gateway and not carriers.doubtful(each)
    ]
    packet = replace(packet, references=GroupReferences.NONE)
    if not known:
        return (packet.unknown(),)
    return _by_edge(carriers, known[0], packet, target)


def from_site(
    carriers: Carriers, packet: Passage, origin: Standing, target: Standing
) -> Iterator[Candidates]:
    """By each of the site's connections that is available: the sender chooses."""
    if target.vpc is not None and carriers.routing.is_in(target.vpc, packet.source):
        return
    packet = replace(packet, references=GroupReferences.NONE)
    for connection in carriers.remote[origin.id].connections:
        if connection.available:
            under_way = replace(packet, tunnels=(connection.id,))
            yield _by_tunnel(carriers, connection, under_way, target)


def _by_edge(carriers: Carriers, gateway: str, packet: Passage, target: Standing) -> Candidates:
    """A table of the gateway itself may lead what enters to a firewall or an appliance.

    (docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)
    """
    vpc = target.vpc or ""
    edge = carriers.edge_table.get(gateway)
    if edge is None:
        return deliver(carriers, packet, vpc, target)
    choices = carriers.routing.choices(edge, vpc, target.home)
    several = [each for one in choices for each in _redirected(carriers, one, packet, target)]
    return tuple(dict.fromkeys(several))


def _redirected(
    carriers: Carriers, choice: Choice, packet: Passage, target: Standing
) -> Candidates:
    vpc = target.vpc or ""
    if isinstance(choice, Unrouted):
        unknown = choice is Unrouted.UNKNOWN
        return (packet.unknown(),) if unknown else deliver(carriers, packet, vpc, target)
    if choice.blackhole:
        return DROPPED
    if choice.target is TargetKind.FIREWALL:
        inspected = firewall(carriers, choice.target_id, packet, None, target)
        return follow(carriers, inspected, target)
    if choice.target is TargetKind.INTERFACE:
        return appliance(carriers, choice.target_id, packet, vpc, target)
    return (packet.unknown(),) if choice.target is TargetKind.UNMODELLED else DROPPED


def _by_tunnel(
    carriers: Carriers, connection: VpnConnection, packet: Passage, target: Standing
) -> Candidates:
    attached = [
        each
        for each in carriers.attachment.values()
        if each.kind is AttachmentKind.VPN and each.resource == connection.id
    ]
    if attached:
        return follow(carriers, out_of_tunnel(carriers, packet, attached[0], target), target)
    gateway = connection.vpn_gateway
    if not gateway or gateway not in carriers.vpn_gateway or carriers.doubtful(gateway):
        return (packet.unknown(),)
    if target.vpc is None:
        return _between_sites(carriers, gateway, packet, target)
    if carriers.vpn_gateway[gateway] != target.vpc:
        return DROPPED
    return _by_edge(carriers, gateway, packet, target)


def _between_sites(
    carriers: Carriers, gateway: str, packet: Passage, target: Standing
) -> Candidates:
    """Sites behind one VPN gateway may reach each other through it.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)
    """
    if target.kind is not EndpointKind.SITE:
        return DROPPED
    connections = carriers.remote[target.id].connections
    gateways = {each.vpn_gateway for each in connections if each.available}
    return (packet.unknown(),) if gateway in gateways else DROPPED
