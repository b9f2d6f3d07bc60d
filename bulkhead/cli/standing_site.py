"""Where a site stands: its one VPN connection, and what AWS gave the two tunnels."""

from __future__ import annotations

from bulkhead.cli.codes import unusable
from bulkhead.onsite import StandingTunnel
from bulkhead.sources import Source


def connection_of(stands: Source, site: str) -> str:
    """The id of the one connection that is this site's; what was not seen is no guess."""
    ids = [each.id for each in stands.network.vpn_connections if each.site == site]
    if len(ids) != 1:
        what = "no VPN connection" if not ids else f"{len(ids)} VPN connections ({', '.join(ids)})"
        unusable(f"{stands.label} shows {what} of site {site}; name where its stack stands")
    return ids[0]


def tunnels_of(stands: Source, site: str) -> tuple[StandingTunnel, ...]:
    """Its tunnels, as far as their addresses are known."""
    connection = connection_of(stands, site)
    return tuple(
        StandingTunnel(number=each.number, outside=each.outside, key=each.secret or "")
        for each in stands.inventory.tunnels
        if each.connection == connection and each.outside is not None
    )
