"""What captures, probes and flow logs show, as sightings: ends are addresses, named by others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind
from bulkhead.discover.register.sighting import Certainty, SeenParty, Sighting
from bulkhead.discover.wire import Answered, OnTheWire, ProbeAnswer, Sureness, WireConnection

PartyAt = Callable[[str, int | None, "str | None"], SeenParty]
"""Who is at an address: at this port it waits; or it is a client of who waits at that (the other's
address)."""

_CERTAIN: Final = {
    Sureness.SURE: Certainty.SURE,
    Sureness.LIKELY: Certainty.LIKELY,
    Sureness.POSSIBLE: Certainty.POSSIBLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSeen:
    """What records of a flow log say together of one client and one port of one server.

    `records` is how many there are, on how many `days` between `first` and `last` ('2026-03-01').
    A name is '' where nobody knows it. `opened_sure`: whether it is known who opened it.
    """

    client: str
    server: str
    port: int
    transport: str = "tcp"
    records: int = 1
    days: int | None = None
    first: str = ""
    last: str = ""
    client_name: str = ""
    server_name: str = ""
    opened_sure: bool = False
    source: str = "flow logs"


def from_wire(seen: OnTheWire, party: PartyAt) -> Iterator[Sighting]:
    """Connections and datagrams; not those where one side alone greets, which met no peer."""
    for each in seen.connections:
        if each.alone is None and not each.empty:
            yield _connection(each, party)
    for flow in seen.datagrams:
        yield Sighting(
            client=party(flow.sender, None, flow.target),
            server=party(flow.target, flow.port, None),
            transport=flow.transport,
            port=flow.port,
            path="" if flow.port is not None else flow.target,
            exposed=True,
            certainty=_CERTAIN[flow.sure],
            why=f"{flow.sure}: {flow.because}",
            evidence=BoundaryEvidence(
                kind=EvidenceKind.WIRE,
                end="both",
                what=f"{flow.sender} sends {flow.transport} to {flow.target}",
                frame=flow.first,
                count=flow.packets,
                first=_day(flow.first.time),
                last=_day(flow.last.time),
            ),
        )


def _connection(each: WireConnection, party: PartyAt) -> Sighting:
    said = f"ZMTP {each.version or '?'}" if each.transport == "tcp" else "ZeroMQ over ws"
    named = each.mechanism or "mechanism not captured"
    client, server = each.client, each.server
    return Sighting(
        client=party(client.address, server.port, server.address),
        server=party(server.address, server.port, None),
        transport=each.transport,
        port=server.port,
        client_type=client.shown.socket_type or "",
        server_type=server.shown.socket_type or "",
        mechanism=each.mechanism if each.mechanism and " and " not in each.mechanism else "",
        exposed=client.address != server.address or None,
        routed=any(end.hops for end in each.sides),
        certainty=_CERTAIN[each.sure],
        why=f"{each.because}; who opened it: {each.opened}",
        evidence=BoundaryEvidence(
            kind=EvidenceKind.WIRE,
            end="both",
            what=f"{said}, {named}, {client.address} to {server}",
            frame=each.first,
            first=_day(each.first.time),
            last=_day(each.last.time),
        ),
    )


def from_probes(answers: Iterable[ProbeAnswer], party: PartyAt) -> Iterator[Sighting]:
    """Those that speak ZMTP: of the others a probe tells nothing of ZeroMQ."""
    for each in answers:
        if each.answered is not Answered.ZMTP or each.address is None:
            continue
        shown = each.shown
        yield Sighting(
            client=None,
            server=party(each.address, each.target.port, None),
            transport="tcp",
            port=each.target.port,
            server_type=(shown.socket_type or "") if shown else "",
            mechanism=(shown.mechanism or "") if shown else "",
            exposed=None,
            certainty=Certainty.SURE,
            why="it answers a greeting as ZeroMQ does",
            evidence=BoundaryEvidence(
                kind=EvidenceKind.PROBE,
                end="server",
                what="answers a greeting",
                source=str(each.target),
            ),
        )


def from_flows(flows: Iterable[FlowSeen], party: PartyAt) -> Iterator[Sighting]:
    """Records of a flow log know nothing of ZeroMQ: they speak for what is known otherwise."""
    for each in flows:
        sides = party(each.client, each.port, each.server), party(each.server, each.port, None)
        names = each.client_name, each.server_name
        client, server = (
            SeenParty(name=name, because="the flow log's own", address=side.address)
            if name and not side.known
            else side
            for side, name in zip(sides, names, strict=True)
        )
        doubt = "" if each.opened_sure else "; who opened it is not sure"
        yield Sighting(
            client=client,
            server=server,
            transport=each.transport,
            port=each.port,
            exposed=True,
            zeromq=False,
            certainty=Certainty.POSSIBLE,
            why=f"records of a flow log: what was said there they do not know{doubt}",
            evidence=BoundaryEvidence(
                kind=EvidenceKind.FLOWS,
                end="both",
                what=f"{each.client} to {each.server} {each.transport} {each.port}",
                source=each.source,
                count=each.records,
                days=each.days,
                first=each.first,
                last=each.last,
            ),
        )


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")
