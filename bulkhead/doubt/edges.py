"""The third opinion: single packets at the edges of every rule, walked one by one.

A rule goes wrong at its edges: the port before its first, its last, the one
behind; the last address outside a block and the first inside. Such packets are
made from the network as written, and given to `explain`, which knows one packet
at a time. It is a sample by nature, and says how large.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from itertools import product
from typing import Final

from bulkhead.doubt.answers import Disagreement, Opinion, Packet
from bulkhead.doubt.claims import place_of
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.explain import explain
from bulkhead.network import (
    AclEntry,
    Direction,
    FirewallRule,
    GroupRule,
    IPNetwork,
    Network,
    PortRange,
    Verdict,
)
from bulkhead.prove.reach import Cell, Reach

NAME: Final = "packets"
Probe = tuple[Endpoint, Endpoint, int, int]
"""From, to (each narrowed to one address), protocol, port or message."""


class EdgeOpinion:
    def __init__(self, network: Network, reach: Reach, *, limit: int, packets: int, seconds: float):
        self.network, self.reach, self.limit = network, reach, limit
        self.packets, self.seconds = packets, seconds
        self._who = _Who(reach.endpoints)
        self._cells: dict[tuple[Endpoint, Endpoint], tuple[Cell, ...]] = {}

    def ask(self, say: Callable[[str], None]) -> Opinion:
        """Walk a packet at every edge, or as many as there is room and time for."""
        start = time.monotonic()
        say("packets: looking for the edges of all rules")
        probes = list(dict.fromkeys(self._probes()))
        # Evenly over all rules, not the first so many.
        count = min(len(probes), self.packets)
        chosen = [probes[index * len(probes) // count] for index in range(count)]
        found: list[Disagreement] = []
        walked = 0
        for source, destination, protocol, port in chosen:
            if time.monotonic() - start > self.seconds or len(found) >= self.limit:
                break
            if walked % 100 == 0:
                say(f"packets: {walked} of {len(chosen)} walked")
            walked += 1
            found.extend(self._walk(source, destination, protocol, port))
        left = len(probes) - walked
        return Opinion(
            name=NAME,
            questions=walked,
            cells=walked,
            seconds=time.monotonic() - start,
            disagreements=tuple(found),
            exhaustive=False,
            left_out=f"{left} of {len(probes)} packets at the edges of rules" if left else "",
        )

    def _walk(
        self, source: Endpoint, destination: Endpoint, protocol: int, port: int
    ) -> Iterator[Disagreement]:
        said = explain(
            self.network,
            source,
            destination,
            protocol,
            port,
            client_ports=self.reach.client_ports,
        )
        cell = self._cell(source, destination, protocol, port)
        proved = Verdict.DENIED if cell is None else cell.verdict
        lost = tuple(cell.lost) if cell else ()
        half = proved is Verdict.HALF_OPEN
        if said.verdict is proved and (not half or tuple(said.lost) == lost):
            return
        yield Disagreement(
            opinion=NAME,
            question="one packet at the edge of a rule",
            packet=Packet(
                version=source.ranges[0][0].version,
                origin=place_of(source),
                source=int(source.ranges[0][0]),
                target=place_of(destination),
                destination=int(destination.ranges[0][0]),
                protocol=protocol,
                port=port,
            ),
            source=str(source),
            destination=str(destination),
            proved=_worded(proved, lost),
            found=_worded(said.verdict, tuple(said.lost)),
        )

    def _cell(
        self, source: Endpoint, destination: Endpoint, protocol: int, port: int
    ) -> Cell | None:
        """The cell of the proof that speaks of this packet."""
        pair = self._who.whole(source), self._who.whole(destination)
        if pair not in self._cells:
            self._cells[pair] = self.reach.between(*pair)
        cells = self._cells[pair]
        named = {cell.protocol for cell in cells}
        wanted = protocol if protocol in named else -1
        for cell in cells:
            if cell.protocol == wanted and cell.ports.first <= port <= cell.ports.last:
                return cell
        return None

    # Which packets

    def _probes(self) -> Iterator[Probe]:
        yield from self._at_groups()
        yield from self._at_acls()
        yield from self._at_routes()
        yield from self._at_firewalls()
        yield from self._at_kinds()

    def _at_groups(self) -> Iterator[Probe]:
        holders: dict[str, list[Endpoint]] = defaultdict(list)
        for each in self.network.interfaces:
            for group in each.security_groups:
                holders[group].extend(self._who.of_interface(each.id))
        for held in self.network.security_groups:
            own = _few(holders[held.id])
            for rule in held.rules:
                if rule.peer.kind == "cidr":
                    peers = list(self._around(rule.peer.cidr))
                else:
                    peers = [*_few(holders[rule.peer.group]), *self._who.strangers[:2]]
                pairs = product(peers, own) if _inward(rule) else product(own, peers)
                yield from self._sent(pairs, _edges_of(rule))

    def _at_acls(self) -> Iterator[Probe]:
        behind: dict[str, list[str]] = defaultdict(list)
        for subnet in self.network.subnets:
            behind[subnet.nacl].append(subnet.id)
        for nacl in self.network.nacls:
            own = [one for each in behind[nacl.id][:2] for one in self._who.of_subnet(each)]
            for entry in nacl.entries:
                peers = list(self._around(entry.cidr))
                pairs = product(peers, own) if _inward(entry) else product(own, peers)
                yield from self._sent(pairs, _edges_of(entry))

    def _at_routes(self) -> Iterator[Probe]:
        users: dict[str, list[str]] = defaultdict(list)
        for subnet in self.network.subnets:
            users[subnet.route_table].append(subnet.id)
        for table in self.network.route_tables:
            own = [one for each in users[table.id][:2] for one in self._who.of_subnet(each)]
            for route in table.routes:
                peers = list(self._around(route.destination))
                yield from self._sent(product(own, peers), ((6, 443), (1, 2048)))
                yield from self._sent(product(peers, own), ((6, 443),))

    def _at_firewalls(self) -> Iterator[Probe]:
        for wall in self.network.firewalls:
            for rule in (*wall.stateless, *wall.stateful):
                sources = [one for each in rule.sources for one in self._around(each)]
                targets = [one for each in rule.destinations for one in self._around(each)]
                pairs = product(
                    sources or self._who.strangers[:3], targets or self._who.strangers[:3]
                )
                yield from self._sent(pairs, _edges_of_firewall(rule))

    def _at_kinds(self) -> Iterator[Probe]:
        """Everybody once to and from a few of every kind."""
        few = self._who.some_of_each_kind()
        for each in self.reach.endpoints:
            for own in self._who.narrowed(each):
                pairs = [pair for other in few for pair in ((own, other), (other, own))]
                yield from self._sent(pairs, ((6, 443), (17, 53), (1, 2048), (47, 0)))

    def _around(self, cidr: IPNetwork) -> Iterator[Endpoint]:
        first = int(cidr.network_address)
        last = first + (1 << (cidr.max_prefixlen - cidr.prefixlen)) - 1
        for number in dict.fromkeys((first - 1, first, last, last + 1)):
            yield from self._who.at(cidr.version, number)

    def _sent(
        self, pairs: Iterable[tuple[Endpoint, Endpoint]], traffic: Sequence[tuple[int, int]]
    ) -> Iterator[Probe]:
        for source, destination in pairs:
            if source.ranges[0][0].version != destination.ranges[0][0].version:
                continue
            if source.ranges == destination.ranges and place_of(source) == place_of(destination):
                continue
            interface = source.kind is EndpointKind.INTERFACE
            if interface and (source.kind, source.id) == (destination.kind, destination.id):
                continue
            for protocol, port in traffic:
                yield source, destination, protocol, port


class _Who:
    """Endpoints by what a rule may call them; each narrowed to the one address in question."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._endpoints = endpoints
        self._whole: dict[Endpoint, Endpoint] = {}
        self._interfaces: dict[str, list[Endpoint]] = defaultdict(list)
        self._subnets: dict[str, list[Endpoint]] = defaultdict(list)
        rows: dict[int, list[tuple[int, int, Endpoint]]] = defaultdict(list)
        for each in endpoints:
            for first, last in each.ranges:
                rows[first.version].append((int(first), int(last), each))
            if each.kind is EndpointKind.INTERFACE:
                self._interfaces[each.id].append(each)
            if each.subnet is not None:
                self._subnets[each.subnet].append(each)
        self._rows = {
            version: sorted(row, key=lambda each: each[:2]) for version, row in rows.items()
        }
        self._widest = {
            version: max(last - first for first, last, _ in row) for version, row in rows.items()
        }
        strangers = [each for each in endpoints if each.kind is EndpointKind.STRANGER]
        self.strangers = [one for each in strangers for one in self.narrowed(each)[:1]]

    def whole(self, endpoint: Endpoint) -> Endpoint:
        """The class of which a narrowed endpoint is one address."""
        return self._whole.get(endpoint, endpoint)

    def _one(self, endpoint: Endpoint, number: int) -> Endpoint:
        version = endpoint.ranges[0][0].version
        address = IPv4Address(number) if version == 4 else IPv6Address(number)
        narrowed = replace(endpoint, ranges=((address, address),))
        self._whole[narrowed] = endpoint
        return narrowed

    def narrowed(self, endpoint: Endpoint) -> list[Endpoint]:
        """Its first and its last address."""
        ends = dict.fromkeys((int(endpoint.ranges[0][0]), int(endpoint.ranges[-1][1])))
        return [self._one(endpoint, each) for each in ends]

    def at(self, version: int, number: int) -> Iterator[Endpoint]:
        """Everybody who has the address, wherever it is."""
        row = self._rows.get(version, [])
        index = bisect_right(row, number, key=lambda each: each[0])
        # Classes overlap only where VPCs or sites use the same addresses.
        for first, last, endpoint in reversed(row[:index]):
            if first <= number <= last:
                yield self._one(endpoint, number)
            if number - first > self._widest[version]:
                return

    def of_interface(self, id_: str) -> list[Endpoint]:
        return [one for each in self._interfaces[id_] for one in self.narrowed(each)]

    def of_subnet(self, id_: str) -> list[Endpoint]:
        """A stranger of each family, and the first interface."""
        kinds: dict[tuple[object, int], Endpoint] = {}
        for each in self._subnets[id_]:
            kinds.setdefault((each.kind, each.ranges[0][0].version), each)
        return [one for each in kinds.values() for one in self.narrowed(each)[:1]]

    def some_of_each_kind(self) -> list[Endpoint]:
        kinds: dict[tuple[object, int, object], Endpoint] = {}
        for each in self._endpoints:
            kinds.setdefault((each.kind, each.ranges[0][0].version, each.vpc), each)
        return [one for each in kinds.values() for one in self.narrowed(each)[:1]]


def _few(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """The first and the last: those in between are held by the same rules."""
    return list(dict.fromkeys((*endpoints[:1], *endpoints[-1:])))


def _inward(rule: GroupRule | AclEntry) -> bool:
    return rule.direction is Direction.INGRESS


def _edges_of(rule: GroupRule | AclEntry) -> tuple[tuple[int, int], ...]:
    """Protocols and ports at which the rule begins or ends to match."""
    if rule.protocol < 0:
        return (6, 0), (17, 65535), (1, 2048), (47, 0)
    if rule.protocol not in (1, 6, 17, 58):
        return (rule.protocol, 0), (6, 0)
    other = 17 if rule.protocol == 6 else 6
    return *((rule.protocol, port) for port in _edges(rule.ports)), (other, rule.ports.first)


def _edges_of_firewall(rule: FirewallRule) -> tuple[tuple[int, int], ...]:
    ports = dict.fromkeys(port for each in rule.ports for port in _edges(each)) or (443,)
    return tuple(product(rule.protocols or (1, 6, 17), ports))


def _edges(ports: PortRange) -> tuple[int, ...]:
    around = (ports.first - 1, ports.first, ports.last, ports.last + 1)
    return tuple(dict.fromkeys(each for each in around if 0 <= each <= 65535))


def _worded(verdict: Verdict, lost: tuple[PortRange, ...]) -> str:
    ports = ", ".join(map(str, lost))
    return f"{verdict} (lost from client ports {ports})" if ports else str(verdict)
