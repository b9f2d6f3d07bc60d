"""Who may send and receive, as sets of places and addresses; and who of them is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from bulkhead.doubt.bdd.filters import Filters
from bulkhead.doubt.bdd.graph import sites_of
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.claims import Place
from bulkhead.network import AttachmentKind, InterfaceKind, Network, VpnConnection

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


def all_places(network: Network) -> list[Place]:
    """Subnets, sites and lone connections, and what lies beyond them all."""
    sites = [site.name for site in network.sites]
    lone = [each.id for each in network.vpn_connections if sites_of(network, each.id) == [each.id]]
    return [
        *(("subnet", each.id) for each in network.subnets),
        *(("site", each) for each in dict.fromkeys([*sites, *lone])),
        ("internet", ""),
        ("elsewhere", ""),
    ]


class Places:
    def __init__(self, filters: Filters) -> None:
        self.f, self.u, self.network = filters, filters.u, filters.network

    def inhabited(self, place: Value, address: Value) -> PacketSet:
        """Every address that somebody may have, where."""
        parts = [
            self.u.is_(place, number) & lives
            for where, number in self.f.number.items()
            for lives in (self._living(where, address),)
        ]
        return self.u.union(parts)

    def _living(self, place: Place, address: Value) -> PacketSet:
        kind, name = place
        if kind == "subnet":
            return self._hosts(name, address)
        nobody = self.f.blocks(address, UNUSABLE)
        private = self.f.blocks(address, (*RFC1918_AND_6598, RFC4193))
        if kind == "site":
            return self._behind(name, address) & ~nobody
        vpcs = [cidr for each in self.network.vpcs for cidr in each.cidrs]
        subnets = [cidr for each in self.network.subnets for cidr in each.cidrs]
        if kind == "internet":
            own = [cidr for cidr in (*vpcs, *subnets) if cidr.version == 6]
            return ~private & ~nobody & ~self.f.blocks(address, own)
        beyond = [cidr for each in self.network.sites for cidr in each.cidrs]
        beyond += [cidr for each in self.network.vpn_connections for cidr in self._led_into(each)]
        return private & ~nobody & ~self.f.blocks(address, (*vpcs, *subnets, *beyond))

    def _hosts(self, name: str, address: Value) -> PacketSet:
        u, subnet = self.u, self.network.subnet[name]
        free = u.none
        for cidr in subnet.cidrs:
            if cidr.version == self.f.version:
                bottom = int(cidr.network_address)
                top = bottom + 2 ** (cidr.max_prefixlen - cidr.prefixlen) - 1
                free |= u.span(address, bottom + 4, top - 1)
        if self.f.version == 4:
            nats = [int(each.address) for each in self.network.nat_gateways if each.subnet == name]
            free &= ~u.one_of(address, nats)
        here = [each for each in self.network.interfaces if each.subnet == name]
        return free | u.one_of(address, (int(one) for each in here for one in self.f.own_of(each)))

    def tunnels(self, site: str) -> Iterator[VpnConnection]:
        for each in self.network.vpn_connections:
            if site in sites_of(self.network, each.id):
                yield each

    def _behind(self, site: str, address: Value) -> PacketSet:
        tunnels = list(self.tunnels(site))
        led = [cidr for each in tunnels for cidr in self._led_into(each)]
        led += [cidr for each in self.network.sites if each.name == site for cidr in each.cidrs]
        ends = {each.id for each in tunnels}
        gateways = {each.vpn_gateway for each in tunnels}
        hubs = {
            each.gateway
            for each in self.network.transit_attachments
            if each.kind is AttachmentKind.VPN and each.resource in ends
        }
        served = {each.vpc for each in self.network.vpn_gateways if each.id in gateways}
        for each in self.network.transit_attachments:
            if each.kind is AttachmentKind.VPC and each.gateway in hubs:
                served.add(each.resource)
        own = [cidr for each in self.network.vpcs if each.id in served for cidr in each.cidrs]
        return self.f.blocks(address, led) & ~self.f.blocks(address, own)

    def _led_into(self, tunnel: VpnConnection) -> list[IPv4Network | IPv6Network]:
        """Prefixes that a connection knows, and those that a transit gateway sends into it."""
        found = list(tunnel.routes)
        for door in self.network.transit_attachments:
            if door.kind is not AttachmentKind.VPN or door.resource != tunnel.id:
                continue
            for table in self.network.transit_route_tables:
                if table.gateway == door.gateway:
                    found += [
                        each.destination for each in table.routes if door.id in each.attachments
                    ]
        return found

    def one_host(self) -> PacketSet:
        """Packets that never leave their host: both ends are one interface, or one address."""
        u = self.u
        found = []
        for each in self.network.interfaces:
            own = [int(one) for one in self.f.own_of(each)]
            number = self.f.number["subnet", each.subnet]
            found.append(
                u.is_(u.origin, number)
                & u.one_of(u.source, own)
                & u.is_(u.target, number)
                & u.one_of(u.destination, own)
            )
        return u.union(found)

    def unable(self) -> PacketSet:
        """From or to an interface that opens, or accepts, nothing of its own."""
        u = self.u
        gateways = [each for each in self.network.interfaces if each.kind is InterfaceKind.GATEWAY]
        served = [each for each in self.network.interfaces if each.kind is InterfaceKind.ENDPOINT]
        return self.f.hosts([*gateways, *served], u.origin, u.source) | self.f.hosts(
            gateways, u.target, u.destination
        )

    def in_doubt(self, place: Value, address: Value) -> PacketSet:
        """Packets of which this end, as a whole, nobody can judge."""
        u, found = self.u, self.u.none
        for note in self.network.unmodelled:
            spoken = u.all if note.protocol is None else u.is_(u.protocol, note.protocol)
            if self._is_thing(note.scope):
                found |= spoken & self._at(note.scope, place, address)
            elif note.scope != note.id:
                found |= spoken
        for site in self.network.sites:
            named = site.vpn_connection
            if named is not None and named not in self.network.vpn_connection:
                found |= u.is_(place, self.f.number["site", site.name])
        return found

    def _at(self, scope: str, place: Value, address: Value) -> PacketSet:
        u, found = self.u, self.u.none
        for (kind, name), number in self.f.number.items():
            names = {name}
            if kind == "subnet":
                names.add(self.network.subnet[name].vpc)
            for tunnel in self.tunnels(name) if kind == "site" else ():
                names |= {tunnel.id, tunnel.customer_gateway}
            if scope in names and kind in ("subnet", "site"):
                found |= u.is_(place, number)
        interface = self.network.interface.get(scope)
        return found if interface is None else found | self.f.hosts((interface,), place, address)

    def _is_thing(self, scope: str) -> bool:
        network = self.network
        if any(scope in (each.id, each.customer_gateway) for each in network.vpn_connections):
            return True
        if any(scope == site.name for site in network.sites):
            return True
        if any(scope == endpoint for each in network.firewalls for endpoint, _ in each.endpoints):
            return True
        return any(
            scope == each.id
            for name, several in vars(network).items()
            if isinstance(several, tuple) and name != "unmodelled"
            for each in several
            if hasattr(each, "id")
        )
