"""What a listener says to a greeting, and to no more than a greeting.

A peer that is sent READY takes whoever sent it for one of its own: a PUSH or a DEALER gives it the
next message, which is then lost. So the 64 bytes of a greeting are the most that is ever sent, and
those after the first eleven only to who has said NULL, which answers with its READY.

Sources: rfc.zeromq.org/spec/37; zmtp_engine.cpp of libzmq, which writes the rest of its greeting
before that of the other side is there.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bulkhead.discover.wire.zmtp import Conversation, Recognised, Shown, WireSide, recognise
from bulkhead.problems import InputError, Problem

GREETING: Final = (
    b"\xff" + bytes(7) + b"\x01\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(1) + bytes(31)
)
"""All that is ever sent: 64 bytes, of ZMTP 3.0 and the mechanism NULL."""
_FIRST: Final = 11
"""Bytes of it that make a listener of 3.x send the rest of its own, and start no handshake."""

SECONDS: Final = 2.0
"""In which a target has to take a connection, and to say what it says."""
_TALK: Final = 0.5
"""Seconds that a connection is held open at most, and four round trips: a peer older than libzmq
4.3.3 lets others wait meanwhile (CVE-2020-15166)."""
_LISTEN: Final = 0.3
"""Seconds in which a listener speaks first, if it does."""
_MOST: Final = 4_096
_SHOWN: Final = 32
_NAMED: Final = re.compile(r"\[([^\]]+)\]:(\d{1,5})|([^:\[\]]+):(\d{1,5})", re.ASCII)
_REMEDY: Final = "write HOST:PORT, of IPv6 [ADDRESS]:PORT; each target is named, never a range"


class Answered(StrEnum):
    """What became of a probe. Those that failed say nothing of what is there."""

    ZMTP = "zmtp"
    HTTP = "http"
    TLS = "tls"
    OTHER = "another protocol"
    SILENT = "took the connection and said nothing"
    CLOSED = "took the connection and closed it without a word"
    REFUSED = "refused"
    NO_ANSWER = "no answer in time"
    UNREACHABLE = "unreachable"
    NO_ADDRESS = "the name has no address"


_FAILED: Final = frozenset(
    {Answered.REFUSED, Answered.NO_ANSWER, Answered.UNREACHABLE, Answered.NO_ADDRESS}
)


@dataclass(frozen=True, slots=True, order=True)
class ProbeTarget:
    """One host and one port, as somebody named them."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswer:
    """What a target said. `address` is the one that answered, None where none did.

    `shown` is what a peer of ZeroMQ showed, None of all else. `sent` are the bytes that it got;
    `said` the beginning of what it said that is no ZMTP, in readable characters.
    """

    target: ProbeTarget
    answered: Answered
    address: str | None = None
    shown: Shown | None = None
    sent: int = 0
    said: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether nothing is known of what is there: a firewall between looks the same."""
        return self.answered in _FAILED

    @property
    def decided(self) -> bool:
        """Whether it is known what the target speaks.

        STREAM, ws and older peers wait until somebody else speaks, so silence decides nothing.
        """
        return not self.failed and self.answered not in (Answered.SILENT, Answered.CLOSED)


def targets(words: Iterable[str]) -> tuple[ProbeTarget, ...]:
    """What people wrote. Raises InputError with all that is no HOST:PORT."""
    problems: list[Problem] = []
    found: dict[ProbeTarget, None] = {}
    for word in words:
        written = word.removeprefix("tcp://")  # an endpoint of a connect will do
        match = _NAMED.fullmatch(written)
        host = (match[1] or match[3] or "") if match else ""
        port = int((match[2] or match[4]) if match and host else 0)
        if "/" in written:
            problems.append(Problem(f"--probe {word}", 0, "is a network, not a host", _REMEDY))
        elif not host or not 0 < port < 65_536 or "*" in host:
            problems.append(Problem(f"--probe {word}", 0, "is no host and port", _REMEDY))
        else:
            found[ProbeTarget(host, port)] = None
    if problems:
        raise InputError(problems)
    return tuple(found)


def probe(target: ProbeTarget, *, seconds: float = SECONDS) -> ProbeAnswer:
    """Greet one target. Of a name with several addresses the first that takes a connection."""
    begun = time.monotonic()
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ProbeAnswer(target=target, answered=Answered.NO_ADDRESS)
    answer = ProbeAnswer(target=target, answered=Answered.NO_ADDRESS)
    for family, kind, protocol, _, address in dict.fromkeys(found):
        left = seconds - (time.monotonic() - begun)
        if left <= 0:
            break
        with socket.socket(family, kind, protocol) as connection:
            answer = _greet(target, connection, address, left)
        if not answer.failed:
            break
    return answer


def _greet(
    target: ProbeTarget, connection: socket.socket, address: tuple[Any, ...], seconds: float
) -> ProbeAnswer:
    begun = time.monotonic()
    connection.settimeout(seconds)
    try:
        connection.connect(address)
    except ConnectionRefusedError:
        return ProbeAnswer(target=target, answered=Answered.REFUSED)
    except TimeoutError:
        return ProbeAnswer(target=target, answered=Answered.NO_ANSWER)
    except OSError:
        return ProbeAnswer(target=target, answered=Answered.UNREACHABLE)
    trip = time.monotonic() - begun
    talk = _Talk(connection, min(seconds - trip, _TALK + 4 * trip), _LISTEN + trip)
    talk.run()
    answered, shown = talk.answered
    said = talk.heard[:_SHOWN].decode("latin-1") if answered is Answered.OTHER else ""
    return ProbeAnswer(
        target=target,
        answered=answered,
        address=str(address[0]),
        shown=shown,
        sent=talk.sent,
        said="".join(each if each.isprintable() else "." for each in said),
        seconds=time.monotonic() - begun,
    )


class _Talk:
    """One connection: what is sent, what is heard, until one deadline for all of it."""

    def __init__(self, connection: socket.socket, seconds: float, listen: float) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + seconds
        self._listen = listen
        self.heard = bytearray()
        self.sent = 0
        self.closed = False

    def run(self) -> None:
        self._hear(10, self._listen)
        if self.heard and recognise(bytes(self.heard)) is Recognised.NOT:
            return
        self._send(GREETING[:_FIRST])
        self._hear(64)
        if recognise(bytes(self.heard[:64])) is Recognised.ZMTP and self._says_null:
            self._send(GREETING[_FIRST:])
            self._hear(64 + 2)
            self._hear(64 + self._first_frame)

    @property
    def _says_null(self) -> bool:
        return len(self.heard) >= 64 and self.heard[12:32].rstrip(b"\0") == b"NULL"

    @property
    def _first_frame(self) -> int:
        """Bytes of the frame behind the greeting, once its head is there."""
        if len(self.heard) < 64 + 2:
            return 0
        if not self.heard[64] & 2:
            return 2 + self.heard[65]
        return 9 + int.from_bytes(self.heard[65:73], "big") if len(self.heard) >= 73 else 9

    def _send(self, data: bytes) -> None:
        try:
            self._connection.settimeout(max(0.001, self._deadline - time.monotonic()))
            self._connection.sendall(data)
            self.sent += len(data)
        except OSError:
            self.closed = True

    def _hear(self, count: int, seconds: float | None = None) -> None:
        """Until so many bytes are there, or the time is over, or the other side is gone."""
        deadline = self._deadline
        if seconds is not None:
            deadline = min(deadline, time.monotonic() + seconds)
        while len(self.heard) < min(count, _MOST) and not self.closed:
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self._connection.settimeout(left)
            try:
                data = self._connection.recv(_MOST)
            except TimeoutError:
                return
            except OSError:
                data = b""
            self.heard += data
            self.closed = not data

    @property
    def answered(self) -> tuple[Answered, Shown | None]:
        heard = bytes(self.heard)
        if not heard:
            return (Answered.CLOSED if self.closed else Answered.SILENT), None
        found = recognise(heard[:64])
        if found is Recognised.ZMTP or heard[:2] == b"\x01\x00":
            talk = Conversation()
            talk.feed(WireSide.CLIENT, GREETING[: max(self.sent, _FIRST)])
            talk.feed(WireSide.SERVER, heard)
            talk.finish()
            return Answered.ZMTP, talk.shown(WireSide.SERVER)
        if heard.startswith(b"HTTP/"):
            return Answered.HTTP, None
        if heard[:2] in (b"\x15\x03", b"\x16\x03"):
            return Answered.TLS, None
        return Answered.OTHER, None
