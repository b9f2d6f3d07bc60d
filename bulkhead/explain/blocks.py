"""The layers of a way that block a packet, each with the packet as it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, ip_network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Explanation, Hop
from bulkhead.network import (
    ICMP,
    ICMP6,
    NAT_PORTS,
    IPNetwork,
    Network,
    PortRange,
    has_ports,
    icmp_answer,
)

ECHO: Final = 8
"""An echo request of IPv4: one of IPv6 goes on as that behind a NAT gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A layer that blocks, and the packet as it is there.

    `sender` and `receiver` are prefixes that hold the packet's ends at this point:
    a NAT gateway's address, where one stands in for the client. `end` is who was sent to:
    of what a NAT gateway made a packet of IPv4, an end of that (NAT64).
    """

    network: Network
    said: Explanation
    hop: Hop
    before: tuple[Hop, ...]
    sender: IPNetwork
    receiver: IPNetwork
    protocol: int
    ports: PortRange
    end: Endpoint


def blocks_of(
    network: Network, said: Explanation, request: tuple[Hop, ...], hops: tuple[Hop, ...]
) -> Iterator[Block]:
    """Every layer of a way that blocks."""
    client, asked, four = said.source, said.destination, _of_ipv4(request, said.destination)
    end = four or asked
    nat = next((hop.source for hop in request if hop.source), None)
    ported, reply = has_ports(said.protocol), any(hop.reply for hop in hops)
    protocol, ports = said.protocol, PortRange(said.port, said.port)
    if reply:
        ports = said.client_ports if ported else _message(icmp_answer(protocol, said.port))
        end_of_way = ip_network(nat) if nat else _prefix(network, client)
        sender, receiver = _prefix(network, end), end_of_way
        if nat and ported:
            ports = NAT_PORTS
        if four and protocol == ICMP6:
            protocol, ports = ICMP, _message(said.port % 256)
    else:
        end = asked
        sender, receiver = _prefix(network, client), _prefix(network, asked)
    for index, hop in enumerate(hops):
        if hop.passes is False:
            yield Block(
                network=network,
                said=said,
                hop=hop,
                before=hops[:index],
                sender=sender,
                receiver=receiver,
                protocol=protocol,
                ports=ports,
                end=end,
            )
        if reply and hop.destination:
            sender, receiver, end = _prefix(network, asked), _prefix(network, client), asked
            protocol = said.protocol
            ports = said.client_ports if ported else _message(icmp_answer(protocol, said.port))
        elif hop.source:
            sender = ip_network(hop.source)
            if four and hop.destination:
                receiver, end = _prefix(network, four), four
                if protocol == ICMP6:
                    protocol, ports = ICMP, _message(ECHO * 256 + said.port % 256)


def _message(number: int) -> PortRange:
    return PortRange(number, number)


def _of_ipv4(request: tuple[Hop, ...], end: Endpoint) -> Endpoint | None:
    """Whom a NAT gateway sent it to as a packet of IPv4, if one did (NAT64)."""
    for hop in request:
        address = hop.destination
        if isinstance(address, IPv4Address):
            holding = (each for each in end.ipv4 if address in each)
            return next((_narrowed(each, address) for each in holding), None)
    return None


def _narrowed(end: Endpoint, address: IPv4Address) -> Endpoint:
    """The end by this one of its addresses; of a class all of it."""
    own = end.kind in (EndpointKind.INTERFACE, EndpointKind.STRANGER)
    return replace(end, ranges=((address, address),)) if own else end


def _prefix(network: Network, end: Endpoint) -> IPNetwork:
    """The least that holds an end: its address, or the prefix of its class. Of who comes and goes
    the subnet: the next one has another address."""
    if end.kind is EndpointKind.INTERFACE and not _comes_and_goes(network, end):
        return ip_network(end.address)
    if end.subnet is not None:
        blocks = network.subnet[end.subnet].cidrs
        return next(block for block in blocks if end.address in block)
    return end.prefix


def _comes_and_goes(network: Network, end: Endpoint) -> bool:
    held = network.interface[end.id].security_groups
    groups = (network.security_group[each] for each in held if each in network.security_group)
    return any(each.members for each in groups)
