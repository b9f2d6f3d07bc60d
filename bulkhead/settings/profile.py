"""Which options a socket is given, so that a silent connection is noticed before it is forgotten.

A firewall that forgot a connection drops what comes over it, and tells nobody: a SUB waits for
ever. So each end speaks well before that. The invariant, which a test holds for every time-out:
heartbeat and keepalive come at less than half of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.intent import Socket, SocketType
from bulkhead.settings.silence import Silence

SHORTEST: Final = 3
"""Seconds. AWS's least is 60 (API_ConnectionTrackingSpecificationRequest)."""
LARGEST_MESSAGE: Final = 64 << 20
"""Bytes, where a socket does not say: libzmq's default is no limit, for whoever reaches it."""
BACKLOG: Final = 100
"""libzmq's default (src/options.cpp)."""

_HEARTBEAT: Final = 10_000
_KEEPALIVE: Final = 60
_BACK_OFF: Final = 10_000
_WAITS: Final = (SocketType.PUSH, SocketType.DEALER, SocketType.REQ)
"""Types that queue for a peer that is not there yet, and say nothing."""

SocketOptions = Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketProfile:
    """SocketOptions by their names (zmq_setsockopt(3) without ZMQ_; of plain TCP those of tcp(7)).

    `silence` is what they are derived from; None where nothing of it leaves its host.
    """

    silence: Silence | None
    options: SocketOptions


def heartbeat(idle: int) -> int:
    """Milliseconds between heartbeats, in whole tenths of a second, as ZMTP counts their life."""
    _expect_possible(idle)
    return min(_HEARTBEAT, idle * 1000 // 3 // 100 * 100)


def keepalive(idle: int) -> int:
    """Seconds of silence after which TCP asks whether the peer is there."""
    _expect_possible(idle)
    return min(_KEEPALIVE, idle // 3)


def _expect_possible(idle: int) -> None:
    if idle < SHORTEST:
        raise ValueError(f"{idle} s is too short to be kept from: at least {SHORTEST}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRole:
    """What a socket does in the flows that it is a part of.

    `binds`, `connects`: over the network. `clients`: how many connections may come at once.
    `domain`: the ZAP domain under which it asks as a server, '' where it asks nobody. `ipv6`:
    whether an endpoint of it is IPv6.
    """

    binds: bool
    connects: bool
    clients: int = 0
    domain: str = ""
    ipv6: bool = False


def profile(socket: Socket, part: SocketRole, silence: Silence | None) -> SocketProfile:
    """The options of a socket; none of ZeroMQ for one that is not ZeroMQ."""
    if socket.type is SocketType.TCP:
        return SocketProfile(silence=silence, options=dict(_of_tcp(silence)))
    return SocketProfile(silence=silence, options=dict(_of_zeromq(socket, part, silence)))


def _of_tcp(silence: Silence | None) -> Iterator[tuple[str, int]]:
    if silence is not None:
        after = keepalive(silence.seconds)
        yield "SO_KEEPALIVE", 1
        yield "TCP_KEEPIDLE", after
        yield "TCP_KEEPINTVL", min(15, after)
        yield "TCP_KEEPCNT", 3
        yield "TCP_USER_TIMEOUT", 30_000


def _of_zeromq(
    socket: Socket, part: SocketRole, silence: Silence | None
) -> Iterator[tuple[str, int | str]]:
    yield "LINGER", 1000
    if socket.type.speaks_zmtp:
        yield "MAXMSGSIZE", socket.largest_message or LARGEST_MESSAGE
    if socket.type is SocketType.ROUTER:
        yield "ROUTER_MANDATORY", 1
    if part.domain:
        yield "ZAP_DOMAIN", part.domain
        yield "ZAP_ENFORCE_DOMAIN", 1
    if part.ipv6 or silence is not None:
        yield "IPV6", int(part.ipv6)
    if silence is None:
        return
    yield from _kept_alive(silence.seconds, zmtp=socket.type.speaks_zmtp)
    if part.binds:
        yield "BACKLOG", max(BACKLOG, part.clients)
    if part.connects:
        yield "CONNECT_TIMEOUT", 3000
        yield "RECONNECT_IVL", 500
        yield "RECONNECT_IVL_MAX", _BACK_OFF
        if socket.type in _WAITS:
            yield "IMMEDIATE", 1
            yield "SNDTIMEO", _BACK_OFF


def _kept_alive(idle: int, *, zmtp: bool) -> Iterator[tuple[str, int]]:
    if zmtp:  # the command PING is ZMTP's (RFC 37), which STREAM does not speak
        beat = heartbeat(idle)
        yield "HEARTBEAT_IVL", beat
        yield "HEARTBEAT_TIMEOUT", 3 * beat
        yield "HEARTBEAT_TTL", 3 * beat
        yield "HANDSHAKE_IVL", 5000
    after = keepalive(idle)
    yield "TCP_KEEPALIVE", 1
    yield "TCP_KEEPALIVE_IDLE", after
    yield "TCP_KEEPALIVE_INTVL", min(15, after)
    yield "TCP_KEEPALIVE_CNT", 3
    yield "TCP_MAXRT", 30_000
