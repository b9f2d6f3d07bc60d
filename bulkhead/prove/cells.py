"""Cells on demand: some sources, some destinations, some traffic, every verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.masks import anybody, verdicts
from bulkhead.prove.reach import Cell, Reach
from bulkhead.prove.sets.by_port import bits_of

AskedTraffic = tuple[tuple[int, PortRange], ...]
"""Protocols, each with the ports that are asked about."""


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
    pieces = reach.masks(index, reach.protocol(protocol)).pieces(ports)
    _, may = anybody(pieces)
    for source in bits_of(sources):
        decided = (
            verdicts(pieces, source)
            if may >> source & 1
            else ((ports, Verdict.DENIED),)  # the common case, and so the short one
        )
        for some, verdict in decided:
            yield reach.cell(source, index, protocol, some, verdict)


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
