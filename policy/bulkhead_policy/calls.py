"""The unary calls of a gRPC servicer, on a port of this machine: one thread reads a connection.

grpc's own server wakes three threads for each call, and an engine waits for two calls of each
resource. Here the thread that reads a call answers it, where that takes no time; all else has a
thread of its own. (github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md)
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from typing import Any, Final
from urllib.parse import quote

from grpc import StatusCode  # type: ignore[import-untyped]  # it ships no types

from bulkhead_policy.frames import Connection, Request, encoded

LARGEST: Final = 400 * 1024 * 1024
"""Bytes of a message: what pulumi-policy takes. All resources of a stack are one."""
_PREFIX: Final = 5
"""Bytes before a message: whether it is compressed, and its length."""
_MOST: Final = 1_000
"""Characters that are said of a failure: a client may take no more than 8 KiB of headers."""

_PLAIN: Final = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")
_STARTS: Final = ((":status", "200"), ("content-type", "application/grpc"))
_HEAD: Final = encoded(*_STARTS)
_TAIL: Final = encoded(("grpc-status", "0"))

Raw = Callable[[bytes], bytes]
"""A request to its answer, both as they are sent."""


class FailedError(Exception):
    """A call that ends by a status other than OK, and why."""

    def __init__(self, status: StatusCode, why: str) -> None:
        super().__init__(why)
        self.status = status


class Calls:
    """Answers every connection; a servicer is added by the function that grpc generated for it.

    `at_once`: by path, what is answered while the next call waits: nothing that takes time.
    `never`: paths that nobody takes, whatever the servicer has: UNIMPLEMENTED.
    """

    def __init__(self, *, at_once: Mapping[str, Raw], never: frozenset[str] = frozenset()) -> None:
        self._at_once = {path.encode(): raw for path, raw in at_once.items()}
        self._never = {path.encode() for path in never}
        self._handlers: list[Any] = []

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """What generated code calls of a server, with what finds a method by its path."""
        self._handlers.extend(handlers)

    def serve(self, listener: socket.socket) -> None:
        """Until the process ends: a connection may come at any time."""
        while True:
            opened, _ = listener.accept()
            connection = Connection(opened, self._asked, self._too_large, largest=LARGEST + _PREFIX)
            Thread(target=connection.serve, daemon=True).start()

    def _asked(self, connection: Connection, stream: int, request: Request) -> None:
        path = request.headers.get(b":path", b"")
        if (raw := self._at_once.get(path)) is not None:
            self._answer(connection, stream, raw, request)
        elif (handler := self._handler(path)) is None:
            _fail(connection, stream, StatusCode.UNIMPLEMENTED, "Method not found!")
        else:
            asked = (connection, stream, _of(handler), request)
            Thread(target=self._answer, args=asked, daemon=True).start()

    def _handler(self, path: bytes) -> Any:
        if path in self._never:
            return None
        details = _Details(path.decode(errors="replace"))
        found = (each.service(details) for each in self._handlers)
        return next((each for each in found if each is not None), None)

    def _answer(self, connection: Connection, stream: int, raw: Raw, request: Request) -> None:
        try:
            message = raw(_message(request))
        except FailedError as failed:
            _fail(connection, stream, failed.status, str(failed))
        else:
            prefix = b"\0" + len(message).to_bytes(4, "big")
            connection.answer(stream, _HEAD, prefix + message, _TAIL)

    def _too_large(self, connection: Connection, stream: int, _: Request) -> None:
        most = f"a message has {LARGEST:,} bytes at most"
        _fail(connection, stream, StatusCode.RESOURCE_EXHAUSTED, most)
        connection.reset(stream)


@dataclass(frozen=True)
class _Details:
    """By which grpc's handlers are asked whether they have a method."""

    method: str
    invocation_metadata: tuple[()] = ()


@dataclass
class _Context:
    """What a servicer may say beside its answer."""

    status: StatusCode = StatusCode.UNKNOWN
    details: str = ""

    def set_code(self, code: StatusCode) -> None:
        self.status = code

    def set_details(self, details: str) -> None:
        self.details = details


def _of(handler: Any) -> Raw:
    """A method of a servicer, with the reading and writing of its messages."""

    def answered(request: bytes) -> bytes:
        context = _Context()
        try:
            answer = handler.unary_unary(handler.request_deserializer(request), context)
            return bytes(handler.response_serializer(answer))
        except Exception as error:
            raise FailedError(context.status, context.details or repr(error)) from error

    return answered


def _message(request: Request) -> bytes:
    """The one message of a request."""
    every = request.parts[0] if len(request.parts) == 1 else b"".join(request.parts)
    if len(every) < _PREFIX or len(every) != _PREFIX + int.from_bytes(every[1:_PREFIX], "big"):
        raise FailedError(StatusCode.INTERNAL, "a call has one message, and this is none")
    if every[0]:
        raise FailedError(StatusCode.UNIMPLEMENTED, "messages are not compressed here")
    return every[_PREFIX:]


def _fail(connection: Connection, stream: int, status: StatusCode, why: str) -> None:
    """Nothing but the headers that end an answer."""
    connection.answer(stream, b"", b"", _ending(status, why))


@lru_cache(maxsize=16)
def _ending(status: StatusCode, why: str) -> bytes:
    """What is no plain ASCII of a reason is written as in a URL."""
    number, _ = status.value
    said = quote(why[:_MOST], safe=_PLAIN)
    return encoded(*_STARTS, ("grpc-status", str(number)), ("grpc-message", said))
