"""What was recorded, held against what a topology declares.

What nobody recorded is never absent: a flow is told as never seen only where an interface of one of
its ends recorded accepted traffic all the while.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from bulkhead.discover.flows.seen import (
    FlowEdge,
    FlowEnd,
    FlowInterface,
    FlowOutcome,
    FlowsSeen,
)
from bulkhead.network import ANY_PROTOCOL, Declaration, Flow, Network, has_ports
from bulkhead.network.model import Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFlow:
    """A declared flow, and the edges that are it."""

    flow: Flow
    edges: tuple[FlowEdge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenFlow:
    """A declared flow without a record. `why` nobody can tell of it; '' where it was not."""

    flow: Flow
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsHeld:
    """Every edge and every flow, once.

    `shadows`: seen, and nobody declared it. `attempts`: not declared, and no request was let pass,
    or none was answered. `undecided`: not declared as far as anybody can tell who the ends are.
    `beside`: neither end is the topology's. `blocked`: of declared flows, what was refused.
    """

    topology: str
    seen: tuple[SeenFlow, ...]
    never: tuple[UnseenFlow, ...]
    unrecorded: tuple[UnseenFlow, ...]
    shadows: tuple[FlowEdge, ...]
    attempts: tuple[FlowEdge, ...]
    undecided: tuple[FlowEdge, ...]
    blocked: tuple[FlowEdge, ...]
    beside: tuple[FlowEdge, ...]

    @property
    def ok(self) -> bool:
        """No shadow."""
        return not self.shadows


def hold_against(seen: FlowsSeen, declared: Declaration, network: Network) -> FlowsHeld:
    """Hold edges against flows; `network` is where the names of the ends come from."""
    owners = _owners(declared, network)
    sockets: dict[tuple[str, int], list[Flow]] = defaultdict(list)
    for each in declared.flows:
        sockets[each.server.owner, each.server.protocol].append(each)
    by_flow: dict[Flow, list[FlowEdge]] = defaultdict(list)
    groups: dict[str, list[FlowEdge]] = defaultdict(list)
    for edge in seen.edges:
        if not owners & {edge.client.owner, edge.server.owner}:
            groups["beside"].append(edge)
            continue
        flows = list(_meant(edge, sockets))
        if not flows:
            groups[_undeclared(edge)].append(edge)
        elif edge.outcome is FlowOutcome.ACCEPTED:
            for flow in flows:
                by_flow[flow].append(edge)
        else:
            groups["blocked"].append(edge)
    missing = [
        UnseenFlow(flow=each, why=_unknown(each, seen, network))
        for each in declared.flows
        if each not in by_flow
    ]
    return FlowsHeld(
        topology=declared.topology,
        seen=tuple(
            SeenFlow(flow=each, edges=tuple(by_flow[each]))
            for each in declared.flows
            if each in by_flow
        ),
        never=tuple(each for each in missing if not each.why),
        unrecorded=tuple(each for each in missing if each.why),
        **{
            name: tuple(groups[name])
            for name in ("shadows", "attempts", "undecided", "blocked", "beside")
        },
    )


def _owners(declared: Declaration, network: Network) -> frozenset[str]:
    """The services that are the topology's: what sites and peers do among others is theirs."""
    of = declared.planned or network
    return frozenset(each.name for each in of.services)


def _undeclared(edge: FlowEdge) -> str:
    if edge.outcome is not FlowOutcome.ACCEPTED:
        return "attempts"
    unknown = edge.client.changed or edge.server.changed
    return "undecided" if unknown else "shadows"


def _meant(edge: FlowEdge, sockets: dict[tuple[str, int], list[Flow]]) -> Iterator[Flow]:
    """The flows that an edge may be: also the other way round, where nobody knows who opened it."""
    found = list(_as_said(edge, sockets))
    if not found and edge.client_port is not None:
        found = list(_as_said(edge.turned, sockets))
    yield from found


def _as_said(edge: FlowEdge, sockets: dict[tuple[str, int], list[Flow]]) -> Iterator[Flow]:
    client, server = edge.client, edge.server
    for protocol in (edge.protocol, ANY_PROTOCOL):
        for flow in sockets.get((server.owner, protocol), ()) if server.owner else ():
            if flow.client == client.owner and _at(flow, client, server, edge):
                yield flow


def _at(flow: Flow, client: FlowEnd, server: FlowEnd, edge: FlowEdge) -> bool:
    waits = flow.server.alone_at
    if waits is not None and ip_address(server.address) not in waits:
        return False
    if flow.clients_at and not any(
        client.address and ip_address(client.address) in each for each in flow.clients_at
    ):
        return False
    return _waits_at(flow.server, edge)


def _waits_at(server: Listener, edge: FlowEdge) -> bool:
    """Of ICMP a record does not say which message it was."""
    if server.protocol == ANY_PROTOCOL or not has_ports(edge.protocol):
        return True
    return edge.port is not None and server.ports.first <= edge.port <= server.ports.last


def _unknown(flow: Flow, seen: FlowsSeen, network: Network) -> str:
    """Why it may have been, though no record says so; '' where one would."""
    if not any(each.accepted for each in seen.interfaces):
        return "no record is of accepted traffic: the flow log may be of type REJECT"
    recorded = list(_recorded(flow, seen, network))
    if not recorded:
        return f"no interface of {flow.client} or {flow.server.owner} recorded anything"
    if any(each.skipped for each in recorded):
        return "records of its interfaces were skipped (SKIPDATA)"
    return ""


def _recorded(flow: Flow, seen: FlowsSeen, network: Network) -> Iterable[FlowInterface]:
    owners = {flow.client, flow.server.owner}
    ids = {each.id for each in network.present if each.service in owners}
    addresses = {
        str(address)
        for each in network.present
        if each.service in owners
        for address in each.addresses
    }
    for each in seen.interfaces:
        if each.id in ids or each.address in addresses or each.ecs_service in owners:
            yield each
