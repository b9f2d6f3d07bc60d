"""What records of machines show, as sightings: who waits, who is connected, who asks in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.host import (
    EdgeBecause,
    Greeted,
    HostGraph,
    HostListener,
    HostParty,
    HostRecord,
    HostSureness,
    RecordedProcess,
)
from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind, WhichEnd
from bulkhead.discover.register.naming import Named, ServiceNames
from bulkhead.discover.register.sighting import Certainty, SeenParty, Sighting

FIRST_EPHEMERAL: Final = 32_768
"""From here on Linux chooses ports by itself (ip_local_port_range): none of them names a role."""
_CERTAIN: Final = {
    EdgeBecause.GREETED: Certainty.SURE,
    EdgeBecause.BOTH: Certainty.LIKELY,
    EdgeBecause.ONE: Certainty.POSSIBLE,
}

ProcessKey = tuple[str, int]
"""A machine and a pid."""


class ProcessNames:
    """A name for each process. Processes of one program that wait at other ports are other parties.

    So the master and the workers of one program are told apart, and copies are not.
    """

    def __init__(self, graph: HostGraph, names: ServiceNames) -> None:
        self._records = {each.host.name: each for each in graph.records}
        roles = _roles(graph)
        self._called: dict[ProcessKey, Named] = {}
        alike: dict[str, dict[tuple[int, ...], list[ProcessKey]]] = {}
        for machine, process in _processes(graph):
            key = machine, process.pid
            record = self._records.get(machine)
            named = names.of_process(
                called(process), process.script or process.program or "", _container(process),
                _addresses(record, process),
            )  # fmt: skip
            self._called[key] = named
            if named.name not in names.said:
                alike.setdefault(named.name, {}).setdefault(roles.get(key, ()), []).append(key)
        for name, by_role in alike.items():
            if len(by_role) > 1:
                for ports, keys in by_role.items():
                    for key in keys if ports else ():
                        because = f"{self._called[key].because}, and waits at {ports[0]}"
                        self._called[key] = Named(f"{name}-{ports[0]}", because)

    def party(self, of: HostParty) -> SeenParty | None:
        """None where nobody knows who it is: no process, and no address."""
        if of.machine is not None and of.processes:
            return self.running(of.machine, of.processes[0], of.address or "")
        if of.machine is not None:
            where = f"{of.machine}:{of.port}" if of.port else of.machine
            because = "its machine: its process could not be read"
            return SeenParty(
                name=where,
                because=because,
                machine=of.machine,
                address=of.address or "",
                known=False,
            )
        if of.address:
            because = "its address: no record has it"
            return SeenParty(name=of.address, because=because, address=of.address, known=False)
        return None

    def running(self, machine: str, process: RecordedProcess, address: str) -> SeenParty:
        named = self._called[machine, process.pid]
        return SeenParty(
            name=named.name,
            because=named.because,
            machine=machine,
            address=address,
            script=process.script or process.program or "",
        )


def called(process: RecordedProcess) -> str:
    """'router.py', 'locust' of `-m locust`."""
    return process.called.removeprefix("-m ").strip() or process.name


def _container(process: RecordedProcess) -> str:
    """The name that somebody gave its container: Docker's own is the beginning of its id."""
    container, name = process.container, process.host_name or ""
    return name if container and name and not container.id.startswith(name) else ""


def _addresses(record: HostRecord | None, process: RecordedProcess) -> Iterator[str]:
    for space in record.namespaces if record else ():
        if space.id == process.namespace:
            yield from (
                each
                for each in space.addresses
                if not ip_address(each.partition("%")[0]).is_loopback
            )


def _processes(graph: HostGraph) -> Iterator[tuple[str, RecordedProcess]]:
    yield from ((record.host.name, each) for record in graph.records for each in record.processes)


def _roles(graph: HostGraph) -> dict[ProcessKey, tuple[int, ...]]:
    """The ports by which a process is known: those that no system chose for it."""
    found: dict[ProcessKey, set[int]] = {}
    for each in graph.listeners:
        if each.port is not None and each.port < FIRST_EPHEMERAL:
            for process in each.processes:
                found.setdefault((each.machine, process.pid), set()).add(each.port)
    return {key: tuple(sorted(ports)) for key, ports in found.items()}


def from_hosts(graph: HostGraph, names: ProcessNames) -> Iterator[Sighting]:
    """First who waits, then who is connected to whom."""
    days = {each.host.name: each.time[:10] for each in graph.records}
    for each in graph.listeners:
        if each.port is None and each.path is None:
            continue
        yield _waits(each, names, days.get(each.machine, ""))
    for edge in graph.edges:
        client, server = names.party(edge.client), names.party(edge.server)
        if server is None or client is None:
            continue
        same = edge.transport == "ipc" or (
            edge.client.machine is not None and edge.client.machine == edge.server.machine
        )
        asking = ", and gets no answer" if edge.asking else ""
        sides = [each for each in (edge.client, edge.server) if each.machine]
        doubt = "" if edge.opened_sure else "; who opened it is not sure"
        if edge.sure is HostSureness.TRANSLATED:
            doubt += f"; brought together {edge.sure}"
        day = days.get(sides[0].machine or "", "") if sides else ""
        said = f"{client.name} {'asks' if edge.asking else 'is connected to'} {server.name}{asking}"
        ipc = edge.transport == "ipc"
        whose: WhichEnd = "client" if edge.client.machine else "server"
        yield Sighting(
            client=client,
            server=server,
            transport=edge.transport,
            port=None if ipc else edge.server.port,
            path=edge.path or "",
            server_type=_type(edge.greeting),
            mechanism=_mechanism(edge.greeting),
            exposed=False if ipc else _exposed(edge.server.address, loops_alone=False),
            same_host=same,
            certainty=Certainty.POSSIBLE if edge.asking else _CERTAIN[edge.because],
            why=f"{edge.because}{asking}{doubt}",
            evidence=BoundaryEvidence(
                kind=EvidenceKind.HOST,
                end="both" if len(sides) == 2 else whose,
                what=said,
                machine=" and ".join(dict.fromkeys(each.machine or "" for each in sides)),
                pids=tuple(dict.fromkeys(one.pid for each in sides for one in each.processes)),
                count=edge.count,
                first=day,
                last=day,
                days=1 if day else None,
            ),
        )


def _waits(each: HostListener, names: ProcessNames, day: str) -> Sighting:
    server = names.party(
        HostParty(
            machine=each.machine, address=each.address, port=each.port, processes=each.processes
        )
    )
    assert server is not None  # it has a machine  # noqa: S101
    greeted = each.greeting is not None and bool(each.greeting.zmtp)
    at = each.path or f"{each.address}:{each.port}"
    ipc = each.transport == "ipc"
    return Sighting(
        client=None,
        server=server,
        transport=each.transport,
        port=each.port,
        path=each.path or "",
        server_type=_type(each.greeting),
        mechanism=_mechanism(each.greeting),
        exposed=False if ipc else _exposed(each.address, loops_alone=True),
        certainty=Certainty.SURE if greeted else Certainty.LIKELY,
        why="it greets as ZeroMQ does" if greeted else "a process that uses ZeroMQ waits there",
        evidence=BoundaryEvidence(
            kind=EvidenceKind.HOST,
            end="server",
            what=f"waits at {each.transport} {at}",
            machine=each.machine,
            pids=tuple(one.pid for one in each.processes),
            first=day,
            last=day,
            days=1 if day else None,
        ),
    )


def _type(greeting: Greeted | None) -> str:
    return (greeting.socket_type or "") if greeting and greeting.zmtp else ""


def _mechanism(greeting: Greeted | None) -> str:
    return (greeting.mechanism or "") if greeting and greeting.zmtp else ""


def _exposed(address: str | None, *, loops_alone: bool) -> bool | None:
    """Whether other hosts come to it: of a connection over a loopback nobody can tell."""
    if not address:
        return None
    loops = ip_address(address.partition("%")[0]).is_loopback
    return (False if loops_alone else None) if loops else True


def waiting_by_end(
    graph: HostGraph, names: ProcessNames
) -> tuple[
    dict[tuple[str, int], SeenParty], dict[tuple[str, str, int], list[SeenParty]], dict[str, str]
]:
    """By what other witnesses know ends: who waits at an address and port, who is a client of such
    (its address, the server's, the port), and the machine of an address."""
    waits: dict[tuple[str, int], SeenParty] = {}
    clients: dict[tuple[str, str, int], list[SeenParty]] = {}
    machines: dict[str, str] = {}
    for record in graph.records:
        for address in _all_addresses((record,)):
            machines.setdefault(address, record.host.name)
    of = {name: [a for a, m in machines.items() if m == name] for name in set(machines.values())}
    for each in graph.listeners:
        if each.port is None or not each.processes or each.address is None:
            continue
        anywhere = ip_address(each.address.partition("%")[0]).is_unspecified
        for address in of.get(each.machine, ()) if anywhere else (each.address,):
            waits.setdefault(
                (address, each.port), names.running(each.machine, each.processes[0], address)
            )
    for edge in graph.edges:
        party, port = names.party(edge.client), edge.server.port
        if party and port and edge.client.address and edge.server.address:
            clients.setdefault((edge.client.address, edge.server.address, port), []).append(party)
    return waits, clients, machines


def _all_addresses(records: Iterable[HostRecord]) -> Iterator[str]:
    for record in records:
        for space in record.namespaces:
            for address in space.addresses:
                if not ip_address(address.partition("%")[0]).is_loopback:
                    yield address
