"""A socket."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from ipaddress import IPv4Network

from pydantic import Field

from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.exposure import ExposureSaid
from bulkhead.intent.sockets import SocketType


class Socket(Resolved):
    """A named socket of a service or a site."""

    owner: str
    name: str
    type: SocketType
    bind: tuple[ZmqEndpoint, ...] = ()
    connect: tuple[str, ...] = ()
    why: str | None = None
    """What it is needed for, in a line."""
    answers: str | None = None
    """Who answers for it, where that is another than for its service or site."""
    at: IPv4Network | None = None
    """The addresses of its site at which it is alone; None: it may be at any."""
    interface: str = ""
    """By which network interface it connects; '' where its service names none."""
    interfaces: Frozen[str] = Field(default_factory=dict)
    """What flows call those of its service, by what the host calls them."""
    until: date | None = None
    """The last day on which it is needed."""
    mechanism: Mechanism = Mechanism.NULL
    zap: bool = False
    """Whether a ZAP handler decides who may connect; of PLAIN it always does."""
    feedback: bool = False
    """Whether it sends by norm, and hears what was lost at the port whence it does."""
    exposure: ExposureSaid | None = None
    """Why what it has with peers may cross the internet."""
    via: str = ""
    """'nlb': services and sites meet a Network Load Balancer before all copies; '': each copy."""
    largest_message: int | None = None
    """In bytes, the largest that it takes; None where nobody says."""

    @property
    def reference(self) -> str:
        """How others name it: 'ticker.ticks'."""
        return f"{self.owner}.{self.name}"

    @cached_property
    def listens(self) -> tuple[ZmqEndpoint, ...]:
        """The endpoints to which another host can connect: tcp, and not on loopback."""
        return tuple(endpoint for endpoint in self.bind if endpoint.on_network)

    @property
    def connects_by(self) -> str:
        """What flows call its end where it connects: 'momentum', 'router.eth1'."""
        return self.interfaces.get(self.interface, self.owner)

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """What flows call its end where it waits, for each interface at which it does."""
        told = (self.connects_by,) if self.feedback else ()
        return tuple(dict.fromkeys((*map(self.reached_at, self.listens), *told)))

    def reached_at(self, endpoint: ZmqEndpoint) -> str:
        """What flows call its end where it waits at one of its endpoints."""
        return self.interfaces.get(endpoint.address, self.connects_by)

    def __str__(self) -> str:
        return self.reference
