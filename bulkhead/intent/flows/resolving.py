"""From what is written under `flows:` to one flow for each client and server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import FileLine, KeyPath
from bulkhead.intent.expiry import warn_if_expired
from bulkhead.intent.flows.ends_meant import FlowEnd, FlowEnds
from bulkhead.intent.flows.open_ports import OpenPorts
from bulkhead.intent.flows.usual_clients import warn_of_usual_clients
from bulkhead.intent.mechanisms import WHOLE_WAY, protections
from bulkhead.intent.model import ExposureSaid, PlainFlow
from bulkhead.intent.traffic import PlainTraffic
from bulkhead.intent.wiring import Owner
from bulkhead.intent.written import WrittenFlow, WrittenTopology
from bulkhead.intent.wrong import alternatives

MOST_FLOWS: Final = 100_000
"""What "*" to "*" means is a product: a few lines can ask for millions."""
ICMP6: Final = 58


_CARRIES: Final = {"TLS": ("TCP", "UDP", "SCTP"), "SSH": ("TCP",)}
"""RFC 8446, RFC 9147 (DTLS), RFC 6083 (over SCTP); RFC 4253."""


def resolve_flows(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    places: Mapping[KeyPath, FileLine],
    complain: Complain,
) -> tuple[PlainFlow, ...]:
    """Every flow that is not ZeroMQ; complains about those that cannot be."""
    ends = FlowEnds(owners, complain)
    open_ports = OpenPorts(owners, complain)
    found: list[PlainFlow] = []
    said: dict[tuple[str, str, str], int] = {}
    for index, flow in enumerate(written.flows or ()):
        if flow is None:
            continue
        path: KeyPath = ("flows", index)
        name = flow.name or f"on line {places[path].line}"
        required = written.encryption == "required"
        _judge_alone(flow, name, path, complain, required=required)
        clients = ends.find(flow.from_ or (), (*path, "from"), name)
        servers = ends.find(flow.to or (), (*path, "to"), name)
        pairs = list(_pairs(clients, servers, name, path, complain))
        if clients and servers and not pairs and not _both_named(clients, servers):
            what = f"flow {name}: to: means nobody else than from: does"
            complain((*path, "to"), what, "name who answers")
        if required and (bare := _in_clear(flow, pairs)) is not None:
            what = f"flow {name} says of no encryption, and encryption is required{bare}"
            complain(path, what, _as_its_programs_do(flow.traffic or ()))
        if lacking := _without_ipv6(written, flow, pairs):
            complain((*path, "traffic"), f"flow {name} {lacking[0]}", lacking[1])
        if len(found) + len(pairs) > MOST_FLOWS:
            what = f"the flows up to {name} make more than {MOST_FLOWS} pairs"
            complain(path, what, "name services, or let fewer be meant by each")
            break
        if None in (flow.name, flow.traffic, flow.from_, flow.to):
            continue
        asking = {str(each): each for each, _ in pairs}.values()
        _judge_functions(flow, clients, name, path, complain)
        warn_of_usual_clients(written, flow, asking, path, complain)
        if pairs:
            for server in {str(each): each for _, each in pairs}.values():
                open_ports.take(server, flow, path)
        for client, server in pairs:
            key = str(client), str(server), name
            if said.setdefault(key, index) != index:
                there = places["flows", said[key]].seen_from(places[path])
                what = f"flow {name} from {client} to {server} is on {there} already"
                complain(path, what, "keep one of the two")
                continue
            found.append(_flow(flow, client, server, path))
    return tuple(found)


def _pairs(
    clients: list[FlowEnd], servers: list[FlowEnd], name: str, path: KeyPath, complain: Complain
) -> Iterator[tuple[FlowEnd, FlowEnd]]:
    """Who opens it to whom. Of those who are meant as one of many none is its own peer."""
    for server in servers:
        if server.owner.is_function:
            # aws.amazon.com/lambda/faqs: "inbound network connections are blocked by AWS Lambda"
            if server.named:
                what = f"flow {name} is to {server}, a function of Lambda: AWS lets nobody in there"
                complain((*path, "to"), what, "remove it; a function connects to others")
            continue
        for client in clients:
            one, other = client.owner, server.owner
            both_named = client.named and server.named
            if one.outside and other.outside:
                if both_named:
                    what = f"flow {name} from {one.name} to {other.name}: no such packet meets "
                    remedy = "remove it; flows outside the VPC are not declared here"
                    complain(path, f"{what}the VPC", remedy)
            elif one.name == other.name and (one.replicas == 1 or not both_named):
                if both_named:
                    what = f"flow {name} from {one.name} to itself is within one host"
                    complain(path, what, "only replicas of a service meet over the network")
            else:
                yield from _by_interfaces(client, server, name, path, complain)


def _judge_functions(
    flow: WrittenFlow, clients: Iterable[FlowEnd], name: str, path: KeyPath, complain: Complain
) -> None:
    """What a function sends: "only TCP/IP and UDP/IP sockets" (aws.amazon.com/lambda/faqs)."""
    others = [str(each) for each in flow.traffic or () if each.kind not in ("TCP", "UDP")]
    if functions := [str(each) for each in clients if each.owner.is_function and others]:
        what = f"flow {name} is {others[0]} from {functions[0]}, a function of Lambda, which sends "
        complain((*path, "from"), f"{what}TCP and UDP alone", "name other clients")


def _by_interfaces(
    client: FlowEnd, server: FlowEnd, name: str, path: KeyPath, complain: Complain
) -> Iterator[tuple[FlowEnd, FlowEnd]]:
    """By which interfaces, where a host has several: by the one that is named. Who else asks goes
    by his first, and of many each is reached at his first; but where one is in the segment of the
    other end, by that one, or nobody would know which the host takes."""
    if server.owner.several and server.named and not server.interface:
        ends = [f"{server.owner.name}.{each}" for each in server.owner.interfaces]
        what = f"flow {name} is answered at {server.owner.noun}, which has several interfaces"
        complain((*path, "to"), what, f"write {alternatives(ends)}")
        return
    if client.owner.several and not client.interface:
        nearer = client.owner.interface_in(server.segment)
        if nearer and nearer != client.owner.first and client.named:
            first = client.owner.first
            complain(
                (*path, "from"),
                f"flow {name} is from {client} to segment {server.segment}, in which it has "
                f"{nearer}: by which interface it goes, the routes of its host would decide",
                f"write {client.owner.name}.{nearer}, or {client.owner.name}.{first}",
            )
            return
        client = client.by(nearer or client.owner.first)
    if server.owner.several and not server.interface:
        server = server.by(server.owner.interface_in(client.segment) or server.owner.first)
    yield client, server


def _both_named(clients: Iterable[FlowEnd], servers: Iterable[FlowEnd]) -> bool:
    return any(each.named for each in clients) and any(each.named for each in servers)


def _judge_alone(
    flow: WrittenFlow, name: str, path: KeyPath, complain: Complain, *, required: bool
) -> None:
    """What holds of a flow whoever is meant."""
    warn_if_expired(f"flow {name}", flow.until, (*path, "until"), complain)
    for each in flow.traffic or ():
        if each.unfiltered:
            # docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
            complain.warn(
                (*path, "traffic"),
                f"flow {name} is for {each} {each.unfiltered}, and AWS looks at the ports of TCP "
                f"and UDP alone: all of {each.kind} is opened",
                f"write {each}, and let its hosts filter the port",
            )
        if each.kind not in _CARRIES.get(flow.encryption or "none", (each.kind,)):
            complain(
                (*path, "encryption"),
                f"flow {name}: {flow.encryption} does not encrypt {each}",
                _as_its_programs_do([each])
                if required
                else f"make a flow of {each} alone, without it",
            )


def _in_clear(flow: WrittenFlow, pairs: Iterable[tuple[FlowEnd, FlowEnd]]) -> str | None:
    """What nothing encrypts of a flow, in words; None where it is encrypted, or nobody knows."""
    if flow.encryption is None or not WHOLE_WAY.isdisjoint(protections(_mechanism(flow))):
        return None
    every = tuple(pairs)
    held = [[each.owner.held_to_encrypt for each in pair] for pair in every]
    bare = [
        f"{one} -> {other}" for (one, other), both in zip(every, held, strict=True) if not all(both)
    ]
    if every and not bare:
        return None
    # Where the VPC encrypts some of it, only the rest has to be told.
    return f": the VPC does not encrypt {bare[0]}" if any(map(any, held)) else ""


def _without_ipv6(
    written: WrittenTopology, flow: WrittenFlow, pairs: Iterable[tuple[FlowEnd, FlowEnd]]
) -> tuple[str, str] | None:
    """Who has no IPv6, of a flow that is for its ICMP, and what to write; None where all have."""
    of_ipv6 = [each for each in flow.traffic or () if each.protocol == ICMP6]
    if not of_ipv6 or (written.ipv6 is None and "ipv6" in written.model_fields_set):
        return None
    ends = {str(each): each for pair in pairs for each in pair}
    lacking = [called for called, each in ends.items() if not _has_ipv6(written, each)]
    if not lacking:
        return None
    what = f"is for {of_ipv6[0]}, and {' and '.join(lacking[:3])} "
    what += "has no IPv6" if len(lacking) == 1 else "have no IPv6"
    if written.ipv6 is None:
        return what, "write icmp, or add ipv6: amazon to the topology"
    return what, "write icmp, or name services of segments that have it"


def _has_ipv6(written: WrittenTopology, end: FlowEnd) -> bool:
    if end.owner.is_peer:
        peer = (written.peers or {}).get(end.owner.name)
        return peer is None or any(each.version == 6 for each in peer.addresses or ())
    segment = (written.segments or {}).get(end.segment)
    unread = not end.owner.is_site and segment is None
    return unread or (written.ipv6 is not None and segment is not None and bool(segment.ipv6))


def _as_its_programs_do(traffic: Iterable[PlainTraffic]) -> str:
    """Which encryption there is for all of it; nothing of what neither carries."""
    every = tuple(traffic)
    if bare := [str(each) for each in every if each.kind not in _CARRIES["TLS"]]:
        return f"remove {' and '.join(bare)}: TLS is of {alternatives(_CARRIES['TLS'])}"
    fits = (name for name, kinds in _CARRIES.items() if all(each.kind in kinds for each in every))
    return f"write encryption: {alternatives(fits)}, as its programs do"


def _mechanism(flow: WrittenFlow) -> str:
    return "" if flow.encryption in (None, "none") else flow.encryption


def _flow(flow: WrittenFlow, client: FlowEnd, server: FlowEnd, path: KeyPath) -> PlainFlow:
    assert flow.name and flow.traffic  # noqa: S101 - or it would have been passed over
    return PlainFlow(
        name=flow.name,
        entry=f"{flow.name} from {', '.join(flow.from_ or ())} to {', '.join(flow.to or ())}",
        client=client.end,
        server=server.end,
        client_at=client.at,
        server_at=server.at,
        traffic=flow.traffic,
        why=flow.why or "",
        owner=flow.owner or "",
        until=flow.until,
        mechanism=_mechanism(flow),
        exposure=ExposureSaid.model_validate(dict(flow.exposure)) if flow.exposure else None,
        path=path,
    )
