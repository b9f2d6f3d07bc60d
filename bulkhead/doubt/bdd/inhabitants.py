"""Who may send and receive, as sets of locations and addresses."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Final

from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.sites import tunnels_of
from bulkhead.doubt.bdd.space import PacketSpace, Roles, last_32
from bulkhead.doubt.claims import ELSEWHERE, INTERNET, Location, LocationKind
from bulkhead.network import (
    AttachmentKind,
    InterfaceKind,
    IPNetwork,
    Network,
    VpnConnection,
)

RFC1918_AND_6598: Final = (
    IPv4Network((0x0A000000, 8)),
    IPv4Network((0xAC100000, 12)),
    IPv4Network((0xC0A80000, 16)),
    IPv4Network((0x64400000, 10)),
)
RFC4193: Final = IPv6Network((0xFC << 120, 7))
UNUSABLE: Final = (
    IPv4Network((0, 8)),
    IPv4Network((127 << 24, 8)),
    IPv4Network((0xA9FE0000, 16)),
    IPv4Network((224 << 24, 4)),
    IPv4Network((240 << 24, 4)),
    IPv6Network((0, 128)),
    IPv6Network((1, 128)),
    IPv6Network((0xFE80 << 112, 10)),
    IPv6Network((0xFF << 120, 8)),
)


def inhabited(space: PacketSpace, location: Value, address: Value) -> PacketSet:
    """Every address that somebody may have, where."""
    return space.universe.union(
        [space.at(location, each) & _living(space, each, address) for each in space.numbers]
    )


def on_one_host(space: PacketSpace) -> PacketSet:
    """Packets that never leave their host: both ends are one interface."""
    universe = space.universe
    return universe.union(
        [
            space.hosts((each,), universe.origin, universe.source)
            & space.hosts((each,), universe.target, universe.destination)
            for each in space.network.interfaces
        ]
    )


def past_here(space: PacketSpace) -> PacketSet:
    """What one site, or the outer world, sends itself: nothing of it comes by here."""
    universe = space.universe
    sites = [each for each in space.numbers if each.kind is LocationKind.SITE]
    within = [space.at(universe.origin, each) & space.at(universe.target, each) for each in sites]
    return universe.union(
        [*within, space.outside(universe.origin) & space.outside(universe.target)]
    )


def from_or_to_unable(space: PacketSpace) -> PacketSet:
    """From or to an interface that opens, or accepts, nothing of its own."""
    universe, interfaces = space.universe, space.network.interfaces
    gateways = [each for each in interfaces if each.kind is InterfaceKind.GATEWAY]
    served = [each for each in interfaces if each.kind is InterfaceKind.ENDPOINT]
    names = space.outside(universe.origin) & space.called(universe.source)
    return (
        space.hosts([*gateways, *served], universe.origin, universe.source)
        | space.hosts(gateways, universe.target, universe.destination)
        | names  # What comes from a name for somebody is a reply.
    )


def deaf(space: PacketSpace, roles: Roles) -> PacketSet:
    """To a gateway, which accepts nothing of its own."""
    gateways = [each for each in space.network.interfaces if each.kind is InterfaceKind.GATEWAY]
    return space.hosts(gateways, roles.end, roles.destination)


def _living(space: PacketSpace, location: Location, address: Value) -> PacketSet:
    network = space.network
    if location.kind is LocationKind.SUBNET:
        return _in_subnet(space, location.id, address)
    nobody = space.blocks(address, UNUSABLE)
    if location.kind is LocationKind.SITE:
        return _behind(space, location.id, address) & ~nobody
    private = space.blocks(address, (*RFC1918_AND_6598, RFC4193))
    vpcs = [cidr for each in network.vpcs for cidr in each.cidrs]
    subnets = [cidr for each in network.subnets for cidr in each.cidrs]
    if location.kind is LocationKind.INTERNET:
        own = [cidr for cidr in (*vpcs, *subnets) if cidr.version == 6]
        found = ~private & ~nobody & ~space.blocks(address, own)
        return _unless_called(space, location, address, found)
    beyond = [cidr for each in network.sites for cidr in each.cidrs]
    beyond += [cidr for each in network.vpn_connections for cidr in _led_into(network, each)]
    found = private & ~nobody & ~space.blocks(address, (*vpcs, *subnets, *beyond))
    return _unless_called(space, location, address, found)


def _unless_called(
    space: PacketSpace, location: Location, address: Value, found: PacketSet
) -> PacketSet:
    """Of addresses that call somebody of IPv4 it is decided by who that is."""
    called = space.called(address)
    if not space.translates:
        return found
    four = last_32(address)
    living = {each: _living(space.as_ipv4, each, four) for each in space.numbers}
    meant = living[INTERNET]
    if location == ELSEWHERE:
        meant = space.universe.union(list(living.values())) & ~living[INTERNET]
    return found & ~called | meant & called


def _in_subnet(space: PacketSpace, name: str, address: Value) -> PacketSet:
    universe, network = space.universe, space.network
    free = universe.none
    for cidr in network.subnet[name].cidrs:
        if cidr.version == space.version:
            # Four at the bottom and the one at the top are AWS's
            # (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
            bottom = int(cidr.network_address)
            top = bottom + 2 ** (cidr.max_prefixlen - cidr.prefixlen) - 1
            free |= universe.span(address, bottom + 4, top - 1)
    if space.version == 4:
        gateways = [each for each in network.nat_gateways if each.subnet == name]
        nats = [int(one) for each in gateways for one in each.addresses]
        free &= ~universe.one_of(address, nats)
    here = [each for each in network.interfaces if each.subnet == name]
    return free | universe.union([space.held_by(each, address) for each in here])


def _behind(space: PacketSpace, site: str, address: Value) -> PacketSet:
    network = space.network
    tunnels = tunnels_of(network, site)
    ends = {each.id for each in tunnels}
    gateways = {each.vpn_gateway for each in tunnels}
    hubs = {
        each.gateway
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource in ends
    }
    served = {each.vpc for each in network.vpn_gateways if each.id in gateways}
    for each in network.transit_attachments:
        if each.kind is AttachmentKind.VPC and each.gateway in hubs:
            served.add(each.resource)
    own = [cidr for each in network.vpcs if each.id in served for cidr in each.cidrs]
    return space.blocks(address, prefixes_of(network, site)) & ~space.blocks(address, own)


def prefixes_of(network: Network, site: str) -> list[IPNetwork]:
    """A site's own: its blocks, and what leads into its connections."""
    led = [cidr for each in tunnels_of(network, site) for cidr in _led_into(network, each)]
    return led + [cidr for each in network.sites if each.name == site for cidr in each.cidrs]


def _led_into(network: Network, tunnel: VpnConnection) -> list[IPNetwork]:
    """Prefixes that a connection knows, and those that a transit gateway sends into it."""
    found = list(tunnel.routes)
    for door in network.transit_attachments:
        if door.kind is not AttachmentKind.VPN or door.resource != tunnel.id:
            continue
        for table in network.transit_route_tables:
            if table.gateway == door.gateway:
                led = [each for each in table.routes if door.id in each.attachments]
                found += [each.destination for each in led if each.certain]
    return found
