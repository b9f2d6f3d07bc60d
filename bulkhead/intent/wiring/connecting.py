"""Every `connect`, resolved and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.endpoints.ports import HIGHEST
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.wiring.distinct import expect_distinct_addresses
from bulkhead.intent.wiring.joining import join
from bulkhead.intent.wiring.norm import judge_norm
from bulkhead.intent.wiring.owners import End, Owner, Wire, ends_of
from bulkhead.intent.wiring.peers import expect_one_peer
from bulkhead.intent.wiring.references import SocketReferences
from bulkhead.intent.wiring.shared import warn_of_neighbours
from bulkhead.intent.wrong import alternatives, quoted

MOST_CONNECTIONS: Final = 100_000
"""What "*.metrics" means is a product: a few lines can ask for millions."""


def wire(owners: Mapping[str, Owner], complain: Complain) -> tuple[Wire, ...]:
    """Every connection that the sockets declare; complains about those that cannot be."""
    wires: dict[tuple[str, str], Wire] = {}
    references = SocketReferences(owners, complain)
    for client in ends_of(owners):
        _judge_socket(client, complain)
        before = len(wires)
        for each in islice(_of_client(client, references, complain), MOST_CONNECTIONS + 1):
            # A way back may be declared at its own end as well.
            wires.setdefault((each.client.reference, each.server.reference), each)
        if before <= MOST_CONNECTIONS < len(wires):
            what = f"the sockets up to {client.reference} make more than {MOST_CONNECTIONS}"
            remedy = "put a broker between: its clients connect to one socket"
            complain((*client.path, "connect"), f"{what} connections", remedy)
            break
    shared = [
        each for owner in owners.values() for each in expect_distinct_addresses(owner, complain)
    ]
    if shared:
        warn_of_neighbours(shared, wires.values(), complain)
    expect_one_peer(wires.values(), complain)
    judge_norm(owners.values(), wires.values(), complain)
    return tuple(wires.values())


def _of_client(client: End, references: SocketReferences, complain: Complain) -> Iterator[Wire]:
    """Those of one socket. What many are meant by may mean one that is named as well."""
    texts: set[str] = set()
    met: set[str] = set()
    for index, text in enumerate(client.written.connect or ()):
        path = (*client.path, "connect", index)
        if text in texts:
            complain(path, f"{client.reference} names {text} twice", "name it once")
            continue
        texts.add(text)
        for server in references.find(text, path, client):
            if server.reference not in met and (found := join(client, server, path, complain)):
                met.add(server.reference)
                yield found
                if found.both_ways:
                    yield found.back


def _judge_socket(end: End, complain: Complain) -> None:
    socket = end.written
    if socket.bind == () and socket.connect == ():
        what = f"socket {end.reference} neither binds nor connects"
        complain(end.path, what, "add bind: an endpoint, or connect: service.socket")
    for index, endpoint in enumerate(end.bind):
        path = (*end.path, "bind", index)
        here = f"socket {end.reference}, bind"
        for caution in endpoint.warnings:
            complain.warn(path, f"{here}: {caution.what}", caution.remedy)
        if socket.type and endpoint.transport not in socket.type.transports:
            kind, can = socket.type, alternatives(sorted(socket.type.transports))
            what = f"a {kind} socket cannot bind {endpoint.transport}"
            complain(path, what, f"bind {can}, or choose another type")
        elif endpoint.outside is not None and endpoint.outside[1] > HIGHEST:
            what = f"the last copy of {end.owner.noun} would have port {endpoint.outside[1]}"
            complain(path, f"{here}: {what}, and {HIGHEST} is the highest", "begin lower")
        elif endpoint.each_copy and end.owner.outside:
            what = f"{quoted(endpoint.text + '+replica')} counts copies, and a "
            what += f"{end.owner.kind[:-1]} has none"
            complain(path, f"{here}: {what}", "write a port, or a range of ports")
        elif endpoint.to_one_by_norm and socket.type in (SocketType.PUB, SocketType.XPUB):
            what = f"a {socket.type} sends by norm to the address that it names, and waits nowhere"
            complain(path, f"{here}: {what}", "let the SUB bind it, and connect to that")
        elif (unplanned := _not_planned_yet(endpoint)) is not None:
            complain(path, f"{here}: {unplanned[0]}", unplanned[1])
        if end.owner.outside and not endpoint.on_network:
            what = f"{quoted(endpoint.text)} stays within {end.owner.noun}"
            way = "VPN" if end.owner.is_site else "internet"
            complain(path, what, f"declare only what crosses the {way}: tcp, not on loopback")


def _not_planned_yet(endpoint: ZmqEndpoint) -> tuple[str, str] | None:
    """What libzmq can do and a plan cannot, and what to write instead."""
    text, transport = quoted(endpoint.text), endpoint.transport
    if endpoint.multicast or transport in ("pgm", "epgm"):
        # docs.aws.amazon.com/vpc/latest/tgw/tgw-multicast-overview.html
        what = "no VPC carries multicast but through a multicast domain of a transit gateway"
        instead = "connect to a broker over tcp"
        return f"{text} is multicast: {what}, and none is planned yet", instead
    # Over tcp [::] has IPv4 as well, as * has with the same option (src/tcp.cpp,
    # enable_ipv4_mapping; measured).
    if endpoint.ipv6 and endpoint.everywhere and transport != "tcp":
        instead = f'write "{transport}://*:{endpoint.at}{endpoint.path}"'
        return f"{text} is an IPv6 endpoint, and of these tcp alone is planned yet", instead
    return None
