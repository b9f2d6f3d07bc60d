"""What comes in from places that nobody here answers for: asked of the proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label
from bulkhead.network import PortRange
from bulkhead.network.traffic import EVERYTHING, Passing, gathered, listed
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What surely reaches a host from untrusted places, or only may, and from which.

    `everything`: whether it is all traffic; of what only may, with what surely does.
    """

    host: Endpoint
    senders: tuple[str, ...]
    passing: Passing
    sure: bool
    everything: bool = False

    def includes(self, protocol: int, port: int) -> bool:
        return any(
            number in (None, protocol) and any(port in each for each in ports)
            for number, ports in self.passing
        )

    def __str__(self) -> str:
        return f"{self.host.name}: {listed(self.passing, 3)} from {', '.join(self.senders)}"


def is_untrusted(end: Endpoint, trusted: Iterable[str]) -> bool:
    """The internet, private addresses that are nowhere here, and sites that nobody trusts."""
    if end.kind is EndpointKind.SITE:
        return end.id not in trusted
    return end.kind in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)


def arrivals(reach: Reach) -> Mapping[Endpoint, tuple[Arrival, ...]]:
    """Every host of what was asked for, with what comes to it: nothing where nothing can."""
    trusted = {site.name for site in reach.network.sites if site.trusted}
    places = [index for index, end in enumerate(reach.endpoints) if is_untrusted(end, trusted)]
    outer = sum(1 << index for index in places)
    found: dict[Endpoint, tuple[Arrival, ...]] = {}
    for index, host in enumerate(reach.endpoints):
        if host.kind is EndpointKind.INTERFACE and not is_of_others(reach.network, host):
            found[host] = tuple(_arriving(reach, index, outer & reach.senders(index)))
    return found


def _arriving(reach: Reach, index: int, outer: int) -> Iterable[Arrival]:
    both: dict[int, list[PortRange]] = defaultdict(list)
    for sure in (True, False):
        senders = 0
        ports: dict[int, list[PortRange]] = defaultdict(list)
        for protocol in reach.protocols:
            for piece in reach.masks(index, protocol).pieces():
                every = (piece.allowed | piece.half_open) if sure else piece.undetermined
                if bits := every & outer:
                    senders |= bits
                    ports[protocol].append(piece.ports)
                    both[protocol].append(piece.ports)
        if senders:
            names = dict.fromkeys(label(reach.endpoints[each]) for each in bits_of(senders))
            yield Arrival(
                host=reach.endpoints[index],
                senders=tuple(names),
                passing=gathered(ports, reach.protocols),
                sure=sure,
                everything=gathered(both, reach.protocols) == EVERYTHING,
            )
