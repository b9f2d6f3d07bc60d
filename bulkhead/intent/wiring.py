"""Which socket connects to which: every `connect`, resolved and judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address
from typing import Literal

from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.sockets import SocketType, legal_peers, may_talk
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.written import Complain, WrittenSocket, WrittenTopology
from bulkhead.intent.wrong import MOST_NAMED, KnownNames, alternatives, quoted


@dataclass(frozen=True, slots=True)
class Owner:
    """A service or a site: whoever has sockets."""

    kind: Literal["services", "sites"]
    name: str
    replicas: int
    sockets: Mapping[str, WrittenSocket | None]

    @property
    def is_site(self) -> bool:
        return self.kind == "sites"

    @property
    def noun(self) -> str:
        return f"{self.kind[:-1]} {self.name}"


@dataclass(frozen=True, slots=True)
class End:
    """One socket, with who owns it and what is written for it."""

    owner: Owner
    name: str
    written: WrittenSocket

    @property
    def reference(self) -> str:
        return f"{self.owner.name}.{self.name}"

    @property
    def path(self) -> KeyPath:
        return (self.owner.kind, self.owner.name, "sockets", self.name)

    @property
    def bind(self) -> tuple[ZmqEndpoint, ...]:
        return self.written.bind or ()


@dataclass(frozen=True, slots=True)
class Wire:
    """A `connect` that found its socket."""

    client: End
    server: End
    transport: Transport
    endpoints: tuple[ZmqEndpoint, ...]
    path: KeyPath

    @property
    def peers_of_client(self) -> int:
        """How many sockets each copy of the client meets."""
        return self.server.owner.replicas if self.endpoints else 1

    @property
    def peers_of_server(self) -> int:
        return self.client.owner.replicas if self.endpoints else 1


def owners_of(written: WrittenTopology) -> dict[str, Owner]:
    """Services and sites by name. What could not be read is there, with no sockets."""
    owners: dict[str, Owner] = {}
    for name, site in (written.sites or {}).items():
        owners[name] = Owner("sites", name, 1, (site and site.sockets) or {})
    for name, service in (written.services or {}).items():
        replicas = (service and service.replicas) or 1
        owners[name] = Owner("services", name, replicas, (service and service.sockets) or {})
    return owners


def ends_of(owners: Mapping[str, Owner]) -> Iterator[End]:
    """Every socket that could be read at all."""
    for owner in owners.values():
        for name, socket in owner.sockets.items():
            if socket is not None:
                yield End(owner, name, socket)


def wire(owners: Mapping[str, Owner], complain: Complain) -> tuple[Wire, ...]:
    """Every connection that the sockets declare; complains about those that cannot be."""
    wires = []
    references = _References(owners, complain)
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
            if server is not None and (found := _join(client, server, path, complain)):
                wires.append(found)
    for owner in owners.values():
        _expect_distinct_addresses(owner, complain)
    _expect_one_peer(wires, complain)
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


class _References:
    """What a text behind `connect` means, among all that is declared."""

    def __init__(self, owners: Mapping[str, Owner], complain: Complain) -> None:
        self.owners = owners
        self.complain = complain
        self.names = KnownNames(owners)
        self.sockets_of = cache(lambda owner: KnownNames(owners[owner].sockets))
        self.choices_of = cache(lambda owner: _choices(owners[owner]))
        self.bound_at = cache(lambda: _bound_at(owners))

    def find(self, text: str, path: KeyPath, client: End) -> End | None:
        """The socket that a reference means, or a complaint and None."""
        if "://" in text:
            what = f"connect takes a reference to a socket, not the endpoint {quoted(text)}"
            bound = self.bound_at().get(text.rpartition(":")[2])
            self.complain(path, what, f"write {bound or 'service.socket'}")
            return None
        name, dot, socket_name = text.partition(".")
        owner = self.owners.get(name)
        if owner is None:
            self._explain_unknown(text, name, path, client)
            return None
        if not dot or socket_name not in owner.sockets:
            missing = f"{owner.noun} has no socket {quoted(socket_name)}"
            whole = f"that is a {owner.kind[:-1]}, not one of its sockets"
            what = f"{client.reference} connects to {quoted(text)}: {missing if dot else whole}"
            if not dot:
                remedy = f"write {self.choices_of(name)}"
            elif owner.sockets:
                remedy = self.sockets_of(name).nearest(socket_name)
            else:
                remedy = "declare one there"
            self.complain(path, what, remedy)
            return None
        written = owner.sockets[socket_name]
        return None if written is None else End(owner, socket_name, written)

    def _explain_unknown(self, text: str, name: str, path: KeyPath, client: End) -> None:
        if name == PUBLIC_INTERNET:
            what = "nothing connects to the internet; only services and sites have sockets"
            self.complain(path, what, "describe the peer as a site")
        else:
            what = f"{client.reference} connects to {quoted(text)}, and there is no {quoted(name)}"
            self.complain(path, what, self.names.nearest(name))


def _choices(owner: Owner) -> str:
    return alternatives(f"{owner.name}.{socket}" for socket in sorted(owner.sockets))


def _bound_at(owners: Mapping[str, Owner]) -> Mapping[str, str]:
    """The sockets that listen on each port, in words."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for end in ends_of(owners):
        for endpoint in end.bind:
            found[str(endpoint.port)][end.reference] = None
    return {port: alternatives(references) for port, references in found.items()}


def _join(client: End, server: End, path: KeyPath, complain: Complain) -> Wire | None:
    if server.written.bind is None:
        return None
    if not server.bind:
        what = f"{client.reference} connects to {server.reference}, which binds nothing"
        complain(path, what, f"let {server.reference} bind an endpoint; one of the two must")
        return None
    if client.owner.is_site and server.owner.is_site:
        what = f"{client.reference} connects to {server.reference}: no such packet meets the VPC"
        complain(path, what, "remove it; flows within or between sites are not declared here")
        return None
    route = _route(client, server)
    if route is None:
        _explain_unreachable(client, server, path, complain)
        # What type it is can still be said: as if it had bound tcp.
        _judge_types(Wire(client, server, "tcp", (), path), complain)
        return None
    found = Wire(client, server, *route, path)
    _judge_types(found, complain)
    if client.reference == server.reference and (not found.endpoints or client.owner.replicas == 1):
        what = f"{client.reference} connects to itself"
        complain(path, what, "only replicas of a service can, over tcp")
        return None
    return found


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


def _route(client: End, server: End) -> tuple[Transport, tuple[ZmqEndpoint, ...]] | None:
    """The nearest transport that both can use, and what it needs of the network."""
    written = server.written
    if client.owner.name == server.owner.name and client.reference != server.reference:
        if "inproc" in written.transports:
            return "inproc", ()
        if "ipc" in written.transports:
            return "ipc", ()
        if written.on_loopback:
            return "tcp", ()
    return ("tcp", written.listens) if written.listens else None


def _explain_unreachable(client: End, server: End, path: KeyPath, complain: Complain) -> None:
    reasons = {
        "inproc": "inproc reaches only the same process",
        "ipc": "ipc reaches only the same host",
        "tcp": "a loopback address reaches only the same host",
    }
    shown = [quoted(endpoint.text) for endpoint in server.bind[:MOST_NAMED]]
    left = len(server.bind) - len(shown)
    bound = " and ".join([*shown, *([f"{left} more"] if left else [])])
    why = ", ".join(reasons[transport] for transport in server.written.transports)
    complain(
        path,
        f"{client.reference} cannot connect to {server.reference} of {server.owner.noun}: "
        f"it binds {bound}, and {why}",
        f'let {server.reference} bind tcp, as in "tcp://*:5556"',
    )


def _expect_distinct_addresses(owner: Owner, complain: Complain) -> None:
    """One address, one socket. A tcp port counts whatever its interface is: rules see ports.

    Only at a site can they name an address beside it, so there each has its own ports.
    """
    bound: dict[tuple[str, object], dict[IPv4Address | None, str]] = defaultdict(dict)
    for end in ends_of({owner.name: owner}):
        for index, endpoint in enumerate(end.bind):
            known = bound[endpoint.transport, endpoint.port or endpoint.address]
            address = endpoint.literal if owner.is_site else None
            other = known.get(address) or known.get(None)
            if other is None and address is None:
                other = next(iter(known.values()), None)
            what = f"tcp port {endpoint.port}" if endpoint.port else quoted(endpoint.text)
            if other is not None:
                complain(
                    (*end.path, "bind", index),
                    f"{what} of {owner.noun} is bound by {other} and by {end.reference}"
                    if other != end.reference
                    else f"{end.reference} binds {what} twice",
                    "give each its own",
                )
            known.setdefault(address, end.reference)


def _expect_one_peer(wires: Iterable[Wire], complain: Complain) -> None:
    """A PAIR has one peer at a time (zmq_socket(3)); another is turned away in silence."""
    peers: Counter[str] = Counter()
    for each in wires:
        for end, met in ((each.client, each.peers_of_client), (each.server, each.peers_of_server)):
            if end.written.type is not SocketType.PAIR:
                continue
            peers[end.reference] += met
            if peers[end.reference] > 1:
                complain(
                    each.path,
                    f"PAIR socket {end.reference} would have {peers[end.reference]} peers "
                    "(replicas counted), and a PAIR has one",
                    "connect one socket of one replica, or use DEALER and ROUTER",
                )
