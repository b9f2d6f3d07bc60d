"""Which sites lie behind which VPN connections."""

from __future__ import annotations

from bulkhead.network import Network, VpnConnection


def sites_of(network: Network, tunnel: VpnConnection) -> list[str]:
    """The sites behind a VPN connection; without one it is a site by its own id."""
    named = [
        site.name
        for site in network.sites
        if site.vpn_connection == tunnel.id or site.name == tunnel.site
    ]
    return named or [tunnel.id]


def tunnels_of(network: Network, site: str) -> list[VpnConnection]:
    """The VPN connections that lead to a site."""
    return [each for each in network.vpn_connections if site in sites_of(network, each)]
