"""Which cells differ between two proofs, as sets of senders per destination and port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.compare.pairing import EndPair, Lineup
from bulkhead.network import PortRange, Verdict
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, at, change

NOBODY: ByPort = ((0, 0),)
_OPEN = (Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.UNDETERMINED)

Triple = tuple[ByPort, ByPort, ByPort]
"""Per port: whose packets are allowed, half-open, undetermined; all others are denied."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Senders (a bit set on the lineup) whose cells went from one verdict to another."""

    destination: int
    protocol: int
    ports: PortRange
    before: Verdict
    after: Verdict
    senders: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Senders whose cells are open on both sides, and alike."""

    destination: int
    protocol: int
    ports: PortRange
    senders: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the cells that moved, and ports on which it did; the ends by their places."""

    source: int
    destination: int
    protocol: int
    ports: PortRange


def differences(before: Reach, after: Reach, lineup: Lineup) -> Iterator[Moved | Kept]:
    """Hold every destination's cells against each other, protocol by protocol."""
    everyone = (1 << len(lineup.pairs)) - 1
    protocols = tuple(dict.fromkeys((*before.protocols, *after.protocols)))
    for destination, pair in enumerate(lineup.pairs):
        mine, yours = _own(before, after, lineup, pair)
        for protocol in protocols:
            one = _before(before, pair, protocol, mine)
            other = _after(after, lineup, pair, protocol, yours)
            if one == other:
                for ports, bits in _ranges(one, other):
                    if any(bits[:3]):
                        kept = bits[0] | bits[1] | bits[2]
                        yield Kept(destination, protocol, ports, kept)
                continue
            for ports, bits in _ranges(one, other):
                yield from _moved(destination, protocol, ports, bits, everyone)


def _own(before: Reach, after: Reach, lineup: Lineup, pair: EndPair) -> tuple[int, int]:
    """The destination's own addresses: from there to it nothing leaves the host."""
    mine = before.same_host(pair.before) if pair.before is not None else 0
    yours = lineup.moved(after.same_host(pair.after)) if pair.after is not None else 0
    return mine, yours


def _before(reach: Reach, pair: EndPair, protocol: int, own: int) -> Triple:
    if pair.before is None:
        return NOBODY, NOBODY, NOBODY
    masks = reach.masks(pair.before, reach.protocol(protocol))

    def others(bits: int) -> int:
        return bits & ~own

    return (
        change(masks.allowed, others),
        change(masks.half_open, others),
        change(masks.undetermined, others),
    )


def _after(reach: Reach, lineup: Lineup, pair: EndPair, protocol: int, own: int) -> Triple:
    if pair.after is None:
        return NOBODY, NOBODY, NOBODY
    masks = reach.masks(pair.after, reach.protocol(protocol))

    def others(bits: int) -> int:
        return lineup.moved(bits) & ~own

    return (
        change(masks.allowed, others),
        change(masks.half_open, others),
        change(masks.undetermined, others),
    )


_Bits = tuple[int, int, int, int, int, int]


def _ranges(one: Triple, other: Triple) -> Iterator[tuple[PortRange, _Bits]]:
    """The port ranges in which nothing changes, with what all six sets are there."""
    six = (*one, *other)
    edges = sorted({first for steps in six for first, _ in steps})
    for first, after in zip(edges, [*edges[1:], 65536], strict=True):
        a, b, c, d, e, f = (at(steps, first) for steps in six)
        yield PortRange(first, after - 1), (a, b, c, d, e, f)


def _moved(
    destination: int, protocol: int, ports: PortRange, bits: _Bits, everyone: int
) -> Iterator[Moved | Kept]:
    was = dict(zip(_OPEN, bits[:3], strict=True))
    now = dict(zip(_OPEN, bits[3:], strict=True))
    kept = bits[0] & bits[3] | bits[1] & bits[4] | bits[2] & bits[5]
    if kept:
        yield Kept(destination, protocol, ports, kept)
    was[Verdict.DENIED] = everyone & ~(bits[0] | bits[1] | bits[2])
    now[Verdict.DENIED] = everyone & ~(bits[3] | bits[4] | bits[5])
    for verdict, senders in was.items():
        for other, receivers in now.items():
            if verdict is not other and senders & receivers:
                yield Moved(destination, protocol, ports, verdict, other, senders & receivers)
