"""A host of a site, or a network of it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

from bulkhead.intent.written import WrittenSiteHost
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import NamedPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SiteHost(NamedPart):
    """Some addresses of a site by a name of their own."""

    shape: ClassVar[type[Written]] = WrittenSiteHost

    address: str | IPv4Address | None = None
    """Its address, as in address="192.168.10.5"."""
    cidr: str | IPv4Network | None = None
    """Or a network of the site, as in cidr="192.168.10.64/26"."""
    vlan: int | None = None
    """The VLAN that it is, 1 to 4094."""
    client_ports: str | tuple[int, int] | None = None
    """From which ports it connects, where those are not the site's."""
    purpose: str | None = None
    """What it is, in a line."""
