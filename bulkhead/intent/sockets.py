"""ZeroMQ socket types and who may talk to whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bulkhead.intent.values import parse_word


class SocketType(StrEnum):
    """The types of libzmq, stable and draft, and TCP: a program that is not ZeroMQ."""

    REQ = "REQ"
    REP = "REP"
    DEALER = "DEALER"
    ROUTER = "ROUTER"
    PUB = "PUB"
    SUB = "SUB"
    XPUB = "XPUB"
    XSUB = "XSUB"
    PUSH = "PUSH"
    PULL = "PULL"
    PAIR = "PAIR"
    STREAM = "STREAM"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    RADIO = "RADIO"
    DISH = "DISH"
    SCATTER = "SCATTER"
    GATHER = "GATHER"
    DGRAM = "DGRAM"
    PEER = "PEER"
    CHANNEL = "CHANNEL"
    TCP = "TCP"

    @property
    def speaks_zmtp(self) -> bool:
        """STREAM is raw TCP and DGRAM raw UDP, both without ZMTP (zmq_socket(3)); TCP is not
        ZeroMQ at all."""
        return self not in (SocketType.STREAM, SocketType.DGRAM, SocketType.TCP)

    @property
    def has_one_peer(self) -> bool:
        """Whoever comes second is turned away in silence (src/pair.cpp, src/channel.cpp)."""
        return self in (SocketType.PAIR, SocketType.CHANNEL)

    @property
    def transports(self) -> frozenset[str]:
        """Over which it can bind (src/socket_base.cpp, check_protocol and bind_internal)."""
        if self in (SocketType.STREAM, SocketType.TCP):
            return frozenset({"tcp"})
        if self is SocketType.DGRAM:
            return frozenset({"udp"})
        found = _BY_CONNECTION
        if self is SocketType.DISH:
            found |= {"udp"}
        if self in (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB):
            found |= _MULTICAST
        return found

    @property
    def draft(self) -> bool:
        """Off in a normal build of libzmq (include/zmq.h, "DRAFT Socket types")."""
        return self in _DRAFTS


_T = SocketType

_BY_CONNECTION: Final = frozenset({"tcp", "ws", "wss", "ipc", "inproc", "tipc", "vmci", "vsock"})
_MULTICAST: Final = frozenset({"pgm", "epgm", "norm"})

# libzmq src/mechanism.cpp, check_socket_type. Each side checks the other's
# READY command; a pair that is not here disconnects and reconnects for ever,
# and no call of the API ever reports it.
_LEGAL_PEERS: Final[dict[SocketType, tuple[SocketType, ...]]] = {
    _T.REQ: (_T.REP, _T.ROUTER),
    _T.REP: (_T.REQ, _T.DEALER),
    _T.DEALER: (_T.REP, _T.DEALER, _T.ROUTER),
    _T.ROUTER: (_T.REQ, _T.DEALER, _T.ROUTER),
    _T.PUB: (_T.SUB, _T.XSUB),
    _T.SUB: (_T.PUB, _T.XPUB),
    _T.XPUB: (_T.SUB, _T.XSUB),
    _T.XSUB: (_T.PUB, _T.XPUB),
    _T.PUSH: (_T.PULL,),
    _T.PULL: (_T.PUSH,),
    _T.PAIR: (_T.PAIR,),
    _T.STREAM: (_T.STREAM, _T.TCP),
    _T.SERVER: (_T.CLIENT,),
    _T.CLIENT: (_T.SERVER,),
    _T.RADIO: (_T.DISH,),
    _T.DISH: (_T.RADIO,),
    # zmq_socket(3) says SCATTER with SCATTER; the source does not.
    _T.SCATTER: (_T.GATHER,),
    _T.GATHER: (_T.SCATTER,),
    _T.DGRAM: (_T.DGRAM,),
    _T.PEER: (_T.PEER,),
    _T.CHANNEL: (_T.CHANNEL,),
    _T.TCP: (_T.TCP, _T.STREAM),
}

_DRAFTS: Final = frozenset(
    {
        *(_T.SERVER, _T.CLIENT, _T.RADIO, _T.DISH, _T.SCATTER),
        *(_T.GATHER, _T.DGRAM, _T.PEER, _T.CHANNEL),
    }
)


def legal_peers(kind: SocketType) -> tuple[SocketType, ...]:
    """The types that libzmq lets `kind` talk to, whichever of the two binds."""
    return _LEGAL_PEERS[kind]


def may_talk(one: SocketType, other: SocketType) -> bool:
    """Whether the two accept each other; it never depends on who binds."""
    return other in _LEGAL_PEERS[one]


def parse_socket_type(value: object) -> SocketType:
    """The type named `value`. Raises Wrong."""
    return parse_word(SocketType, value, "a socket type")
