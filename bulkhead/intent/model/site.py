"""A site and its VPN device."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from pydantic import Field

from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.socket import Socket
from bulkhead.intent.model.tunnels import Tunnels


class Gateway(Resolved):
    address: IPv4Address
    asn: int = 65000


class Site(Resolved):
    """A network outside AWS, reached through a VPN."""

    name: str
    cidrs: tuple[IPv4Network, ...]
    gateway: Gateway
    tunnels: Tunnels = Tunnels()
    vpc: str = ""
    """Of several VPCs the one to which it is connected."""
    trust: Literal["trusted", "untrusted"] = "untrusted"
    routing: Literal["static", "bgp"] = "static"
    """How AWS knows its networks: by static routes, or because its device announces them."""
    client_ports: str | tuple[int, int] = "any"
    """From which its hosts connect: a system, or first and last port."""
    hosts: Frozen[IPv4Network] = Field(default_factory=dict)
    """Addresses of it that have a name."""
    host_purposes: Frozen[str] = Field(default_factory=dict)
    """What some of these are, by their names."""
    vlans: Frozen[int] = Field(default_factory=dict)
    """The number of the VLAN that some of these are."""
    host_ports: Frozen[str | tuple[int, int]] = Field(default_factory=dict)
    """From which ports some of these connect, where that is said of them, by their names."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None
    data: str | None = None
    """How its data is classified."""
    was: tuple[str, ...] = ()
    """What it was called before."""
