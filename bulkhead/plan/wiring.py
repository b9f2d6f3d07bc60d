"""The wiring in neutral words: listeners, flows and expectations of a topology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from bulkhead.intent import Connection, Socket, Topology
from bulkhead.network import TCP, Expectation, Flow, Listener


def listeners_of(socket: Socket) -> tuple[Listener, ...]:
    """Where a socket waits for connections from other hosts: its tcp binds off loopback.

    At one address only at a site: those of services are the plan's, and none is written.
    """
    return tuple(
        Listener(
            owner=socket.owner,
            socket=socket.name,
            type=str(socket.type),
            protocol=TCP,
            port=endpoint.port,
            address=endpoint.literal,
        )
        for endpoint in socket.listens
        if endpoint.port is not None
    )


def all_listeners(topology: Topology) -> tuple[Listener, ...]:
    """Every listener of every service and site."""
    return tuple(
        listener for socket in topology.sockets.values() for listener in listeners_of(socket)
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A service or site that connects to a socket over the network, with whichever of its own."""

    client: str
    server: str
    ports: tuple[int, ...]
    """At all addresses, in the order in which rules stand in a group: that of their digits."""
    bound: tuple[tuple[int, IPv4Network], ...] = ()
    """At single addresses of a site, each with that one; in the same order."""


def meetings_of(topology: Topology) -> tuple[Meeting, ...]:
    """Each pair of a client and a socket that it connects to over the network, once."""
    met = dict.fromkeys((each.client, each.server_socket.reference) for each in _crossing(topology))
    listeners = {each.reference: listeners_of(each) for each in topology.sockets.values()}
    ports = {
        reference: tuple(sorted((each.port for each in every if not each.address), key=str))
        for reference, every in listeners.items()
    }
    bound = {reference: _bound(every) for reference, every in listeners.items()}
    return tuple(
        Meeting(client, topology.sockets[reference].owner, ports[reference], bound[reference])
        for client, reference in met
    )


def _bound(listeners: Iterable[Listener]) -> tuple[tuple[int, IPv4Network], ...]:
    single = [(each.port, IPv4Network(each.address)) for each in listeners if each.address]
    return tuple(sorted(single, key=lambda each: (str(each[0]), str(each[1]))))


def _crossing(topology: Topology) -> Iterator[Connection]:
    """The connections that leave a host: inproc, ipc and loopback never do, nor does a
    service of one replica that connects to itself."""
    for connection in topology.connections:
        if connection.endpoints and not _within_one_host(topology, connection):
            yield connection


def flows_of(topology: Topology) -> tuple[Flow, ...]:
    """One flow per connection and port that crosses the network."""
    return tuple(
        Flow(
            client=connection.client,
            client_socket=connection.client_socket.name,
            client_type=str(connection.client_socket.type),
            server=listener,
            why=connection.why,
            mechanism=connection.mechanism,
            tls=connection.tls,
            zap=connection.server_socket.zap,
        )
        for connection in _crossing(topology)
        for listener in listeners_of(connection.server_socket)
    )


def _within_one_host(topology: Topology, connection: Connection) -> bool:
    return (
        connection.client == connection.server
        and topology.services[connection.client].replicas == 1
    )


def expectations_of(topology: Topology) -> tuple[Expectation, ...]:
    """The topology's own `tests:`, one expectation per client and listener."""
    return tuple(
        Expectation(
            client=test.from_,
            server=listener,
            accept=accept,
            file=test.file,
            line=test.line,
        )
        for test in topology.tests
        for references, accept in ((test.accept, True), (test.deny, False))
        for reference in references
        for listener in listeners_of(topology.sockets[reference])
    )
