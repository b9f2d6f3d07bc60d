"""What a topology expects of its network, in neutral words."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from bulkhead.intent import Topology
from bulkhead.intent.model import Target, Test
from bulkhead.intent.selectors import SEGMENT
from bulkhead.network import ANY_PROTOCOL, Expectation, Listener, PortRange, any_host_in
from bulkhead.network.addresses import place_of
from bulkhead.network.balancers import is_behind, is_planned_balancer
from bulkhead.network.traffic import without
from bulkhead.plan.wiring import Wiring


def expectations_of(wiring: Wiring) -> tuple[Expectation, ...]:
    """The topology's own `tests:`, one expectation per client and place to reach.

    What a quarantine cuts is not asked for meanwhile.
    """
    topology = wiring.topology
    balanced = _balanced(topology)
    every = (
        replace(each, clients_at=hosts)
        for test in topology.tests
        if (hosts := _hosts(topology, test)) is not None
        for one in _of_test(test, wiring.by_name)
        for each in _at_its_doors(one, balanced)
    )
    return tuple(each for each in every if not (each.accept and _is_cut(topology, each)))


def _is_cut(topology: Topology, wanted: Expectation) -> bool:
    client, server = wanted.client.partition("/")[0], wanted.server.owner
    return topology.is_cut(client, server, wanted.clients_at) is not None


def _balanced(topology: Topology) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By a socket that is behind load balancers ('broker.requests') each of these, with who
    connects to it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in topology.connections:
        if is_planned_balancer(each.server):
            socket = f"{is_behind(each.server)}.{each.server_socket.name}"
            found[socket][each.server].add(each.client)
    return {
        socket: {name: frozenset(clients) for name, clients in doors.items()}
        for socket, doors in found.items()
    }


def _at_its_doors(
    wanted: Expectation, balanced: Mapping[str, Mapping[str, frozenset[str]]]
) -> Iterator[Expectation]:
    """What is expected of a socket that is behind load balancers: whoever is to reach it does by
    the one that he connects to; whoever is not reaches neither it nor any of these."""
    doors = balanced.get(wanted.server.name, {}) if wanted.server.socket else {}
    client = wanted.client.partition("/")[0]
    there = [name for name, clients in doors.items() if client in clients or not wanted.accept]
    if not wanted.accept or not there:
        yield wanted
    for name in there:
        yield replace(wanted, server=replace(wanted.server, owner=name))


def _hosts(topology: Topology, test: Test) -> tuple[IPv4Network, ...] | None:
    """Where it is alone that is a host of a site, or a site but for some; None: nowhere."""
    name, slash, host = test.from_.partition("/")
    if slash:
        return (topology.sites[name].hosts[host],)
    if not test.hosts_but:
        return ()
    site = topology.sites[name]
    return tuple(_beside(site.cidrs, [site.hosts[each] for each in test.hosts_but])) or None


def _beside(networks: Iterable[IPv4Network], but: Iterable[IPv4Network]) -> Iterator[IPv4Network]:
    """The rest of some networks, in as few as there can be; each that is left out lies in one."""
    left_out = deque(sorted(but))
    for network in sorted(networks):
        first, last = int(network[0]), int(network[-1])
        while left_out and int(left_out[0][0]) <= last:
            gone = left_out.popleft()
            if first < int(gone[0]):
                yield from _between(first, int(gone[0]) - 1)
            first = max(first, int(gone[-1]) + 1)
        if first <= last:
            yield from _between(first, last)


def _between(first: int, last: int) -> Iterator[IPv4Network]:
    return summarize_address_range(IPv4Address(first), IPv4Address(last))


def _of_test(test: Test, listeners: Mapping[str, tuple[Listener, ...]]) -> Iterator[Expectation]:
    accepted: dict[str, list[Listener]] = defaultdict(list)
    for accept, targets in ((True, test.accept), (False, test.deny)):
        for target in targets:
            for server in _servers(target, listeners):
                if accept:
                    accepted[server.owner].append(server)
                but = () if accept else tuple(_in_common(server, accepted[server.owner]))
                if not _nothing_left(server, but):
                    yield Expectation(
                        client=_called(test.from_),
                        server=server,
                        accept=accept,
                        file=test.file,
                        line=test.line,
                        name=test.name,
                        why=test.why,
                        but=but,
                    )


def _servers(target: Target, listeners: Mapping[str, tuple[Listener, ...]]) -> Iterable[Listener]:
    if target.traffic is None:
        return listeners[target.reference]
    protocol, first, last = target.traffic
    ports = PortRange(first, last)
    return (
        Listener(
            owner=_called(target.to),
            socket="",
            type="",
            protocol=protocol,
            ports=ports,
            address=place_of(target.at) if target.at else None,
        ),
    )


def _called(name: str) -> str:
    """As ends are called: of hosts that nobody declared, by their segment."""
    return any_host_in(name.removeprefix(SEGMENT)) if name.startswith(SEGMENT) else name


def _in_common(denied: Listener, accepted: Iterable[Listener]) -> Iterator[Listener]:
    for each in accepted:
        protocols = denied.protocol in (each.protocol, ANY_PROTOCOL)
        if protocols and _meet(denied, each) and each.ports.overlap(denied.ports):
            yield each


def _nothing_left(denied: Listener, but: Iterable[Listener]) -> bool:
    if denied.protocol == ANY_PROTOCOL:
        return False
    taken = (each.ports for each in but if _is_everywhere(each, denied))
    return not without(denied.ports, taken)


def _meet(one: Listener, other: Listener) -> bool:
    """Whether they have an address in common."""
    if one.alone_at is None or other.alone_at is None:
        return True
    return one.alone_at.overlaps(other.alone_at)


def _is_everywhere(one: Listener, other: Listener) -> bool:
    """Whether one is at all addresses of the other."""
    if one.alone_at is None or other.alone_at is None:
        return one.alone_at is None
    return other.alone_at.subnet_of(one.alone_at)
