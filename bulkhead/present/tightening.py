"""Of what is allowed, what was seen: records of flow logs, held against ranges of ports.

What was not recorded is never unused: of each range that is left out it is said in how many days
nobody was seen there, or why nobody can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.flows import FlowEdge, FlowEnd, FlowOutcome, FlowsSeen
from bulkhead.ends import EndpointKind
from bulkhead.network import PortRange, has_ports
from bulkhead.network.traffic import merge, without
from bulkhead.present.named import LeftOut, PresentParty
from bulkhead.present.opening import PresentOpening
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of

_REFUSED_ALONE: Final = "no record is of accepted traffic: the flow log may be of type REJECT"

_Asked = tuple[int, int, int]
"""Client and server as their places among the parties, and the protocol."""


@dataclass(slots=True)
class Recorded:
    """What was seen between parties. `unknown` are edges of which an end is not decided."""

    reach: Reach
    parties: Sequence[PresentParty]
    seen: FlowsSeen
    unknown: int = 0
    _ports: dict[_Asked, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_interface: dict[str, int] = field(default_factory=dict)
    _by_service: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _place: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, party in enumerate(self.parties):
            self._place[id(party)] = place
            if party.service is not None:
                for index in bits_of(party.ends):
                    self._by_interface[self.reach.endpoints[index].id] = place
                self._by_service[party.service.tagged or ""].append(place)
        for edge in self.seen.edges:
            if edge.outcome is FlowOutcome.ACCEPTED:
                self._note(edge)

    def _note(self, edge: FlowEdge) -> None:
        if edge.client.changed or edge.server.changed:
            self.unknown += 1
            return
        # Of what is unsure either end may have opened it; what is not allowed drops out.
        for each in (edge, edge.turned) if edge.client_port is not None else (edge,):
            client, server = self._who(each.client), self._who(each.server)
            if client is not None and server is not None:
                protocol = self.reach.protocol(each.protocol)
                self._ports[client, server, protocol].add(each.port or 0)

    def _who(self, end: FlowEnd) -> int | None:
        """The party that it is: by its interface, its address at a site, or its service."""
        if end.interface in self._by_interface:
            return self._by_interface[end.interface]
        if end.interface in self.reach.network.interface:
            return None
        if end.address:
            address = ip_address(end.address)
            for place, party in enumerate(self.parties):
                if party.site and address in self.reach.endpoints[party.at]:
                    return place
        several = self._by_service.get(end.owner, []) if end.owner else []
        return several[0] if len(several) == 1 else None

    def tightened(
        self, openings: Iterable[PresentOpening]
    ) -> tuple[list[PresentOpening], list[tuple[PresentOpening, str]]]:
        """What was seen of them, and the rest, each with what can be told of it."""
        kept: list[PresentOpening] = []
        left: list[tuple[PresentOpening, str]] = []
        for each in openings:
            ports = self._at(each)
            kept += [each.at(one) for one in ports]
            rest = without(each.ports, ports)
            left += [(each.at(one), self._why(each)) for one in rest]
        return kept, left

    def _at(self, opening: PresentOpening) -> tuple[PortRange, ...]:
        """The ports at which it was seen. Of ICMP a record does not say which message it was."""
        key = (
            self._place[id(opening.client)],
            self._place[id(opening.server)],
            opening.protocol,
        )
        found = self._ports.get(key)
        if not found:
            return ()
        if not has_ports(opening.protocol):
            return (opening.ports,)
        return merge(PortRange(each, each) for each in found if each in opening.ports)

    def _why(self, opening: PresentOpening) -> str:
        if not any(each.accepted for each in self.seen.interfaces):
            return f"allowed, and nobody can tell whether it is used: {_REFUSED_ALONE}"
        ends = (self._interfaces(opening.client), self._interfaces(opening.server))
        recorded = {each.id: each for each in self.seen.interfaces}
        whole = [ids for ids in ends if ids and ids <= recorded.keys()]
        if not whole:
            why = "at neither end all interfaces recorded anything"
            return f"allowed, and nobody can tell whether it is used: {why}"
        if not any(all(not recorded[each].skipped for each in ids) for ids in whole):
            why = "records of its interfaces were skipped (SKIPDATA)"
            return f"allowed, and nobody can tell whether it is used: {why}"
        days = len(self.seen.days)
        return f"allowed, not seen in {days} {'day' if days == 1 else 'days'} of records"

    def _interfaces(self, party: PresentParty) -> frozenset[str]:
        return frozenset(
            self.reach.endpoints[index].id
            for index in bits_of(party.ends)
            if self.reach.endpoints[index].kind is EndpointKind.INTERFACE
        )

    def remarks(self) -> Iterator[LeftOut]:
        """What the records leave open."""
        if self.unknown:
            what = f"{self.unknown} recorded edges"
            yield LeftOut(what=what, why="an address changed hands on that day: nobody knows whose")
