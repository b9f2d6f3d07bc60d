"""A flow that is not ZeroMQ."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network

from pydantic import Field

from bulkhead.intent.model.base import Resolved
from bulkhead.intent.model.exposure import ExposureSaid
from bulkhead.intent.traffic import PlainTraffic


class PlainFlow(Resolved):
    """A line of `flows:`, for one client and one server of those that it means."""

    name: str
    entry: str
    """The whole line in words, whoever it means: 'metrics from monitor to *'."""
    client: str
    server: str
    client_at: IPv4Network | None = None
    """The addresses of a site from which it is opened; None: any of the client's."""
    server_at: IPv4Network | None = None
    """The addresses of a site at which alone it is answered."""
    traffic: tuple[PlainTraffic, ...]
    why: str
    owner: str = ""
    """Who answers for it; '' where that is whoever answers for the client."""
    until: date | None = None
    """The last day on which it is needed; None where nobody says."""
    mechanism: str = ""
    """How its programs encrypt: TLS, SSH, '' where they do not."""
    exposure: ExposureSaid | None = None
    """Why it may cross the internet; None where it does not."""
    path: tuple[str | int, ...] = Field(default=(), repr=False, exclude=True)
    """Where it is written: ('flows', 0)."""

    @property
    def reference(self) -> str:
        """What it goes by at the server: 'ticker.ssh'."""
        return f"{self.server}.{self.name}"

    @property
    def door(self) -> str:
        """The same at the only addresses that answer: 'exchange.ssh at 192.168.10.5/32'."""
        return self.reference if self.server_at is None else f"{self.reference} at {self.server_at}"

    @property
    def clients_at(self) -> tuple[IPv4Network, ...]:
        """From which addresses of a site alone; empty: from any of the client's."""
        return () if self.client_at is None else (self.client_at,)

    def __str__(self) -> str:
        return f"{self.client} -> {self.reference}"
