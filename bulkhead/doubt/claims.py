"""What a proof claims, taken apart into plain numbers that an opinion can contradict.

Nothing is computed here: the classes and the cells of a `Reach` are read as they
are. An opinion that quantifies over all addresses then asks for one packet that
the claims treat wrongly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulkhead.ends.classes import Endpoint
from bulkhead.network import Verdict
from bulkhead.prove.reach import Cell, Reach

Place = tuple[str, str]
"""Where an end lies: ('subnet', id), ('site', id), ('internet', '') or ('elsewhere', '')."""

Span = tuple[int, int]
"""First and last, both included: of addresses or of ports."""

_Said = tuple[int, Span, Verdict, tuple[Span, ...]]
"""Protocol, ports, verdict, and the client ports that are lost."""


@dataclass(frozen=True, slots=True)
class End:
    """One class of addresses that the proof treats alike."""

    place: Place
    spans: tuple[Span, ...]
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Claim:
    """One verdict over a product of sources, destinations and ports."""

    sources: tuple[int, ...]
    destinations: tuple[int, ...]
    protocol: int
    ports: Span
    verdict: Verdict
    lost: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a proof says about one address family. What is in no claim is denied."""

    version: int
    ends: tuple[End, ...]
    claims: tuple[Claim, ...]
    named: tuple[int, ...]
    """The protocols with cells of their own; -1 in a claim stands for all others."""
    client: Span
    cells: int

    def at(self, place: Place, address: int) -> tuple[Endpoint, ...]:
        """The endpoints that hold an address: one, if the classes are sound."""
        return tuple(
            end.endpoint
            for end in self.ends
            if end.place == place and any(first <= address <= last for first, last in end.spans)
        )

    def says(
        self, source: Endpoint, destination: Endpoint, protocol: int, port: int
    ) -> tuple[str, tuple[Span, ...]]:
        """What the cells say about a packet between two endpoints, for people."""
        found = {
            (str(each.verdict), each.lost)
            for each in self.claims
            if (each.protocol == protocol or (each.protocol == -1 and protocol not in self.named))
            and each.ports[0] <= port <= each.ports[1]
            and any(self.ends[index].endpoint is source for index in each.sources)
            and any(self.ends[index].endpoint is destination for index in each.destinations)
        }
        if not found:
            return str(Verdict.DENIED), ()
        lost = tuple(span for _, spans in sorted(found) for span in spans)
        return " and ".join(sorted({word for word, _ in found})), lost


def place_of(endpoint: Endpoint) -> Place:
    """Where an endpoint says that it lies."""
    if endpoint.subnet is not None:
        return ("subnet", endpoint.subnet)
    kind = str(endpoint.kind)
    return (kind, endpoint.id if kind == "site" else "")


def claims_of(reach: Reach) -> tuple[Claims, ...]:
    """The claims of a proof, for each address family that it speaks of."""
    indices: dict[Endpoint, tuple[int, int]] = {}
    ends: dict[int, list[End]] = defaultdict(list)
    for each in reach.endpoints:
        family: int = each.ranges[0][0].version
        indices[each] = family, len(ends[family])
        spans = tuple((int(first), int(last)) for first, last in each.ranges)
        ends[family].append(End(place_of(each), spans, each))
    senders: dict[int, dict[tuple[int, _Said], int]] = defaultdict(lambda: defaultdict(int))
    counted: dict[int, int] = defaultdict(int)
    for cell in _cells(reach):
        version, destination = indices[cell.destination]
        _, source = indices[cell.source]
        lost = tuple((ports.first, ports.last) for ports in cell.lost)
        said = (cell.protocol, (cell.ports.first, cell.ports.last), cell.verdict, lost)
        senders[version][destination, said] |= 1 << source
        counted[version] += 1
    named = tuple(each for each in reach.protocols if each != -1)
    client = (reach.client_ports.first, reach.client_ports.last)
    return tuple(
        Claims(
            version=version,
            ends=tuple(ends[version]),
            claims=tuple(_products(senders[version])),
            named=named,
            client=client,
            cells=counted[version],
        )
        for version in sorted(ends)
    )


def _cells(reach: Reach) -> Iterator[Cell]:
    """Every cell that is not denied, those between two hosts of one class too."""
    yield from reach.cells()
    for each in reach.endpoints:
        if str(each.kind) != "interface":
            yield from (
                cell for cell in reach.between(each, each) if cell.verdict is not Verdict.DENIED
            )


def _products(senders: dict[tuple[int, _Said], int]) -> Iterator[Claim]:
    """Cells with the same sources and the same verdict are one claim."""
    receivers: dict[tuple[int, _Said], list[int]] = defaultdict(list)
    for (destination, said), sources in senders.items():
        receivers[sources, said].append(destination)
    for (sources, said), destinations in receivers.items():
        yield Claim(tuple(_bits(sources)), tuple(destinations), *said)


def _bits(number: int) -> Iterable[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
