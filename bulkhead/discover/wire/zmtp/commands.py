"""What the commands of a handshake show of who sends them. No value but a type's is kept.

PLAIN sends a name and a password in the clear, metadata may hold anything: neither leaves here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_STABLE: Final = b"REQ REP DEALER ROUTER PUB XPUB SUB XSUB PUSH PULL PAIR"
_DRAFT: Final = b"SERVER CLIENT RADIO DISH SCATTER GATHER DGRAM PEER CHANNEL"
SOCKET_TYPES: Final = frozenset((_STABLE + b" " + _DRAFT).split())
"""Of libzmq, its draft ones included (src/mechanism.cpp)."""

_NAMES: Final = frozenset(
    b"READY ERROR HELLO WELCOME INITIATE MESSAGE SUBSCRIBE CANCEL PING PONG JOIN LEAVE".split()
)
_LONGEST_REASON: Final = 64


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of a READY or an INITIATE that anybody can read.

    `identity` is the length of the routing id in bytes, None where none was sent; `names` are
    those of all properties.
    """

    socket_type: str | None = None
    identity: int | None = None
    names: tuple[str, ...] = ()


def name_of(body: bytes) -> str | None:
    """'READY'; None where no command that there is stands there."""
    if not body:
        return None
    name = body[1 : 1 + body[0]]
    return name.decode("ascii") if name in _NAMES else None


def metadata_of(body: bytes) -> Metadata:
    """The properties behind the name of a command, as far as they are well-formed."""
    at = 1 + body[0]
    socket_type, identity = None, None
    names: list[str] = []
    while at < len(body):
        name = body[at + 1 : at + 1 + body[at]]
        at += 1 + body[at]
        size = int.from_bytes(body[at : at + 4], "big")
        value = body[at + 4 : at + 4 + size]
        if at + 4 + size > len(body) or not name.isascii():
            break
        at += 4 + size
        text = name.decode("ascii")
        names.append(text)
        # Names of properties are the same in upper and lower case (rfc.zeromq.org/spec/23).
        if text.lower() == "socket-type" and value in SOCKET_TYPES:
            socket_type = value.decode("ascii")
        elif text.lower() == "identity":
            identity = size
    return Metadata(socket_type, identity, tuple(names))


def reason_of(body: bytes) -> str:
    """Why an ERROR came: '400', '' of none."""
    at = 1 + body[0]
    reason = body[at + 1 : at + 1 + body[at]] if at < len(body) else b""
    return reason[:_LONGEST_REASON].decode("latin-1")
