"""What every endpoint of a network can reach: the result of a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from operator import and_, or_

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.partition import partition
from bulkhead.network import (
    CLIENT_PORTS,
    ICMP,
    ICMP6,
    TCP,
    UDP,
    Network,
    PortRange,
    Verdict,
    has_ports,
)
from bulkhead.network.traffic import OTHER_PROTOCOL, traffic
from bulkhead.prove.sets.by_port import ByPort, at, bits_of, change, combine, ranges
from bulkhead.prove.sets.relation import Relation
from bulkhead.prove.sets.survey import Survey, survey_of
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.unknowns import unknowns_of
from bulkhead.prove.sets.ways.travel import Ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One source, one destination, one protocol, the widest ports with one verdict.

    `lost`: for half-open the client ports from which no reply returns (empty for
    a protocol without ports, where no reply returns at all).
    """

    source: Endpoint
    destination: Endpoint
    protocol: int
    ports: PortRange
    verdict: Verdict
    lost: tuple[PortRange, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.source} -> {self.destination} "
            f"{traffic(self.protocol, (self.ports,))}: {self.verdict}"
        )


@dataclass(frozen=True, slots=True)
class Masks:
    """Per port, as bit sets of sources. Who is in none of them is denied."""

    allowed: ByPort
    half_open: ByPort
    undetermined: ByPort


class Reach:
    """The proof of one network: a verdict for every cell, on demand."""

    def __init__(self, survey: Survey, client_ports: PortRange) -> None:
        self.survey = survey
        self.network = network = survey.network
        self.client_ports = client_ports
        self.endpoints = survey.endpoints
        self.protocols = _protocols(survey.network)
        ways = Ways(survey)
        self.standing_of = ways.standings.of
        """Per endpoint the first one that routes and NACLs cannot tell from it."""
        # What is in doubt for one protocol only makes a world of its own.
        worlds: dict[int | None, Ways] = {None: ways}
        for protocol in {each.protocol for each in network.unmodelled} - {None}:
            unknowns = unknowns_of(network, survey.classes.remotes, protocol)
            worlds[protocol] = Ways(survey_of(network, survey.classes, unknowns))
        # With every unknown shut, and with every unknown open.
        self.surely = Relation(worlds, client_ports, unknown_passes=False)
        self.possibly = (
            self.surely
            if all(each.survey.unknowns.none for each in worlds.values())
            else Relation(worlds, client_ports, unknown_passes=True)
        )
        self.touched = (1 << len(self.endpoints)) - 1
        """Destinations whose cells may differ from those of the proof this one came from."""
        self._indices = {each: index for index, each in enumerate(self.endpoints)}
        self._hosts: dict[str, int] = {}
        for each, index in self._indices.items():
            if each.kind is EndpointKind.INTERFACE:
                self._hosts[each.id] = self._hosts.get(each.id, 0) | 1 << index

    def after(self, survey: Survey, touched: Touched) -> Reach:
        """The proof after a change of rules (`reprove` knows which changes these are)."""
        heir = copy(self)
        heir.survey, heir.network = survey, survey.network
        heir.surely = self.surely.after(survey, touched)
        heir.possibly = (
            heir.surely if self.possibly is self.surely else self.possibly.after(survey, touched)
        )
        heir.touched = touched.requests | touched.replies
        return heir

    def decide(self, among: int = -1) -> None:
        """Decide every cell of some destinations (bits) now, instead of when it is asked for."""
        for index in range(len(self.endpoints)):
            if among >> index & 1:
                for protocol in self.protocols:
                    self.masks(index, protocol)

    def index(self, endpoint: Endpoint) -> int:
        return self._indices[endpoint]

    def same_host(self, index: int) -> int:
        """All addresses of the same interface: between them nothing leaves the host."""
        endpoint = self.endpoints[index]
        own = self._hosts.get(endpoint.id, 0) if endpoint.kind is EndpointKind.INTERFACE else 0
        return own | 1 << index

    def senders(self, index: int) -> int:
        """Whose packets to an end are flows: to a host that is there, everybody's but its own.

        To any other end only those of such hosts. Nothing there holds a stranger
        back: what he may send is a matter of routes and NACLs alone.
        """
        host = self.endpoints[index].kind is EndpointKind.INTERFACE
        some = self.survey.everyone if host else self.survey.interfaces
        return some & ~self.same_host(index)

    def protocol(self, protocol: int) -> int:
        """The protocol itself if rules name it, else the class of those they don't."""
        return protocol if protocol in self.protocols else OTHER_PROTOCOL

    def verdict(
        self, source: Endpoint, destination: Endpoint, protocol: int, port: int = 0
    ) -> Verdict:
        return self.verdict_at(
            self._indices[source], self._indices[destination], self.protocol(protocol), port
        )

    def verdict_at(self, source: int, destination: int, protocol: int, port: int) -> Verdict:
        bit = 1 << source
        if not at(self.possibly.requests(destination, protocol), port) & bit:
            return Verdict.DENIED
        if not at(self.surely.requests(destination, protocol), port) & bit:
            return Verdict.UNDETERMINED
        if at(self.surely.answered(destination, protocol), port) & bit:
            return Verdict.ALLOWED
        if at(self.possibly.answered(destination, protocol), port) & bit:
            return Verdict.UNDETERMINED
        return Verdict.HALF_OPEN

    def lost(self, source: Endpoint, destination: Endpoint, protocol: int) -> tuple[PortRange, ...]:
        """The client ports from which no reply returns, if a request arrives."""
        protocol = self.protocol(protocol)
        if not has_ports(protocol):
            return ()
        return self.possibly.lost(self._indices[source], self._indices[destination], protocol)

    def masks(self, destination: int, protocol: int) -> Masks:
        surely = self.surely.requests(destination, protocol)
        possibly = self.possibly.requests(destination, protocol)
        answered = self.surely.answered(destination, protocol)
        answerable = self.possibly.answered(destination, protocol)
        allowed = combine(surely, answered, and_)
        half_open = combine(surely, answerable, lambda does, back: does & ~back)
        decided = combine(allowed, half_open, or_)
        return Masks(
            allowed, half_open, combine(possibly, decided, lambda may, known: may & ~known)
        )

    def between(self, source: Endpoint, destination: Endpoint) -> tuple[Cell, ...]:
        """All cells of a pair, the denied ones too: together they cover every port."""
        found: list[Cell] = []
        for protocol in self.protocols:
            verdicts = self._verdicts(
                self._indices[source], self.masks(self._indices[destination], protocol)
            )
            found.extend(
                self._cell(source, destination, protocol, ports, verdict)
                for ports, verdict in verdicts
            )
        return tuple(found)

    def cells(self) -> Iterator[Cell]:
        """Every cell that is not denied, by destination, protocol, source and port."""
        for index, destination in enumerate(self.endpoints):
            for protocol in self.protocols:
                masks = self.masks(index, protocol)
                anybody = 0
                for steps in (masks.allowed, masks.half_open, masks.undetermined):
                    for _, bits in steps:
                        anybody |= bits
                for source in bits_of(anybody & ~self.same_host(index)):
                    for ports, verdict in self._verdicts(source, masks):
                        if verdict is not Verdict.DENIED:
                            yield self._cell(
                                self.endpoints[source], destination, protocol, ports, verdict
                            )

    def _verdicts(self, source: int, masks: Masks) -> Iterator[tuple[PortRange, Verdict]]:
        coded = combine(
            change(masks.allowed, lambda bits: bits >> source & 1),
            combine(
                change(masks.half_open, lambda bits: (bits >> source & 1) << 1),
                change(masks.undetermined, lambda bits: (bits >> source & 1) << 2),
                int.__or__,
            ),
            int.__or__,
        )
        for ports, code in ranges(coded):
            yield ports, _VERDICTS[code]

    def _cell(
        self,
        source: Endpoint,
        destination: Endpoint,
        protocol: int,
        ports: PortRange,
        verdict: Verdict,
    ) -> Cell:
        half = verdict is Verdict.HALF_OPEN
        return Cell(
            source=source,
            destination=destination,
            protocol=protocol,
            ports=ports,
            verdict=verdict,
            lost=self.lost(source, destination, protocol) if half else (),
        )


_VERDICTS = {
    0: Verdict.DENIED,
    1: Verdict.ALLOWED,
    2: Verdict.HALF_OPEN,
    4: Verdict.UNDETERMINED,
}


def prove(
    network: Network, client_ports: PortRange = CLIENT_PORTS, cuts: Iterable[Network] = ()
) -> Reach:
    """Decide every cell of a network, over all packets, there and back.

    `cuts` are networks to compare with: addresses are cut by their prefixes too.
    """
    classes = partition(network, cuts)
    return Reach(survey_of(network, classes, unknowns_of(network, classes.remotes)), client_ports)


def _protocols(network: Network) -> tuple[int, ...]:
    common = [TCP, UDP, ICMP]
    if any(each.ipv6_cidrs for each in network.subnets) or network.load_balancers:
        # A load balancer tells icmpv6 from other protocols, over IPv4 too.
        common.append(ICMP6)
    named = set(common)
    for group in network.security_groups:
        named.update(rule.protocol for rule in group.rules)
    for nacl in network.nacls:
        named.update(entry.protocol for entry in nacl.entries)
    for firewall in network.firewalls:
        for rule in (*firewall.stateless, *firewall.stateful):
            named.update(rule.protocols)
    named.update(each.protocol for each in network.unmodelled if each.protocol is not None)
    named.discard(OTHER_PROTOCOL)
    return (*common, *sorted(named - set(common)), OTHER_PROTOCOL)
