"""Who may start and end a packet, as formulas over a place and an address."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from bulkhead.doubt.claims import Place
from bulkhead.doubt.smt.filters import Layers
from bulkhead.doubt.smt.terms import (
    Formula,
    Header,
    Vector,
    all_of,
    among,
    any_of,
    between,
    inside,
    negated,
    same,
)
from bulkhead.network import AttachmentKind, Interface, InterfaceKind, Network, VpnConnection

PRIVATE: Final = {
    4: ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    6: ("fc00::/7",),
}
NOBODY: Final = {
    4: ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
    6: ("::/128", "::1/128", "fe80::/10", "ff00::/8"),
}
Block = IPv4Network | IPv6Network


def places_of(network: Network) -> tuple[Place, ...]:
    """Every place there is, those of one VPC beside each other."""
    subnets = sorted(network.subnets, key=lambda each: (each.vpc, each.zone, each.id))
    sites = {each.name for each in network.sites}
    sites.update(each.id for each in network.vpn_connections if not _named(network, each))
    return (
        *(("subnet", each.id) for each in subnets),
        *(("site", each) for each in sorted(sites)),
        ("internet", ""),
        ("elsewhere", ""),
    )


def _named(network: Network, connection: VpnConnection) -> bool:
    return any(
        site.name == connection.site or site.vpn_connection == connection.id
        for site in network.sites
    )


def _tunnels(network: Network, site: str) -> list[VpnConnection]:
    """The connections that lead to a site, or the one that is a site by itself."""
    known = [each for each in network.sites if each.name == site]
    if known:
        return [
            each
            for each in network.vpn_connections
            if each.site == site or known[0].vpn_connection == each.id
        ]
    return [each for each in network.vpn_connections if each.id == site]


class Ends:
    def __init__(self, layers: Layers) -> None:
        self.layers, self.atlas = layers, layers.atlas
        self.network, self.version = layers.network, layers.atlas.version

    def is_end(self, place: Vector, address: Vector) -> Formula:
        """Whether anybody may have this address there."""
        return any_of(
            all_of((same(place, number), self._lives(where, address)))
            for where, number in self.atlas.numbers.items()
        )

    def _lives(self, place: Place, address: Vector) -> Formula:
        kind, name = place
        if kind == "subnet":
            return self._in_subnet(name, address)
        if kind == "site":
            return self._at_site(name, address)
        nobody = self._within(address, map(ip_network, NOBODY[self.version]))
        private = self._within(address, map(ip_network, PRIVATE[self.version]))
        if kind == "internet":
            return all_of(
                (negated(private), negated(nobody), negated(self._within(address, self._global())))
            )
        return all_of((private, negated(nobody), negated(self._within(address, self._taken()))))

    def _within(self, address: Vector, blocks: Iterable[Block]) -> Formula:
        return any_of(inside(address, each) for each in blocks if each.version == self.version)

    def _in_subnet(self, name: str, address: Vector) -> Formula:
        subnet = self.network.subnet[name]
        held = {
            number
            for each in self.network.interfaces
            if each.subnet == name
            for number in self.atlas.addresses(each)
        }
        nats = [int(each.address) for each in self.network.nat_gateways if each.subnet == name]
        free = []
        for block in subnet.cidrs:
            if block.version == self.version:
                first = int(block.network_address)
                last = first + (1 << (block.max_prefixlen - block.prefixlen)) - 1
                if first + 4 <= last - 1:
                    free.append(between(address, first + 4, last - 1))
        unused = negated(among(address, nats if self.version == 4 else ()))
        return any_of((among(address, held), all_of((any_of(free), unused))))

    def _at_site(self, name: str, address: Vector) -> Formula:
        tunnels = _tunnels(self.network, name)
        claimed = [cidr for each in self.network.sites if each.name == name for cidr in each.cidrs]
        claimed.extend(cidr for each in tunnels for cidr in self._led(each))
        ids = {each.id for each in tunnels}
        served = {
            each.vpc
            for each in self.network.vpn_gateways
            if any(tunnel.vpn_gateway == each.id for tunnel in tunnels)
        }
        hubs = {
            each.gateway
            for each in self.network.transit_attachments
            if each.kind is AttachmentKind.VPN and each.resource in ids
        }
        served.update(
            each.resource
            for each in self.network.transit_attachments
            if each.kind is AttachmentKind.VPC and each.gateway in hubs
        )
        hidden = [cidr for each in self.network.vpcs if each.id in served for cidr in each.cidrs]
        return all_of(
            (
                self._within(address, claimed),
                negated(self._within(address, hidden)),
                negated(self._within(address, map(ip_network, NOBODY[self.version]))),
            )
        )

    def _global(self) -> list[Block]:
        """Blocks that look public and are a VPC's own: of IPv6 only."""
        blocks = [cidr for vpc in self.network.vpcs for cidr in vpc.cidrs if cidr.version == 6]
        return [*blocks, *(cidr for each in self.network.subnets for cidr in each.ipv6_cidrs)]

    def _taken(self) -> list[Block]:
        network = self.network
        return [
            *(cidr for each in network.vpcs for cidr in each.cidrs),
            *(cidr for each in network.subnets for cidr in each.cidrs),
            *(cidr for each in network.sites for cidr in each.cidrs),
            *(cidr for each in network.vpn_connections for cidr in self._led(each)),
        ]

    def _led(self, tunnel: VpnConnection) -> list[Block]:
        """What leads into a connection: its routes, and those of a transit gateway's tables."""
        ends = [
            (each.gateway, each.id)
            for each in self.network.transit_attachments
            if each.kind is AttachmentKind.VPN and each.resource == tunnel.id
        ]
        return [
            *tunnel.routes,
            *(
                route.destination
                for table in self.network.transit_route_tables
                for route in table.routes
                if any(
                    gateway == table.gateway and id_ in route.attachments for gateway, id_ in ends
                )
            ),
        ]

    def same_host(self, header: Header) -> Formula:
        """Whether both ends are one host: then nothing leaves it, and there is no cell."""
        several = [each for each in self.network.interfaces if len(self.atlas.addresses(each)) > 1]
        twice = (
            all_of(
                (
                    self.atlas.is_one_of((each,), header.origin, header.source),
                    self.atlas.is_one_of((each,), header.target, header.destination),
                )
            )
            for each in several
        )
        one = all_of((header.origin == header.target, header.source == header.destination))
        return any_of((one, *twice))

    def able(self, header: Header) -> Formula:
        """Gateways open and accept nothing of their own; an endpoint opens nothing."""

        def of(*kinds: InterfaceKind) -> list[Interface]:
            return [each for each in self.network.interfaces if each.kind in kinds]

        silent = of(InterfaceKind.GATEWAY, InterfaceKind.ENDPOINT)
        deaf = of(InterfaceKind.GATEWAY)
        return all_of(
            (
                negated(self.atlas.is_one_of(silent, header.origin, header.source)),
                negated(self.atlas.is_one_of(deaf, header.target, header.destination)),
            )
        )

    def in_doubt(self, place: Vector, address: Vector, protocol: Vector) -> Formula:
        """Whether this end as a whole (or everything) is in doubt."""
        known = self._known()
        doubts = []
        for each in self.network.unmodelled:
            spoken = each.protocol is None or same(protocol, each.protocol)
            if each.scope in known:
                doubts.append(all_of((spoken, self._touches(each.scope, place, address))))
            else:
                doubts.append(all_of((spoken, each.scope != each.id)))
        lost = (
            self.atlas.numbers["site", each.name]
            for each in self.network.sites
            if each.vpn_connection is not None
            and each.vpn_connection not in self.network.vpn_connection
        )
        return any_of((*doubts, among(place, lost)))

    def _touches(self, scope: str, place: Vector, address: Vector) -> Formula:
        network, numbers = self.network, self.atlas.numbers
        places = [
            numbers["subnet", each.id] for each in network.subnets if scope in (each.id, each.vpc)
        ]
        places.extend(
            number
            for (kind, name), number in numbers.items()
            if kind == "site"
            and (
                name == scope
                or any(scope in (one.id, one.customer_gateway) for one in _tunnels(network, name))
            )
        )
        one = [each for each in network.interfaces if each.id == scope]
        return any_of((among(place, places), self.atlas.is_one_of(one, place, address)))

    def _known(self) -> set[str]:
        """Every id that a note may be about."""
        network = self.network
        things: tuple[Any, ...] = (
            *network.vpcs,
            *network.subnets,
            *network.interfaces,
            *network.security_groups,
            *network.nacls,
            *network.route_tables,
            *network.internet_gateways,
            *network.vpn_gateways,
            *network.customer_gateways,
            *network.vpn_connections,
            *network.egress_only_gateways,
            *network.nat_gateways,
            *network.peerings,
            *network.transit_gateways,
            *network.transit_attachments,
            *network.transit_route_tables,
            *network.gateway_endpoints,
            *network.firewalls,
            *network.load_balancers,
        )
        return {
            *(each.id for each in things),
            *(each.name for each in network.sites),
            *(each.customer_gateway for each in network.vpn_connections),
            *(endpoint for each in network.firewalls for endpoint, _ in each.endpoints),
        }
