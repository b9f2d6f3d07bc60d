"""Which addresses of a site, or of a peer on the internet, a flow needs."""

from __future__ import annotations

from bulkhead.intent import Peer, Site
from bulkhead.network import IPNetwork, Listener, within


def addresses_at(site: Site | Peer, waiting: Listener) -> tuple[IPNetwork, ...]:
    """What rules name: all of the site, or what a socket waits at alone."""
    return site.cidrs if waiting.alone_at is None else (waiting.alone_at,)


def clients_at(site: Site | Peer, alone: tuple[IPNetwork, ...]) -> tuple[IPNetwork, ...]:
    """What rules name where it connects: all of the site, or its hosts that alone may."""
    return alone or site.cidrs


def networks_of_clients(site: Site | Peer, alone: tuple[IPNetwork, ...]) -> tuple[IPNetwork, ...]:
    """Where routes lead that take the replies there."""
    if not alone:
        return site.cidrs
    return tuple(each for each in site.cidrs if any(within(some, each) for some in alone))


def networks_at(site: Site | Peer, waiting: Listener) -> tuple[IPNetwork, ...]:
    """Where routes lead: those of the site's networks that hold these addresses."""
    return networks_of_clients(site, () if waiting.alone_at is None else (waiting.alone_at,))
