"""All verdicts of a network, by what people call the ends: to compare two networks."""

from __future__ import annotations

from bulkhead.network import Network
from bulkhead.prove import prove

Ends = tuple[str, str, str, str, int]
Verdicts = dict[Ends, list[tuple[int, int, str]]]


def verdicts(network: Network) -> Verdicts:
    """(from, its addresses, to, its addresses, protocol) -> (first port, last port, verdict)."""
    found: Verdicts = {}
    for cell in prove(network).cells():
        ends = (*_end(cell.source), *_end(cell.destination), cell.protocol)
        found.setdefault(ends, []).append((cell.ports.first, cell.ports.last, str(cell.verdict)))
    return found


def _end(end) -> tuple[str, str]:
    return end.name, " ".join(f"{first}-{last}" for first, last in end.ranges)


def differing(one: Verdicts, other: Verdicts) -> list[str]:
    """Where both have the same ends and say different things of some port."""
    told = []
    for ends in one.keys() & other.keys():
        cuts = sorted({first for first, _, _ in one[ends] + other[ends]})
        for port in cuts:
            said = [
                next((v for first, last, v in each[ends] if first <= port <= last), "denied")
                for each in (one, other)
            ]
            if said[0] != said[1]:
                told.append(f"{ends} {port}: {said[0]} -> {said[1]}")
    return sorted(told)
