"""The wiring in neutral words: listeners, flows and expectations of a topology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network

from bulkhead.intent import Connection, Socket, Topology, ZmqEndpoint
from bulkhead.intent.mechanisms import is_encrypted
from bulkhead.network import TCP, UDP, Flow, Listener, PortRange
from bulkhead.network.addresses import AddressOrNetwork, place_of
from bulkhead.network.listening import joined
from bulkhead.network.traffic import runs
from bulkhead.plan.aws_needs import answering, calling, calls_of
from bulkhead.plan.clients import client_ports_at
from bulkhead.plan.plain import crossing, flow_to, waiting_for


def listeners_of(topology: Topology, socket: Socket) -> tuple[Listener, ...]:
    """Where a socket waits for others: what it binds off loopback, as they reach it.

    Neighbouring ports are one listener. At some addresses alone only at a site: those of services
    are the plan's, and none is written. Of IPv6 there is none: a topology is refused that has one
    off loopback. One that sends by norm hears what was lost at whichever client port it sends from.
    """
    if socket.feedback:
        at = () if socket.at is None else (socket.at,)
        yet_unknown = client_ports_at(topology, socket.owner, at)
        return (
            Listener(
                owner=socket.connects_by,
                socket=socket.name,
                type=str(socket.type),
                protocol=UDP,
                ports=yet_unknown,
                address=None if socket.at is None else place_of(socket.at),
            ),
        )
    return joined(
        Listener(
            owner=socket.reached_at(endpoint),
            socket=socket.name,
            type=str(socket.type),
            protocol=endpoint.protocol or TCP,
            ports=PortRange(*endpoint.outside),
            address=_address(socket, endpoint),
        )
        for endpoint in socket.listens
        if endpoint.outside is not None
    )


def _address(socket: Socket, endpoint: ZmqEndpoint) -> AddressOrNetwork | None:
    """Those of its site's at which it waits alone."""
    if socket.at is not None:
        return place_of(socket.at)
    return literal if isinstance(literal := endpoint.literal, IPv4Address) else None


Traffic = tuple[int, PortRange]
"""A protocol, and some ports of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Doors:
    """Where one socket, or another program, waits: one object, however many connect."""

    everywhere: tuple[Traffic, ...]
    """At all addresses of its owner."""
    alone: tuple[tuple[IPv4Network, Traffic], ...] = ()
    """At some addresses of a site."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A service or site that connects to something that waits elsewhere in the network."""

    client: str
    server: str
    doors: Doors
    clients_at: tuple[IPv4Network, ...] = ()
    """Of a site, from which of its addresses alone; empty: from any."""


@dataclass(frozen=True)
class Wiring:
    """All that waits in a topology and all that connects: each worked out once, whoever asks."""

    topology: Topology

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        """Every listener of every service and site."""
        return tuple(each for several in self.by_name.values() for each in several)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Listener, ...]]:
        """Of sockets, and of what answers other flows: 'ticker.ticks', 'ticker.ssh', and at another
        interface than the first 'router.eth1.control'."""
        sockets: dict[str, list[Listener]] = defaultdict(list)
        for waiting in self._of_sockets.values():
            for listener in waiting:
                sockets[listener.name].append(listener)
        plain: dict[str, dict[Listener, None]] = defaultdict(dict)
        for each in sorted(self.topology.flows, key=lambda flow: flow.reference):
            plain[each.reference].update(dict.fromkeys(waiting_for(each)))
        both = (*sockets.items(), *plain.items())
        return {name: tuple(several) for name, several in both}

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Each pair of a client and what it connects to over the network, once."""
        met = dict.fromkeys(
            (
                *(
                    (
                        each.client_socket.connects_by,
                        end,
                        f"{end}.{each.server_socket.name}",
                        each.clients_at,
                    )
                    for each in _crossing(self.topology)
                    for end in each.server_socket.ends
                ),
                *(
                    (each.client, each.server, each.door, each.clients_at)
                    for each in self.topology.flows
                ),
                *((client, name, name, ()) for client, name in calls_of(self.topology)),
            )
        )
        doors = {name: _doors(every) for name, every in self.by_name.items()}
        for flow in self.topology.flows:
            if flow.door not in doors:
                doors[flow.door] = _doors(waiting_for(flow))
        for _, name in calls_of(self.topology):
            doors[name] = _doors([answering(name)])
        return tuple(Meeting(client, server, doors[door], at) for client, server, door, at in met)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """One flow per connection that crosses the network, and range of ports at which it may;
        then those that are not ZeroMQ."""
        topology = self.topology
        connected = (flow for each in _crossing(topology) for flow in self._opened_by(each))
        plain = (
            flow_to(topology, each, flow) for flow in topology.flows for each in waiting_for(flow)
        )
        calls = (calling(*each) for each in calls_of(topology))
        return (*connected, *plain, *calls)

    def _opened_by(self, connection: Connection) -> Iterator[Flow]:
        socket, mechanism, tls = connection.client_socket, connection.mechanism, connection.tls
        client = socket.connects_by
        for listener in self._of_sockets[connection.server_socket.reference]:
            yield Flow(
                client=client,
                client_socket=socket.name,
                client_type=str(socket.type),
                clients_at=connection.clients_at,
                server=listener,
                mechanism=mechanism,
                tls=tls,
                zap=connection.server_socket.zap,
                encrypted=is_encrypted(mechanism, tls=tls),
                vpc_encrypts=self.topology.vpc_encrypts(client, listener.owner),
                **crossing(self.topology, connection, connection.client, connection.server),
            )

    @cached_property
    def _of_sockets(self) -> Mapping[str, tuple[Listener, ...]]:
        """Where each socket waits, by its reference."""
        return {
            reference: listeners_of(self.topology, each)
            for reference, each in self.topology.sockets.items()
        }


def _doors(listeners: Iterable[Listener]) -> Doors:
    every = tuple(listeners)
    return Doors(
        tuple((each.protocol, each.ports) for each in every if each.alone_at is None),
        tuple(
            (each.alone_at, (each.protocol, each.ports))
            for each in every
            if each.alone_at is not None
        ),
    )


def joined_traffic(several: Iterable[Traffic]) -> tuple[Traffic, ...]:
    """The same traffic as the fewest ranges: neighbouring ports of one protocol are one."""
    by_protocol: dict[int, list[PortRange]] = defaultdict(list)
    for protocol, ports in several:
        by_protocol[protocol].append(ports)
    return tuple(
        (protocol, run)
        for protocol in sorted(by_protocol)
        for run in runs(protocol, by_protocol[protocol])
    )


def _crossing(topology: Topology) -> Iterator[Connection]:
    """The connections that leave a host: inproc, ipc and loopback never do, nor does a
    service of one replica that connects to itself."""
    for connection in topology.connections:
        if connection.endpoints and not _within_one_host(topology, connection):
            yield connection


def _within_one_host(topology: Topology, connection: Connection) -> bool:
    return (
        connection.client == connection.server
        and topology.services[connection.client].replicas == 1
    )
