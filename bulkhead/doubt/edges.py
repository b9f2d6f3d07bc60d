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
from typing import Final, NamedTuple

from bulkhead.doubt.answers import Contradiction, Opinion, Witness, in_words
from bulkhead.doubt.proved import location_of
from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.explain import explain
from bulkhead.network import (
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    TCP,
    UDP,
    AclEntry,
    CidrPeer,
    Direction,
    FirewallRule,
    GroupRule,
    IPNetwork,
    Network,
    PortRange,
    Verdict,
)
from bulkhead.network.traffic import OTHER_PROTOCOL
from bulkhead.prove import Cell, Reach

NAME: Final = "packets"
SECONDS: Final = 20.0
"""For walking them all."""

ProtocolPort = tuple[int, int]
"""Protocol, and the destination port or message."""
HTTPS: Final[ProtocolPort] = (TCP, 443)
DNS: Final[ProtocolPort] = (UDP, 53)
ECHO: Final[ProtocolPort] = (ICMP, 8 * 256)
GRE: Final[ProtocolPort] = (47, 0)
"""A protocol that no rule names, as a rule."""


class EdgePacket(NamedTuple):
    """A packet to walk, between two endpoints that are narrowed to one address each.

    `port` is the destination port; for icmp the message, as type * 256 + code.
    """

    source: Endpoint
    destination: Endpoint
    protocol: int
    port: int


def ask_packets(
    network: Network,
    reach: Reach,
    *,
    limit: int,
    packets: int,
    say: Callable[[str], None] = lambda _: None,
) -> Opinion:
    """Walk a packet at every edge, or as many as there is room and time for.

    `limit`: after how many contradictions it ends. `packets`: how many are walked at most.
    """
    start = time.monotonic()
    say(f"{NAME}: looking for the edges of all rules")
    who = _Who(reach.endpoints)
    edges = list(dict.fromkeys(_at_edges(network, reach, who)))
    # Evenly over all rules, not the first so many.
    count = min(len(edges), packets)
    chosen = [edges[index * len(edges) // count] for index in range(count)]
    cells = _Cells(reach, who)
    found: list[Contradiction] = []
    walked = 0
    for packet in chosen:
        if time.monotonic() - start > SECONDS or len(found) >= limit:
            break
        if walked % 100 == 0:
            say(f"{NAME}: {walked} of {len(chosen)} walked")
        walked += 1
        found.extend(_walk(network, packet, cells))
    left = len(edges) - walked
    return Opinion(
        name=NAME,
        questions=walked,
        cells=walked,
        seconds=time.monotonic() - start,
        contradictions=tuple(found),
        exhaustive=False,
        left_out=f"{left} of {len(edges)} packets at the edges of rules" if left else "",
    )


def _walk(network: Network, packet: EdgePacket, cells: _Cells) -> Iterator[Contradiction]:
    """Nothing, if the walk of this packet ends as was proved."""
    source, destination, protocol, port = packet
    said = explain(network, source, destination, protocol, port)
    cell = cells.about(packet)
    proved = Verdict.DENIED if cell is None else cell.verdict
    lost = tuple(cell.lost) if cell else ()
    half = proved is Verdict.HALF_OPEN
    if said.verdict is proved and (not half or tuple(said.lost) == lost):
        return
    yield Contradiction(
        opinion=NAME,
        question="one packet at the edge of a rule",
        witness=Witness(
            version=source.version,
            origin=location_of(source),
            source=int(source.address),
            target=location_of(destination),
            destination=int(destination.address),
            protocol=protocol,
            port=port,
        ),
        source=str(source),
        destination=str(destination),
        proved=in_words(str(proved), lost),
        found=in_words(str(said.verdict), said.lost),
    )


class _Cells:
    """The cells of the proof, looked up once for each pair of classes."""

    def __init__(self, reach: Reach, who: _Who) -> None:
        self._reach, self._who = reach, who
        self._between: dict[tuple[Endpoint, Endpoint], tuple[Cell, ...]] = {}

    def about(self, packet: EdgePacket) -> Cell | None:
        """The one that speaks of a packet."""
        pair = self._who.whole(packet.source), self._who.whole(packet.destination)
        if pair not in self._between:
            self._between[pair] = self._reach.between(*pair)
        cells = self._between[pair]
        named = {cell.protocol for cell in cells}
        spoken = packet.protocol if packet.protocol in named else OTHER_PROTOCOL
        for cell in cells:
            if cell.protocol == spoken and cell.ports.first <= packet.port <= cell.ports.last:
                return cell
        return None


# Which packets


def _at_edges(network: Network, reach: Reach, who: _Who) -> Iterator[EdgePacket]:
    yield from _at_groups(network, who)
    yield from _at_acls(network, who)
    yield from _at_routes(network, who)
    yield from _at_firewalls(network, who)
    yield from _at_kinds(reach, who)


def _at_groups(network: Network, who: _Who) -> Iterator[EdgePacket]:
    holders: dict[str, list[Endpoint]] = defaultdict(list)
    for each in network.interfaces:
        for group in each.security_groups:
            holders[group].extend(who.of_interface(each.id))
    for held in network.security_groups:
        own = _few(holders[held.id])
        for rule in held.rules:
            if isinstance(rule.peer, CidrPeer):
                peers = list(_around(rule.peer.cidr, who))
            else:
                peers = [*_few(holders[rule.peer.group]), *who.strangers[:2]]
            pairs = product(peers, own) if _inward(rule) else product(own, peers)
            yield from _sent(pairs, _edges_of(rule))


def _at_acls(network: Network, who: _Who) -> Iterator[EdgePacket]:
    behind: dict[str, list[str]] = defaultdict(list)
    for subnet in network.subnets:
        behind[subnet.nacl].append(subnet.id)
    for nacl in network.nacls:
        own = [one for each in behind[nacl.id][:2] for one in who.of_subnet(each)]
        for entry in nacl.entries:
            peers = list(_around(entry.cidr, who))
            pairs = product(peers, own) if _inward(entry) else product(own, peers)
            yield from _sent(pairs, _edges_of(entry))


def _at_routes(network: Network, who: _Who) -> Iterator[EdgePacket]:
    users: dict[str, list[str]] = defaultdict(list)
    for subnet in network.subnets:
        users[subnet.route_table].append(subnet.id)
    for table in network.route_tables:
        own = [one for each in users[table.id][:2] for one in who.of_subnet(each)]
        for route in table.routes:
            peers = list(_around(route.destination, who))
            yield from _sent(product(own, peers), (HTTPS, ECHO))
            yield from _sent(product(peers, own), (HTTPS,))


def _at_firewalls(network: Network, who: _Who) -> Iterator[EdgePacket]:
    for wall in network.firewalls:
        for rule in (*wall.stateless, *wall.stateful):
            sources = [one for each in rule.sources for one in _around(each, who)]
            targets = [one for each in rule.destinations for one in _around(each, who)]
            pairs = product(sources or who.strangers[:3], targets or who.strangers[:3])
            yield from _sent(pairs, _edges_of_firewall(rule))


def _at_kinds(reach: Reach, who: _Who) -> Iterator[EdgePacket]:
    """Everybody once to and from a few of every kind."""
    few = who.some_of_each_kind()
    for each in reach.endpoints:
        for own in who.narrowed(each):
            pairs = [pair for other in few for pair in ((own, other), (other, own))]
            yield from _sent(pairs, (HTTPS, DNS, ECHO, GRE))


def _around(cidr: IPNetwork, who: _Who) -> Iterator[Endpoint]:
    """Whoever has the first or last address of a block, or the one beside it."""
    first = int(cidr.network_address)
    last = first + (1 << (cidr.max_prefixlen - cidr.prefixlen)) - 1
    for number in dict.fromkeys((first - 1, first, last, last + 1)):
        yield from who.at(cidr.version, number)


def _sent(
    pairs: Iterable[tuple[Endpoint, Endpoint]], traffic: Sequence[ProtocolPort]
) -> Iterator[EdgePacket]:
    for source, destination in pairs:
        if source.version != destination.version:
            continue
        if source.ranges == destination.ranges and location_of(source) == location_of(destination):
            continue
        whole = source.kind in (EndpointKind.INTERFACE, EndpointKind.SITE)
        if whole and (source.kind, source.id) == (destination.kind, destination.id):
            continue
        if source.outer and destination.outer:
            continue
        for protocol, port in traffic:
            yield EdgePacket(source, destination, protocol, port)


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
        version = endpoint.version
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
            kinds.setdefault((each.kind, each.version), each)
        return [one for each in kinds.values() for one in self.narrowed(each)[:1]]

    def some_of_each_kind(self) -> list[Endpoint]:
        kinds: dict[tuple[object, int, object], Endpoint] = {}
        for each in self._endpoints:
            kinds.setdefault((each.kind, each.version, each.vpc), each)
        return [one for each in kinds.values() for one in self.narrowed(each)[:1]]


def _few(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """The first and the last: those in between are held by the same rules."""
    return list(dict.fromkeys((*endpoints[:1], *endpoints[-1:])))


def _inward(rule: GroupRule | AclEntry) -> bool:
    return rule.direction is Direction.INGRESS


def _edges_of(rule: GroupRule | AclEntry) -> tuple[ProtocolPort, ...]:
    """Protocols and ports at which the rule begins or ends to match."""
    if rule.protocol == ANY_PROTOCOL:
        return (TCP, 0), (UDP, 65535), ECHO, GRE
    if rule.protocol not in (ICMP, TCP, UDP, ICMP6):
        return (rule.protocol, 0), (TCP, 0)
    other = UDP if rule.protocol == TCP else TCP
    return *((rule.protocol, port) for port in _edges(rule.ports)), (other, rule.ports.first)


def _edges_of_firewall(rule: FirewallRule) -> tuple[ProtocolPort, ...]:
    ports = dict.fromkeys(port for each in rule.ports for port in _edges(each)) or (443,)
    return tuple(product(rule.protocols or (ICMP, TCP, UDP), ports))


def _edges(ports: PortRange) -> tuple[int, ...]:
    around = (ports.first - 1, ports.first, ports.last, ports.last + 1)
    return tuple(dict.fromkeys(each for each in around if 0 <= each <= 65535))
