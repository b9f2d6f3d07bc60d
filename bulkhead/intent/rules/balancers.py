"""Sockets behind a Network Load Balancer: which can be, and what a pattern of ZeroMQ loses there.

A socket that connects has one connection for each address that it is given
(src/socket_base.cpp, connect_internal). To a service directly it is given every copy; to a load
balancer one address, behind which each connection is that of one copy for as long as it lives
(docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html: "routed to a single
target for the life of the connection").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.written import WrittenTopology

NLB: Final = "nlb"
_T = SocketType
_SPLIT: Final = {
    _T.PUB: "has what that copy publishes, and nothing of the others (RFC 29)",
    _T.XPUB: "has what that copy publishes, and nothing of the others (RFC 29)",
    _T.SUB: "publishes to that copy, and the others hear nothing of it (RFC 29)",
    _T.XSUB: "publishes to that copy, and the others hear nothing of it (RFC 29)",
}
_ADDRESSED: Final = {
    _T.ROUTER: "a ROUTER knows its peers by identities of its own connections (RFC 28)",
    _T.SERVER: "a SERVER knows its peers by routing ids of its own connections (RFC 41)",
    _T.PEER: "a PEER knows its peers by routing ids of its own connections (src/peer.cpp)",
}
_SHARING: Final = (_T.PULL, _T.GATHER, _T.REP, _T.ROUTER, _T.DEALER, _T.SERVER)
"""What deals out work: who connects to several of them turns from one to the next (RFC 28, 30)."""


def judge_balancers(
    owners: Mapping[str, Owner],
    wires: Iterable[Wire],
    complain: Complain,
    *,
    whole: bool,
) -> None:
    """Every socket that asks for one, by itself and with who connects to it.

    `whole`: everything could be read, so that what nobody reaches is known as such.
    """
    meeting: dict[str, list[Wire]] = defaultdict(list)
    for wire in wires:
        if wire.endpoints and via(wire) == NLB:
            meeting[wire.server.reference].append(wire)
    for end in ends_of(owners):
        met = meeting.get(end.reference, ())
        if (end.written.via or met) and _can_be_behind(end, _path(end, met), complain):
            _warn_of_patterns(end, met, complain)
    for said, path in _asking(owners):
        if whole and not any(path in _said_by(each) for one in meeting.values() for each in one):
            what = f"{said} has via: nlb, and nobody connects to that"
            complain(path, what, "remove via:, or let somebody connect")


def via(wire: Wire) -> str:
    """What who connects meets: 'nlb', or '' of a copy itself. A peer on the internet goes by what
    exposure: says, everybody else by what the socket does."""
    if not wire.client.owner.is_peer:
        return wire.server.written.via or ""
    exposures = (wire.client.written.exposure, wire.server.written.exposure)
    return next((each.via for each in exposures if each and each.via), "")


def _said_by(wire: Wire) -> tuple[KeyPath, ...]:
    if not wire.client.owner.is_peer:
        return ((*wire.server.path, "via"),)
    return tuple((*each.path, "exposure", "via") for each in (wire.client, wire.server))


def _asking(owners: Mapping[str, Owner]) -> Iterator[tuple[str, KeyPath]]:
    """What says via:, and where."""
    for end in ends_of(owners):
        if end.written.via and not end.owner.outside:
            yield end.reference, (*end.path, "via")
        if end.written.exposure is not None and end.written.exposure.via:
            yield f"{end.reference}, exposure:", (*end.path, "exposure", "via")


def judge_flows(written: WrittenTopology, complain: Complain) -> None:
    """Nothing under flows: is behind one."""
    for index, flow in enumerate(written.flows or ()):
        if flow is not None and flow.exposure is not None and flow.exposure.via:
            what = f"flow {flow.name or ''}".rstrip() + " has via: nlb, and that is of sockets"
            remedy = "declare a socket of type TCP at the server, and one at the peer"
            complain(("flows", index, "exposure", "via"), what, remedy)


def _path(end: End, met: Sequence[Wire]) -> KeyPath:
    """Where it is written that a socket is behind one."""
    if end.written.via:
        return (*end.path, "via")
    ends = (met[0].server, met[0].client)
    saying = (each for each in ends if each.written.exposure and each.written.exposure.via)
    return (*next(saying, end).path, "exposure", "via")


def _can_be_behind(end: End, path: KeyPath, complain: Complain) -> bool:
    """What a target of one has to be, of this plan: an interface that is the plan's, at one port
    of tcp."""
    owner, mistakes = end.owner, list(_unfit(end))
    for what, remedy in mistakes:
        said = "is behind a load balancer" if owner.outside else "is behind an NLB"
        complain(path, f"{end.reference} {said}, and {what}", remedy)
    return not mistakes


def _unfit(end: End) -> Iterator[tuple[str, str]]:
    owner = end.owner
    if owner.outside:
        yield f"{owner.noun} is none of the VPC", "remove via: there"
        return
    if owner.comes_and_goes:
        what = f"the copies of {owner.noun} come and go: who starts them would have to register "
        yield f"{what}each", "name one whose interfaces are planned"
    if owner.several:
        what = f"{owner.noun} has several network interfaces"
        yield what, "let one with a single interface stand behind it"
    if not end.written.listens:
        yield "binds nothing that another host reaches", 'bind tcp, as in "tcp://*:5556"'
    for endpoint in end.written.listens:
        if endpoint.protocol != 6:
            what = f"{endpoint.text} is not of tcp"
            yield what, "bind tcp, ws or wss: a listener of this plan takes TCP alone"
        elif endpoint.each_copy:
            yield f"{endpoint.text} is a port of each copy", "bind one port, the same for all"
        elif endpoint.outside is None or endpoint.outside[0] != endpoint.outside[1]:
            yield f"{endpoint.text} is at no one port", "bind one port: a listener has one"
        elif endpoint.ipv6 and not endpoint.everywhere:
            yield f"{endpoint.text} is IPv6, which its targets have not", "bind an address of IPv4"


def _warn_of_patterns(end: End, met: Sequence[Wire], complain: Complain) -> None:
    kind, copies, path = end.written.type, end.owner.replicas, _path(end, met)
    if kind is None:
        return
    if end.written.zap and end.written.mechanism is Mechanism.NULL:
        # RFC 27: of a NULL connection a handler is told its address and no credentials.
        complain.warn(
            path,
            f"{end.reference} is NULL behind an NLB, and of a client its ZAP handler is told the "
            "address alone: that is the NLB's, whoever connects",
            "write CURVE, and let it go by keys",
        )
    if copies == 1:
        return
    before = f"{end.reference} is a {kind} of {copies} copies behind one NLB"
    if kind.has_one_peer:
        what = f"{before}: each takes one peer and turns the next away (src/{kind.lower()}.cpp), "
        remedy = "write replicas: 1, or let who connects name each copy, without via:"
        complain(path, f"{what}and which of them a client meets, chance decides", remedy)
    if kind in _SPLIT:
        what = f"{before}: who connects meets one of them, {_SPLIT[kind]}"
        complain.warn(path, what, "write replicas: 1, or remove via:, to connect to every copy")
    if kind in _ADDRESSED:
        what = f"{before}, and {_ADDRESSED[kind]}: what is for a client can be sent by the copy "
        what += "that it met alone, and after a reconnect that may be another"
        complain.warn(path, what, "let replies go out where requests came in, or remove via:")
    clients = {each.client.reference: each.client.owner for each in met}
    if kind in _SHARING and met and not any(each.outside for each in clients.values()):
        most = sum(each.replicas for each in clients.values())
        if most < copies and not any(each.is_function for each in clients.values()):
            what = f"{before}, and {most} sockets connect, each to one of them for as long as the "
            what += f"connection lives: at least {copies - most} get nothing"
            complain.warn(path, what, "remove via:, and each client turns from copy to copy")
