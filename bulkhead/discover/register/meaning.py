"""Which service, site or peer of a topology is a party of the register?

By what somebody says, by an address that the plan gives, by name, by the folder of its code; of a
server last by its port, where one service alone waits there: that is told as unsure. A client is
never told by what it connects to: whoever is not declared would pass for whoever is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import PurePosixPath

from bulkhead.discover.register.boundary import BoundaryParty, SeenBoundary
from bulkhead.discover.register.from_code import carrier
from bulkhead.discover.register.grounds import Grounds
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.socket_types import may_meet
from bulkhead.intent import Socket, Topology, ZmqEndpoint


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a party stands for, and how that is known."""

    name: str
    why: str
    sure: bool = True


class Meaning:
    """A topology as what was seen is held against it. `grounds` has the addresses of its plan."""

    def __init__(self, topology: Topology, grounds: Grounds) -> None:
        self._topology = topology
        self._grounds = grounds
        self._named = {
            plain(word): each.name
            for each in (*topology.services.values(), *topology.outside.values())
            for word in (*getattr(each, "was", ()), each.name)
        }

    def party(self, party: BoundaryParty) -> Meant | None:
        """None where nothing tells whom it stands for."""
        if party.because.startswith("--service") and (name := self._named.get(plain(party.name))):
            return Meant(name, party.because)
        for address in party.addresses:
            if name := self._at(address):
                return Meant(name, f"by its address {address}")
        for word in (party.name, *party.names):
            if name := self._named.get(plain(word)):
                return Meant(name, f"by the name {word}")
        folders = {
            name
            for file in party.files
            for part in PurePosixPath(file).parts[:-1]
            if (name := self._named.get(plain(part)))
        }
        if len(folders) == 1:
            return Meant(folders.pop(), "by the folder of its code")
        return None

    def server(self, boundary: SeenBoundary) -> Meant | None:
        """Of a server also who alone waits at its port."""
        if boundary.server is not None and (found := self.party(boundary.server)):
            return found
        if boundary.port is None or boundary.server is None:
            return None
        waiting = {
            each.owner
            for each in self.sockets()
            if waits_at(each, boundary.transport, boundary.port)
            and may_meet(boundary.client_types, (str(each.type),))
        }
        if len(waiting) != 1:
            return None
        return Meant(waiting.pop(), f"by port {boundary.port} alone", sure=False)

    def _at(self, address: str) -> str | None:
        host = ip_address(address.partition("%")[0])
        if host.is_loopback:
            return None
        if (name := self._grounds.hosts.get(address)) is not None:
            whose = self._topology.whose(name)
            return whose if whose in self._named.values() else None
        for each in self._topology.outside.values():
            if any(host in block for block in each.cidrs):
                return each.name
        return None

    def sockets(self) -> Iterator[Socket]:
        """All that others can reach."""
        for owner in (*self._topology.services.values(), *self._topology.outside.values()):
            yield from (each for each in owner.sockets.values() if each.listens)


def declared_ports_of(topology: Topology) -> frozenset[tuple[str, int]]:
    """At which a socket of ZeroMQ is declared to wait, by what carries them; of ranges each."""
    return frozenset(
        (each.carrier, port)
        for socket in topology.sockets.values()
        if socket.type.speaks_zmtp
        for each in socket.listens
        for span in (each.ports, each.outside)
        if span
        for port in range(span[0], span[1] + 1)
    )


def waits_at(socket: Socket, transport: str, port: int | None) -> bool:
    """Whether a declared socket waits there; with no port, over that transport at all."""
    return any(
        each.carrier == carrier(transport) and (port is None or _holds(each, port))
        for each in socket.listens
    )


def _holds(endpoint: ZmqEndpoint, port: int) -> bool:
    spans = [each for each in (endpoint.ports, endpoint.outside) if each]
    return any(first <= port <= last for first, last in spans)
