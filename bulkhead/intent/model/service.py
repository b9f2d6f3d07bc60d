"""A service."""

from __future__ import annotations

from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.socket import Socket


class Service(Resolved):
    """A program with sockets, once or several times."""

    name: str
    segment: str
    replicas: int = 1
    client_ports: str | tuple[int, int] = "linux"
    """From which it connects: a system, or first and last port."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None
