"""Which sites lie behind which VPN connections."""

from __future__ import annotations

from bulkhead.network import Network, VpnConnection


def sites_of(network: Network, connection: VpnConnection) -> set[str]:
    """The sites behind a connection; without one it is a site by its own id."""
    named = {
        each.name
        for each in network.sites
        if each.name == connection.site or each.vpn_connection == connection.id
    }
    return named or {connection.id}


def connections_to(network: Network, site: str) -> list[VpnConnection]:
    """The connections that lead to a site, or the one that is a site by itself."""
    known = [each for each in network.sites if each.name == site]
    if known:
        return [
            each
            for each in network.vpn_connections
            if each.site == site or known[0].vpn_connection == each.id
        ]
    return [each for each in network.vpn_connections if each.id == site]
