"""A site and its VPN device."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

from bulkhead.intent.written import WrittenGateway, WrittenSite
from bulkhead.intent.written.fields import Written
from bulkhead.topology.keys.site import SiteKeys
from bulkhead.topology.part import NamedPart, TopologyPart
from bulkhead.topology.site_host import SiteHost
from bulkhead.topology.socket import Socket
from bulkhead.topology.use import Use


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Gateway(TopologyPart):
    """The VPN device of a site."""

    shape: ClassVar[type[Written]] = WrittenGateway

    address: str | IPv4Address
    """The public address of the site's VPN device."""
    asn: int | None = None
    """Its BGP number; 65000 if not said."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Site(SiteKeys, NamedPart):
    """A network outside AWS, reached through a VPN."""

    shape: ClassVar[type[Written]] = WrittenSite

    cidrs: Iterable[str | IPv4Network]
    """Its networks, as in cidrs=["192.168.10.0/24"]."""
    gateway: Gateway
    """Its VPN device, as in gateway=Gateway(address="203.0.113.10"); trusted or not, a site is
    reached through a VPN."""
    was: str | Iterable[str] | None = None
    """What it was called before: what is built of it is kept."""
    hosts: Iterable[SiteHost] | None = None
    """Its hosts and networks that flows name, each name once."""
    use: str | Use | Iterable[str | Use] | None = None
    """Applications whose sockets it has, as in use="salt.master"."""
    sockets: Iterable[Socket] | None = None
    """Its sockets, each name once."""
