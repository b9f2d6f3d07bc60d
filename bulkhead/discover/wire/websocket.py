"""ZeroMQ over WebSocket: the upgrade that asks for ZWS2.0, and what a handshake shows behind it.

Sources: rfc.zeromq.org/spec/45, RFC 6455.
"""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.wire.zmtp import Shown, WireSide
from bulkhead.discover.wire.zmtp.commands import Metadata, metadata_of, name_of

_MOST_HEAD: Final = 16 * 1024
_PROTOCOL: Final = re.compile(rb"(?im)^sec-websocket-protocol:[ \t]*(.*?)[ \t]*$")
_ZWS: Final = re.compile(r"ZWS2\.0(?:/(\w+))?", re.ASCII)
_MORE, _COMMAND = 1, 2
_DATA: Final = (0, 2)
"""Opcodes of a frame that goes on and of a binary one."""
_KEPT: Final = 1_024


class Upgrade:
    """Both sides of an HTTP/1.1 connection that may turn into one of ZeroMQ."""

    def __init__(self) -> None:
        self._heads = {each: bytearray() for each in WireSide}
        self._readers: dict[WireSide, _Messages] = {}
        self._sizes = dict.fromkeys(WireSide, 0)
        self._trouble: dict[WireSide, str] = {}
        self._asking: WireSide | None = None
        self._mechanism: str | None = None

    @property
    def client(self) -> WireSide | None:
        """The side that asked for it, None while nobody did."""
        return self._asking

    @property
    def upgraded(self) -> bool:
        """Whether the server agreed to speak ZeroMQ."""
        return self._mechanism is not None

    @property
    def hopeless(self) -> bool:
        """Whether nothing that may still come makes it one."""
        if self.upgraded:
            return False
        heads = self._heads.values()
        return any(len(each) > _MOST_HEAD for each in heads) or any(
            self._hopeless(bytes(each)) for each in heads
        )

    def feed(self, side: WireSide, data: bytes) -> None:
        self._sizes[side] += len(data)
        if self.upgraded:
            self._readers[side].feed(data)
            return
        self._heads[side] += data
        self._look()

    def lose(self, side: WireSide, count: int) -> None:
        """That many bytes of a side are not there."""
        self._sizes[side] += count
        if self.upgraded:
            self._readers[side].lose(count)

    def shown(self, side: WireSide) -> Shown:
        reader = self._readers[side]
        return Shown(
            greeted=True,
            version="ZWS2.0",
            mechanism=self._mechanism,
            socket_type=reader.metadata.socket_type,
            identity=reader.metadata.identity,
            properties=reader.metadata.names,
            commands=tuple(reader.commands.items()),
            messages=reader.messages,
            size=self._sizes[side],
            trouble=reader.trouble,
        )

    @staticmethod
    def _hopeless(head: bytes) -> bool:
        """HTTP of the kind that matters begins so, and says in its head what it asks for."""
        if not head:
            return False
        start = head[:4]
        if not (b"GET "[: len(start)] == start or b"HTTP"[: len(start)] == start):
            return True
        return b"\r\n\r\n" in head and not _offered(head)

    def _look(self) -> None:
        for side, head in self._heads.items():
            if head.startswith(b"GET ") and b"\r\n\r\n" in head and _offered(bytes(head)):
                self._asking = side
        if self._asking is None:
            return
        answer = bytes(self._heads[self._asking.other])
        if not answer.startswith(b"HTTP/1.1 101") or b"\r\n\r\n" not in answer:
            return
        chosen = _offered(answer)
        if not chosen:
            return
        self._mechanism = chosen[0]
        for side, head in self._heads.items():
            self._readers[side] = _Messages(self._mechanism in ("NULL", "PLAIN"))
            self._readers[side].feed(bytes(head).partition(b"\r\n\r\n")[2])
            head.clear()


def _offered(head: bytes) -> list[str]:
    """The mechanisms that a head asks for or grants; ZWS2.0 alone is NULL."""
    said = b",".join(_PROTOCOL.findall(head.partition(b"\r\n\r\n")[0] + b"\r\n"))
    words = (each.strip() for each in said.decode("latin-1").split(","))
    return [found[1] or "NULL" for each in words if (found := _ZWS.fullmatch(each))]


class _Messages:
    """The WebSocket frames of one side, and the frames of ZeroMQ that they hold."""

    def __init__(self, readable: bool) -> None:
        self.metadata = Metadata()
        self.commands: dict[str, int] = {}
        self.messages = 0
        self.trouble: str | None = None
        self._readable = readable
        self._buffer = bytearray()
        self._left = 0
        self._frame: tuple[int, bytes] | None = None  # opcode, mask
        self._head = bytearray()

    def lose(self, count: int) -> None:
        if self._frame is None or self._buffer or count > self._left:
            self.trouble = self.trouble or f"{count} bytes that are not in the capture"
        self._left -= count

    def feed(self, data: bytes) -> None:
        if self.trouble:
            return
        self._buffer += data
        while self._frame is not None or self._begin():
            took = min(self._left, len(self._buffer))
            self._head += self._buffer[: min(took, _KEPT - len(self._head))]
            del self._buffer[:took]
            self._left -= took
            if self._left:
                return
            self._end()

    def _begin(self) -> bool:
        """Whether the head of a frame is there."""
        here = self._buffer
        if len(here) < 2:
            return False
        masked, size, at = here[1] & 0x80, here[1] & 0x7F, 2
        if size > 125:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(here[2 : 2 + width], "big"), 2 + width
        if len(here) < at + (4 if masked else 0):
            return False
        mask = bytes(here[at : at + 4]) if masked else b""
        self._frame, self._left = (here[0] & 15, mask), size
        self._head.clear()
        del here[: at + len(mask)]
        return True

    def _end(self) -> None:
        opcode, mask = self._frame or (0, b"")
        self._frame = None
        head = bytes(self._head)
        if mask:
            head = bytes(each ^ mask[at % 4] for at, each in enumerate(head))
        if opcode not in _DATA or not head:
            return
        if not head[0] & _COMMAND:
            self.messages += not head[0] & _MORE
            return
        name = name_of(head[1:]) or "another"
        self.commands[name] = self.commands.get(name, 0) + 1
        if name in ("READY", "INITIATE") and self._readable:
            self.metadata = metadata_of(head[1:])
