"""What cuts addresses into classes: every prefix by which a network tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Final

from bulkhead.ends.behind_vpn import remotes_of
from bulkhead.network import NAT64, PRIVATE, IPNetwork, Network, TargetKind, within

NO_HOSTS: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            *("::/128", "::1/128", "fe80::/10", "ff00::/8"),
        ),
    )
)
"""This host, loopback, link-local, multicast, reserved (RFC 6890): no endpoint has them.

The link-local services of a VPC (resolver, metadata, time) are outside all
rules and so outside the proof.
"""


def speaks_ipv6(network: Network) -> bool:
    """Whether some VPC or subnet has an IPv6 block; else IPv6 is left out altogether."""
    return any(cidr.version == 6 for vpc in network.vpcs for cidr in vpc.cidrs) or any(
        each.ipv6_cidrs for each in network.subnets
    )


def translates_ipv6(networks: Iterable[Network]) -> bool:
    """Whether some route leads IPv6 that calls hosts of IPv4 to a NAT gateway (NAT64)."""
    networks = tuple(networks)
    return any(map(speaks_ipv6, networks)) and any(
        route.target is TargetKind.NAT_GATEWAY
        and (within(NAT64, route.destination) or within(route.destination, NAT64))
        for network in networks
        for table in network.route_tables
        for route in table.routes
    )


def prefixes_of(networks: Iterable[Network]) -> tuple[set[IPNetwork], set[IPNetwork]]:
    """Every prefix by which some networks tell addresses apart, and those of them by which
    something else than a security group does."""
    networks = tuple(networks)
    ground = {prefix for each in networks for prefix in _mentioned(each)}
    if translates_ipv6(networks):
        ground.add(NAT64)
    if not any(speaks_ipv6(each) for each in networks):
        # Rules for ::/0 stand everywhere; where no host has an IPv6 address they say nothing.
        ground = {each for each in ground if each.version == 4}
        every = (prefix for each in networks for prefix in _in_groups(each) if prefix.version == 4)
        return ground.union(every), ground
    return ground.union(*map(_in_groups, networks)), ground


def _mentioned(network: Network) -> Iterator[IPNetwork]:
    yield from PRIVATE
    yield from NO_HOSTS
    yield from _placed(network)
    yield from _ruled(network)
    for each in remotes_of(network):
        yield from each.cidrs
    for site in network.sites:
        yield from (addresses for addresses, _ in site.host_ports)
    for endpoint in network.gateway_endpoints:
        yield from endpoint.cidrs
    for peer in network.peers:
        yield from peer.cidrs
    for listener in network.listeners:
        if listener.alone_at is not None:
            yield listener.alone_at


def _placed(network: Network) -> Iterator[IPNetwork]:
    """The prefixes in which something lies."""
    for vpc in network.vpcs:
        yield from vpc.cidrs
    for subnet in network.subnets:
        yield from subnet.cidrs
    for peering in network.peerings:
        yield from peering.requester.cidrs
        yield from peering.accepter.cidrs
    for interface in network.interfaces:
        yield from interface.ipv6_prefixes
    for nat in network.nat_gateways:
        yield from map(ip_network, nat.addresses)


def _in_groups(network: Network) -> Iterator[IPNetwork]:
    """The prefixes of which the rules of security groups speak."""
    for group in network.security_groups:
        yield from (rule.peer.cidr for rule in group.rules if rule.peer.kind == "cidr")


def _ruled(network: Network) -> Iterator[IPNetwork]:
    """The prefixes of which any other rule, or a route, speaks."""
    for nacl in network.nacls:
        yield from (entry.cidr for entry in nacl.entries)
    for table in network.route_tables:
        yield from (route.destination for route in table.routes)
    for transit in network.transit_route_tables:
        yield from (way.destination for way in transit.routes)
    for firewall in network.firewalls:
        for rule in (*firewall.stateless, *firewall.stateful):
            yield from rule.sources
            yield from rule.destinations
