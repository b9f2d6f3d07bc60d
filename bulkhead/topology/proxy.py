"""The two sides of a broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.proxy import WrittenProxy
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.socket import Socket


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Proxy(TopologyPart):
    """Which sockets of a service zmq_proxy(3) joins: each a Socket of it, or the name of one."""

    shape: ClassVar[type[Written]] = WrittenProxy

    front: str | Socket
    """The socket on the side of clients, or publishers."""
    back: str | Socket
    """The socket on the side of workers, or subscribers."""
    capture: str | Socket | None = None
    """The socket to which a copy of all that passes is sent."""
