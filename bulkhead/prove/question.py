"""What reaches what, as a person asks it: two words, some traffic, directly or by hops.

answer = ask(reach, Question(to="risk", port=5570))
answer.open, answer.cells(), answer.by_label()
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

from bulkhead.ends.asked import Receivers, asked, received
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label
from bulkhead.ends.naming import spoken_of
from bulkhead.ends.nowhere import why_nowhere
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    Flow,
    PortRange,
    Verdict,
    has_ports,
    protocol_name,
    protocol_number,
)
from bulkhead.prove.blast import Reached, blast
from bulkhead.prove.by_label import CellsByLabel, EndsByLabel, cells_by_label, ends_by_label
from bulkhead.prove.cells import AskedTraffic, cells, cells_nowhere, senders
from bulkhead.prove.masks import EVERY_VERDICT
from bulkhead.prove.overview import Crossing, crossings
from bulkhead.prove.public import OverInternet, over_internet
from bulkhead.prove.reach import Cell, Reach
from bulkhead.prove.sets.by_port import bits_of

ALL_HOPS: Final = "all"
"""As many hops as it takes."""
MOST_LINES: Final = 2_000
"""Pairs of labels that are still read one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ends and a protocol, by the words that a person used; None is everything.

    `hops`: not only directly, but also by way of others. Raises ValueError for an
    unknown protocol, and for a port of one that has none.
    """

    from_: str | None = None
    to: str | None = None
    protocol: str | None = None
    port: int | None = None
    hops: int | Literal["all"] | None = None

    def __post_init__(self) -> None:
        number = self.protocol_number
        if self.port is not None and number is not None and not has_ports(number):
            raise ValueError(f"{protocol_name(number)} has no ports")

    @property
    def protocol_number(self) -> int | None:
        """None for all protocols."""
        number = None if self.protocol is None else protocol_number(self.protocol)
        return None if number == ANY_PROTOCOL else number

    @property
    def specific(self) -> bool:
        """Whether both ends are named: then what is denied is part of the answer."""
        return self.from_ is not None and self.to is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """An end that was named and that no host can be at, and why."""

    end: Endpoint
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """What is open between the ends that were named, with nobody's help."""

    question: Question
    reach: Reach
    sources: tuple[Endpoint, ...]
    destinations: tuple[Endpoint, ...]
    traffic: AskedTraffic
    nowhere: tuple[Nowhere, ...] = ()
    public: tuple[OverInternet, ...] = ()
    """Public addresses of what is here, that were asked about."""

    @property
    def open(self) -> bool:
        """Whether any packet that was asked about arrives, or may."""
        if self.nowhere:
            return False
        everybody = self._everybody()
        return any(
            senders(self.reach, self.reach.index(each), self.traffic)[1] & everybody
            for each in self.destinations
        ) or any(each.senders(self.traffic)[1] & everybody for each in self.public)

    def cells(self) -> Iterator[Cell]:
        """Each cell that is open or may be; the denied ones too, of a specific question.

        Found anew at each call, one after the other: there may be millions.
        """
        if self.question.specific:
            return self.every()
        if self.nowhere:
            return iter(())
        return self._cells([each for each in Verdict if each is not Verdict.DENIED])

    def every(self) -> Iterator[Cell]:
        """Each cell that was asked about, denied or not."""
        if self.nowhere:
            public = (each.public.end for each in self.public)
            return cells_nowhere(self.sources, (*self.destinations, *public), self.traffic)
        return self._cells(EVERY_VERDICT)

    def _cells(self, wanted: Collection[Verdict]) -> Iterator[Cell]:
        into, everybody = map(self.reach.index, self.destinations), self._everybody()
        return chain(
            cells(self.reach, everybody, into, self.traffic, wanted), self._over_internet(wanted)
        )

    def _over_internet(self, wanted: Collection[Verdict]) -> Iterator[Cell]:
        return (
            cell
            for each in self.public
            for cell in each.cells(self._everybody(), self.traffic)
            if cell.verdict in wanted
        )

    def by_label(self) -> tuple[CellsByLabel, ...]:
        """The same for people: what is alike between ends of the same labels is one."""
        return self._asked_for(self.every())

    def by_public_address(self) -> tuple[CellsByLabel, ...]:
        """The same for public addresses of what is here alone, of which no crossing tells."""
        return self._asked_for(self._over_internet(EVERY_VERDICT))

    def _asked_for(self, several: Iterable[Cell]) -> tuple[CellsByLabel, ...]:
        denied = self.question.specific
        return tuple(
            each for each in cells_by_label(several) if denied or each.verdict is not Verdict.DENIED
        )

    @property
    def too_large(self) -> bool:
        """Whether `by_label` is more than anybody reads: then `crossings` sum it up."""
        if self.nowhere:
            return False
        everybody = self._everybody()
        reach, names = self.reach, [label(each) for each in self.reach.endpoints]
        senders_to: dict[str, int] = defaultdict(int)
        for each in self.destinations:
            index = reach.index(each)
            some = everybody & reach.same_family(index) & ~reach.same_host(index)
            if not self.question.specific:
                some &= senders(reach, index, self.traffic)[1]
            senders_to[names[index]] |= some
        lines = 0
        for some in senders_to.values():
            lines += len({names[index] for index in bits_of(some)})
            if lines > MOST_LINES:
                return True
        return False

    def crossings(self) -> tuple[Crossing, ...]:
        """What is open, from place to place."""
        into = map(self.reach.index, self.destinations)
        return crossings(self.reach, self._everybody(), into, self.traffic)

    def _everybody(self) -> int:
        return sum(1 << self.reach.index(each) for each in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHops:
    """Who gets where from host to host, the nearest first."""

    question: Question
    reach: Reach
    reached: tuple[Reached, ...]
    nowhere: tuple[Nowhere, ...] = ()

    @property
    def open(self) -> bool:
        """Whether anybody gets anywhere, or may."""
        return bool(self.reached)

    def by_label(self) -> tuple[EndsByLabel, ...]:
        """The same for people: ends of one label, equally far, are one."""
        return ends_by_label(self.reached)


def ask(reach: Reach, question: Question, flows: Iterable[Flow] = ()) -> Direct | ByHops:
    """The answer of a proof. By `flows`, sockets that connect have a name too.

    By hops, the traffic that is asked about is that of the hop to `to`; without
    `to`, that of every hop. Raises LookupError where a word means nothing, or no
    packet goes from one end to the other.
    """
    flows = tuple(flows)
    traffic = _traffic(reach, question)
    sources = _senders(reach, question.from_, flows)
    destinations, addresses = _receivers(reach, question.to, flows)
    reach = reach.showing((*sources, *destinations))
    public = tuple(over_internet(reach, addresses))
    nowhere = tuple(
        Nowhere(end=each, why=why_nowhere(reach.network, each))
        for each in (*sources, *destinations)
        if each.kind is EndpointKind.NOWHERE
    )
    if question.hops is not None:
        ends = sources, Receivers(destinations, addresses)
        reached = () if nowhere else _by_hops(reach, question, *ends, traffic)
        return ByHops(question=question, reach=reach, reached=reached, nowhere=nowhere)
    answer = Direct(
        question=question,
        reach=reach,
        sources=sources,
        destinations=destinations,
        traffic=traffic,
        nowhere=nowhere,
        public=public,
    )
    if next(answer.every(), None) is None:
        raise LookupError(_nothing_between(question, sources))
    return answer


def _nothing_between(question: Question, sources: Iterable[Endpoint]) -> str:
    one, other = question.from_ or "everything", question.to or "everything"
    if all(each.external for each in sources):
        return f"{one} and {other} are both outside: no packet between them comes by here"
    return (
        f"{one} and {other} are the same host, or of different address families: no packet "
        "goes from one to the other"
    )


def _by_hops(
    reach: Reach,
    question: Question,
    sources: tuple[Endpoint, ...],
    receivers: Receivers,
    traffic: AskedTraffic,
) -> tuple[Reached, ...]:
    most = None if question.hops == ALL_HOPS else question.hops
    if question.to is None:
        return blast(reach, sources, hops=most, traffic=traffic)
    # How one gets near is open; what was asked about is the last hop.
    every = blast(
        reach,
        receivers.ends,
        hops=most,
        backwards=True,
        last=traffic,
        addresses=receivers.public,
    )
    wanted = set(sources)
    return tuple(each for each in every if each.end in wanted)


def _senders(reach: Reach, word: str | None, flows: Iterable[Flow]) -> tuple[Endpoint, ...]:
    if word is None:
        return reach.endpoints
    return asked(reach.network, reach.endpoints, word, flows)


def _receivers(reach: Reach, word: str | None, flows: Iterable[Flow]) -> Receivers:
    if word is None:
        return Receivers(reach.endpoints)
    return received(reach.network, reach.endpoints, word, flows)


def _traffic(reach: Reach, question: Question) -> AskedTraffic:
    """All protocols and ports, less what was not asked; of a socket that is named, its own."""
    number, port = question.protocol_number, question.port
    if question.protocol is None and port is None:
        named = [
            each
            for each in reach.network.listeners
            if question.to in spoken_of(reach.network, each)
        ]
        if named:
            return tuple((each.protocol, each.ports) for each in named)
    protocols = (number,) if number is not None else reach.protocols
    if port is None:
        return tuple((each, ALL_PORTS) for each in protocols)
    return tuple((each, PortRange(port, port)) for each in protocols if has_ports(each))
