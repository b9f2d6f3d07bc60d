"""The wiring in neutral words: listeners, flows and expectations of a topology."""

from __future__ import annotations

from bulkhead.intent import Connection, Socket, Topology
from bulkhead.network import TCP, Expectation, Flow, Listener


def listeners_of(socket: Socket) -> tuple[Listener, ...]:
    """Where a socket waits for connections from other hosts: its tcp binds off loopback."""
    return tuple(
        Listener(
            owner=socket.owner,
            socket=socket.name,
            type=str(socket.type),
            protocol=TCP,
            port=endpoint.port,
        )
        for endpoint in socket.listens
        if endpoint.port is not None
    )


def all_listeners(topology: Topology) -> tuple[Listener, ...]:
    """Every listener of every service and site."""
    return tuple(
        listener for socket in topology.sockets.values() for listener in listeners_of(socket)
    )


def flows_of(topology: Topology) -> tuple[Flow, ...]:
    """One flow per connection and port that crosses the network.

    inproc, ipc and loopback never leave a host, nor does a service of one
    replica that connects to itself.
    """
    return tuple(
        Flow(
            client=connection.client,
            client_socket=connection.client_socket.name,
            client_type=str(connection.client_socket.type),
            server=listener,
        )
        for connection in topology.connections
        if connection.endpoints and not _within_one_host(topology, connection)
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
            file=topology.file,
            line=test.line,
        )
        for test in topology.tests
        for references, accept in ((test.accept, True), (test.deny, False))
        for reference in references
        for listener in listeners_of(topology.sockets[reference])
    )
