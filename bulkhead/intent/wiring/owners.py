"""Who has sockets, as it is written: services, sites and peers, and what connects them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Literal

from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.endpoints.norm import FEEDBACK
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenService, WrittenSocket, WrittenTopology


@dataclass(frozen=True, slots=True)
class Owner:
    """A service, a site or a peer on the internet: whoever has sockets."""

    kind: Literal["services", "sites", "peers"]
    name: str
    replicas: int
    sockets: Mapping[str, WrittenSocket | None]
    segment: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, IPv4Network | None] = field(default_factory=dict)
    """Of a site, by name; None where the addresses could not be read."""

    interfaces: Mapping[str, str] = field(default_factory=dict)
    """Of a service that names its network interfaces: the segment of each."""

    readable: bool = True
    """Whether the interfaces could be read."""

    comes_and_goes: bool = False
    """Whether its interfaces are not the plan's: no copy has an address of its own."""

    is_function: bool = False
    """Whether it is a function of AWS Lambda: it connects, and nobody to it."""

    held_to_encrypt: bool = False
    """Whether AWS lets only such hosts of it into the VPC that encrypt what they send there."""

    in_doubt: bool = False
    """Whether its segment or a label could not be read: more may mean it than is known."""

    @property
    def outside(self) -> bool:
        """Whether it is beyond the VPC: a site, or a peer."""
        return self.kind != "services"

    @property
    def is_site(self) -> bool:
        """Whether there is a tunnel to it."""
        return self.kind == "sites"

    @property
    def is_peer(self) -> bool:
        """Whether it is on the internet, with no tunnel to it."""
        return self.kind == "peers"

    @property
    def noun(self) -> str:
        return f"{self.kind[:-1]} {self.name}"

    @property
    def several(self) -> bool:
        """Whether each copy has more than one network interface."""
        return len(self.interfaces) > 1

    @property
    def first(self) -> str:
        """The interface in the segment of the service itself; '' where none is named."""
        at_home = (name for name, segment in self.interfaces.items() if segment == self.segment)
        return next(at_home, "")

    @property
    def last(self) -> str:
        """One of the others, for an example."""
        return list(self.interfaces)[-1]

    @property
    def ends(self) -> tuple[str, ...]:
        """What flows call each interface: the first as the service, others 'router.eth1'."""
        return tuple(map(self.called, self.interfaces)) or (self.name,)

    def called(self, interface: str) -> str:
        """What flows call one of its interfaces: the first as the service itself, so that whoever
        adds another changes nothing of what stands. A dot is in no service's name."""
        return self.name if interface in ("", self.first) else f"{self.name}.{interface}"

    @property
    def interfaces_by_end(self) -> Mapping[str, str]:
        """Of each of its interfaces, as flows call it, the segment."""
        return {self.called(name): segment for name, segment in self.interfaces.items()}

    def interface_in(self, segment: str) -> str:
        """The one in a segment; '' where there is none."""
        return next((name for name, at in self.interfaces.items() if at == segment), "")

    def ends_in(self, segment: str) -> tuple[str, ...]:
        """Its interfaces in a segment."""
        if not self.interfaces:
            return (self.name,) if segment == self.segment else ()
        return tuple(self.called(name) for name, at in self.interfaces.items() if at == segment)

    def interface_of(self, end: End, endpoint: ZmqEndpoint | None = None) -> str:
        """By which a socket of it connects, or is reached at one of its endpoints."""
        if endpoint is not None and endpoint.address in self.interfaces:
            return endpoint.address
        if endpoint is None and end.written.type is SocketType.DGRAM and end.written.listens:
            return self.interface_of(end, end.written.listens[0])
        said = end.written.interface or ""
        return said if said in self.interfaces else self.first

    def segment_at(self, end: End, endpoint: ZmqEndpoint) -> str:
        """The segment in which an endpoint of a socket of it is reached."""
        return self.interfaces.get(self.interface_of(end, endpoint), self.segment)


@dataclass(frozen=True, slots=True)
class End:
    """One socket, with who owns it and what is written for it."""

    owner: Owner
    name: str
    written: WrittenSocket

    @property
    def reference(self) -> str:
        return f"{self.owner.name}.{self.name}"

    @property
    def path(self) -> KeyPath:
        return (self.owner.kind, self.owner.name, "sockets", self.name)

    @property
    def at(self) -> IPv4Network | None:
        """The addresses of its site at which it is alone; None: it may be at any."""
        return self.owner.hosts.get(self.written.host or "")

    @property
    def interface(self) -> str:
        """By which interface it connects; '' where its owner names none."""
        return self.owner.interface_of(self)

    def reached_at(self, endpoint: ZmqEndpoint) -> str:
        """What flows call where an endpoint of it is: 'ticker', 'router.eth1'."""
        return self.owner.called(self.owner.interface_of(self, endpoint))

    @property
    def bind(self) -> tuple[ZmqEndpoint, ...]:
        return self.written.bind or ()


@dataclass(frozen=True, slots=True)
class Wire:
    """A `connect` that found its socket."""

    client: End
    server: End
    transport: Transport
    endpoints: tuple[ZmqEndpoint, ...]
    path: KeyPath

    @property
    def of_datagrams(self) -> bool:
        """Whether each sends from the port that it binds: DGRAM, which nobody connects
        (src/socket_base.cpp, connect_internal: udp is for RADIO alone)."""
        return self.transport == "udp" and self.client.written.type is SocketType.DGRAM

    @property
    def by_norm(self) -> tuple[ZmqEndpoint, ...]:
        """The endpoints to which a PUB sends by norm, and so has feedback from."""
        return self.server.written.by_norm if self.endpoints else ()

    @property
    def is_feedback(self) -> bool:
        """Whether it is what a SUB says to a PUB that sends to it by norm."""
        return bool(self.endpoints) and self.endpoints[0] is FEEDBACK

    @property
    def both_ways(self) -> bool:
        """Whether the server sends something that is no reply."""
        return self.of_datagrams or bool(self.by_norm)

    @property
    def back(self) -> Wire:
        """The same, seen from the other end."""
        if self.by_norm:
            return Wire(self.server, self.client, "norm", (FEEDBACK,), self.path)
        endpoints = self.client.written.listens if self.endpoints else ()
        return Wire(self.server, self.client, "udp", endpoints, self.path)

    @property
    def peers_of_client(self) -> int:
        """How many sockets each copy of the client meets."""
        return self.server.owner.replicas if self.endpoints else 1

    @property
    def peers_of_server(self) -> int:
        return self.client.owner.replicas if self.endpoints else 1


def owners_of(written: WrittenTopology) -> dict[str, Owner]:
    """Services, sites and peers by name. What could not be read is there, with no sockets."""
    owners: dict[str, Owner] = {
        name: Owner("peers", name, 1, (peer and peer.sockets) or {})
        for name, peer in (written.peers or {}).items()
    }
    for name, site in (written.sites or {}).items():
        named = ((site and site.hosts) or {}).items()
        hosts = {each: None if said is None else said.network for each, said in named}
        owners[name] = Owner("sites", name, 1, (site and site.sockets) or {}, hosts=hosts)
    for name, service in (written.services or {}).items():
        if service is None:
            owners[name] = Owner("services", name, 1, {}, in_doubt=True)
            continue
        owners[name] = Owner(
            "services",
            name,
            max(service.copies),
            _of_copies(service.sockets or {}, max(service.copies)),
            service.segment or "",
            {key: value for key, value in (service.labels or {}).items() if value is not None},
            interfaces=_interfaces(service),
            readable=service.interfaces is not None and None not in service.interfaces.values(),
            comes_and_goes=service.comes_and_goes,
            is_function=service.is_function,
            held_to_encrypt=_held_to_encrypt(service, written),
            in_doubt=_in_doubt(service, written),
        )
    return owners


def _interfaces(service: WrittenService) -> Mapping[str, str]:
    return {
        name: (said and said.segment) or service.segment or ""
        for name, said in (service.interfaces or {}).items()
    }


def _held_to_encrypt(service: WrittenService, written: WrittenTopology) -> bool:
    """Of a function AWS does not say so: it is in such a VPC only where Lambda is excluded, as
    copies may be of which nobody says what starts them."""
    control = written.vpc_encryption
    if control is None:
        return "vpc_encryption" in written.model_fields_set  # unreadable, and told already
    if control.mode == "monitor" or service.is_function:
        return False
    return not (
        service.comes_and_goes and not service.runs_on and "lambda" in (control.exclude or ())
    )


def _in_doubt(service: WrittenService, written: WrittenTopology) -> bool:
    labels = service.labels
    return (
        service.segment not in (written.segments or ()) or labels is None or None in labels.values()
    )


def _of_copies(
    sockets: Mapping[str, WrittenSocket | None], count: int
) -> Mapping[str, WrittenSocket | None]:
    """The same sockets; of those that give each copy a port of its own, with all of these."""
    return {
        name: written.model_copy(update={"bind": tuple(each.of_copies(count) for each in bind)})
        if written is not None and (bind := written.bind) and any(each.each_copy for each in bind)
        else written
        for name, written in sockets.items()
    }


def ends_of(owners: Mapping[str, Owner]) -> Iterator[End]:
    """Every socket that could be read at all."""
    for owner in owners.values():
        for name, socket in owner.sockets.items():
            if socket is not None:
                yield End(owner, name, socket)
