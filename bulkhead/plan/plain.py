"""Flows that are not ZeroMQ, in neutral words: whoever answers one waits there for it."""

from __future__ import annotations

from bulkhead.intent import PlainFlow, PlainTraffic
from bulkhead.intent.mechanisms import is_encrypted
from bulkhead.network import ALL_PORTS, Flow, Listener, PortRange, icmp_range
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


def flow_to(listener: Listener, flow: PlainFlow) -> Flow:
    """The need that a client has of one listener."""
    return Flow(
        client=flow.client,
        client_socket="",
        client_type=listener.type,
        clients_at=flow.clients_at,
        server=listener,
        why=flow.why,
        owner=flow.owner,
        until=flow.until,
        mechanism=flow.mechanism,
        encrypted=is_encrypted(flow.mechanism),
    )
