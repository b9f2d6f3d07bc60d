"""Every `connect`, resolved and judged."""

from __future__ import annotations

from collections.abc import Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.wiring.distinct import expect_distinct_addresses
from bulkhead.intent.wiring.joining import join
from bulkhead.intent.wiring.owners import End, Owner, Wire, ends_of
from bulkhead.intent.wiring.peers import expect_one_peer
from bulkhead.intent.wiring.references import SocketReferences
from bulkhead.intent.wrong import quoted


def wire(owners: Mapping[str, Owner], complain: Complain) -> tuple[Wire, ...]:
    """Every connection that the sockets declare; complains about those that cannot be."""
    wires = []
    references = SocketReferences(owners, complain)
    for client in ends_of(owners):
        _judge_socket(client, complain)
        seen: set[str] = set()
        for index, text in enumerate(client.written.connect or ()):
            path = (*client.path, "connect", index)
            if text in seen:
                complain(path, f"{client.reference} names {text} twice", "name it once")
                continue
            seen.add(text)
            server = references.find(text, path, client)
            if server is not None and (found := join(client, server, path, complain)):
                wires.append(found)
    for owner in owners.values():
        expect_distinct_addresses(owner, complain)
    expect_one_peer(wires, complain)
    return tuple(wires)


def _judge_socket(end: End, complain: Complain) -> None:
    socket = end.written
    if socket.bind == () and socket.connect == ():
        what = f"socket {end.reference} neither binds nor connects"
        complain(end.path, what, "add bind: an endpoint, or connect: service.socket")
    for index, endpoint in enumerate(end.bind):
        path = (*end.path, "bind", index)
        if socket.type and not socket.type.speaks_zmtp and endpoint.transport != "tcp":
            what = f"a {socket.type} socket is plain TCP and cannot bind {endpoint.transport}"
            complain(path, what, "bind tcp, or choose another type")
        if end.owner.is_site and not endpoint.on_network:
            what = f"{quoted(endpoint.text)} stays within site {end.owner.name}"
            complain(path, what, "declare only what crosses the VPN: tcp, not on loopback")
