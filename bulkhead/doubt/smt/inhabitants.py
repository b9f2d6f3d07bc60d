"""Who may start and end a packet, as formulas over a location and an address."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Final

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.claims import INTERNET, Location, LocationKind
from bulkhead.doubt.smt.encoding import NAT64, Encoding
from bulkhead.doubt.smt.sites import connections_to
from bulkhead.doubt.smt.terms import (
    Formula,
    Header,
    Vector,
    all_of,
    among,
    any_of,
    between,
    either,
    inside,
    negated,
    same,
)
from bulkhead.network import (
    AttachmentKind,
    Interface,
    InterfaceKind,
    IPNetwork,
    Network,
    VpnConnection,
)

PRIVATE: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
"""RFC 1918, RFC 6598, RFC 4193."""
NOBODY: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            *("::/128", "::1/128", "fe80::/10", "ff00::/8"),
        ),
    )
)
"""This host, loopback, link-local, multicast, reserved (RFC 6890)."""


def is_end(encoding: Encoding, location: Vector, address: Vector) -> Formula:
    """Whether anybody may have this address there."""
    return any_of(
        all_of((same(location, number), _lives(encoding, where, address)))
        for where, number in encoding.numbers.items()
    )


def is_called_by_ipv6(encoding: Encoding, address: Vector) -> Formula:
    """Whether the address is one by which IPv6 calls hosts of IPv4, to a NAT gateway."""
    return encoding.translates and inside(address, NAT64)


def calls(encoding: Encoding, where: Location, address: Vector) -> Formula:
    """Whether the last 32 bits of the address are that of somebody of IPv4 there."""
    return _lives(encoding.ipv4, where, z3.Extract(31, 0, address))


def is_one_host(encoding: Encoding, header: Header) -> Formula:
    """Whether both ends are one host: then nothing leaves it, and there is no cell."""
    several = [
        each
        for each in encoding.network.interfaces
        if len(encoding.addresses(each)) > 1 or each.ipv6_prefixes
    ]
    twice = (
        all_of(
            (
                encoding.is_one_of((each,), header.origin, header.source),
                encoding.is_one_of((each,), header.target, header.destination),
            )
        )
        for each in several
    )
    one = all_of((header.origin == header.target, header.source == header.destination))
    return any_of((one, *twice))


def is_past_here(encoding: Encoding, header: Header) -> Formula:
    """Within one site, or between two ends of the outer world: nothing of it comes by here."""
    sites = [
        number for where, number in encoding.numbers.items() if where.kind is LocationKind.SITE
    ]
    at_home = all_of((header.origin == header.target, among(header.origin, sites)))
    outer = (among(each, encoding.outside) for each in (header.origin, header.target))
    return any_of((at_home, all_of(outer)))


def are_able(encoding: Encoding, header: Header) -> Formula:
    """Gateways open and accept nothing of their own; an endpoint opens nothing."""

    def of(*kinds: InterfaceKind) -> list[Interface]:
        return [each for each in encoding.network.interfaces if each.kind in kinds]

    mute = of(InterfaceKind.GATEWAY, InterfaceKind.ENDPOINT)
    deaf = of(InterfaceKind.GATEWAY)
    # What comes from a name for somebody is a reply.
    named = is_called_by_ipv6(encoding, header.source)
    return all_of(
        (
            negated(encoding.is_one_of(mute, header.origin, header.source)),
            negated(encoding.is_one_of(deaf, header.target, header.destination)),
            negated(all_of((among(header.origin, encoding.outside), named))),
        )
    )


def _lives(encoding: Encoding, location: Location, address: Vector) -> Formula:
    if location.kind is LocationKind.SUBNET:
        return _lives_in_subnet(encoding, location.id, address)
    if location.kind is LocationKind.SITE:
        return _lives_at_site(encoding, location.id, address)
    nobody = encoding.within(address, NOBODY)
    private = encoding.within(address, PRIVATE)
    if location.kind is LocationKind.INTERNET:
        ours = encoding.within(address, _own_ipv6(encoding.network))
        own = all_of((negated(private), negated(nobody), negated(ours)))
        return _unless_called(encoding, location, address, own)
    taken = encoding.within(address, _taken(encoding.network))
    own = all_of((private, negated(nobody), negated(taken)))
    return _unless_called(encoding, location, address, own)


def _unless_called(
    encoding: Encoding, location: Location, address: Vector, own: Formula
) -> Formula:
    """Of an address that calls somebody of IPv4 it is decided by who that is."""
    if not encoding.translates:
        return own
    public = calls(encoding, INTERNET, address)
    if location.kind is LocationKind.INTERNET:
        meant = public
    else:
        others = (each for each in encoding.numbers if each.kind is not LocationKind.INTERNET)
        somebody = any_of(calls(encoding, each, address) for each in others)
        meant = all_of((negated(public), somebody))
    return either(is_called_by_ipv6(encoding, address), meant, own)


def _lives_in_subnet(encoding: Encoding, subnet: str, address: Vector) -> Formula:
    network = encoding.network
    here = [each for each in network.interfaces if each.subnet == subnet]
    gateways = [each for each in network.nat_gateways if each.subnet == subnet]
    nats = [int(one) for each in gateways for one in each.addresses]
    free = []
    for block in network.subnet[subnet].cidrs:
        if block.version == encoding.version:
            first = int(block.network_address)
            last = first + (1 << (block.max_prefixlen - block.prefixlen)) - 1
            # AWS keeps four and the last
            # (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
            if first + 4 <= last - 1:
                free.append(between(address, first + 4, last - 1))
    unused = negated(among(address, nats if encoding.version == 4 else ()))
    return any_of((encoding.is_held(here, address), all_of((any_of(free), unused))))


def _lives_at_site(encoding: Encoding, site: str, address: Vector) -> Formula:
    network = encoding.network
    tunnels = connections_to(network, site)
    claimed = prefixes_of(network, site)
    served = _vpcs_at(network, tunnels)
    hidden = [cidr for each in network.vpcs if each.id in served for cidr in each.cidrs]
    return all_of(
        (
            encoding.within(address, claimed),
            negated(encoding.within(address, hidden)),
            negated(encoding.within(address, NOBODY)),
        )
    )


def prefixes_of(network: Network, site: str) -> list[IPNetwork]:
    """Whatever is a site's own: its blocks, and what leads into its connections."""
    claimed = [cidr for each in network.sites if each.name == site for cidr in each.cidrs]
    for each in connections_to(network, site):
        claimed.extend(_led_into(network, each))
    return claimed


def _vpcs_at(network: Network, tunnels: list[VpnConnection]) -> set[str]:
    """The VPCs at the gateways of some connections."""
    ids = {each.id for each in tunnels}
    hubs = {
        each.gateway
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource in ids
    }
    return {
        *(
            each.vpc
            for each in network.vpn_gateways
            if any(tunnel.vpn_gateway == each.id for tunnel in tunnels)
        ),
        *(
            each.resource
            for each in network.transit_attachments
            if each.kind is AttachmentKind.VPC and each.gateway in hubs
        ),
    }


def _own_ipv6(network: Network) -> list[IPNetwork]:
    """Blocks that look public and are a VPC's own: of IPv6 only."""
    blocks = [cidr for vpc in network.vpcs for cidr in vpc.cidrs if cidr.version == 6]
    return [*blocks, *(cidr for each in network.subnets for cidr in each.ipv6_cidrs)]


def _taken(network: Network) -> list[IPNetwork]:
    return [
        *(cidr for each in network.vpcs for cidr in each.cidrs),
        *(cidr for each in network.subnets for cidr in each.cidrs),
        *(cidr for each in network.sites for cidr in each.cidrs),
        *(cidr for each in network.vpn_connections for cidr in _led_into(network, each)),
    ]


def _led_into(network: Network, tunnel: VpnConnection) -> list[IPNetwork]:
    """What leads into a connection: its routes, and those of a transit gateway's tables."""
    ends = [
        (each.gateway, each.id)
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == tunnel.id
    ]
    return [
        *tunnel.routes,
        *(
            route.destination
            for table in network.transit_route_tables
            for route in table.routes
            if route.certain
            if any(gateway == table.gateway and id_ in route.attachments for gateway, id_ in ends)
        ),
    ]
