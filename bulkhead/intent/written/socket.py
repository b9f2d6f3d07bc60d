"""A socket, as it is written."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field

from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.mechanisms import Mechanism, parse_mechanism
from bulkhead.intent.sockets import SocketType, parse_socket_type
from bulkhead.intent.values import parse_flag, parse_interface_name, parse_size, parse_text
from bulkhead.intent.written.exposure import WrittenExposure
from bulkhead.intent.written.fields import (
    Bind,
    Named,
    Reason,
    Texts,
    Until,
    Written,
    by,
    choice,
)


class WrittenSocket(Written):
    """A ZeroMQ socket of a service or a site."""

    type: Annotated[SocketType, by(parse_socket_type)] | None = Field(
        description="its ZeroMQ type, as in type: PUB"
    )
    bind: Bind | None = Field(
        default=(), description='where it waits for others: an endpoint, as in "tcp://*:5556"'
    )
    connect: Texts | None = Field(
        default=(), description="to which sockets it connects: service.socket, or a list of them"
    )
    why: Reason | None = Field(default=None, description="what it is needed for, in a line")
    owner: Named | None = Field(
        default=None, description="who answers for it, where that is another than for its service"
    )
    host: Annotated[str, by(parse_text)] | None = Field(
        default=None,
        description="of a site's: at which of its hosts, or in which network of it, it is alone",
    )
    interface: Annotated[str, by(parse_interface_name)] | None = Field(
        default="",
        description="of a service with several: by which it connects, and is reached where it "
        "binds all of them, as in interface: eth1",
    )
    exposure: WrittenExposure | None = Field(
        default=None, description="why what it has with peers may cross the internet"
    )
    via: Annotated[str, choice("nlb")] | None = Field(
        default="",
        description="of a service's that binds tcp: an internal Network Load Balancer stands "
        "before all copies, and services and sites connect to that, as in via: nlb",
    )
    until: Until | None = Field(
        default=None, description="the last day on which it is needed, as in until: 2027-01-31"
    )
    mechanism: Annotated[Mechanism, by(parse_mechanism)] | None = Field(
        default=Mechanism.NULL,
        description="how it secures itself, as in mechanism: CURVE; NULL if not said",
    )
    zap: Annotated[bool, by(parse_flag)] | None = Field(
        default=False, description="whether a ZAP handler decides who may connect, as in zap: true"
    )
    largest_message: Annotated[int, by(parse_size)] | None = Field(
        default=None,
        alias="largest-message",
        description="the largest message that it takes, as in largest-message: 1 MiB",
    )

    @cached_property
    def transports(self) -> tuple[Transport, ...]:
        """Those it binds, in the order of the file."""
        return tuple(dict.fromkeys(endpoint.transport for endpoint in self.bind or ()))

    @cached_property
    def listens(self) -> tuple[ZmqEndpoint, ...]:
        """The endpoints to which another host can connect."""
        return tuple(endpoint for endpoint in self.bind or () if endpoint.on_network)

    @cached_property
    def by_norm(self) -> tuple[ZmqEndpoint, ...]:
        """Those to which one PUB sends by norm."""
        return tuple(endpoint for endpoint in self.listens if endpoint.to_one_by_norm)

    @cached_property
    def on_loopback(self) -> tuple[ZmqEndpoint, ...]:
        """Those to which only the same host can."""
        return tuple(endpoint for endpoint in self.bind or () if endpoint.loopback)


Sockets = dict[str, WrittenSocket | None]
