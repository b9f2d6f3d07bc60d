"""Where a site stands: its VPN connection, and what AWS gave the two tunnels."""

from __future__ import annotations

from bulkhead.cli.codes import unusable
from bulkhead.network import SiteRouting
from bulkhead.onsite import StandingTunnel
from bulkhead.plan import Plan
from bulkhead.sources import Source


def routing_of(plan: Plan, site: str) -> SiteRouting | None:
    """How a plan has AWS know what lies behind it."""
    return next(each.routing for each in plan.network.vpn_connections if each.site == site)


def connection_of(stands: Source, site: str, routing: SiteRouting | None) -> str:
    """The id of the one connection that is this site's; what was not seen is no guess.

    While a site changes its routing it has two: that of the plan is the one to come.
    """
    every = [each for each in stands.network.vpn_connections if each.site == site]
    ids = [each.id for each in every if each.routing in (None, routing)]
    if every and not ids:
        others = ", ".join(f"{each.id} by {each.routing}" for each in every)
        unusable(
            f"{stands.label} leads to site {site} with {others}, and its topology says "
            f"routing: {routing}; make that connection first"
        )
    if len(ids) != 1:
        what = "no VPN connection" if not ids else f"{len(ids)} VPN connections ({', '.join(ids)})"
        unusable(f"{stands.label} shows {what} of site {site}; name where its stack stands")
    return ids[0]


def tunnels_of(
    stands: Source, site: str, routing: SiteRouting | None
) -> tuple[StandingTunnel, ...]:
    """Its tunnels, as far as their addresses are known."""
    connection = connection_of(stands, site, routing)
    return tuple(
        StandingTunnel(number=each.number, outside=each.outside, key=each.secret or "")
        for each in stands.inventory.tunnels
        if each.connection == connection and each.outside is not None
    )
