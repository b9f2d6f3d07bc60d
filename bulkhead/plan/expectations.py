"""What a topology expects of its network, in neutral words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from bulkhead.intent import Topology
from bulkhead.intent.model import Target, Test
from bulkhead.intent.selectors import SEGMENT
from bulkhead.network import ANY_PROTOCOL, Expectation, Listener, PortRange, any_host_in
from bulkhead.network.traffic import without
from bulkhead.plan.wiring import listeners_by_name


def expectations_of(topology: Topology) -> tuple[Expectation, ...]:
    """The topology's own `tests:`, one expectation per client and place to reach."""
    listeners = listeners_by_name(topology)
    return tuple(
        replace(each, clients_at=_hosts(topology, test.from_))
        for test in topology.tests
        for each in _of_test(test, listeners)
    )


def _hosts(topology: Topology, client: str) -> tuple[IPv4Network, ...]:
    """Where it is alone that is a host of a site."""
    site, slash, host = client.partition("/")
    return (topology.sites[site].hosts[host],) if slash else ()


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
            address=target.at,
        ),
    )


def _called(name: str) -> str:
    """As ends are called: of hosts that nobody declared, by their segment."""
    return any_host_in(name.removeprefix(SEGMENT)) if name.startswith(SEGMENT) else name


def _in_common(denied: Listener, accepted: Iterable[Listener]) -> Iterator[Listener]:
    for each in accepted:
        protocols = denied.protocol in (each.protocol, ANY_PROTOCOL)
        addresses = None in (denied.address, each.address) or denied.address == each.address
        if protocols and addresses and each.ports.overlap(denied.ports):
            yield each


def _nothing_left(denied: Listener, but: Iterable[Listener]) -> bool:
    if denied.protocol == ANY_PROTOCOL:
        return False
    taken = (each.ports for each in but if each.address in (None, denied.address))
    return not without(denied.ports, taken)
