"""From sites, into a VPC or onto another site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.network import AttachmentKind, VpnConnection
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.leave import by_edge, follow
from bulkhead.prove.sets.ways.passage import DROPPED, Candidates, GroupReferences, Passage
from bulkhead.prove.sets.ways.transit import out_of_tunnel


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
    return by_edge(carriers, gateway, packet, target)


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
