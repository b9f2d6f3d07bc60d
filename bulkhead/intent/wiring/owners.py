"""Who has sockets, as it is written: services and sites, and what connects them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Literal

from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenService, WrittenSocket, WrittenTopology


@dataclass(frozen=True, slots=True)
class Owner:
    """A service or a site: whoever has sockets."""

    kind: Literal["services", "sites"]
    name: str
    replicas: int
    sockets: Mapping[str, WrittenSocket | None]
    segment: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, IPv4Network | None] = field(default_factory=dict)
    """Of a site, by name; None where the addresses could not be read."""

    in_doubt: bool = False
    """Whether its segment or a label could not be read: more may mean it than is known."""

    @property
    def is_site(self) -> bool:
        return self.kind == "sites"

    @property
    def noun(self) -> str:
        return f"{self.kind[:-1]} {self.name}"


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
    def both_ways(self) -> bool:
        """Whether each sends from the port that it binds: DGRAM, which nobody connects
        (src/socket_base.cpp, connect_internal: udp is for RADIO alone)."""
        return self.transport == "udp" and self.client.written.type is SocketType.DGRAM

    @property
    def back(self) -> Wire:
        """The same, seen from the other end."""
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
    """Services and sites by name. What could not be read is there, with no sockets."""
    owners: dict[str, Owner] = {}
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
            max(service.replicas or (1,)),
            _of_copies(service.sockets or {}, max(service.replicas or (1,))),
            service.segment or "",
            {key: value for key, value in (service.labels or {}).items() if value is not None},
            in_doubt=_in_doubt(service, written),
        )
    return owners


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
