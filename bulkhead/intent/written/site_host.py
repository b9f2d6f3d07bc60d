"""A host of a site, or a network of it, as it is written."""

from __future__ import annotations

from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Purpose, Written, WrittenPorts, by


class WrittenSiteHost(Written):
    """Some addresses of a site by a name of their own."""

    address: Annotated[IPv4Address, by(values.parse_host_address)] | None = Field(
        default=None, description="its address, as in address: 192.168.10.5"
    )
    cidr: Annotated[IPv4Network, by(values.parse_site_cidr)] | None = Field(
        default=None, description="or a network of the site, as in cidr: 192.168.10.64/26"
    )
    vlan: Annotated[int, by(values.parse_vlan)] | None = Field(
        default=None, description="the VLAN that it is, 1 to 4094"
    )
    client_ports: WrittenPorts | None = Field(
        default=None,
        alias="client-ports",
        description="from which ports it connects, where those are not the site's",
    )
    purpose: Purpose | None = Field(default=None, description="what it is, in a line")

    @cached_property
    def network(self) -> IPv4Network | None:
        """Its addresses; None where they could not be read."""
        return self.cidr if self.address is None else IPv4Network(self.address)
