"""What was declared, as the prover's own sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import NamedTuple

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.ends.sockets import Waiting, sockets_of
from bulkhead.network import Flow, IPAddress, Listener, PortRange
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, bits_of, union

Whom = tuple[str, IPv4Address | None]
"""A service or site, or one address of a site."""


class Guarded(NamedTuple):
    """What a NACL tells apart: the subnets behind one, what is outside, one address there."""

    kind: str
    id: str
    address: IPAddress | None = None


class Declared:
    """Flows by server and by client; and, coarser, by the unit that a NACL sees.

    A unit is the subnets behind one NACL, or a site, or one address of it at which a
    socket was declared to wait: finer than that a NACL need not speak.
    """

    def __init__(self, reach: Reach, flows: Iterable[Flow]) -> None:
        self._reach = reach
        self.flows = tuple(dict.fromkeys(flows))
        self.sockets = sockets_of(reach.network, (each.server for each in self.flows))
        self.waiting = Waiting(self.sockets)
        self._bound = {(each.server.owner, each.server.address) for each in self.flows}
        self.named: dict[str, int] = defaultdict(int)
        self.unit_of: list[Guarded] = []
        self.in_unit: dict[Guarded, int] = defaultdict(int)
        for index, endpoint in enumerate(reach.endpoints):
            name = owner(endpoint)
            if name is not None:
                self.named[name] |= 1 << index
            unit = self._unit(endpoint)
            self.unit_of.append(unit)
            self.in_unit[unit] |= 1 << index
        self._by_server: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        self._by_client: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        self._by_listener: dict[tuple[str, int], dict[Listener, int]] = defaultdict(dict)
        self._by_unit: dict[tuple[Guarded, int], dict[int, int]] = defaultdict(dict)
        self._replies: dict[tuple[Guarded, int], dict[PortRange, int]] = defaultdict(dict)
        self.clients: dict[tuple[str, int, int], set[Whom]] = defaultdict(set)
        self.servers: dict[tuple[str, int, int], set[Whom]] = defaultdict(set)
        for flow in self.flows:
            self._note(flow)

    def _note(self, flow: Flow) -> None:
        server, client = flow.server, flow.client
        clients, servers = self.named[client], self.at(server)
        for table, name, peers in (
            (self._by_server, server.owner, clients),
            (self._by_client, client, servers),
        ):
            ports = table[name, server.protocol]
            ports[server.port] = ports.get(server.port, 0) | peers
        waiting = self._by_listener[server.owner, server.protocol]
        waiting[server] = waiting.get(server, 0) | clients
        self.clients[server.owner, server.protocol, server.port].add((client, None))
        peer = (server.owner, server.address)
        self.servers[client, server.protocol, server.port].add(peer)
        client_units, server_units = self._units(clients), self._units(servers)
        for unit in server_units:
            ports = self._by_unit[unit, server.protocol]
            for other in client_units:
                ports[server.port] = ports.get(server.port, 0) | self.in_unit[other]
        for asking, members in self._reach.survey.clients.items():
            for unit in self._units(clients & members):
                replies = self._replies[unit, server.protocol]
                for other in server_units:
                    replies[asking] = replies.get(asking, 0) | self.in_unit[other]

    def at(self, server: Listener) -> int:
        """The ends at which a declared socket waits, as bits."""
        known = self.named.get(server.owner, 0)
        if server.address is None:
            return known
        ends = self._reach.endpoints
        return sum(1 << index for index in bits_of(known) if server.address in ends[index])

    def clients_of(self, endpoint: Endpoint, protocol: int) -> ByPort:
        """Per port: who may connect to an end of a service or site."""
        name = owner(endpoint)
        ports: dict[int, int] = {}
        for server, clients in self._by_listener.get((name or "", protocol), {}).items():
            if server.address is None or server.address in endpoint:
                ports[server.port] = ports.get(server.port, 0) | clients
        return _steps(ports)

    def ports_as_server(self, name: str, protocol: int) -> dict[int, int]:
        return self._by_server.get((name, protocol), {})

    def ports_as_client(self, name: str, protocol: int) -> dict[int, int]:
        return self._by_client.get((name, protocol), {})

    def into_unit(self, unit: Guarded, protocol: int) -> ByPort:
        """Per port: whose units have a declared flow into this one."""
        return _steps(self._by_unit.get((unit, protocol), {}))

    def replies_into(self, unit: Guarded, protocol: int) -> ByPort:
        """Per port: from whose units replies to a declared flow come in."""
        return union(self._replies.get((unit, protocol), {}).items())

    def _unit(self, endpoint: Endpoint) -> Guarded:
        if endpoint.subnet is not None:
            return Guarded("nacl", self._reach.network.subnet[endpoint.subnet].nacl)
        bound = (owner(endpoint), endpoint.address) in self._bound
        return Guarded(endpoint.kind.value, endpoint.id, endpoint.address if bound else None)

    def _units(self, members: int) -> set[Guarded]:
        units = set()
        while members:
            unit = self.unit_of[(members & -members).bit_length() - 1]
            units.add(unit)
            members &= ~self.in_unit[unit]
        return units


def _steps(ports: dict[int, int]) -> ByPort:
    return union((PortRange(port, port), bits) for port, bits in ports.items())
