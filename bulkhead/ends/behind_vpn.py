"""What lies behind VPN connections, and which addresses lead there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.network import (
    ANY_CLIENT_PORTS,
    AttachmentKind,
    IPNetwork,
    Network,
    PortRange,
    Site,
    VpnConnection,
)


@dataclass(frozen=True, slots=True)
class Remote:
    """A network behind VPN connections: a site, or a connection without one."""

    id: str
    name: str
    cidrs: tuple[IPNetwork, ...]
    connections: tuple[VpnConnection, ...]
    missing: bool = False
    """Whether it names a connection that the network does not contain."""
    client_ports: PortRange = ANY_CLIENT_PORTS
    site: Site | None = None
    """As it is described; None of a connection without one."""

    def asks_from(self, host: IPNetwork) -> PortRange:
        """From which ports hosts with these addresses open connections."""
        return self.client_ports if self.site is None else self.site.asks_from(host)


def remotes_of(network: Network) -> Iterator[Remote]:
    """The sites, each with its connections; then connections that no site claims."""
    claimed: set[str] = set()
    for site in network.sites:
        connections = network.connections_to(site.name)
        claimed.update(each.id for each in connections)
        prefixes = (*site.cidrs, *(cidr for each in connections for cidr in _led(network, each)))
        missing = (
            site.vpn_connection is not None and site.vpn_connection not in network.vpn_connection
        )
        yield Remote(
            id=site.name,
            name=site.name,
            cidrs=tuple(dict.fromkeys(prefixes)),
            connections=connections,
            missing=missing,
            client_ports=site.client_ports,
            site=site,
        )
    for connection in network.vpn_connections:
        if connection.id not in claimed:
            yield Remote(connection.id, connection.name, _led(network, connection), (connection,))


def _led(network: Network, connection: VpnConnection) -> tuple[IPNetwork, ...]:
    """The prefixes that lead into a connection; a transit gateway's tables name some."""
    attached = {
        (each.gateway, each.id)
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == connection.id
    }
    routed = (
        route.destination
        for table in network.transit_route_tables
        for route in table.routes
        if route.certain and any((table.gateway, each) in attached for each in route.attachments)
    )
    return tuple(dict.fromkeys((*connection.routes, *routed)))


def served_by(network: Network) -> dict[str, set[str]]:
    """VPN connection -> the VPCs at its gateway."""
    gateways = {each.id: each.vpc for each in network.vpn_gateways}
    served: dict[str, set[str]] = {
        each.id: {gateways[each.vpn_gateway]}
        for each in network.vpn_connections
        if each.vpn_gateway in gateways
    }
    attachments = network.transit_attachments
    for tunnel in attachments:
        if tunnel.kind is AttachmentKind.VPN:
            served.setdefault(tunnel.resource, set()).update(
                each.resource
                for each in attachments
                if each.kind is AttachmentKind.VPC and each.gateway == tunnel.gateway
            )
    return served
