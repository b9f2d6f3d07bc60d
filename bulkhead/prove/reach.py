"""What every endpoint of a network can reach: the result of a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from operator import and_, or_

from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.partition import partition
from bulkhead.ends.together import together
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    Network,
    PortRange,
    Verdict,
    has_ports,
)
from bulkhead.network.traffic import OTHER_PROTOCOL, traffic
from bulkhead.prove.masks import Masks, anybody, verdicts
from bulkhead.prove.sets.by_port import at, bits_of, combine
from bulkhead.prove.sets.protocols import protocols_of
from bulkhead.prove.sets.relation import Relation
from bulkhead.prove.sets.survey import Survey, asking_from, survey_of
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


class Reach:
    """The proof of one network: a verdict for every cell, on demand."""

    def __init__(
        self, survey: Survey, *, cut_by: tuple[Network, ...] = (), tunnels_for_all: bool = True
    ) -> None:
        self.survey = survey
        self.cut_by = cut_by
        """By whose prefixes addresses are cut: what is compared with this has to be cut so too."""
        self.network = network = survey.network
        self.endpoints = survey.endpoints
        self.protocols = protocols_of(survey.network)
        ways = Ways(survey, tunnels_for_all=tunnels_for_all)
        self.standing_of = ways.standings.of
        """Per endpoint the first one that routes and NACLs cannot tell from it."""
        # What is in doubt for one protocol only makes a world of its own.
        worlds: dict[int | None, Ways] = {None: ways}
        for protocol in {each.protocol for each in network.unmodelled} - {None}:
            unknowns = unknowns_of(network, survey.classes.remotes, protocol)
            world = survey_of(network, survey.classes, unknowns)
            worlds[protocol] = Ways(world, tunnels_for_all=tunnels_for_all)
        # With every unknown shut, and with every unknown open.
        self.surely = Relation(worlds, unknown_passes=False)
        self.possibly = (
            self.surely
            if all(each.survey.unknowns.none for each in worlds.values())
            else Relation(worlds, unknown_passes=True)
        )
        self.touched = (1 << len(self.endpoints)) - 1
        """Destinations whose cells may differ from those of the proof this one came from."""
        self._beside = sum(
            1 << index for index, each in enumerate(self.endpoints) if is_of_others(network, each)
        )
        """Ends in VPCs that are only neighbours of what was asked for, and in others' subnets."""
        self._answering: dict[PortRange, Reach] = {}
        self._indices = {each: index for index, each in enumerate(self.endpoints)}
        self.same_host = together(self.endpoints)
        """Of an end, by its index, those (bits) that it has no cell with."""

    def after(self, survey: Survey, touched: Touched) -> Reach:
        """The proof after a change of rules (`reprove` knows which changes these are)."""
        heir = copy(self)
        heir.survey, heir.network = survey, survey.network
        heir.surely = self.surely.after(survey, touched)
        heir.possibly = (
            heir.surely if self.possibly is self.surely else self.possibly.after(survey, touched)
        )
        heir.touched = touched.requests | touched.replies
        heir._answering = {}
        return heir

    def decide(self, among: int = -1) -> None:
        """Decide every cell of some destinations (bits) now, instead of when it is asked for."""
        for index in range(len(self.endpoints)):
            if among >> index & 1:
                for protocol in self.protocols:
                    self.masks(index, protocol)

    def showing(self, ends: Iterable[Endpoint]) -> Reach:
        """The same proof, in whose answers parts of ends stand for the whole ones."""
        parts = {self.index(each): each for each in ends if each.whole is not None}
        if not parts:
            return self
        shown = copy(self)
        shown.endpoints = tuple(parts.get(index, each) for index, each in enumerate(self.endpoints))
        return shown

    def answering(self, client_ports: PortRange) -> Reach:
        """The proof of the same network where all clients use these ports.

        And where nobody sends as somebody of the internet by another way: to a public
        address none leads.
        """
        here = self.network
        ways = here.vpn_connections or here.vpn_gateways or here.transit_attachments
        if set(self.survey.clients) == {client_ports} and not ways:
            return self
        if client_ports not in self._answering:
            survey = asking_from(self.survey, client_ports)
            self._answering[client_ports] = Reach(survey, cut_by=self.cut_by, tunnels_for_all=False)
        return self._answering[client_ports]

    @property
    def client_ports(self) -> PortRange:
        """From the first to the last port from which anybody here may open a connection."""
        every = self.survey.clients or (ANY_CLIENT_PORTS,)
        return PortRange(min(each.first for each in every), max(each.last for each in every))

    def index(self, endpoint: Endpoint) -> int:
        """Its place among the endpoints; of a part of one, the place of that."""
        return self._indices[endpoint.whole or endpoint]

    def same_family(self, index: int) -> int:
        """All ends whose addresses are of its family: from the others there is no cell."""
        six = self.survey.ipv6
        return six if six >> index & 1 else self.survey.everyone & ~six

    def senders(self, index: int) -> int:
        """Whose packets to an end are flows: to a host that is there, everybody's but its own.

        To any other end only those of such hosts. Nothing there holds a stranger
        back: what he may send is a matter of routes and NACLs alone.
        """
        host = self.endpoints[index].kind is EndpointKind.INTERFACE
        some = self.survey.everyone if host else self.survey.interfaces
        return some & self.concerned(index) & ~self.same_host(index)

    def concerned(self, index: int) -> int:
        """Whose packets to an end concern a VPC that was asked for, and not neighbours alone."""
        if self.endpoints[index].vpc is None:
            return self.survey.everyone & ~self._beside
        if self._beside >> index & 1:
            return self.survey.everyone & ~self.survey.external & ~self._beside
        return self.survey.everyone

    def protocol(self, protocol: int) -> int:
        """The protocol itself if rules name it, else the class of those they don't."""
        return protocol if protocol in self.protocols else OTHER_PROTOCOL

    def verdict(
        self, source: Endpoint, destination: Endpoint, protocol: int, port: int = 0
    ) -> Verdict:
        return self.verdict_at(
            self.index(source), self.index(destination), self.protocol(protocol), port
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
        return self.possibly.lost(self.index(source), self.index(destination), protocol)

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
        sender, receiver = self.index(source), self.index(destination)
        return tuple(
            self.cell(sender, receiver, protocol, ports, verdict)
            for protocol in self.protocols
            for ports, verdict in verdicts(self.masks(receiver, protocol).pieces(), sender)
        )

    def cells(self) -> Iterator[Cell]:
        """Every cell that is not denied, by destination, protocol, source and port."""
        for index in range(len(self.endpoints)):
            for protocol in self.protocols:
                pieces = self.masks(index, protocol).pieces()
                _, may = anybody(pieces)
                for source in bits_of(may & ~self.same_host(index)):
                    for ports, verdict in verdicts(pieces, source):
                        if verdict is not Verdict.DENIED:
                            yield self.cell(source, index, protocol, ports, verdict)

    def cell(
        self, source: int, destination: int, protocol: int, ports: PortRange, verdict: Verdict
    ) -> Cell:
        """A cell whose verdict is known, with the client ports that are lost."""
        sender, receiver = self.endpoints[source], self.endpoints[destination]
        half = verdict is Verdict.HALF_OPEN
        return Cell(
            source=sender,
            destination=receiver,
            protocol=protocol,
            ports=ports,
            verdict=verdict,
            lost=self.lost(sender, receiver, protocol) if half else (),
        )


def prove(network: Network, cuts: Iterable[Network] = ()) -> Reach:
    """Decide every cell of a network, over all packets, there and back.

    `cuts` are networks to compare with: addresses are cut by their prefixes too.
    """
    cuts = tuple(cuts)
    classes = partition(network, cuts)
    survey = survey_of(network, classes, unknowns_of(network, classes.remotes))
    return Reach(survey, cut_by=(network, *cuts))
