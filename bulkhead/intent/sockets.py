"""ZeroMQ socket types and who may talk to whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted


class SocketType(StrEnum):
    """The stable types of libzmq, and TCP: a program that is not ZeroMQ."""

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
    TCP = "TCP"

    @property
    def speaks_zmtp(self) -> bool:
        """STREAM is raw TCP without ZMTP (zmq_socket(3)); TCP is not ZeroMQ at all."""
        return self not in (SocketType.STREAM, SocketType.TCP)


_T = SocketType

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
    _T.TCP: (_T.TCP, _T.STREAM),
}

# include/zmq_draft.h: off in a normal build of libzmq.
_DRAFTS: Final = frozenset(
    {"SERVER", "CLIENT", "RADIO", "DISH", "SCATTER", "GATHER", "DGRAM", "PEER", "CHANNEL"}
)


def legal_peers(kind: SocketType) -> tuple[SocketType, ...]:
    """The types that libzmq lets `kind` talk to, whichever of the two binds."""
    return _LEGAL_PEERS[kind]


def may_talk(one: SocketType, other: SocketType) -> bool:
    """Whether the two accept each other; it never depends on who binds."""
    return other in _LEGAL_PEERS[one]


def parse_socket_type(value: object) -> SocketType:
    """The type named `value`. Raises Wrong."""
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is not a socket type", f"write {alternatives(SocketType)}")
    if value in SocketType.__members__:
        return SocketType(value)
    upper = value.upper()
    if upper in SocketType.__members__:
        raise Wrong(f"{quoted(value)} is not written as ZeroMQ writes it", f"write {upper}")
    if upper in _DRAFTS:
        raise Wrong(
            f"{upper} is a draft socket type, which is not supported yet",
            f"supported are {alternatives(SocketType)}",
        )
    raise Wrong(f"{quoted(value)} is not a socket type", nearest(upper, SocketType))
