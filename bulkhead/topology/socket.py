"""A socket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from bulkhead.intent import SocketType
from bulkhead.intent.written import WrittenSocket
from bulkhead.intent.written.fields import Written
from bulkhead.topology.exposure import Exposure
from bulkhead.topology.keys.socket import SocketKeys
from bulkhead.topology.network_interface import NetworkInterface
from bulkhead.topology.part import NamedPart
from bulkhead.topology.site_host import SiteHost

SocketTypeName: TypeAlias = Literal[
    "REQ",
    "REP",
    "DEALER",
    "ROUTER",
    "PUB",
    "SUB",
    "XPUB",
    "XSUB",
    "PUSH",
    "PULL",
    "PAIR",
    "STREAM",
    "SERVER",
    "CLIENT",
    "RADIO",
    "DISH",
    "SCATTER",
    "GATHER",
    "DGRAM",
    "PEER",
    "CHANNEL",
    "TCP",
]

Bound: TypeAlias = str | Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Socket(SocketKeys, NamedPart):
    """A ZeroMQ socket of a service or a site, or one of a program that speaks plain TCP."""

    shape: ClassVar[type[Written]] = WrittenSocket

    type: SocketTypeName | SocketType
    """Its ZeroMQ type, as in type="PUB"."""
    bind: Bound | Iterable[Bound] | None = None
    """Where it waits for others: an endpoint, as in bind="tcp://*:5556"; where something in between
    maps its port, {"endpoint": "tcp://*:28335", "published": 29335}; or a list of them."""
    connect: str | Socket | Iterable[str | Socket] | None = None
    """To which sockets it connects: a Socket, "service.socket", or a list of them."""
    host: str | SiteHost | None = None
    """Of a site's: at which of its hosts, or in which network of it, it is alone."""
    interface: str | NetworkInterface | None = None
    """Of a service with several: by which it connects, and is reached where it binds all of
    them."""
    exposure: Exposure | None = None
    """Why what it has with peers may cross the internet."""
    via: Literal["nlb"] | None = None
    """Of a service's that binds tcp: services and sites connect to an internal Network Load
    Balancer before all copies, as in via="nlb"."""
