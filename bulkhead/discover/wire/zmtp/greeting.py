"""What the first bytes of one side of a ZMTP connection say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SIGNATURE: Final = 10
"""Bytes of FF, a padding of eight and 7F."""
GREETING_2: Final = 12
"""The signature, the revision and the number of the socket type (rfc.zeromq.org/spec/15)."""
GREETING_3: Final = 64
"""The signature, two of version, the mechanism, whether it is the server, zeros (/spec/23)."""

SOCKET_TYPES_2: Final = (
    "PAIR",
    "PUB",
    "SUB",
    "REQ",
    "REP",
    "DEALER",
    "ROUTER",
    "PULL",
    "PUSH",
    "XPUB",
    "XSUB",
)
"""By their number in a greeting of ZMTP 2.0; the last two are libzmq's (zmq.h)."""

_MECHANISM: Final = re.compile(rb"([A-Z0-9_.+-]{1,20})\x00*", re.ASCII)


class Recognised(StrEnum):
    """What can be said of bytes from the start of one side."""

    ZMTP = "zmtp"
    PERHAPS = "perhaps"
    """They could go on as a greeting, or are a frame of ZMTP 1.0, which has no greeting."""
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """A greeting as far as it came.

    `major` is 3, 2, or 1; None where the version did not come. `minor` is None before 3.0, as are
    `mechanism` ('NULL', 'PLAIN', 'CURVE', 'GSSAPI' or another) and `as_server`. `socket_type` is
    that of ZMTP 2.0. `length` is how many bytes it takes; `identity` the length of the routing id
    that the padding of libzmq gives away, None where the padding says nothing of it.
    """

    major: int | None = None
    minor: int | None = None
    mechanism: str | None = None
    as_server: bool | None = None
    socket_type: str | None = None
    identity: int | None = None
    length: int = SIGNATURE

    @property
    def version(self) -> str | None:
        """'3.1', '2.0', '1.0'; None where it did not come."""
        return None if self.major is None else f"{self.major}.{self.minor or 0}"


def recognise(data: bytes) -> Recognised:
    """Whether bytes from the start of one side are those of a ZMTP peer.

    A padding of others than libzmq may hold anything: such a signature counts where a version
    and a mechanism follow that there can be.
    """
    if data[:1] != b"\xff":
        return _as_first_frame(data)
    if len(data) < SIGNATURE:
        return Recognised.PERHAPS
    if data[9] != 0x7F:
        return Recognised.PERHAPS if _long_frame(data) else Recognised.NOT
    return Recognised.ZMTP if _usual(data[1:9]) else _by_what_follows(data)


def _usual(padding: bytes) -> bool:
    """Zeros, or the length of a routing id and one more, as libzmq, JeroMQ and NetMQ write it."""
    return int.from_bytes(padding, "big") <= 256


def _by_what_follows(data: bytes) -> Recognised:
    if len(data) <= SIGNATURE:
        return Recognised.PERHAPS
    revision = data[SIGNATURE]
    if revision in (1, 2):
        known = len(data) > SIGNATURE + 1 and data[SIGNATURE + 1] < len(SOCKET_TYPES_2)
        return Recognised.ZMTP if known else _cut(data, GREETING_2)
    if revision < 3:
        return Recognised.NOT
    if len(data) < 32:
        return Recognised.PERHAPS
    return Recognised.ZMTP if _MECHANISM.fullmatch(data[12:32]) else Recognised.NOT


def _cut(data: bytes, whole: int) -> Recognised:
    return Recognised.PERHAPS if len(data) < whole else Recognised.NOT


def _as_first_frame(data: bytes) -> Recognised:
    """ZMTP 1.0 begins with an identity: a length with its flags, no more to come, the bytes."""
    if data[:1] == b"\x00" or (len(data) > 1 and data[1] != 0):
        return Recognised.NOT
    return Recognised.PERHAPS


def _long_frame(data: bytes) -> bool:
    return data[9] == 0 and int.from_bytes(data[1:9], "big") <= 256


def read_greeting(data: bytes, *, others_major: int | None = None) -> Greeting:
    """What a signature and the bytes behind it say, of which only some may have come.

    A peer that learns that the other speaks 2.0 goes on as one that does: `others_major` is the
    version of the other side, None where it is not known.
    """
    identity = _identity(data[1:9])
    if len(data) <= SIGNATURE:
        return Greeting(identity=identity)
    revision = data[SIGNATURE]
    own = 3 if revision >= 3 else 2 if revision else 1
    spoken = min(own, others_major or own)
    if spoken < 3:
        number = data[11] if len(data) >= GREETING_2 else len(SOCKET_TYPES_2)
        return Greeting(
            major=own,
            minor=None,
            socket_type=SOCKET_TYPES_2[number] if number < len(SOCKET_TYPES_2) else None,
            identity=identity,
            length=GREETING_2,
        )
    # Its end shows also where the rest was cut off.
    found = _MECHANISM.fullmatch(data[12:32]) if b"\0" in data[12:32] or len(data) >= 32 else None
    return Greeting(
        major=revision,
        minor=data[11] if len(data) > 11 else None,
        mechanism=found[1].decode("ascii") if found else None,
        as_server=bool(data[32] & 1) if len(data) > 32 else None,
        identity=identity,
        length=GREETING_3,
    )


def _identity(padding: bytes) -> int | None:
    number = int.from_bytes(padding, "big")
    return number - 1 if 0 < number <= 256 else None
