"""Which addresses of a site a flow needs."""

from __future__ import annotations

from ipaddress import IPv4Network

from bulkhead.intent import Site
from bulkhead.network import Listener


def addresses_at(site: Site, waiting: Listener | None) -> tuple[IPv4Network, ...]:
    """What rules name: all of the site, or the one address at which a socket waits.

    Any of its hosts may be the one that connects, so of a client (None) it is all.
    """
    if waiting is None or waiting.address is None:
        return site.cidrs
    return (IPv4Network(waiting.address),)


def networks_at(site: Site, waiting: Listener | None) -> tuple[IPv4Network, ...]:
    """Where routes lead: those of the site's networks that hold these addresses."""
    if waiting is None or waiting.address is None:
        return site.cidrs
    return tuple(each for each in site.cidrs if waiting.address in each)
