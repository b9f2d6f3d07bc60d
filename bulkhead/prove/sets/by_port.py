"""Sets that depend on a port: a function from port to bit set, constant in steps.

A `ByPort` lists (first port, bit set), the first at port 0; each holds until the
next begins. Neighbours differ, so the steps are the maximal ranges.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bulkhead.network import ALL_PORTS, PortRange

ByPort = tuple[tuple[int, int], ...]

NEVER: Final[ByPort] = ((0, 0),)
ALWAYS: Final[ByPort] = ((0, 1),)
"""Where 1 means that a packet passes, and 0 that it does not."""

FEW: Final = 3
"""Ranges that are quicker held against each port than put into a tree."""

_END: Final = 65536
_NO_MORE: Final = (_END, 0)


def bits_of(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def at(steps: ByPort, port: int) -> int:
    """The set at one port."""
    return steps[bisect_right(steps, port, key=lambda step: step[0]) - 1][1]


def ranges(steps: ByPort) -> Iterator[tuple[PortRange, int]]:
    """The steps as port ranges."""
    for (first, bits), (after, _) in zip(steps, (*steps[1:], (_END, 0)), strict=True):
        yield PortRange(first, after - 1), bits


def side_by_side(
    several: Iterable[ByPort], within: PortRange = ALL_PORTS
) -> Iterator[tuple[PortRange, tuple[int, ...]]]:
    """Sets that depend on a port, cut wherever one of them changes."""
    several = tuple(several)
    begin, end = within.first, within.last + 1
    cuts = {first for steps in several for first, _ in steps if begin < first < end}
    for first, after in pairwise((begin, *sorted(cuts), end)):
        yield PortRange(first, after - 1), tuple(at(steps, first) for steps in several)


def union(parts: Iterable[tuple[PortRange, int]], base: int = 0) -> ByPort:
    """At each port the base and all parts whose range holds it."""
    merged: dict[PortRange, int] = {}
    for ports, bits in parts:
        merged[ports] = merged.get(ports, 0) | bits
    edges = _edges(merged)
    if len(merged) > FEW:
        return _union_of_many(merged, edges, base)
    steps = []
    for port in edges:
        bits = base
        for ports, more in merged.items():
            if port in ports:
                bits |= more
        steps.append((port, bits))
    return _tidy(steps)


def _union_of_many(merged: Mapping[PortRange, int], edges: Sequence[int], base: int) -> ByPort:
    """By a segment tree: each range is the union of few nodes, whatever other ranges cut it,
    and what is put on a node is handed down to the steps below it."""
    count = len(edges)
    leaf = {port: count + index for index, port in enumerate((*edges, _END))}
    tree = [0] * (2 * count)
    for ports, bits in merged.items():
        left, right = leaf[ports.first], leaf[ports.last + 1]
        while left < right:
            if left & 1:
                tree[left] |= bits
                left += 1
            if right & 1:
                right -= 1
                tree[right] |= bits
            left, right = left >> 1, right >> 1
    for node in range(2, 2 * count):
        tree[node] |= tree[node >> 1]
    return _tidy((port, base | tree[leaf[port]]) for port in edges)


def first_match(entries: Sequence[tuple[PortRange, bool, int]], everyone: int) -> ByPort:
    """At each port those whom the first entry that holds both, them and it, admits."""
    steps = []
    for port in _edges(ports for ports, _, _ in entries):
        admitted, undecided = 0, everyone
        for ports, allow, bits in entries:
            if port in ports:
                if allow:
                    admitted |= bits & undecided
                undecided &= ~bits
        steps.append((port, admitted))
    return _tidy(steps)


def combine(left: ByPort, right: ByPort, join: Callable[[int, int], int]) -> ByPort:
    """Both, joined port by port."""
    if len(left) == 1 and len(right) == 1:
        return ((0, join(left[0][1], right[0][1])),)
    if len(right) == 1:
        there = right[0][1]
        return _tidy([(port, join(here, there)) for port, here in left])
    if len(left) == 1:
        here = left[0][1]
        return _tidy([(port, join(here, there)) for port, there in right])
    # Whose next step comes first goes on; written out, for nothing else is done so often.
    ours, theirs = iter(left), iter(right)
    (port, here), (_, there) = next(ours), next(theirs)
    mine, yours = next(ours, _NO_MORE), next(theirs, _NO_MORE)
    bits = join(here, there)
    steps = [(port, bits)]
    while True:
        port = mine[0]
        if port > yours[0]:
            port = yours[0]
        elif port == _END:
            return tuple(steps)
        if mine[0] == port:
            here = mine[1]
            mine = next(ours, _NO_MORE)
        if yours[0] == port:
            there = yours[1]
            yours = next(theirs, _NO_MORE)
        before, bits = bits, join(here, there)
        if bits != before:
            steps.append((port, bits))


def minus(left: ByPort, right: ByPort, among: int) -> ByPort:
    """At each port those in the one and not in the other, among some."""
    return combine(left, right, lambda here, there: here & ~there & among)


def change(steps: ByPort, turn: Callable[[int], int]) -> ByPort:
    """The same turn at every port."""
    return _tidy([(port, turn(bits)) for port, bits in steps])


def throughout(steps: ByPort, ports: PortRange) -> int:
    """Those in the set at every port of the range."""
    bits = at(steps, ports.first)
    for first, more in steps:
        if ports.first < first <= ports.last:
            bits &= more
    return bits


def _edges(ports: Iterable[PortRange]) -> list[int]:
    edges = {0}
    for each in ports:
        edges.add(each.first)
        edges.add(each.last + 1)
    edges.discard(_END)
    return sorted(edges)


def _tidy(steps: Iterable[tuple[int, int]]) -> ByPort:
    tidy: list[tuple[int, int]] = []
    for port, bits in steps:
        if not tidy or tidy[-1][1] != bits:
            tidy.append((port, bits))
    return tuple(tidy)
