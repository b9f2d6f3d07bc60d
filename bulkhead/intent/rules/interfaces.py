"""The network interfaces of services: where each is, and at which of them a socket waits.

A group guards one interface with all its ports, so of a host with several it has to be said which
one a socket is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.values import parse_interface_name
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.written import WrittenService, WrittenTopology
from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

_DECLARE: Final = "declare both, as in interfaces: {eth0: {}, eth1: {segment: control}}"
_KERNEL_CHOOSES: Final = ("ws", "wss", "udp")
"""Transports over which libzmq connects from no address of the program's choice
(src/ws_address.cpp, src/udp_address.cpp)."""


def judge_interfaces(
    written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain
) -> None:
    """Each is in a segment of its own, and each socket says at which it waits."""
    for name, service in (written.services or {}).items():
        if service is not None and service.interfaces:
            _judge_service(name, service, written, complain)
    first: dict[str, tuple[str, str]] = {}
    for end in ends_of(owners):
        _judge_key(end, complain)
        if end.owner.outside or not end.owner.readable:
            continue
        for index, endpoint in enumerate(end.bind):
            _judge_bind(end, endpoint, (*end.path, "bind", index), first, complain)


def _judge_service(
    name: str, service: WrittenService, written: WrittenTopology, complain: Complain
) -> None:
    home, segments = service.segment, written.segments
    at: KeyPath = ("services", name, "interfaces")
    seen: dict[str, str] = {}
    for each, said in (service.interfaces or {}).items():
        try:
            parse_interface_name(each)
        except Wrong as wrong:
            complain((*at, each), f"service {name}, interfaces: {wrong.what}", wrong.remedy)
        if each in (service.sockets or {}):
            what = f"{name}.{each} would be an interface and a socket"
            complain(("services", name, "sockets", each), what, "call the socket otherwise")
        segment = said and (said.segment if said.segment != "" else home)
        if not segment:
            continue
        if segments is not None and segment not in segments and segment != home:
            what = f"interface {name}.{each} is in segment {quoted(segment)}, which is not declared"
            complain((*at, each, "segment"), what, nearest(segment, segments))
        other = seen.setdefault(segment, each)
        if other != each:
            # docs.aws.amazon.com/AWSEC2/latest/WindowsGuide/
            # best-practices-for-configuring-network-interfaces.html
            complain(
                (*at, each),
                f"interfaces {other} and {each} of service {name} are both in segment {segment}: "
                "of two in one subnet, a host answers by the wrong one (asymmetric routing)",
                "put each into a segment of its own",
            )
    if home and home not in seen and None not in (service.interfaces or {}).values():
        what = f"service {name} is in segment {home}, and none of its interfaces is"
        complain(at, what, "add the one that is, as in eth0: {}")


def _judge_key(end: End, complain: Complain) -> None:
    """What is said behind `interface:`."""
    said, owner, path = end.written.interface, end.owner, (*end.path, "interface")
    if not said:
        return
    if owner.outside:
        what = f"{end.reference} is at interface {quoted(said)}, and a site has none here"
        complain(path, what, "remove it; host: says at which host a socket of a site is")
    elif not owner.interfaces and owner.readable:
        what = f"{end.reference} is at interface {quoted(said)}, and {owner.noun} declares none"
        complain(path, what, f"remove it, or {_DECLARE}")
    elif said not in owner.interfaces and owner.readable:
        what = f"{end.reference} is at {quoted(said)}, which is no interface of {owner.noun}"
        complain(path, what, nearest(said, owner.interfaces))
    elif (
        end.written.connect == ()
        and end.bind
        and not any(each.on_network and each.everywhere for each in end.bind)
    ):
        names = {each.address for each in end.bind if each.on_network}
        there = f"it binds {alternatives(sorted(names))} by name" if names else "it stays on a host"
        what = f"{end.reference} is at interface {said}, and nothing depends on that: {there}"
        complain(path, what, "remove interface:")


def _judge_bind(
    end: End,
    endpoint: ZmqEndpoint,
    path: KeyPath,
    first: dict[str, tuple[str, str]],
    complain: Complain,
) -> None:
    owner = end.owner
    if not endpoint.on_network or endpoint.literal is not None:
        return
    if endpoint.everywhere:
        if owner.several and end.written.interface == "":
            named = endpoint.model_copy(update={"address": owner.last}).text
            complain(
                path,
                f"{end.reference} binds {quoted(endpoint.text)}: that waits at every interface of "
                f"{owner.noun}, and by which it is reached is not said",
                f'say it: interface: {owner.last}, or bind one of them, as in "{named}"',
            )
    elif owner.interfaces:
        if endpoint.address not in owner.interfaces:
            what = f"{end.reference} binds {endpoint.address}, which is no interface of"
            complain(path, f"{what} {owner.noun}", nearest(endpoint.address, owner.interfaces))
    else:
        one, reference = first.setdefault(owner.name, (endpoint.address, end.reference))
        if endpoint.address != one:
            complain(
                path,
                f"{end.reference} binds {endpoint.address}, and {reference} binds {one}: "
                f"{owner.noun} has one interface here, whose group would open both",
                f"make a service of each plane, or {_DECLARE}",
            )


def judge_ways_out(wires: Iterable[Wire], complain: Complain) -> None:
    """Of each client on a host with several interfaces: by which it connects is certain."""
    told: set[str] = set()
    for wire in wires:
        client, owner = wire.client, wire.client.owner
        # A DGRAM sends from what it binds.
        own = client.written.type is SocketType.DGRAM and client.written.listens
        if not (owner.several and wire.endpoints) or own or client.reference in told:
            continue
        by = owner.interface_of(client)
        there = {wire.server.owner.segment_at(wire.server, each) for each in wire.endpoints}
        nearer = [
            name for name, segment in owner.interfaces.items() if segment in there and name != by
        ]
        if nearer and not client.written.interface:
            told.add(client.reference)
            complain(
                wire.path,
                f"{client.reference} connects to {wire.server.reference} in segment "
                f"{owner.interfaces[nearer[0]]}, in which {owner.noun} has {nearer[0]}: by which "
                "interface it goes, the routes of its host would decide",
                f"say it: interface: {nearer[0]}, or interface: {by}",
            )
        elif by != owner.first and wire.transport in _KERNEL_CHOOSES:
            told.add(client.reference)
            complain.warn(
                wire.path,
                f"{client.reference} connects by {by}, and over {wire.transport} libzmq chooses no "
                "interface: the routes of the host do",
                f"let its routes lead to {wire.server.owner.name} by {by}, or connect over tcp",
            )
