"""A topology, resolved: what the rest of the program works with. Frozen throughout."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from bulkhead.intent.document import nearest_line
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.sockets import SocketType

V = TypeVar("V")

# A dict that nobody can change, and that serializes as a plain one.
Frozen = Annotated[
    Mapping[str, V],
    AfterValidator(lambda found: MappingProxyType(dict(found))),
    PlainSerializer(lambda mapping: {**mapping}),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Segment(_Model):
    """Subnets behind one NACL; `isolation: service` keeps its services apart too."""

    name: str
    purpose: str
    owner: str | None = None
    isolation: Literal["segment", "service"] = "segment"


class Gateway(_Model):
    address: IPv4Address
    asn: int = 65000


class Socket(_Model):
    """A named socket of a service or a site."""

    owner: str
    name: str
    type: SocketType
    bind: tuple[ZmqEndpoint, ...] = ()
    connect: tuple[str, ...] = ()
    why: str | None = None
    """What it is needed for, in a line."""

    @property
    def reference(self) -> str:
        """How others name it: 'ticker.ticks'."""
        return f"{self.owner}.{self.name}"

    @cached_property
    def listens(self) -> tuple[ZmqEndpoint, ...]:
        """The endpoints to which another host can connect: tcp, and not on loopback."""
        return tuple(endpoint for endpoint in self.bind if endpoint.on_network)

    def __str__(self) -> str:
        return self.reference


class Site(_Model):
    """A network outside AWS, reached through a VPN."""

    name: str
    cidrs: tuple[IPv4Network, ...]
    gateway: Gateway
    trust: Literal["trusted", "untrusted"] = "untrusted"
    client_ports: str | tuple[int, int] = "any"
    """From which its hosts connect: a system, or first and last port."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None


class Service(_Model):
    """A program with sockets, once or several times."""

    name: str
    segment: str
    replicas: int = 1
    client_ports: str | tuple[int, int] = "linux"
    """From which it connects: a system, or first and last port."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None


class Connection(_Model):
    """One socket connects to another: the reason why a flow may exist."""

    client: str
    client_socket: Socket
    server: str
    server_socket: Socket
    transport: Transport
    leaves_host: bool

    @property
    def endpoints(self) -> tuple[ZmqEndpoint, ...]:
        """Those of the server that are reached over the network.

        There are none for inproc, ipc and tcp on loopback, which never leave the host.
        """
        return self.server_socket.listens if self.leaves_host else ()

    @property
    def why(self) -> str:
        """What it is needed for: as its client says, or else its server; '' where neither does."""
        return self.client_socket.why or self.server_socket.why or ""

    def __str__(self) -> str:
        return f"{self.client_socket} -> {self.server_socket}"


class Test(_Model):
    """A line of `tests:`, with every reference resolved to sockets that listen on tcp."""

    __test__ = False  # pytest: this is not a test class

    from_: str
    accept: tuple[str, ...]
    deny: tuple[str, ...]
    line: int


class Topology(_Model):
    """Everything one topology.yaml says."""

    name: str
    region: str
    cidr: IPv4Network
    zones: tuple[str, ...]
    segments: Frozen[Segment]
    sites: Frozen[Site]
    services: Frozen[Service]
    tests: tuple[Test, ...]
    connections: tuple[Connection, ...]
    file: str
    lines: Mapping[tuple[str | int, ...], int] = Field(repr=False, exclude=True)

    def line_of(self, *path: str | int) -> int:
        """The line of a key, such as ('services', 'ticker', 'sockets', 'ticks').

        Of the nearest key around it, where the path itself is not written.
        """
        return nearest_line(self.lines, path)

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Who answers for each service and site: of a service its segment's, where it names
        nobody; '' where nobody does."""
        services = {
            each.name: each.owner or self.segments[each.segment].owner or ""
            for each in self.services.values()
        }
        sites = {each.name: each.owner or "" for each in self.sites.values()}
        return MappingProxyType({**services, **sites})

    @cached_property
    def sockets(self) -> Mapping[str, Socket]:
        """Every socket, by its reference: 'ticker.ticks'."""
        owners: tuple[Service | Site, ...] = (*self.services.values(), *self.sites.values())
        return MappingProxyType(
            {each.reference: each for owner in owners for each in owner.sockets.values()}
        )
