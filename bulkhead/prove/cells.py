"""Cells on demand: some sources, some destinations, some traffic, every verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.reach import Cell, Masks, Reach
from bulkhead.prove.sets.by_port import ByPort, at, bits_of

AskedTraffic = tuple[tuple[int, PortRange], ...]
"""Protocols, each with the ports that are asked about."""

_Piece = tuple[PortRange, int, int, int]
"""Ports throughout which the same sources are allowed, half-open, undetermined."""


def everything(reach: Reach) -> AskedTraffic:
    """All protocols with all their ports."""
    return tuple((protocol, ALL_PORTS) for protocol in reach.protocols)


def cells(
    reach: Reach, sources: int, destinations: Iterable[int], traffic: AskedTraffic
) -> Iterator[Cell]:
    """Every cell, the denied ones too, by destination, protocol, source and port.

    `sources` is a set of endpoints as bits. Between the addresses of one host,
    and between the two families of addresses, there is no cell.
    """
    family = {4: 0, 6: 0}
    for index, endpoint in enumerate(reach.endpoints):
        family[endpoint.address.version] |= 1 << index
    for index in destinations:
        mine = sources & family[reach.endpoints[index].address.version] & ~reach.same_host(index)
        for protocol, ports in traffic:
            yield from _of(reach, mine, index, protocol, ports)


def all_cells(reach: Reach, *, strangers: bool = False) -> Iterator[Cell]:
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
    for index in range(len(reach.endpoints)):
        if inner >> index & 1:
            yield from cells(reach, inner | outer, (index,), asked)
        elif outer >> index & 1:
            yield from cells(reach, inner, (index,), asked)


def between(reach: Reach, source: int, destination: int, traffic: AskedTraffic) -> Iterator[Cell]:
    """Every cell of one pair."""
    for protocol, ports in traffic:
        yield from _of(reach, 1 << source, destination, protocol, ports)


def _of(reach: Reach, sources: int, index: int, protocol: int, ports: PortRange) -> Iterator[Cell]:
    pieces = _pieces(reach.masks(index, reach.protocol(protocol)), ports)
    _, anybody = _anybody(pieces)
    for number in bits_of(sources):
        decided = (
            _verdicts(pieces, number)
            if anybody >> number & 1
            else ((ports, Verdict.DENIED),)  # the common case, and so the short one
        )
        source, destination = reach.endpoints[number], reach.endpoints[index]
        for some, verdict in decided:
            half_open = verdict is Verdict.HALF_OPEN
            yield Cell(
                source=source,
                destination=destination,
                protocol=protocol,
                ports=some,
                verdict=verdict,
                lost=reach.lost(source, destination, protocol) if half_open else (),
            )


def senders(reach: Reach, index: int, traffic: AskedTraffic) -> tuple[int, int]:
    """Who surely gets in by some of the traffic, and who may, as bits."""
    surely = possibly = 0
    for protocol, ports in traffic:
        sure, may = _anybody(_pieces(reach.masks(index, reach.protocol(protocol)), ports))
        surely, possibly = surely | sure, possibly | may
    others = ~reach.same_host(index)
    return surely & others, possibly & others


def _anybody(pieces: Iterable[_Piece]) -> tuple[int, int]:
    surely = possibly = 0
    for _, allowed, half_open, undetermined in pieces:
        surely |= allowed | half_open
        possibly |= undetermined
    return surely, surely | possibly


def _pieces(masks: Masks, within: PortRange) -> list[_Piece]:
    layers = (masks.allowed, masks.half_open, masks.undetermined)
    starts = {within.first}
    starts.update(first for steps in layers for first, _ in steps if first in within)
    edges = [*sorted(starts), within.last + 1]
    return [(PortRange(first, after - 1), *_at(layers, first)) for first, after in pairwise(edges)]


def _at(layers: tuple[ByPort, ByPort, ByPort], port: int) -> tuple[int, int, int]:
    allowed, half_open, undetermined = layers
    return at(allowed, port), at(half_open, port), at(undetermined, port)


def _verdicts(pieces: Iterable[_Piece], number: int) -> Iterator[tuple[PortRange, Verdict]]:
    """The widest ranges with one verdict."""
    first, last, verdict = 0, -1, Verdict.DENIED
    for ports, allowed, half_open, undetermined in pieces:
        here = _verdict(number, allowed, half_open, undetermined)
        if last >= 0 and here is not verdict:
            yield PortRange(first, last), verdict
        if last < 0 or here is not verdict:
            first, verdict = ports.first, here
        last = ports.last
    yield PortRange(first, last), verdict


def _verdict(number: int, allowed: int, half_open: int, undetermined: int) -> Verdict:
    if allowed >> number & 1:
        return Verdict.ALLOWED
    if half_open >> number & 1:
        return Verdict.HALF_OPEN
    return Verdict.UNDETERMINED if undetermined >> number & 1 else Verdict.DENIED


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
