"""Cells on demand: some sources, some destinations, some traffic, every verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.masks import EVERY_VERDICT, Piece, anybody, crowds, verdicts
from bulkhead.prove.reach import Cell, Reach
from bulkhead.prove.sets.by_port import bits_of

AskedTraffic = tuple[tuple[int, PortRange], ...]
"""Protocols, each with the ports that are asked about."""


def everything(reach: Reach) -> AskedTraffic:
    """All protocols with all their ports."""
    return tuple((protocol, ALL_PORTS) for protocol in reach.protocols)


class Heap(NamedTuple):
    """All cells of one destination and one protocol that were asked about, as sets of sources."""

    reach: Reach
    destination: int
    protocol: int
    sources: int
    pieces: Sequence[Piece]

    def counts(self) -> Counter[Verdict]:
        """How many cells there are with each verdict."""
        found: Counter[Verdict] = Counter()
        for _, verdict, sources in crowds(self.pieces, self.sources):
            found[verdict] += sources.bit_count()
        return found

    def each(self, wanted: Collection[Verdict]) -> Iterator[tuple[int, PortRange, Verdict]]:
        """Source, ports and verdict of every cell with a verdict that is wanted, in this order."""
        found: dict[int, list[tuple[PortRange, Verdict]]] = {}
        for ports, verdict, sources in crowds(self.pieces, self.sources, wanted):
            one = (ports, verdict)
            for source in bits_of(sources):
                found.setdefault(source, []).append(one)
        for source in sorted(found):
            for ports, verdict in found[source]:
                yield source, ports, verdict


def heaps(
    reach: Reach, sources: int, destinations: Iterable[int], traffic: AskedTraffic
) -> Iterator[Heap]:
    """Every cell, the denied ones too, by destination and protocol.

    `sources` is a set of endpoints as bits. Between the addresses of one host,
    and between the two families of addresses, there is no cell.
    """
    for index in destinations:
        mine = sources & reach.same_family(index) & ~reach.same_host(index)
        for protocol, ports in traffic:
            pieces = reach.masks(index, reach.protocol(protocol)).pieces(ports)
            yield Heap(reach, index, protocol, mine, pieces)


def all_heaps(reach: Reach, *, strangers: bool = False) -> Iterator[Heap]:
    """Every cell of a proof, the denied ones too; those of hosts that are not there if asked for.

    Between the outer world and itself nothing depends on the network: no cell.
    """
    inner = outer = 0
    for index, each in enumerate(reach.endpoints):
        if each.kind in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE):
            outer |= 1 << index
        elif strangers or each.kind is not EndpointKind.STRANGER:
            inner |= 1 << index
    asked = everything(reach)
    for index in bits_of(inner | outer):
        yield from heaps(reach, inner | (outer if inner >> index & 1 else 0), (index,), asked)


def cells(
    reach: Reach,
    sources: int,
    destinations: Iterable[int],
    traffic: AskedTraffic,
    wanted: Collection[Verdict] = EVERY_VERDICT,
) -> Iterator[Cell]:
    """Every cell with a verdict that is wanted, by destination, protocol, source and port."""
    for heap in heaps(reach, sources, destinations, traffic):
        for source, ports, verdict in heap.each(wanted):
            yield reach.cell(source, heap.destination, heap.protocol, ports, verdict)


def between(reach: Reach, source: int, destination: int, traffic: AskedTraffic) -> Iterator[Cell]:
    """Every cell of one pair."""
    for protocol, ports in traffic:
        pieces = reach.masks(destination, reach.protocol(protocol)).pieces(ports)
        for some, verdict in verdicts(pieces, source):
            yield reach.cell(source, destination, protocol, some, verdict)


def senders(reach: Reach, index: int, traffic: AskedTraffic) -> tuple[int, int]:
    """Who surely gets in by some of the traffic, and who may, as bits."""
    surely = possibly = 0
    for protocol, ports in traffic:
        pieces = reach.masks(index, reach.protocol(protocol)).pieces(ports)
        sure, may = anybody(pieces)
        surely, possibly = surely | sure, possibly | may
    others = ~reach.same_host(index)
    return surely & others, possibly & others


def cells_nowhere(
    sources: Iterable[Endpoint], destinations: Iterable[Endpoint], traffic: AskedTraffic
) -> Iterator[Cell]:
    """The cells of pairs of which one end, or both, are nowhere: one for each kind of traffic."""
    sources = tuple(sources)
    for destination in destinations:
        for protocol, ports in traffic:
            for source in sources:
                if source != destination and source.version == destination.version:
                    yield Cell(
                        source=source,
                        destination=destination,
                        protocol=protocol,
                        ports=ports,
                        verdict=Verdict.DENIED,
                    )
