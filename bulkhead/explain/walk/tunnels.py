"""VPN connections: what lies behind which, whose addresses those are, what a tunnel carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.journey import Aim, Journey
from bulkhead.network import AttachmentKind, IPAddress, IPNetwork, VpnConnection

OUTSIDE = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)
"""Ends that are no site's, and that may be behind a tunnel all the same."""


def carries(connection: VpnConnection, address: IPAddress) -> bool:
    """Whether it is there, for packets of this family."""
    return connection.available and connection.version in (None, address.version)


def remotes(atlas: Atlas) -> list[str]:
    """All sites, and the connections that stand for one."""
    named = [each.name for each in atlas.network.sites]
    led = {each.id for name in named for each in atlas.connections(name)}
    return [*named, *(each.id for each in atlas.network.vpn_connections if each.id not in led)]


def is_of(atlas: Atlas, site: str, address: IPAddress) -> bool:
    """Whether the address is one of a site's own."""
    named = atlas.network.site.get(site)
    own = [*named.cidrs] if named else []
    for connection in atlas.connections(site):
        own.extend(connection.routes)
        own.extend(_led_into(atlas, connection))
    return any(address in block for block in own)


def _led_into(atlas: Atlas, connection: VpnConnection) -> Iterator[IPNetwork]:
    for door in atlas.network.transit_attachments:
        if (door.kind, door.resource) == (AttachmentKind.VPN, connection.id):
            for table in atlas.network.transit_route_tables:
                for route in table.routes:
                    known = route.certain and table.gateway == door.gateway
                    if known and door.id in route.attachments:
                        yield route.destination


def may_learn(journey: Journey, connection: VpnConnection) -> bool:
    """Whether the aim of a request may be behind it, by what it announced and is not known."""
    return connection.learns and not journey.reply and journey.aim.kind in OUTSIDE


def learned(atlas: Atlas, journey: Journey, connection: VpnConnection) -> Journey:
    """To an aim of which nobody knows whether it is behind the tunnel."""
    why = "it speaks BGP, and whether it announced this address is not known"
    noted = journey.note(
        Layer.VPN, connection.id, connection.name, None, code=Code.UNKNOWN_DESTINATION, why=why
    )
    name = next(
        each
        for each in remotes(atlas)
        if connection.id in {one.id for one in atlas.connections(each)}
    )
    return replace(noted, behind=name).arrive()


def as_behind(aim: Aim, site: str | None) -> Aim:
    """The end itself; or as the site behind whose tunnel it is."""
    if site is None or aim.kind not in OUTSIDE:
        return aim
    return replace(aim, kind=EndpointKind.SITE, id=site)
