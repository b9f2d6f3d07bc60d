"""One connection of HTTP/2 as a server has it: requests as they arrive, answers as they fit.

RFC 9113, without what no gRPC client needs: priorities are read over, nothing is pushed. The
numbers of sections below are that document's.

A connection is read by one thread. Whoever has an answer sends it; what the other side's windows
have no room for waits, and is sent by the thread that reads of more room.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from threading import Lock
from typing import Final

from hpack import Decoder, Encoder
from hpack.exceptions import HPACKError

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

_DATA, _HEADERS, _PRIORITY, _RST_STREAM, _SETTINGS, _PUSH_PROMISE = range(6)
_PING, _GOAWAY, _WINDOW_UPDATE, _CONTINUATION = range(6, 10)
_END_STREAM, _ACK, _END_HEADERS, _PADDED, _WITH_PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20
_INITIAL_WINDOW_SIZE, _MAX_CONCURRENT_STREAMS, _MAX_HEADER_LIST_SIZE = 4, 3, 6

_INDEXED, _LONG_INDEX = 0x80, 0xFF
"""The first byte of a header that is only an index, and of one whose index has more bytes."""

_FRAME: Final = 16_384
"""Bytes of a frame where nobody asks for more (4.2)."""
_WINDOW: Final = 65_535
"""Bytes on their way where nobody asks for more (6.9.2)."""
_WIDEST: Final = 2**31 - 1
"""Bytes of the widest window (6.9.1): larger than any message, so that no stream's is widened."""
_AGAIN: Final = 2**30
"""Bytes read after which the connection's window is opened again."""
_HEADER_LIST: Final = 65_536
_STREAMS: Final = 100


class Fault(IntEnum):
    """Why a stream or a connection ends, of those that are told here (7)."""

    NONE = 0x0
    PROTOCOL = 0x1
    FLOW_CONTROL = 0x3
    FRAME_SIZE = 0x6
    COMPRESSION = 0x9
    CALM = 0xB


class BrokenError(Exception):
    """The other side does not speak HTTP/2: the connection ends."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


@dataclass
class Request:
    """What has arrived of one request."""

    headers: dict[bytes, bytes]
    parts: list[bytes] = field(default_factory=list)
    size: int = 0


Ask = Callable[["Connection", int, Request], None]
"""Is told of a stream's request; `Connection.answer` answers it, at once or later."""


def encoded(*headers: tuple[str, str]) -> bytes:
    """Headers so that no table remembers them: the same bytes at any time, on any connection."""
    return Encoder().encode([(*each, True) for each in headers], huffman=False)


class Connection:
    """Reads what arrives, and calls `asked` with every request that is whole.

    `largest`: bytes of a request above which `refused` is called in its place.
    """

    def __init__(self, opened: socket.socket, asked: Ask, refused: Ask, *, largest: int) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = opened
        self._arriving = opened.makefile("rb", buffering=4 * _FRAME)
        self._asked, self._refused, self._largest = asked, refused, largest
        self._decoder = Decoder(max_header_list_size=_HEADER_LIST)
        self._known: dict[bytes, dict[bytes, bytes]] = {}
        self._open: dict[int, Request] = {}
        self._latest = 0
        self._unopened = 0
        self._sending = Lock()
        self._window, self._initial = _WINDOW, _WINDOW
        self._windows: dict[int, int] = {}
        """Of every stream that awaits its answer, or the rest of it."""
        self._waiting: dict[int, tuple[memoryview, bytes]] = {}
        """What of an answer found no room, and the headers that end it."""

    def serve(self) -> None:
        """Until either side has enough."""
        with self._socket, self._arriving:
            try:
                if self._arriving.read(len(PREFACE)) == PREFACE:
                    self._greet()
                    while self._read():
                        pass
            except BrokenError as broken:
                self._send(_frame(_GOAWAY, 0, 0, struct.pack(">II", self._latest, broken.fault)))
            except OSError:
                pass  # it went away

    def answer(self, stream: int, head: bytes, body: bytes, tail: bytes) -> None:
        """Headers, what is between them, and the headers that end it; just `tail` where no body.

        Whoever went away in the meantime is told nothing.
        """
        with suppress(OSError), self._sending:
            window = self._windows.get(stream)
            if window is None:
                return  # it was reset
            if not body:
                del self._windows[stream]
                self._socket.sendall(_frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, tail))
            elif len(body) <= min(window, self._window, _FRAME):
                del self._windows[stream]
                self._window -= len(body)
                self._socket.sendall(
                    _frame(_HEADERS, _END_HEADERS, stream, head)
                    + _frame(_DATA, 0, stream, body)
                    + _frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, tail)
                )
            else:
                self._socket.sendall(_frame(_HEADERS, _END_HEADERS, stream, head))
                self._waiting[stream] = memoryview(body), tail
                self._send_waiting()

    def reset(self, stream: int) -> None:
        """Whatever else is sent on this stream, nobody listens."""
        self._open.pop(stream, None)
        self._send(_frame(_RST_STREAM, 0, stream, struct.pack(">I", Fault.NONE)))

    def _greet(self) -> None:
        settings = {
            _INITIAL_WINDOW_SIZE: _WIDEST,
            _MAX_CONCURRENT_STREAMS: _STREAMS,
            _MAX_HEADER_LIST_SIZE: _HEADER_LIST,
        }
        told = b"".join(struct.pack(">HI", *each) for each in settings.items())
        wider = struct.pack(">I", _WIDEST - _WINDOW)
        self._send(_frame(_SETTINGS, 0, 0, told) + _frame(_WINDOW_UPDATE, 0, 0, wider))

    def _read(self) -> bool:
        """One frame read, and done what it says; no where there is none."""
        start = self._arriving.read(9)
        if len(start) < 9:
            return False
        size, kind, flags = int.from_bytes(start[:3], "big"), start[3], start[4]
        stream = int.from_bytes(start[5:], "big") & _WIDEST
        if size > _FRAME:
            raise BrokenError(Fault.FRAME_SIZE)
        body = self._arriving.read(size)
        if len(body) < size:
            return False
        match kind:
            case 0x0:
                self._data(stream, flags, body)
            case 0x1:
                self._headers(stream, flags, body)
            case 0x3:
                self._is_reset(stream)
            case 0x4:
                self._settings(flags, body)
            case 0x6 if not flags & _ACK:
                self._send(_frame(_PING, _ACK, 0, _of_size(body, 8)))
            case 0x8:
                self._widened(stream, _number(body))
            case 0x5 | 0x9:
                raise BrokenError(Fault.PROTOCOL)
        return True

    def _data(self, stream: int, flags: int, body: bytes) -> None:
        self._unopened += len(body)
        if self._unopened >= _AGAIN:
            self._send(_frame(_WINDOW_UPDATE, 0, 0, struct.pack(">I", self._unopened)))
            self._unopened = 0
        if not 0 < stream <= self._latest:
            raise BrokenError(Fault.PROTOCOL)
        request = self._open.get(stream)
        if request is None:
            return  # it was reset, or refused
        part = _unpadded(flags, body)
        request.parts.append(part)
        request.size += len(part)
        if request.size > self._largest:
            del self._open[stream]
            self._refused(self, stream, request)
        elif flags & _END_STREAM:
            del self._open[stream]
            self._asked(self, stream, request)

    def _headers(self, stream: int, flags: int, body: bytes) -> None:
        block = _unpadded(flags, body)
        if flags & _WITH_PRIORITY:
            block = block[5:]
        while not flags & _END_HEADERS:
            more, flags_of_more = self._continued(stream)
            block, flags = block + more, flags | flags_of_more & _END_HEADERS
            if len(block) > _HEADER_LIST:
                raise BrokenError(Fault.CALM)
        headers = self._decoded(block)
        if stream > self._latest and stream % 2:
            self._latest = stream
            self._open[stream] = Request(headers)
            with self._sending:
                self._windows[stream] = self._initial
        elif not 0 < stream <= self._latest or not stream % 2:
            raise BrokenError(Fault.PROTOCOL)
        if flags & _END_STREAM and (request := self._open.pop(stream, None)):
            self._asked(self, stream, request)

    def _decoded(self, block: bytes) -> dict[bytes, bytes]:
        """A block that only points into tables says the same until another adds to them.

        An engine sends nothing else once it has asked each thing once. (RFC 7541, 6.1)
        """
        if (known := self._known.get(block)) is not None:
            return known
        try:
            found = dict(self._decoder.decode(block, raw=True))
        except HPACKError as error:
            raise BrokenError(Fault.COMPRESSION) from error
        if min(block, default=0) >= _INDEXED and max(block) < _LONG_INDEX:
            self._known[block] = found
        else:
            self._known.clear()
        return found

    def _continued(self, stream: int) -> tuple[bytes, int]:
        """The frame that continues headers: nothing may come between (6.10)."""
        start = self._arriving.read(9)
        size = int.from_bytes(start[:3], "big")
        if size > _FRAME:
            raise BrokenError(Fault.FRAME_SIZE)
        if start[3:4] != bytes([_CONTINUATION]) or start[5:] != struct.pack(">I", stream):
            raise BrokenError(Fault.PROTOCOL)
        return self._arriving.read(size), start[4]

    def _is_reset(self, stream: int) -> None:
        self._open.pop(stream, None)
        with self._sending:
            self._windows.pop(stream, None)
            self._waiting.pop(stream, None)

    def _settings(self, flags: int, body: bytes) -> None:
        if flags & _ACK:
            return
        if len(body) % 6:
            raise BrokenError(Fault.FRAME_SIZE)
        told = dict(struct.iter_unpack(">HI", body))
        with self._sending:
            if (initial := told.get(_INITIAL_WINDOW_SIZE)) is not None:
                if initial > _WIDEST:
                    raise BrokenError(Fault.FLOW_CONTROL)
                # Of streams that are open, too, which may owe room from then on (6.9.2).
                wider, self._initial = initial - self._initial, initial
                self._windows = {key: each + wider for key, each in self._windows.items()}
            self._socket.sendall(_frame(_SETTINGS, _ACK, 0, b""))
            self._send_waiting()

    def _widened(self, stream: int, by: int) -> None:
        with self._sending:
            if not stream:
                self._window += by
            elif stream in self._windows:
                self._windows[stream] += by
            if max(self._window, self._windows.get(stream, 0)) > _WIDEST:
                raise BrokenError(Fault.FLOW_CONTROL)
            self._send_waiting()

    def _send_waiting(self) -> None:
        """As much of what waits as has room, in the order in which it came."""
        for stream in list(self._waiting):
            rest, tail = self._waiting[stream]
            while rest and (room := min(self._window, self._windows[stream], _FRAME)) > 0:
                part, rest = rest[:room], rest[room:]
                self._window -= len(part)
                self._windows[stream] -= len(part)
                self._socket.sendall(_frame(_DATA, 0, stream, bytes(part)))
            self._waiting[stream] = rest, tail
            if not rest:
                del self._waiting[stream], self._windows[stream]
                self._socket.sendall(_frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, tail))

    def _send(self, frames: bytes) -> None:
        with self._sending:
            self._socket.sendall(frames)


def _frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    return struct.pack(">HBBBI", len(body) >> 8, len(body) & 255, kind, flags, stream) + body


def _unpadded(flags: int, body: bytes) -> bytes:
    if not flags & _PADDED:
        return body
    if not body or body[0] >= len(body):
        raise BrokenError(Fault.PROTOCOL)
    return body[1 : len(body) - body[0]]


def _of_size(body: bytes, size: int) -> bytes:
    if len(body) != size:
        raise BrokenError(Fault.FRAME_SIZE)
    return body


def _number(body: bytes) -> int:
    return int.from_bytes(_of_size(body, 4), "big") & _WIDEST
