"""Every edge that carried traffic, sent through the planned network.

The prover decides over exact packets: these two ends, this protocol, this port, from every port
that the client may ask from. What it says is cut is walked packet by packet as well (`explain`),
which names the layers that cut it; where the two differ, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from bulkhead.discover.flows import FlowEdge, FlowEnd, FlowOutcome, FlowsSeen
from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.explain import Explanation, explain
from bulkhead.network import ICMP, ICMP6, Network, Verdict, has_ports
from bulkhead.prove import Reach
from bulkhead.rehearse.ends import PlannedEnds


class RehearsedFate(StrEnum):
    """What would have become of it, the worst first."""

    CUT = "cut"
    """No request would arrive."""
    REPLY_LOST = "reply lost"
    """Requests would arrive, and from some of the client's ports no reply would return."""
    UNDECIDED = "not decided"
    NO_PLACE = "no place"
    """One of its ends is not in the plan."""
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedEdge:
    """An edge and its fate. `why` is what no layer says; `shown` is how a packet of it ends, of a
    pair of ends that is cut; `pairs` how many pairs of ends were asked, `harmed` how many fail."""

    edge: FlowEdge
    fate: RehearsedFate
    why: str = ""
    shown: Explanation | None = None
    pairs: int = 0
    harmed: int = 0

    @property
    def layers(self) -> tuple[str, ...]:
        """What cuts it, in the order of the way, each once."""
        hops = self.shown.blocking if self.shown else ()
        return tuple(dict.fromkeys(map(str, hops)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What carried traffic, by its fate; and `opened`: what was refused, and would no longer be.

    `beside`: edges of which neither end is in the plan. `days`: those that were recorded.
    """

    topology: str
    edges: tuple[RehearsedEdge, ...]
    opened: tuple[RehearsedEdge, ...]
    beside: tuple[FlowEdge, ...]
    days: tuple[date, ...]
    skipped: int

    def of(self, *fates: RehearsedFate) -> tuple[RehearsedEdge, ...]:
        """Those of some fates, in order."""
        return tuple(each for each in self.edges if each.fate in fates)

    @property
    def ok(self) -> bool:
        """Everything that carried traffic is kept, and something did, as far as the records go."""
        return bool(self.edges) and not self.of(
            RehearsedFate.CUT,
            RehearsedFate.REPLY_LOST,
            RehearsedFate.UNDECIDED,
            RehearsedFate.NO_PLACE,
        )


def rehearse(
    seen: FlowsSeen,
    reach: Reach,
    topology: str,
    *,
    here: Network | None = None,
    existing: str | None = None,
) -> Rehearsal:
    """Send every edge through the planned network of a proof.

    `here` is the network in which it was recorded and its ends got their names, None where that
    is the planned one itself. `existing` is the id of the VPC of others in which it is planned.
    """
    ends = PlannedEnds(reach, here, existing)
    edges: list[RehearsedEdge] = []
    opened: list[RehearsedEdge] = []
    beside: list[FlowEdge] = []
    for edge in seen.edges:
        if not any(_inside(end, ends) for end in (edge.client, edge.server)):
            beside.append(edge)
        elif edge.outcome is FlowOutcome.ACCEPTED:
            edges.append(_fate(reach, ends, edge))
        elif edge.outcome is FlowOutcome.REFUSED and edge.port is not None:
            now = _fate(reach, ends, edge)
            opened += [now] if now.fate is RehearsedFate.KEPT else []
    order = list(RehearsedFate)
    return Rehearsal(
        topology=topology,
        edges=tuple(sorted(edges, key=lambda each: order.index(each.fate))),
        opened=tuple(opened),
        beside=tuple(beside),
        days=seen.days,
        skipped=seen.skipped,
    )


def _inside(end: FlowEnd, ends: PlannedEnds) -> bool:
    """Whether it is an interface of the plan, or a host in a subnet of it."""
    inside = (EndpointKind.INTERFACE, EndpointKind.STRANGER)
    return any(each.kind in inside for each in ends.of(end))


def _fate(reach: Reach, ends: PlannedEnds, edge: FlowEdge) -> RehearsedEdge:
    for name, end in (("client", edge.client), ("server", edge.server)):
        if end.changed:
            why = f"the address of the {name} changed hands on one day: nobody knows who it was"
            return RehearsedEdge(edge=edge, fate=RehearsedFate.UNDECIDED, why=why)
        if not ends.of(end):
            why = f"the {name} {end.name} is not in the plan"
            return RehearsedEdge(edge=edge, fate=RehearsedFate.NO_PLACE, why=why)
    there = _sent(reach, edge, ends.of(edge.client), ends.of(edge.server))
    if there.fate is RehearsedFate.KEPT or edge.client_port is None:
        return there
    back = _sent(reach, edge.turned, ends.of(edge.server), ends.of(edge.client))
    if back.fate is RehearsedFate.KEPT:
        why = "nobody knows who opened it: one way it is kept, the other way it is not"
        return RehearsedEdge(edge=edge, fate=RehearsedFate.UNDECIDED, why=why)
    return there


def _sent(
    reach: Reach, edge: FlowEdge, clients: tuple[Endpoint, ...], servers: tuple[Endpoint, ...]
) -> RehearsedEdge:
    """The edge between all pairs that it may have been."""
    verdicts = [
        (pair, verdict)
        for pair in product(clients, servers)
        if (verdict := _verdict(reach, edge, *pair)) is not None
    ]
    if not verdicts:
        why = "both ends are one host, or of no network here"
        return RehearsedEdge(edge=edge, fate=RehearsedFate.UNDECIDED, why=why)
    found = {verdict for _, verdict in verdicts}
    harmed = [pair for pair, verdict in verdicts if verdict is not Verdict.ALLOWED]
    fate = next(fate for fate, verdict in _FATES if verdict in found)
    outside = any(
        len(each) > 1 and not each[0].is_one_address and each[0].external
        for each in (clients, servers)
    )
    if fate is not RehearsedFate.KEPT and len(found) > 1 and outside:
        why = "by which address of the internet it was is not recorded, and that decides"
        return RehearsedEdge(edge=edge, fate=RehearsedFate.UNDECIDED, why=why)
    shown = None
    if fate in (RehearsedFate.CUT, RehearsedFate.REPLY_LOST) and _told(edge):
        wanted = Verdict.DENIED if fate is RehearsedFate.CUT else Verdict.HALF_OPEN
        pair = next(pair for pair, verdict in verdicts if verdict is wanted)
        shown = explain(reach.network, *pair, edge.protocol, edge.port or 0)
        if shown.verdict is not wanted:
            why = f"two opinions differ: {wanted} by proof, {shown.verdict} by walking a packet"
            return RehearsedEdge(edge=edge, fate=RehearsedFate.UNDECIDED, why=why, shown=shown)
    why = (
        "it depends on what is not known of the network" if fate is RehearsedFate.UNDECIDED else ""
    )
    return RehearsedEdge(
        edge=edge, fate=fate, why=why, shown=shown, pairs=len(verdicts), harmed=len(harmed)
    )


_FATES = (
    (RehearsedFate.CUT, Verdict.DENIED),
    (RehearsedFate.REPLY_LOST, Verdict.HALF_OPEN),
    (RehearsedFate.UNDECIDED, Verdict.UNDETERMINED),
    (RehearsedFate.KEPT, Verdict.ALLOWED),
)


def _told(edge: FlowEdge) -> bool:
    """Whether a record says which packet it was: of ICMP it does not say which message."""
    return edge.protocol not in (ICMP, ICMP6)


def _verdict(reach: Reach, edge: FlowEdge, client: Endpoint, server: Endpoint) -> Verdict | None:
    """Of exact packets; None where there is no cell between the two."""
    index, other = reach.index(client), reach.index(server)
    apart = not reach.same_host(other) >> index & 1
    if client.version != server.version or not apart or (client.outer and server.outer):
        return None
    if has_ports(edge.protocol):
        return reach.verdict(client, server, edge.protocol, edge.port or 0)
    if _told(edge):
        return reach.verdict(client, server, edge.protocol)
    every = set(_of_any_message(reach, edge.protocol, client, server))
    return every.pop() if len(every) == 1 else Verdict.UNDETERMINED


def _of_any_message(
    reach: Reach, protocol: int, client: Endpoint, server: Endpoint
) -> Iterator[Verdict]:
    asked = reach.protocol(protocol)
    for cell in reach.between(client, server):
        if cell.protocol == asked:
            yield cell.verdict
