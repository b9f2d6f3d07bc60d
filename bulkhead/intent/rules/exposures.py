"""What crosses the internet: somebody answers for each, and something encrypts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.expiry import today
from bulkhead.intent.mechanisms import END_TO_END, protections
from bulkhead.intent.model import PlainFlow
from bulkhead.intent.wiring import Owner, Wire, ends_of
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
        kinds = [each for each in flow.traffic if each.kind not in _TRANSLATED]
        if server is not None and server.is_peer and kinds:
            what = f"flow {flow.name}: no NAT gateway passes {kinds[0]}"
            complain((*path, "traffic"), what, f"write {', '.join(_TRANSLATED[:2])}, or use a site")


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
