"""A site and its VPN device, as they are written."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import (
    Cidrs,
    Named,
    Purpose,
    Written,
    WrittenPorts,
    by,
    choice,
)
from bulkhead.intent.written.socket import Sockets


class WrittenGateway(Written):
    address: Annotated[IPv4Address, by(values.parse_gateway_address)] | None = Field(
        description="the public address of the site's VPN device"
    )
    asn: Annotated[int, by(values.parse_asn)] | None = 65000


class WrittenSite(Written):
    cidrs: Cidrs | None = Field(description="its networks, as in cidrs: [192.168.10.0/24]")
    gateway: WrittenGateway | None = Field(
        description="its VPN device, as in gateway: {address: 203.0.113.10}; "
        "trusted or not, a site is reached through a VPN"
    )
    trust: Annotated[Literal["trusted", "untrusted"], choice("trusted", "untrusted")] | None = (
        "untrusted"
    )
    client_ports: WrittenPorts | None = Field(default="any", alias="client-ports")
    purpose: Purpose | None = None
    owner: Named | None = None
    sockets: Sockets | None = Field(default_factory=dict)
