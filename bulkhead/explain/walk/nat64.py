"""What a NAT gateway makes of IPv6 for hosts of IPv4: packets of IPv4, and of their replies IPv6.

(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Network
from typing import Final

from bulkhead.ends.classes import Endpoint
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.journey import Fork, Journey, Packet, Rule, Tree
from bulkhead.network import ICMP, ICMP6, TCP, UDP, PortRange, icmp_answer

NAT64: Final = IPv6Network("64:ff9b::/96")
"""Hosts of IPv4, as IPv6 calls them by the last 32 bits (RFC 6052)."""
ECHO: Final = 8
ECHO6: Final = 128
"""The echo requests of both families: the one goes on as the other (RFC 7915)."""


def not_translated(packet: Packet) -> str:
    """Why a NAT gateway makes no packet of IPv4 of one of IPv6; '' where it does."""
    if packet.destination not in NAT64 or packet.protocol not in (TCP, UDP, ICMP6):
        return f"of IPv6 a NAT gateway serves tcp, udp and icmpv6 alone, to {NAT64}"
    if packet.protocol == ICMP6 and packet.ports.first // 256 != ECHO6:
        return "of icmpv6 a NAT gateway translates echo requests, and what answers them"
    return ""


def on_as_ipv4(atlas: Atlas, sent: tuple[Journey, ...]) -> Tree:
    """On from the gateway, which sent it with any of its addresses.

    Of several who have the address one who is reached is enough.
    """
    journey = sent[0]
    ways = tuple(_each(tuple(_to(atlas, one, each) for one in sent)) for each in journey.aim.ipv4)
    if not ways:
        gateway, why = journey.hops[-1], "nobody has that address of IPv4"
        return journey.drop(Layer.NAT, gateway.ids, gateway.name, Code.NO_POSSIBLE_DESTINATION, why)
    return ways[0] if len(ways) == 1 else Fork(Rule.CHOICE, ways)


def _each(ways: tuple[Journey, ...]) -> Tree:
    return ways[0] if len(ways) == 1 else Fork(Rule.EACH, ways)


def _to(atlas: Atlas, journey: Journey, end: Endpoint) -> Journey:
    asked = journey.packet
    address = IPv4Address(int(asked.destination) & 0xFFFF_FFFF)
    told = replace(journey.hops[-1], destination=address)
    journey = replace(journey, hops=(*journey.hops[:-1], told))
    if why := atlas.doubt_about(end):
        return journey.vanish(Layer.UNMODELLED, end.id, end.name, why)
    there = replace(end, ranges=((address, address),))
    packet = replace(asked, destination=address)
    if asked.protocol == ICMP6:
        message = ECHO * 256 + asked.ports.first % 256
        packet = replace(packet, protocol=ICMP, ports=PortRange(message, message))
    return replace(journey, packet=packet, aim=atlas.aim(there), as_ipv4=there)


def replied_as_ipv4(request: Packet, own: PortRange) -> Packet:
    """What answers a packet of IPv4, to the NAT gateway whose address it had.

    `own`: the ports that the gateway may have given it.
    """
    message = icmp_answer(request.protocol, request.ports.first)
    answer = PortRange(message, message)
    return Packet(
        source=request.destination,
        destination=request.source,
        protocol=request.protocol,
        ports=answer if request.protocol == ICMP else own,
        client_ports=answer if request.protocol == ICMP else request.ports,
    )
