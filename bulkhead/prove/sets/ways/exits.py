"""Out of a VPC by a gateway of its own: to the internet, to sites, to services of the Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.network import PublicAccess, Subnet, VpnConnection
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    Abroad,
    Candidates,
    Exit,
    Outcomes,
    Passage,
)


def internet_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """To the internet, and over it to public IPv6 addresses of another VPC.

    (docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)
    """
    if not _is_abroad(here, target):
        return DROPPED
    decided = attached(carriers, id_, carriers.internet_gateway, here.vpc, packet)
    if decided is not None:
        return decided
    if _is_inspected(carriers, packet, here):
        return (packet.unknown(),)
    if not packet.public or not carriers.routing.is_in(here.vpc, packet.source):
        return DROPPED
    sent = _to_the_public(carriers, replace(packet, exit=Exit.INTERNET_GATEWAY), here)
    return sent if target.kind is EndpointKind.INTERNET else _over_the_internet(sent)


def _is_inspected(carriers: Carriers, packet: Passage, here: Subnet) -> bool:
    """Whether a firewall that nobody here reads decides, which may also translate."""
    start = None if packet.reply else carriers.network.subnet.get(packet.origin or "")
    within = start is not None and start.vpc == here.vpc and start.inspected
    return here.inspected or within


def _is_abroad(here: Subnet, target: Standing) -> bool:
    """Whether an internet gateway may lead there at all.

    A public IPv6 address of another VPC is its own; one of IPv4 is another end: internet.
    """
    if target.kind is EndpointKind.INTERNET:
        return True
    return target.is_ipv6 and target.public and target.vpc not in (None, here.vpc)


def _over_the_internet(sent: Candidates) -> Outcomes:
    """Into the VPC of the target, unless it got nowhere."""
    return tuple(Abroad(each) if each is not None and each.known else each for each in sent)


def attached(
    carriers: Carriers, gateway: str, known: Mapping[str, str], vpc: str, packet: Passage
) -> Candidates | None:
    """What an attachment decides by itself; None where the packet passes on."""
    if gateway not in known or carriers.doubtful(gateway):
        return (packet.unknown(),)
    return None if known[gateway] == vpc else DROPPED


def _to_the_public(carriers: Carriers, packet: Passage, here: Subnet) -> Candidates:
    """What VPC Block Public Access says; replies pass where the request passed.

    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """
    if packet.reply or (here.public_access.lets_out and not packet.nat):
        return (packet,)
    if packet.nat is None or here.public_access is PublicAccess.BLOCKED:
        return DROPPED
    origin = carriers.network.subnet.get(packet.origin or "")
    blocked = origin is not None and origin.public_access is PublicAccess.BLOCKED
    return (packet.unknown(),) if blocked else (packet,)


def egress_only_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """(docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html)."""
    if not target.is_ipv6 or not _is_abroad(here, target):
        return DROPPED
    decided = attached(carriers, id_, carriers.egress_only_gateway, here.vpc, packet)
    if decided is not None:
        return decided
    ours = packet.public and carriers.routing.is_in(here.vpc, packet.source)
    if here.public_access is PublicAccess.BLOCKED or not ours or packet.reply:
        return DROPPED
    sent: Candidates = (replace(packet, exit=Exit.EGRESS_ONLY_GATEWAY),)
    return sent if target.kind is EndpointKind.INTERNET else _over_the_internet(sent)


def vpn_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Candidates:
    """A VPN gateway forwards only what a connection knows, by the longest prefix.

    Of what was learned and is not known, a longer one may lead anywhere.
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html)
    """
    decided = attached(carriers, id_, carriers.vpn_gateway, here.vpc, packet)
    if decided is not None:
        return decided
    if not carriers.routing.is_in(here.vpc, packet.source):
        return DROPPED
    decided = _by_known_prefix(carriers, id_, packet, target)
    learning = carriers.learning.get(id_, ())
    perhaps = [into_tunnel(carriers, each, packet, target) for each in learning]
    return tuple(dict.fromkeys((*decided, *perhaps)))


def _by_known_prefix(
    carriers: Carriers, gateway: str, packet: Passage, target: Standing
) -> Candidates:
    known = carriers.tunnels_of.get(gateway, {})
    for prefix in carriers.tree.chain(target.home):
        if prefix in known:
            sites = {carriers.site_of[each.id] for each in known[prefix]}
            if target.kind is not EndpointKind.SITE or target.id not in sites:
                return DROPPED
            if len(sites) > 1:
                return (packet.unknown(),)
            usable = [each.id for each in known[prefix] if _carries(each, target)]
            return (replace(packet, tunnels=tuple(usable)),) if usable else DROPPED
    return DROPPED


def into_tunnel(
    carriers: Carriers, connection: VpnConnection, packet: Passage, target: Standing
) -> Passage | None:
    """To its site; whether anybody else is behind it depends on what was announced."""
    site = carriers.site_of[connection.id]
    there = replace(packet, tunnels=(connection.id,))
    if not _carries(connection, target):
        return None
    if target.kind is EndpointKind.SITE:
        return there if target.id == site else None
    outside = target.kind in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)
    if not (outside and connection.learns) or packet.reply:
        return None
    return replace(there, behind=site, sure=False)


def _carries(connection: VpnConnection, target: Standing) -> bool:
    return connection.available and connection.version in (None, 6 if target.is_ipv6 else 4)


def gateway_endpoint(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Candidates:
    """(docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
    if target.kind is not EndpointKind.INTERNET:
        return DROPPED
    if id_ not in carriers.gateway_endpoints or carriers.doubtful(id_):
        return (packet.unknown(),)
    if packet.reply or not carriers.routing.is_in(here.vpc, packet.source):
        return DROPPED
    return (replace(packet, exit=Exit.GATEWAY_ENDPOINT),)
