"""One side of a ZMTP conversation: its greeting, then its frames, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.wire.zmtp.commands import Metadata, metadata_of, name_of, reason_of
from bulkhead.discover.wire.zmtp.frames import FrameReader, NoFrameError, ZmtpFrame
from bulkhead.discover.wire.zmtp.greeting import (
    GREETING_2,
    GREETING_3,
    SIGNATURE,
    Greeting,
    Recognised,
    read_greeting,
    recognise,
)

_READABLE: Final = frozenset({"NULL", "PLAIN"})
"""Mechanisms whose metadata crosses in the clear."""
_SUBSCRIBERS: Final = frozenset({"SUB", "XSUB"})
_CURVE_MESSAGE: Final = b"\x07MESSAGE"
_MOST_NAMES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one side showed. None, '' or () where it did not.

    `greeted`: it began as a peer does: with a signature, or with the identity of ZMTP 1.0.
    `commands` are the names of those it sent with how often, in the order in which they came.
    `messages` are whole ones (of several frames one), without subscriptions; `sealed` frames of
    CURVE, of which nobody sees where a message ends. `at_least` where some of the bytes are not
    there or make no sense, which `trouble` says. `identity` is the
    length of the routing id in bytes. `properties` are names of metadata, never their values.
    """

    greeted: bool = False
    version: str | None = None
    mechanism: str | None = None
    as_server: bool | None = None
    socket_type: str | None = None
    identity: int | None = None
    properties: tuple[str, ...] = ()
    commands: tuple[tuple[str, int], ...] = ()
    error: str | None = None
    messages: int = 0
    sealed: int = 0
    subscriptions: int = 0
    size: int = 0
    trouble: str | None = None

    @property
    def at_least(self) -> bool:
        return self.trouble is not None

    def sent(self, command: str) -> bool:
        """Whether a command of that name came."""
        return any(name == command for name, _ in self.commands)


class Speaker:
    """Bytes of one side, in order, in; what it shows of itself.

    `start` is held until it is known which version both speak (`spoken`). `signed`: it began with
    a signature, which 1.0 does not have. `sensible`: all that came is what a peer writes.
    """

    def __init__(self) -> None:
        self.start = bytearray()
        self.size = 0
        self.signed = False
        self.spoken = 0
        self.sensible = True
        self._opening = bytearray()
        self._opened = False
        self._known: Greeting | None = None
        self._reader: FrameReader | None = None
        self._to_skip = 0
        self._trouble: str | None = None
        self._doubt: str | None = None
        self._first = True
        self._metadata = Metadata()
        self._commands: Counter[str] = Counter()
        self._error: str | None = None
        self._messages = 0
        self._sealed = 0
        self._subscriptions = 0

    @property
    def recognised(self) -> Recognised:
        return Recognised.ZMTP if self._reader else recognise(bytes(self.start[:GREETING_3]))

    @property
    def major(self) -> int | None:
        """The version that it offers; None while nobody can tell, or where it is no peer."""
        found = self.recognised
        if found is Recognised.NOT or (self.signed and found is not Recognised.ZMTP):
            return None
        if not self.signed:
            return 1 if len(self.start) > 1 and _unversioned(self.start) else None
        return read_greeting(bytes(self.start[:GREETING_3])).major

    @property
    def begun(self) -> bool:
        """Whether its frames are being read."""
        return self._reader is not None

    @property
    def frames_seen(self) -> int:
        return self._messages + self._sealed + sum(self._commands.values()) + (not self._first)

    def feed(self, data: bytes) -> None:
        self.size += len(data)
        if not self._opened:
            self._opening += data[: GREETING_3 - len(self._opening)]
            self._opened = len(self._opening) == GREETING_3
            self.signed = _signed(self._opening)
        if self._trouble:
            return
        if self._reader is None:
            self.start += data
        else:
            self._read(data)

    def lose(self, count: int) -> None:
        """That many bytes are not there: no matter within a body, the end of reading elsewhere."""
        self.size += count
        self._opened = True
        if not (self._trouble or self._passes_over(count)):
            self._trouble = f"{count} bytes that are not in the capture"

    def _passes_over(self, count: int) -> bool:
        """Whether what comes behind can be read: the end of a greeting, too, may be missing."""
        if self._reader is None:
            here = len(self.start)
            within = here >= GREETING_2 and here + count <= GREETING_3
            self.start += bytes(count if within and self.signed else 0)
            return within and self.signed
        if self._to_skip:
            passes = count <= self._to_skip
            self._to_skip -= count if passes else 0
            return passes
        passes = self._reader.skip(count)
        self._read(b"")  # a message that ends in the gap
        return passes

    def begin(self, major: int) -> None:
        """Both sides speak this version: read the greeting, and what came behind it."""
        self.spoken = major
        self._reader = FrameReader(major)
        greeting = self._greeting
        self._to_skip = greeting.length
        if self.signed and major == 1:
            # The signature was the head of a frame whose body, the routing id, comes now.
            self._to_skip, self._first = SIGNATURE + (greeting.identity or 0), False
        start, self.start = bytes(self.start), bytearray()
        self._read(start)

    def resume(self) -> None:
        """Its greeting was before the capture: frames of 3.x, the first of which begins here."""
        self.spoken, self._first = 3, False
        self._reader = FrameReader(3)

    @property
    def _greeting(self) -> Greeting:
        """As far as it came; once no more of it can come, always the same."""
        if self._known is None:
            found = self._read_greeting()
            if not (self._opened and self._reader):
                return found
            self._known = found
        return self._known

    def _read_greeting(self) -> Greeting:
        if self.signed and self.recognised is Recognised.ZMTP:
            return read_greeting(bytes(self._opening), others_major=self.spoken or None)
        return Greeting(major=1 if self.spoken == 1 else None, length=0)

    def _read(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        try:
            for each in self._reader.feed(data) if self._reader else ():
                self._take(each)
        except NoFrameError as error:
            self.sensible = False
            self._trouble = f"no ZMTP from some byte on ({error})"

    def _take(self, frame: ZmtpFrame) -> None:
        if self.spoken < 3 and self._first:
            self._first = False  # the routing id comes before all messages
            self._metadata = Metadata(identity=frame.size)
        elif frame.command:
            if frame.cut:
                self._doubt = "a command is not whole in the capture"
            self._take_command(frame)
        elif self._subscribes(frame):
            self._subscriptions += 1
        elif frame.head.startswith(_CURVE_MESSAGE) and self._greeting.mechanism != "NULL":
            self._sealed += 1
        elif not frame.more:
            self._messages += 1

    def _skim(self) -> None:
        """From here on nothing is looked for in a message: it is no subscription, and no CURVE."""
        if self._reader and self._socket_type not in (None, *_SUBSCRIBERS):
            self._reader.skims = True

    def _subscribes(self, frame: ZmtpFrame) -> bool:
        return frame.head[:1] in (b"\x00", b"\x01") and self._socket_type in _SUBSCRIBERS

    def _take_command(self, frame: ZmtpFrame) -> None:
        name = name_of(frame.head)
        if name is None:
            if len(self._commands) < _MOST_NAMES:
                self._commands["another"] += 1
            return
        if name == "MESSAGE":
            self._sealed += 1
            return
        self._commands[name] += 1
        if name in ("SUBSCRIBE", "CANCEL"):
            self._subscriptions += 1
        elif name == "ERROR":
            self._error = reason_of(frame.head)
        elif name in ("READY", "INITIATE") and self._greeting.mechanism in _READABLE:
            self._metadata = metadata_of(frame.head)
            self._skim()

    @property
    def _socket_type(self) -> str | None:
        return self._metadata.socket_type or self._greeting.socket_type

    @property
    def _began(self) -> bool:
        signed = self.signed and self.recognised is Recognised.ZMTP
        return signed or (self.begun and self.spoken == 1)

    @property
    def shown(self) -> Shown:
        greeting = self._greeting
        identity = self._metadata.identity
        return Shown(
            greeted=self._began,
            version=greeting.version,
            mechanism=greeting.mechanism,
            as_server=greeting.as_server,
            socket_type=self._socket_type,
            identity=greeting.identity if identity is None else identity,
            properties=self._metadata.names,
            commands=tuple(self._commands.items()),
            error=self._error,
            messages=self._messages + (self._reader.skimmed if self._reader else 0),
            sealed=self._sealed,
            subscriptions=self._subscriptions,
            size=self.size,
            trouble=self._trouble or self._doubt,
        )


def _signed(start: bytes | bytearray) -> bool:
    return len(start) >= SIGNATURE and start[0] == 0xFF and start[9] == 0x7F


def _unversioned(start: bytes | bytearray) -> bool:
    """Whether it is a frame of 1.0, of which a long one begins as a signature does."""
    return start[0] != 0xFF or len(start) >= SIGNATURE
