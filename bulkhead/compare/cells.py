"""Which cells differ between two proofs, as sets of senders per destination and port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.compare.pairing import EndPair, Lineup
from bulkhead.network import PortRange, Verdict
from bulkhead.prove.masks import Masks, Piece
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, change, ranges, side_by_side

NOBODY = Masks(NEVER, NEVER, NEVER)


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
    """Hold every destination's cells against each other, protocol by protocol.

    Of what the change cannot touch it is only asked who gets in, or may: it is as it was.
    """
    everyone = (1 << len(lineup.pairs)) - 1
    changed = after.touched if lineup.straight else everyone
    protocols = tuple(dict.fromkeys((*before.protocols, *after.protocols)))
    for destination, pair in enumerate(lineup.pairs):
        mine, yours = _own(before, after, lineup, pair)
        for protocol in protocols:
            if changed >> destination & 1:
                one = _before(before, pair, protocol, mine)
                other = _after(after, lineup, pair, protocol, yours)
                if one != other:
                    for was, now in _pieces(one, other):
                        yield from _moved(destination, protocol, was, now, everyone)
                    continue
            for ports, senders in ranges(_open(before, pair, protocol, mine)):
                if senders:
                    yield Kept(destination, protocol, ports, senders)


def _own(before: Reach, after: Reach, lineup: Lineup, pair: EndPair) -> tuple[int, int]:
    """The destination's own addresses: from there to it nothing leaves the host."""
    mine = before.same_host(pair.before) if pair.before is not None else 0
    yours = lineup.moved(after.same_host(pair.after)) if pair.after is not None else 0
    return mine, yours


def _before(reach: Reach, pair: EndPair, protocol: int, own: int) -> Masks:
    if pair.before is None:
        return NOBODY
    masks = reach.masks(pair.before, reach.protocol(protocol))
    concerned = reach.concerned(pair.before)
    return masks.turned(lambda bits: bits & concerned & ~own)


def _open(reach: Reach, pair: EndPair, protocol: int, own: int) -> ByPort:
    """Per port: who gets in, or may."""
    if pair.before is None:
        return NEVER
    some = reach.concerned(pair.before) & ~own
    return change(reach.possibly.requests(pair.before, reach.protocol(protocol)), some.__and__)


def _after(reach: Reach, lineup: Lineup, pair: EndPair, protocol: int, own: int) -> Masks:
    if pair.after is None:
        return NOBODY
    masks = reach.masks(pair.after, reach.protocol(protocol))
    concerned = reach.concerned(pair.after)
    return masks.turned(lambda bits: lineup.moved(bits & concerned) & ~own)


def _pieces(one: Masks, other: Masks) -> Iterator[tuple[Piece, Piece]]:
    """Both, cut wherever some sender fares otherwise on either side."""
    for ports, sets in side_by_side((*one.sets, *other.sets)):
        yield Piece(ports, *sets[:3]), Piece(ports, *sets[3:])


def _moved(
    destination: int, protocol: int, was: Piece, now: Piece, everyone: int
) -> Iterator[Moved | Kept]:
    kept = (
        was.allowed & now.allowed
        | was.half_open & now.half_open
        | was.undetermined & now.undetermined
    )
    if kept:
        yield Kept(destination, protocol, was.ports, kept)
    for verdict, senders in was.by_verdict(everyone & ~kept):
        for other, some in now.by_verdict(senders) if senders else ():
            if some and verdict is not other:
                yield Moved(destination, protocol, was.ports, verdict, other, some)
