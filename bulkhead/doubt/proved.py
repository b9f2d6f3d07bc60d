"""The claims of a proof, read off its classes and cells as they are: nothing is computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from bulkhead.doubt.claims import (
    AddressClass,
    Claim,
    Claims,
    Interval,
    Location,
    LocationKind,
    subnet_at,
)
from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import PortRange, Verdict
from bulkhead.network.traffic import OTHER_PROTOCOL
from bulkhead.prove import Cell, Reach


class _Said(NamedTuple):
    """What a cell says, whoever its ends are."""

    protocol: int | None
    ports: Interval
    verdict: Verdict
    lost: tuple[Interval, ...]


def claims_of(reach: Reach) -> tuple[Claims, ...]:
    """The claims of a proof, for each address family that it speaks of."""
    indices: dict[Endpoint, int] = {}
    classes: dict[int, list[AddressClass]] = defaultdict(list)
    for each in reach.endpoints:
        indices[each] = len(classes[each.version])
        classes[each.version].append(_class_of(each))
    senders: dict[int, dict[tuple[int, _Said], int]] = defaultdict(lambda: defaultdict(int))
    counted: dict[int, int] = defaultdict(int)
    for cell in _cells(reach):
        version = cell.destination.version
        senders[version][indices[cell.destination], _said(cell)] |= 1 << indices[cell.source]
        counted[version] += 1
    return tuple(
        Claims(
            version=version,
            classes=tuple(classes[version]),
            claims=tuple(_products(senders[version])),
            named=tuple(each for each in reach.protocols if each != OTHER_PROTOCOL),
            cells=counted[version],
        )
        for version in sorted(classes)
    )


def location_of(endpoint: Endpoint) -> Location:
    """Where an endpoint says that it lies."""
    if endpoint.subnet is not None:
        return subnet_at(endpoint.subnet)
    kind = LocationKind(endpoint.kind)
    return Location(kind, endpoint.id if kind is LocationKind.SITE else "")


def _class_of(endpoint: Endpoint) -> AddressClass:
    intervals = tuple(Interval(int(first), int(last)) for first, last in endpoint.ranges)
    return AddressClass(location_of(endpoint), intervals, str(endpoint))


def _interval(ports: PortRange) -> Interval:
    return Interval(ports.first, ports.last)


def _said(cell: Cell) -> _Said:
    return _Said(
        protocol=None if cell.protocol == OTHER_PROTOCOL else cell.protocol,
        ports=_interval(cell.ports),
        verdict=cell.verdict,
        lost=tuple(map(_interval, cell.lost)),
    )


def _cells(reach: Reach) -> Iterator[Cell]:
    """Every cell that is not denied, those between two strangers of one class too."""
    yield from reach.cells()
    for each in reach.endpoints:
        if each.kind is EndpointKind.STRANGER:
            within = reach.between(each, each)
            yield from (cell for cell in within if cell.verdict is not Verdict.DENIED)


def _products(senders: dict[tuple[int, _Said], int]) -> Iterator[Claim]:
    """Cells with the same sources and the same verdict are one claim."""
    receivers: dict[tuple[int, _Said], list[int]] = defaultdict(list)
    for (destination, said), sources in senders.items():
        receivers[sources, said].append(destination)
    for (sources, said), destinations in receivers.items():
        yield Claim(tuple(_bits(sources)), tuple(destinations), *said)


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
