"""What the proof lets pass between parties: ranges of ports, with what is said of all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import and_, or_

from bulkhead.network import ICMP6, PortRange
from bulkhead.network.traffic import merge
from bulkhead.present.named import PresentParty
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, bits_of, change, combine, side_by_side


class Passes(StrEnum):
    """What becomes of requests from all of one party to all of another."""

    ALLOWED = "allowed"
    PARTLY = "allowed between some of their addresses alone"
    HALF_OPEN = "half-open: requests arrive, and replies are lost"
    UNDETERMINED = "undetermined: it depends on what is not known"


@dataclass(frozen=True, slots=True)
class ShownAt:
    """What shows that it is used, at a port; None of a protocol that has none."""

    port: int | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentOpening:
    """One party may send to another, by one protocol, at these ports (of icmp: messages).

    `shown` is the evidence that it does, where any was asked.
    """

    client: PresentParty
    server: PresentParty
    protocol: int
    ports: PortRange
    passes: Passes
    shown: tuple[ShownAt, ...] = ()

    def at(self, ports: PortRange) -> PresentOpening:
        """The same at other ports, with what is shown there."""
        there = tuple(e for e in self.shown if e.port is None or e.port in ports)
        return replace(self, ports=ports, shown=there)


def openings(reach: Reach, parties: Sequence[PresentParty]) -> Iterator[PresentOpening]:
    """Everything that is not denied between two parties of which one at least is written."""
    owner = {index: each for each in parties for index in bits_of(each.ends)}
    for server in parties:
        for protocol in reach.protocols:
            if protocol != ICMP6:  # RFC 4443: hosts of IPv4 exchange none
                yield from _to(reach, server, protocol, owner)


def uneven(reach: Reach, parties: Sequence[PresentParty]) -> set[int]:
    """By `id` those between some ends of which and of another a request is allowed, and not between
    all of them."""
    owner = {index: each for each in parties for index in bits_of(each.ends)}
    found: set[int] = set()
    for server in parties:
        for protocol in reach.protocols:
            every, some, _, _ = _sets(reach, server, protocol)
            for _, (to_all, to_some) in side_by_side((every, some)):
                for index in bits_of(to_some):
                    client = owner.get(index)
                    if client is not None and client.ends & ~to_all:
                        found |= {id(client), id(server)}
    return found


def _to(
    reach: Reach, server: PresentParty, protocol: int, owner: Mapping[int, PresentParty]
) -> Iterator[PresentOpening]:
    """Who gets in, with the widest ranges of which one thing is said."""
    found: dict[tuple[int, Passes], list[PortRange]] = defaultdict(list)
    clients: dict[int, PresentParty] = {}
    for ports, (to_all, to_some, lost, perhaps) in side_by_side(_sets(reach, server, protocol)):
        asking = {index: owner.get(index) for index in bits_of(to_some | lost | perhaps)}
        for client in {id(each): each for each in asking.values() if each}.values():
            if not (client.written or server.written) or (client.site and server.site):
                continue
            clients[id(client)] = client
            found[id(client), _passes(client.ends, to_all, lost, perhaps)].append(ports)
    for (client_id, passes), ranges in found.items():
        for ports in merge(ranges):
            yield PresentOpening(
                client=clients[client_id],
                server=server,
                protocol=protocol,
                ports=ports,
                passes=passes,
            )


def _sets(reach: Reach, server: PresentParty, protocol: int) -> tuple[ByPort, ...]:
    """Who is allowed at every end of it, who at some; whose replies are lost, who is in doubt."""
    every: ByPort = ((0, -1),)
    some = half = unknown = NEVER
    for index in bits_of(server.ends):
        masks = reach.masks(index, protocol)
        itself = reach.same_host(index)
        every = combine(every, _with(masks.allowed, itself), and_)
        some = combine(some, _but(masks.allowed, itself), or_)
        half = combine(half, _but(masks.half_open, itself), or_)
        unknown = combine(unknown, _but(masks.undetermined, itself), or_)
    return every, some, half, unknown


def _with(steps: ByPort, bits: int) -> ByPort:
    return change(steps, lambda here: here | bits)


def _but(steps: ByPort, bits: int) -> ByPort:
    return change(steps, lambda here: here & ~bits)


def _passes(client: int, to_all: int, lost: int, perhaps: int) -> Passes:
    if client & ~to_all == 0:
        return Passes.ALLOWED
    if client & perhaps:
        return Passes.UNDETERMINED
    return Passes.HALF_OPEN if client & lost else Passes.PARTLY
