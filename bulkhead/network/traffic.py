"""Ports as the fewest ranges, and traffic in words: what is one thing is said one way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bulkhead.network.addresses import AddressOrNetwork
from bulkhead.network.ports import (
    ALL_PORTS,
    ANY_PROTOCOL,
    PortRange,
    has_ports,
    has_types,
    icmp_name,
    protocol_name,
)

OTHER_PROTOCOL: Final = ANY_PROTOCOL
"""Stands in traffic for every protocol that no rule names: only rules for all hold it."""

Passing = tuple[tuple[int | None, tuple[PortRange, ...]], ...]
"""Protocols (None: all of them) with the ports that pass."""

EVERYTHING: Final[Passing] = ((None, (ALL_PORTS,)),)


def traffic(protocol: int | None, ports: Sequence[PortRange] = (ALL_PORTS,)) -> str:
    """'tcp 5556', 'udp 1-5, 9', 'tcp, all ports', 'icmp', 'icmp type 8', 'protocol 50'.

    'other protocols' for those that no rule names, 'all traffic' for protocol None.
    """
    if protocol is None:
        return "all traffic"
    if protocol == OTHER_PROTOCOL:
        return "other protocols"
    name = protocol_name(protocol)
    if has_types(protocol):
        return name if ALL_PORTS in ports else f"{name} {', '.join(map(icmp_name, ports))}"
    if has_ports(protocol):
        said = ", ".join(map(str, ports))
        return f"{name}, all ports" if ALL_PORTS in ports else f"{name} {said}"
    return f"protocol {protocol}" if name == str(protocol) else name


def traffic_at(protocol: int, ports: PortRange, address: AddressOrNetwork | None) -> str:
    """'tcp 5556', at some addresses alone 'tcp 192.168.10.7:5556', 'tcp 192.168.10.64/26:5556',
    'icmp type 8 at 192.168.10.7'."""
    if address is None:
        return traffic(protocol, (ports,))
    if has_ports(protocol):
        return f"{protocol_name(protocol)} {address}:{ports}"
    return f"{traffic(protocol, (ports,))} at {address}"


def traffic_of_rule(protocol: int, ports: PortRange) -> str:
    """As a rule has it in its columns: 'all', 'tcp', 'tcp 5556', 'icmp type 8', 'protocol 50'."""
    if protocol == ANY_PROTOCOL:
        return protocol_name(protocol)
    if ports == ALL_PORTS and has_ports(protocol):
        return protocol_name(protocol)
    return traffic(protocol, (ports,))


def listed(passing: Passing, most: int | None = None) -> str:
    """'tcp 5570-5573, 5580; udp 53', of each protocol the first `most` ranges; or 'all traffic'."""
    return "; ".join(_listed(protocol, ports, most) for protocol, ports in passing)


def _listed(protocol: int | None, ports: tuple[PortRange, ...], most: int | None) -> str:
    left = 0 if most is None else len(ports) - most
    return (
        f"{traffic(protocol, ports[:most])} and {left} more"
        if left > 0
        else traffic(protocol, ports)
    )


def gathered(ranges: Mapping[int, Iterable[PortRange]], protocols: Collection[int] = ()) -> Passing:
    """By protocol the fewest ranges; `EVERYTHING` where it is every port of all `protocols`.

    Without `protocols` nobody knows how much is everything.
    """
    merged = {protocol: merge(ranges[protocol]) for protocol in sorted(ranges, key=_order)}
    if protocols and all(merged.get(each) == (ALL_PORTS,) for each in protocols):
        return EVERYTHING
    return tuple(merged.items())


def _order(protocol: int) -> tuple[bool, bool, int]:
    return protocol == OTHER_PROTOCOL, not has_ports(protocol), protocol


def split(ports: PortRange, at: Iterable[PortRange]) -> Iterator[tuple[PortRange, bool]]:
    """The range, cut at both ends of every other: what is in one (True) and between them (False).

    Each piece is in any of the others whole or not at all.
    """
    inside = {both for each in at if (both := ports.overlap(each)) is not None}
    edges = {ports.first, ports.last + 1}
    edges.update(edge for each in inside for edge in (each.first, each.last + 1))
    taken = iter(merge(inside))
    run = next(taken, None)
    for first, after in pairwise(sorted(edges)):
        while run is not None and run.last < first:
            run = next(taken, None)
        yield PortRange(first, after - 1), run is not None and first in run


def without(ports: PortRange, others: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """What is left of a range between others, as the fewest ranges."""
    return tuple(each for each, taken in split(ports, merge(others)) if not taken)


def runs(protocol: int, ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """The same traffic as the fewest ranges that rules for this protocol can name.

    Neighbouring ports are one; of messages each type, or code of one, needs a rule of its own
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    if not has_types(protocol):
        return merge(ranges)
    kept: list[PortRange] = []
    for each in sorted(set(ranges), key=lambda some: (-len(some), some)):
        if not any(wider.covers(each) for wider in kept):
            kept.append(each)
    return tuple(sorted(kept))


def merge(ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """The same ports as the fewest ranges, in order."""
    merged: list[PortRange] = []
    for each in sorted(ranges):
        if merged and each.first <= merged[-1].last + 1:
            merged[-1] = PortRange(merged[-1].first, max(merged[-1].last, each.last))
        else:
            merged.append(each)
    return tuple(merged)
