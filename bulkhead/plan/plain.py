"""Flows that are not ZeroMQ, in neutral words: whoever answers one waits there for it."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from bulkhead.intent import Connection, PlainFlow, PlainTraffic, Topology
from bulkhead.intent.mechanisms import is_encrypted
from bulkhead.network import ALL_PORTS, Flow, FlowExposure, Listener, PortRange, icmp_range
from bulkhead.network.addresses import place_of
from bulkhead.network.listening import joined


def waiting_for(flow: PlainFlow) -> tuple[Listener, ...]:
    """What waits at the server, by the name of the flow."""
    return joined(
        Listener(
            owner=flow.server,
            socket=flow.name,
            type=each.kind,
            protocol=each.protocol,
            ports=_ports(each),
            address=place_of(flow.server_at) if flow.server_at else None,
        )
        for each in flow.traffic
    )


def _ports(traffic: PlainTraffic) -> PortRange:
    if traffic.message is not None:
        return icmp_range(*traffic.message)
    return PortRange(*traffic.ports) if traffic.ports else ALL_PORTS


class _Needed(TypedDict):
    why: str
    owner: str
    until: date | None
    exposure: FlowExposure | None


def crossing(topology: Topology, said: Connection | PlainFlow, client: str, server: str) -> _Needed:
    """What somebody says of a flow; of one that crosses the internet also why it may, which is the
    reason of one that has no other."""
    why, owner, until, word = said.why, said.owner, said.until, said.exposure
    if word is None or topology.peers.keys().isdisjoint((client, server)):
        return {"why": why, "owner": owner, "until": until, "exposure": None}
    last = min((each for each in (until, word.until) if each), default=None)
    return {
        "why": why or word.why,
        "owner": owner or word.owner,
        "until": last,
        "exposure": FlowExposure(why=word.why, owner=word.owner, until=word.until),
    }


def flow_to(topology: Topology, listener: Listener, flow: PlainFlow) -> Flow:
    """The need that a client has of one listener."""
    return Flow(
        client=flow.client,
        client_socket="",
        client_type=listener.type,
        clients_at=flow.clients_at,
        server=listener,
        mechanism=flow.mechanism,
        encrypted=is_encrypted(flow.mechanism),
        vpc_encrypts=topology.vpc_encrypts(flow.client, flow.server),
        **crossing(topology, flow, flow.client, flow.server),
    )
