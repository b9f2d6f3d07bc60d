"""From sites, into a VPC or onto another site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.behind_vpn import Remote
from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.prefixes import as_prefix
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
    yield from _out_of_tunnels(carriers, carriers.remote[origin.id], packet, target)


def by_tunnels(carriers: Carriers, packet: Passage, target: Standing) -> Iterator[Candidates]:
    """From addresses that are no site's: whoever is behind a tunnel may send as anybody.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    if packet.reply or target.subnet is None:
        return
    around = carriers.tree.chain(packet.source)
    for remote in carriers.classes.remotes:
        if set(map(as_prefix, remote.cidrs)).isdisjoint(around):
            coming = replace(packet, behind=remote.id)
            for candidates in _out_of_tunnels(carriers, remote, coming, target):
                doubtful = remote.id in carriers.unknowns.sites
                yield (coming.unknown(),) if doubtful else candidates


def _out_of_tunnels(
    carriers: Carriers, remote: Remote, packet: Passage, target: Standing
) -> Iterator[Candidates]:
    if target.vpc is not None and carriers.routing.is_in(target.vpc, packet.source):
        return
    packet = replace(packet, references=GroupReferences.NONE)
    for connection in remote.connections:
        if connection.available and connection.version in (None, 6 if target.is_ipv6 else 4):
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
