"""What flow logs recorded of who asked whom, as a witness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.flows import FlowEdge, FlowEnd, FlowOutcome, FlowsSeen
from bulkhead.ends import EndpointKind
from bulkhead.present.named import LeftOut, PresentParty
from bulkhead.present.opening import PresentOpening
from bulkhead.present.tightening import ShownAsking, asked_at
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of

_REFUSED_ALONE: Final = "no record is of accepted traffic: the flow log may be of type REJECT"


@dataclass(slots=True)
class Recorded:
    """What was seen between parties. `unknown` are edges of which an end is not decided."""

    reach: Reach
    parties: Sequence[PresentParty]
    seen: FlowsSeen
    shown: list[ShownAsking] = field(default_factory=list)
    unknown: int = 0
    _by_interface: dict[str, int] = field(default_factory=dict)
    _by_service: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _end: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, party in enumerate(self.parties):
            if party.service is not None:
                for index in bits_of(party.ends):
                    end = self.reach.endpoints[index]
                    self._by_interface[end.id] = place
                    self._end[end.id, str(end.address)] = index
                self._by_service[party.service.tagged or ""].append(place)
        for edge in self.seen.edges:
            if edge.outcome is FlowOutcome.ACCEPTED:
                self._note(edge)

    def _note(self, edge: FlowEdge) -> None:
        if edge.client.changed or edge.server.changed:
            self.unknown += 1
            return
        # Of what is unsure either end may have opened it: the one that is allowed to.
        turned = self._shown(edge.turned) if edge.client_port is not None else None
        if one := self._shown(edge, turned) or turned:
            self.shown.append(one)

    def _shown(self, edge: FlowEdge, otherwise: ShownAsking | None = None) -> ShownAsking | None:
        client, server = self._who(edge.client), self._who(edge.server)
        if client is None or server is None:
            return None
        ends = [
            self._end.get((each.interface, each.address)) for each in (edge.client, edge.server)
        ]
        one, other = ends
        return ShownAsking(
            client=client,
            server=server,
            protocol=self.reach.protocol(edge.protocol),
            port=edge.port or 0,
            said=_said(edge),
            ends=None if one is None or other is None else (one, other),
            otherwise=otherwise,
        )

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

    def why_not(self, opening: PresentOpening) -> Iterator[tuple[PresentOpening, str]]:
        yield opening, self._why(opening)

    def _why(self, opening: PresentOpening) -> str:
        untold = "and nobody can tell whether it is used"
        if not any(each.accepted for each in self.seen.interfaces):
            return f"{untold}: {_REFUSED_ALONE}"
        ends = (self._interfaces(opening.client), self._interfaces(opening.server))
        recorded = {each.id: each for each in self.seen.interfaces}
        whole = [ids for ids in ends if ids and ids <= recorded.keys()]
        if not whole:
            return f"{untold}: at neither end all interfaces recorded anything"
        if not any(all(not recorded[each].skipped for each in ids) for ids in whole):
            return f"{untold}: records of its interfaces were skipped (SKIPDATA)"
        return f"not seen in {_days(len(self.seen.days))} of records"

    def _interfaces(self, party: PresentParty) -> frozenset[str]:
        return frozenset(
            self.reach.endpoints[index].id
            for index in bits_of(party.ends)
            if self.reach.endpoints[index].kind is EndpointKind.INTERFACE
        )

    def remarks(self) -> Iterator[LeftOut]:
        if self.unknown:
            what = f"{self.unknown} recorded edges"
            yield LeftOut(what=what, why="an address changed hands on that day: nobody knows whose")


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"


def _said(edge: FlowEdge) -> str:
    """'flow logs: a to b, tcp 443 (12 records on 2 days, 2026-11-01 to 2026-11-02)'."""
    at = asked_at(edge.protocol, edge.port or 0)
    days = [str(each) for each in edge.days]
    between = f", {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "") if days else ""
    many = f"{edge.records} {'record' if edge.records == 1 else 'records'}"
    on = f"{many} on {_days(len(days))}{between}"
    return f"flow logs: {edge.client} to {edge.server}, {at} ({on})"
