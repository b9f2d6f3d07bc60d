"""A site and its VPN device, as they are written."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import (
    Cidrs,
    Classification,
    Named,
    Names,
    Purpose,
    Written,
    WrittenPorts,
    by,
    choice,
)
from bulkhead.intent.written.site_host import WrittenSiteHost
from bulkhead.intent.written.socket import Sockets
from bulkhead.intent.written.tunnels import WrittenTunnels
from bulkhead.intent.written.use import Uses


class WrittenGateway(Written):
    """The VPN device of a site."""

    address: Annotated[IPv4Address, by(values.parse_gateway_address)] | None = Field(
        description="the public address of the site's VPN device"
    )
    asn: Annotated[int, by(values.parse_asn)] | None = Field(
        default=65000, description="its BGP number"
    )


class WrittenSite(Written):
    """A network outside AWS, reached through a VPN."""

    cidrs: Cidrs | None = Field(description="its networks, as in cidrs: [192.168.10.0/24]")
    gateway: WrittenGateway | None = Field(
        description="its VPN device, as in gateway: {address: 203.0.113.10}; "
        "trusted or not, a site is reached through a VPN"
    )
    tunnels: WrittenTunnels | None = Field(
        default=None,
        description="what AWS does about its tunnels, as in tunnels: {startup: start}",
    )
    vpc: Annotated[str, by(values.parse_name)] | None = Field(
        default="", description="of several VPCs the one to which it is connected"
    )
    trust: Annotated[Literal["trusted", "untrusted"], choice("trusted", "untrusted")] | None = (
        Field(default="untrusted", description="whether its people and machines are your own")
    )
    routing: Annotated[Literal["static", "bgp"], choice("static", "bgp")] | None = Field(
        default="static",
        description="how AWS knows its networks: it is told them once, or the site's device "
        "announces them by BGP while it can reach AWS",
    )
    client_ports: WrittenPorts | None = Field(
        default="any",
        alias="client-ports",
        description="from which ports its hosts connect: a system, or a range",
    )
    purpose: Purpose | None = Field(default=None, description="what it is, in a line")
    owner: Named | None = Field(default=None, description="who answers for it")
    data: Classification | None = Field(default=None, description="how its data is classified")
    hosts: dict[str, WrittenSiteHost | None] | None = Field(
        default_factory=dict, description="its hosts and networks that flows name, by name"
    )
    was: Names | None = Field(
        default=(), description="what it was called before: what is built of it is kept"
    )
    use: Uses | None = Field(
        default=(),
        description="applications whose sockets it has, as in use: salt.master",
    )
    sockets: Sockets | None = Field(default_factory=dict, description="its sockets, by name")
