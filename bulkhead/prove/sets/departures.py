"""As whom packets leave for the internet: by which gateway, with a NAT gateway's address or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import and_, or_
from typing import NamedTuple

from bulkhead.prove.sets.by_port import NEVER, ByPort, combine
from bulkhead.prove.sets.reading import Reading, either, where
from bulkhead.prove.sets.relation import Relation
from bulkhead.prove.sets.ways.passage import Candidates, Exit, Options, Passage


class Departure(NamedTuple):
    """How a packet left: what it left by last, and the NAT gateway whose address it has."""

    exit: Exit
    nat: str | None
    zone: str = ""
    """Of a regional NAT gateway: where it sent the packet on."""


def departures(
    surely: Relation, possibly: Relation, destination: int, protocol: int
) -> Mapping[Departure, ByPort]:
    """Per departure and port: whose packets to an end of the internet may leave so.

    As far as routes, NACLs and boxes on the way say; security groups are not asked.
    """
    reading, sure = possibly.reading(protocol), surely.reading(protocol)
    found: dict[Departure, ByPort] = defaultdict(lambda: NEVER)
    for members, ways in reading.far.to(reading.ways.standings.of[destination]):
        for departure, passes in _of(reading, sure, ways, protocol):
            found[departure] = combine(found[departure], where(passes, members), or_)
    return found


def _of(
    reading: Reading, sure: Reading, ways: Options, protocol: int
) -> Sequence[tuple[Departure, ByPort]]:
    """Of several ways that a sender may choose, those that pass for sure are taken."""
    safe = [_all_pass(sure, each, protocol) for each in ways]
    some = either(safe)
    found = []
    for candidates, passes in zip(ways, safe, strict=True):
        ruled_out = combine(some, passes, lambda any_, own: any_ & ~own)
        for each in candidates:
            if each is not None:
                may = combine(
                    reading.passes(each, protocol), ruled_out, lambda on, out: on & ~out & 1
                )
                found.append((_departure(each), may))
    return found


def _all_pass(sure: Reading, candidates: Candidates, protocol: int) -> ByPort:
    passing: ByPort = ((0, 1),)
    for each in candidates:
        passing = combine(passing, NEVER if each is None else sure.passes(each, protocol), and_)
    return passing


def _departure(packet: Passage) -> Departure:
    nat = packet.nat
    return Departure(packet.exit, nat.gateway, nat.zone) if nat else Departure(packet.exit, None)
