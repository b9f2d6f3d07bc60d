"""Who on the internet gets in by the rules of a group, and who gets out: asked of the proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Layer
from bulkhead.lint.world import share, spans_of
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, TCP, GroupRule, Interface, PortRange
from bulkhead.network.traffic import merge
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import at, bits_of

_SOME_PORT: Final = 443
"""Where all traffic may go, this does."""


@dataclass(frozen=True, slots=True)
class Way:
    """What passes between the world and a host through the rules of a group.

    `share`: of all public addresses; `sure`: whatever is unknown.
    """

    host: Interface
    protocol: int
    ports: PortRange
    share: float
    sure: bool


class Exposure:
    """The ends of a proof that are public addresses, and the hosts that hold a group."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._ends = [
            index for index, end in enumerate(reach.endpoints) if end.kind is EndpointKind.INTERNET
        ]
        self._bits = sum(1 << index for index in self._ends)
        self._hosts = 0
        self._holders: dict[str, list[int]] = defaultdict(list)
        for index, end in enumerate(reach.endpoints):
            if end.kind is EndpointKind.INTERFACE:
                self._hosts |= 1 << index
                for group in reach.network.interface[end.id].security_groups:
                    self._holders[group].append(index)
        self._shares: dict[int, float] = {}

    def holders(self, group: str) -> list[Interface]:
        every = (self._host(index) for index in self._holders[group])
        return list(dict.fromkeys(every))

    def coming_in(self, group: str, rules: Sequence[GroupRule]) -> Iterator[Way]:
        for index in self._holders[group]:
            for protocol in _protocols(self._reach, rules):
                for piece in self._reach.masks(index, protocol).pieces():
                    for ports in _within(piece.ports, protocol, rules):
                        sure = (piece.allowed | piece.half_open) & self._bits
                        yield from self._ways(index, protocol, ports, sure, sure=True)
                        yield from self._ways(
                            index, protocol, ports, piece.undetermined & self._bits, sure=False
                        )

    def into(self, vpc: str, rules: Sequence[GroupRule]) -> bool:
        """Whether anybody who starts in a VPC may be reached on the ports of some rules.

        Such a host is held back by no group of its own: whom nobody lists is reached no further.
        """
        return any(
            piece.open & self._bits
            for index, end in enumerate(self._reach.endpoints)
            if end.kind is EndpointKind.STRANGER and end.vpc == vpc
            for protocol in _protocols(self._reach, rules)
            for piece in self._reach.masks(index, protocol).pieces()
            for _ in _within(piece.ports, protocol, rules)
        )

    def held_back(self, group: str, rules: Sequence[GroupRule]) -> str:
        """What keeps the world away from a host of a group, on the way of one packet; or ''."""
        ends = self._reach.endpoints
        for index in self._holders[group]:
            host = ends[index]
            senders = [ends[each] for each in self._ends if ends[each].version == host.version]
            protocols = _protocols(self._reach, rules)
            if senders and protocols:
                source = max(senders, key=lambda each: -each.prefix.prefixlen)
                spoken = next(_within(ALL_PORTS, protocols[0], rules))
                said = explain(self._reach.network, source, host, protocols[0], spoken.first)
                layers = [
                    f"{hop.layer} {hop.name}" + (f" ({hop.why})" if hop.why else "")
                    for hop in said.request
                    if hop.passes is False and hop.layer is not Layer.GROUP_INGRESS
                ]
                return " and ".join(dict.fromkeys(layers))
        return ""

    @cached_property
    def leaving(self) -> Mapping[str, float]:
        """Interface -> the part of all public addresses to which it surely opens connections."""
        found: dict[str, float] = defaultdict(float)
        for index in self._ends if self._hosts else ():
            masks = self._reach.masks(index, TCP)
            sure = at(masks.allowed, _SOME_PORT) | at(masks.half_open, _SOME_PORT)
            for host in bits_of(sure & self._hosts):
                found[self._reach.endpoints[host].id] += self._share(1 << index)
        return found

    def _ways(
        self, host: int, protocol: int, ports: PortRange, bits: int, *, sure: bool
    ) -> Iterator[Way]:
        if bits:
            yield Way(self._host(host), protocol, ports, self._share(bits), sure)

    def _share(self, bits: int) -> float:
        if bits not in self._shares:
            ends = [self._reach.endpoints[index] for index in bits_of(bits)]
            spans = [span for each in ends for span in spans_of(each.ranges)]
            self._shares[bits] = max(share(spans, version) for version in (4, 6))
        return self._shares[bits]

    def _host(self, index: int) -> Interface:
        return self._reach.network.interface[self._reach.endpoints[index].id]


def _protocols(reach: Reach, rules: Iterable[GroupRule]) -> list[int]:
    named = {each.protocol for each in rules}
    return [each for each in reach.protocols if each in named or ANY_PROTOCOL in named]


def _within(ports: PortRange, protocol: int, rules: Iterable[GroupRule]) -> Iterator[PortRange]:
    """The part of some ports that rules are for."""
    spoken = [
        ALL_PORTS if each.protocol == ANY_PROTOCOL else each.ports
        for each in rules
        if each.protocol in (ANY_PROTOCOL, protocol)
    ]
    for each in merge(spoken):
        if common := ports.overlap(each):
            yield common
