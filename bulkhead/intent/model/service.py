"""A service."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.socket import Socket


class Proxy(Resolved):
    """Which sockets of a broker zmq_proxy(3) joins."""

    front: str
    back: str
    capture: str | None = None


class Service(Resolved):
    """A program with sockets, once or several times."""

    name: str
    segment: str
    replicas: int = 1
    """How many copies there are at most: the plan has room for each."""
    fewest: int = 1
    """How many there are at least."""
    labels: Frozen[str] = Field(default_factory=dict)
    client_ports: str | tuple[int, int] = "linux"
    """From which it connects: a system, or first and last port."""
    instance: str = ""
    """The type of its instances, '' where nobody says."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None
    data: str | None = None
    """How its data is classified."""
    was: tuple[str, ...] = ()
    """What it was called before."""
    proxy: Proxy | None = None
