"""What crosses the internet: somebody answers for each, and something encrypts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.expiry import today
from bulkhead.intent.mechanisms import END_TO_END, protections
from bulkhead.intent.model import PlainFlow
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.written import WrittenExposure, WrittenTopology

_SAY: Final = "add exposure: { why: …, owner: … }"
_TRANSLATED: Final = ("TCP", "UDP", "ICMP")
"""docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"""


def judge_exposures(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    wires: Iterable[Wire],
    flows: Iterable[PlainFlow],
    complain: Complain,
    *,
    whole: bool,
) -> None:
    """Who answers for what crosses, until when; and of what is exposed, whether anything crosses.

    `whole`: everything could be read, so that what nobody reaches is known as such.
    """
    crossing: set[KeyPath] = set()
    for said, path, exposure in _said(written, owners):
        if exposure.until is not None and exposure.until < today():
            crossing.add(path)  # of what is over nobody asks whom it was for
            what = f"{said} was to be exposed to the internet until {exposure.until}"
            remedy = "remove exposure:, or have it granted anew"
            complain((*path, "exposure", "until"), what, remedy)
    for wire in wires:
        ends = (wire.client, wire.server)
        if wire.endpoints and any(each.owner.is_peer for each in ends):
            crossing.update(each.path for each in ends)
            if wire.server.owner.comes_and_goes:
                _refuse_coming(wire.server.owner, wire.path, complain)
            _expect_a_family(
                written,
                [(each.owner, _segments_of(each)) for each in ends],
                f"{wire.client.reference} -> {wire.server.reference}",
                wire.path,
                complain,
            )
            _warn_of_ipv4_alone(written, wire, complain)
            if all(each.written.exposure is None for each in ends):
                names = f"{wire.client.reference} -> {wire.server.reference}"
                what = f"{names} crosses the internet, and nobody answers for that"
                complain(wire.path, what, _SAY)
    crossing.update(_judge_flows(written, owners, flows, complain))
    for said, path, _ in _said(written, owners):
        if whole and path not in crossing:
            what = f"{said} has exposure:, and nothing of it crosses the internet"
            complain((*path, "exposure"), what, "name with whom under peers:, or remove it")


def _judge_flows(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    flows: Iterable[PlainFlow],
    complain: Complain,
) -> Iterator[KeyPath]:
    """Those that cross; a line once, whoever it means."""
    seen: set[KeyPath] = set()
    for flow in flows:
        client, server = (owners.get(name) for name in (flow.client, flow.server))
        path = flow.path
        if path in seen or not ((client and client.is_peer) or (server and server.is_peer)):
            continue
        seen.add(path)
        yield path
        said = (written.flows or ())[int(path[1])]
        if said is None or said.exposure is None:
            complain(
                path, f"flow {flow.name} crosses the internet, and nobody answers for that", _SAY
            )
        if END_TO_END.isdisjoint(protections(flow.mechanism)):
            what = f"flow {flow.name} crosses the internet, and nothing encrypts it"
            complain(path, what, "write encryption: TLS, which is needed there")
        if server is not None and server.comes_and_goes:
            _refuse_coming(server, path, complain)
        _expect_a_family(
            written,
            [
                (each, {each.interfaces_by_end.get(end, each.segment)})
                for end, each in ((flow.client, client), (flow.server, server))
                if each is not None
            ],
            f"flow {flow.name}",
            path,
            complain,
        )
        kinds = [each for each in flow.traffic if each.kind not in (*_TRANSLATED, "ICMPV6")]
        if server is not None and server.is_peer and kinds and 4 in _versions_of(written, server):
            what = f"flow {flow.name}: no NAT gateway passes {kinds[0]}"
            complain((*path, "traffic"), what, f"write {', '.join(_TRANSLATED[:2])}, or use a site")


def _segments_of(end: End) -> set[str]:
    """In which a socket connects, or is reached."""
    own = end.owner
    reached = {own.segment_at(end, each) for each in end.written.listens}
    return reached or {own.interfaces.get(end.interface, own.segment)}


def _expect_a_family(
    written: WrittenTopology,
    ends: Iterable[tuple[Owner, set[str]]],
    said: str,
    path: KeyPath,
    complain: Complain,
) -> None:
    """That both ends have addresses of one family. What could not be read is judged elsewhere."""
    if written.ipv6 is None and "ipv6" in written.model_fields_set:
        return
    several = list(ends)
    for peer, _ in several:
        for own, segments in several:
            if not peer.is_peer or own.outside or _versions_of(written, peer) != {6}:
                continue
            for segment in sorted(each for each in segments if not _has_ipv6(written, each)):
                what = f"{said}: {peer.noun} has IPv6 alone, and segment {segment} has none"
                remedy = (
                    "add ipv6: amazon to the topology"
                    if written.ipv6 is None
                    else "let the segment have IPv6, or write an address of IPv4 of the peer"
                )
                complain(path, what, remedy)


def _warn_of_ipv4_alone(written: WrittenTopology, wire: Wire, complain: Complain) -> None:
    """Of a socket at which a peer of IPv6 alone would be answered by nobody: without ZMQ_IPV6
    libzmq takes * for IPv4 (src/ip_resolver.cpp)."""
    client, server = wire.client.owner, wire.server
    if not client.is_peer or server.owner.outside or _versions_of(written, client) != {6}:
        return
    for index, endpoint in enumerate(server.bind):
        if endpoint.on_network and endpoint.transport == "tcp" and not endpoint.ipv6:
            both = endpoint.model_copy(update={"address": "::"}).text
            what = f"{server.reference} binds {endpoint.text}, which is IPv4 unless its program "
            what += f"sets ZMQ_IPV6, and {client.noun} has IPv6 alone"
            complain.warn((*server.path, "bind", index), what, f'write "{both}"')


def _versions_of(written: WrittenTopology, owner: Owner) -> set[int]:
    peer = (written.peers or {}).get(owner.name)
    if peer is not None and peer.prefix_list:
        return {4}  # a plan refuses one of IPv6
    return {each.version for each in (peer and peer.addresses) or ()}


def _has_ipv6(written: WrittenTopology, segment: str) -> bool:
    """Whether its hosts do, as far as it could be read."""
    said = (written.segments or {}).get(segment)
    return said is None or (written.ipv6 is not None and said.ipv6 is True)


def _refuse_coming(server: Owner, path: KeyPath, complain: Complain) -> None:
    what = f"copies of {server.noun} come and go, and no public address is planned for such yet"
    complain(path, what, "expose one whose interfaces are planned, and let it pass on")


def _said(
    written: WrittenTopology, owners: Mapping[str, Owner]
) -> Iterator[tuple[str, KeyPath, WrittenExposure]]:
    """What has `exposure:`, what that is called, and where."""
    for end in ends_of(owners):
        if end.written.exposure is not None:
            yield end.reference, end.path, end.written.exposure
    for index, flow in enumerate(written.flows or ()):
        if flow is not None and flow.exposure is not None:
            yield f"flow {flow.name or ''}".strip(), ("flows", index), flow.exposure
