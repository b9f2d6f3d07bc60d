"""What was declared, as the prover's own sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.network import Flow, PortRange
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, union


class Declared:
    """Flows by server and by client; and, coarser, by the unit that a NACL sees.

    A unit is the subnets behind one NACL, or a site: finer than that a NACL
    cannot speak.
    """

    def __init__(self, reach: Reach, flows: Iterable[Flow]) -> None:
        self._reach = reach
        self.flows = tuple(dict.fromkeys(flows))
        self.named: dict[str, int] = defaultdict(int)
        self.unit_of: list[tuple[str, str]] = []
        self.in_unit: dict[tuple[str, str], int] = defaultdict(int)
        for index, endpoint in enumerate(reach.endpoints):
            name = owner(endpoint)
            if name is not None:
                self.named[name] |= 1 << index
            unit = self._unit(endpoint)
            self.unit_of.append(unit)
            self.in_unit[unit] |= 1 << index
        self._by_server: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        self._by_client: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        self._by_unit: dict[tuple[tuple[str, str], int], dict[int, int]] = defaultdict(dict)
        self._replies: dict[tuple[tuple[str, str], int], int] = defaultdict(int)
        self.client_names: dict[tuple[str, int, int], set[str]] = defaultdict(set)
        self.server_names: dict[tuple[str, int, int], set[str]] = defaultdict(set)
        for flow in self.flows:
            self._note(flow)

    def _note(self, flow: Flow) -> None:
        server, client = flow.server, flow.client
        clients, servers = self.named[client], self.named[server.owner]
        for table, name, peers in (
            (self._by_server, server.owner, clients),
            (self._by_client, client, servers),
        ):
            ports = table[name, server.protocol]
            ports[server.port] = ports.get(server.port, 0) | peers
        self.client_names[server.owner, server.protocol, server.port].add(client)
        self.server_names[client, server.protocol, server.port].add(server.owner)
        client_units, server_units = self._units(clients), self._units(servers)
        for unit in server_units:
            ports = self._by_unit[unit, server.protocol]
            for other in client_units:
                ports[server.port] = ports.get(server.port, 0) | self.in_unit[other]
        for unit in client_units:
            for other in server_units:
                self._replies[unit, server.protocol] |= self.in_unit[other]

    def clients_of(self, server: str, protocol: int) -> ByPort:
        """Per port: who may connect to a service or site."""
        return _steps(self._by_server.get((server, protocol), {}))

    def ports_as_server(self, name: str, protocol: int) -> dict[int, int]:
        return self._by_server.get((name, protocol), {})

    def ports_as_client(self, name: str, protocol: int) -> dict[int, int]:
        return self._by_client.get((name, protocol), {})

    def into_unit(self, unit: tuple[str, str], protocol: int) -> ByPort:
        """Per port: whose units have a declared flow into this one."""
        return _steps(self._by_unit.get((unit, protocol), {}))

    def replies_into(self, unit: tuple[str, str], protocol: int) -> ByPort:
        """Per port: from whose units replies to a declared flow come in."""
        sources = self._replies.get((unit, protocol), 0)
        return union([(self._reach.client_ports, sources)]) if sources else ((0, 0),)

    def _unit(self, endpoint: Endpoint) -> tuple[str, str]:
        if endpoint.subnet is not None:
            return "nacl", self._reach.network.subnet[endpoint.subnet].nacl
        return endpoint.kind.value, endpoint.id

    def _units(self, members: int) -> set[tuple[str, str]]:
        units = set()
        while members:
            unit = self.unit_of[(members & -members).bit_length() - 1]
            units.add(unit)
            members &= ~self.in_unit[unit]
        return units


def _steps(ports: dict[int, int]) -> ByPort:
    return union((PortRange(port, port), bits) for port, bits in ports.items())
