"""Endpoints as programs write them: at the one address that a host has, never at all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import Final

from bulkhead.intent import Connection, Peer, ZmqEndpoint
from bulkhead.network import IPAddress
from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.settings.entries import BindsAt, ConnectsTo, Copy

_LOOPBACK = IPv4Address("127.0.0.1")
LATER: Final = "AWS gives the block with the VPC, and then the stack's output endpoints has it"


def bound_at(
    endpoint: ZmqEndpoint,
    end: str,
    copies: Sequence[Copy],
    alone: IPv4Network | None = None,
    *,
    comes_and_goes: bool = False,
) -> Iterator[BindsAt]:
    """Where to bind: each copy of a service at its own address; at a site, where that is named.
    One that `comes_and_goes` as it is written: which address it gets, nobody knows before.

    `end` is what flows call the interface where it waits; `alone` is the host of a site at which
    the socket is, or the network of several.

    A range of ports is written as CZMQ does (zsock_bind): the first free one of it. CZMQ does so
    for tcp alone, and libzmq takes no range: of others the program has to choose.
    """
    if comes_and_goes or not endpoint.on_network or endpoint.literal is not None:
        yield _binds(endpoint, endpoint.address)
    elif copies:
        for each in copies:
            own = endpoint.of_copy(each.number)
            # What maps its port has addresses of its own inside: a container's bridge, say.
            yield _binds(
                own, own.address if own.published else str(each.address_at(end)), each.number
            )
            if (ipv6 := ipv6_of(endpoint, end, each)) and not own.published:
                yield (
                    _later(own, each.number)
                    if stands_in(ipv6)
                    else _binds(own, str(ipv6), each.number)
                )
    elif alone is not None and alone.num_addresses == 1:
        yield _binds(endpoint, str(alone.network_address))
    else:
        yield BindsAt(endpoint=None, why=_nameless(endpoint, alone))


def ipv6_of(endpoint: ZmqEndpoint, end: str, copy: Copy) -> IPv6Address | None:
    """The address of IPv6 at which a copy waits too where its program binds [::]; None elsewhere:
    without ZMQ_IPV6 libzmq takes * for IPv4 (src/ip_resolver.cpp)."""
    return copy.ipv6_at(end) if endpoint.ipv6 and endpoint.everywhere else None


def _later(endpoint: ZmqEndpoint, copy: int) -> BindsAt:
    why = f"{endpoint.text} at its address of IPv6: {LATER}"
    return BindsAt(endpoint=None, copy=copy, why=why, later=True)


def _binds(endpoint: ZmqEndpoint, address: str, copy: int | None = None) -> BindsAt:
    there = endpoint.model_copy(update={"address": address})
    if not _ranges(there):
        return BindsAt(endpoint=there.text, copy=copy)
    if there.transport != "tcp":
        why = f"one port of {there.text}: the program has to choose it"
        return BindsAt(endpoint=None, copy=copy, why=why)
    chosen = there.model_copy(update={"choice": there.choice or "*"})
    return BindsAt(endpoint=chosen.text, copy=copy)


def reached_at(
    connection: Connection,
    copies: Sequence[Copy],
    key: str | None,
    *,
    leave_out: int | None,
    by_name: bool = False,
    ipv6: bool = False,
    comes_and_goes: bool = False,
    peer: Peer | None = None,
) -> Iterator[ConnectsTo]:
    """Where to connect: to each copy of the server but `leave_out`, or on the same host; to none
    that `comes_and_goes`, whose addresses no plan knows; of a `peer` on the internet to each single
    address.

    `by_name`: as DNS calls them, where it does. It answers hosts of the VPC alone. `ipv6`: whether
    who connects has that.
    """
    server = connection.server_socket
    to = server.reference
    if not connection.leaves_host:
        yield _one_of(to, _on_host(connection), None, key)
    elif comes_and_goes:
        somewhere = _at(connection.endpoints[0].from_outside, "NAME").text
        why = (
            f"{to} is where copies come and go, at no address that a plan knows: connect to "
            f"{somewhere}, by the name under which whoever runs them registers each (Cloud Map)"
        )
        yield ConnectsTo(to=to, endpoint=None, server_key=key, why=why)
    elif copies:
        for each in copies:
            if each.number != leave_out:
                there = [
                    _at(
                        endpoint.of_copy(each.number).from_outside,
                        # Over a name that nobody answers at once norm ends the program.
                        each.called_at(server.reached_at(endpoint))
                        if by_name and not endpoint.to_one_by_norm
                        else each.address_at(server.reached_at(endpoint)),
                    )
                    for endpoint in connection.endpoints
                ]
                over_ipv6 = _over_ipv6(connection, each) if ipv6 else []
                known = [each for each in over_ipv6 if not stands_in(ip_address(each.address))]
                found = _one_of(to, _by(connection, [*there, *known]), each.number, key)
                if known != over_ipv6 and found.endpoint is not None:
                    found = replace(found, later=True, why=f"at an address of IPv6 too: {LATER}")
                yield found
    elif peer is not None:
        yield from _abroad(connection, peer, key, (4, 6) if ipv6 else (4,))
    else:
        alone = connection.server_socket.at
        at_one = alone is not None and alone.num_addresses == 1
        named = [
            _at(each.from_outside, alone.network_address) if alone and at_one else each.from_outside
            for each in connection.endpoints
            if at_one or (alone is None and each.literal is not None)
        ]
        if named:
            yield _one_of(to, _by(connection, named), None, key)
        else:
            why = f"{to} {_nameless(connection.endpoints[0], alone)}"
            yield ConnectsTo(to=to, endpoint=None, server_key=key, why=why)


def through(connection: Connection, doors: Sequence[str], key: str | None) -> ConnectsTo:
    """Where to connect that is behind a load balancer: to any of its `doors`, names or addresses,
    and to one alone, for each connection is that of one copy behind it."""
    to = connection.server_socket.reference
    there = [_at(each.from_outside, door) for door in doors for each in connection.endpoints]
    return _one_of(to, _by(connection, there), None, key)


def _abroad(
    connection: Connection, peer: Peer, key: str | None, versions: Collection[int]
) -> Iterator[ConnectsTo]:
    """At each host of a peer that has an address of its own, or the one at which it binds."""
    to = connection.server_socket.reference
    bound = [each for each in connection.endpoints if each.literal is not None]
    several = [each for each in peer.cidrs if each.version in versions]
    alone = () if bound else [each.network_address for each in several if each.num_addresses == 1]
    if bound:
        there = [each.from_outside for each in bound]
        yield _one_of(to, _by(connection, there), None, key)
    for address in alone:
        there = [_at(each.from_outside, address) for each in connection.endpoints]
        yield _one_of(to, _by(connection, there), None, key)
    rest = ", ".join(str(each) for each in several if each.num_addresses > 1)
    if rest and not bound:
        why = f"{to} binds {connection.endpoints[0].text} at a host in {rest}: which, {peer.name} "
        yield ConnectsTo(to=to, endpoint=None, server_key=key, why=f"{why}says")


def _over_ipv6(connection: Connection, copy: Copy) -> list[ZmqEndpoint]:
    server = connection.server_socket
    return [
        _at(endpoint.of_copy(copy.number).from_outside, address)
        for endpoint in connection.endpoints
        if (address := ipv6_of(endpoint, server.reached_at(endpoint), copy))
    ]


def _by(connection: Connection, endpoints: Sequence[ZmqEndpoint]) -> list[ZmqEndpoint]:
    """From the interface by which it connects, where its host has several: libzmq binds that
    first (src/tcp_connecter.cpp). Over other transports than tcp it cannot."""
    client = connection.client_socket
    source = f"{client.interface}:0" if len(client.interfaces) > 1 else ""
    return [
        each.model_copy(update={"source": source}) if each.transport == "tcp" else each
        for each in endpoints
    ]


def _one_of(
    to: str, endpoints: Sequence[ZmqEndpoint], copy: int | None, key: str | None
) -> ConnectsTo:
    """Of several endpoints of a socket one is enough; of a range nobody knows which it took, nor
    of a port that libzmq chose."""
    known = [each.text for each in endpoints if not (_ranges(each) or each.open_port)]
    if known:
        first, *more = known
        return ConnectsTo(to=to, endpoint=first, copy=copy, also=tuple(more), server_key=key)
    why = (
        f"{to} waits at {endpoints[0].text}, at one port of these: the program that binds has to "
        "say which, as by its connection file"
    )
    return ConnectsTo(to=to, endpoint=None, copy=copy, server_key=key, why=why)


def _ranges(endpoint: ZmqEndpoint) -> bool:
    return endpoint.ports is not None and endpoint.ports[0] != endpoint.ports[1]


def _at(endpoint: ZmqEndpoint, address: IPAddress | str) -> ZmqEndpoint:
    """Without a node: of norm that is who binds."""
    return endpoint.model_copy(update={"address": str(address), "node": ""})


def _nameless(endpoint: ZmqEndpoint, alone: IPv4Network | None) -> str:
    if alone is not None:
        return (
            f"binds {endpoint.text} in {alone} of a site, and no plan knows the address of that "
            "host: where it is one alone, name it under hosts: by its address"
        )
    return (
        f"binds {endpoint.text} at a site, and no plan knows the address of that host: name it "
        f'with host:, or as in "{endpoint.transport}://192.168.10.7:{endpoint.at}"'
    )


def _on_host(connection: Connection) -> list[ZmqEndpoint]:
    """Endpoints of a server on the same host: a name of the loopback is only for who binds."""
    return [
        _as_peer(each)
        for each in connection.server_socket.bind
        if each.transport == connection.transport and not each.on_network
    ]


def _as_peer(bound: ZmqEndpoint) -> ZmqEndpoint:
    """Who binds may say any address, or several instances; who connects says one of them."""
    if bound.loopback and bound.literal is None:
        return _at(bound, _LOOPBACK)
    if bound.transport in ("vmci", "vsock") and bound.address == "*":
        return _at(bound, "@")
    if bound.transport == "tipc" and bound.address.count(",") > 1:
        return _at(bound, f"{bound.address.rpartition(',')[0]}}}")
    return bound
