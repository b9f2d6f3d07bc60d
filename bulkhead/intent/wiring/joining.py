"""Whether two sockets can meet, and over which transport."""

from __future__ import annotations

from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.sockets import SocketType, legal_peers, may_talk
from bulkhead.intent.wiring.owners import End, Wire
from bulkhead.intent.wrong import MOST_NAMED, alternatives, quoted


def join(client: End, server: End, path: KeyPath, complain: Complain) -> Wire | None:
    """The connection of a client to a server, or a complaint and None."""
    if server.written.bind is None:
        return None
    if not server.bind:
        what = f"{client.reference} connects to {server.reference}, which binds nothing"
        complain(path, what, f"let {server.reference} bind an endpoint; one of the two must")
        return None
    if client.owner.outside and server.owner.outside:
        what = f"{client.reference} connects to {server.reference}: no such packet meets the VPC"
        complain(path, what, "remove it; flows outside the VPC are not declared here")
        return None
    route = _route(client, server)
    if route is None:
        _explain_unreachable(client, server, path, complain)
        # What type it is can still be said: as if it had bound tcp.
        _judge_types(Wire(client, server, "tcp", (), path), complain)
        return None
    found = Wire(client, server, *route, path)
    _judge_types(found, complain)
    return found if _can_be(found, complain) else None


def _can_be(found: Wire, complain: Complain) -> bool:
    client, server, path = found.client, found.server, found.path
    if found.of_datagrams and not any(_answered(each, found) for each in client.bind):
        nothing = "nothing that the other reaches" if client.bind else "nothing"
        what = f"{client.reference} is a DGRAM socket and binds {nothing}, and libzmq connects none"
        where = "*" if found.endpoints else "lo"
        complain(path, what, f'let it bind udp as well, as in bind: "udp://{where}:5556"')
        return False
    if client.reference == server.reference and (not found.endpoints or client.owner.replicas == 1):
        what = f"{client.reference} connects to itself"
        complain(path, what, "only replicas of a service can, over tcp")
        return False
    return True


def _answered(bound: ZmqEndpoint, found: Wire) -> bool:
    """Whether the server of a connection can send to it: over the network, or on its own host."""
    return bound.on_network if found.endpoints else bound.loopback


def _judge_types(found: Wire, complain: Complain) -> None:
    one, other = found.client.written.type, found.server.written.type
    if one is None or other is None or may_talk(one, other):
        return
    peers, others = alternatives(legal_peers(one)), alternatives(legal_peers(other))
    complain(
        found.path,
        f"{found.client.reference} ({one}) cannot talk to {found.server.reference} ({other}): "
        + _why_illegal(one, other, found.transport),
        f"a {one} talks to {peers}, a {other} to {others}",
    )


def _why_illegal(one: SocketType, other: SocketType, transport: Transport) -> str:
    if one.speaks_zmtp != other.speaks_zmtp:
        return f"{other if one.speaks_zmtp else one} is plain TCP, without ZeroMQ's protocol"
    if transport == "inproc":  # no handshake there (measured: a PULL got a DEALER's message)
        return "libzmq does not check this over inproc, and messages go astray"
    # Measured: DISCONNECTED, then reconnects for ever; no API call fails.
    return "libzmq drops the connection in silence and tries again for ever"


_WITHIN_A_HOST: Final[tuple[Transport, ...]] = ("ipc", "tipc", "vmci", "vsock")


def _route(client: End, server: End) -> tuple[Transport, tuple[ZmqEndpoint, ...]] | None:
    """The nearest transport that both can use, and what it needs of the network."""
    written = server.written
    if client.owner.name == server.owner.name and client.reference != server.reference:
        if "inproc" in written.transports:
            return "inproc", ()
        for transport in _WITHIN_A_HOST:
            if transport in written.transports:
                return transport, ()
        if written.on_loopback:
            return written.on_loopback[0].transport, ()
    return (written.listens[0].transport, written.listens) if written.listens else None


def _explain_unreachable(client: End, server: End, path: KeyPath, complain: Complain) -> None:
    reasons = {
        "inproc": "inproc reaches only the same process",
        "ipc": "ipc reaches only the same host",
        "tipc": "tipc crosses no router",
        "vmci": "vmci reaches only the machines of one hypervisor",
        "vsock": "vsock reaches only the machines of one hypervisor",
    }
    loopback = "a loopback address reaches only the same host"
    shown = [quoted(endpoint.text) for endpoint in server.bind[:MOST_NAMED]]
    left = len(server.bind) - len(shown)
    bound = " and ".join([*shown, *([f"{left} more"] if left else [])])
    said = [reasons.get(transport, loopback) for transport in server.written.transports]
    why = ", ".join(dict.fromkeys(said))
    remedy = f'let {server.reference} bind tcp, as in "tcp://*:5556"'
    if not (client.owner.outside or server.owner.outside) and client.owner != server.owner:
        remedy += ", or make one service of programs on one host"
    complain(
        path,
        f"{client.reference} cannot connect to {server.reference} of {server.owner.noun}: "
        f"it binds {bound}, and {why}",
        remedy,
    )
