"""The two ends of a declared flow, each speaking the framing of its socket type."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol

import zmq

from bulkhead.twin import tcp, zeromq
from bulkhead.twin.tcp import Attempt, K, Probed
from bulkhead.twin.zeromq import Contexts

_RECONNECT: Final = 50
_FAREWELL: Final = 1.0
_PEER: Final = b"binder"
_TURN: Final = b"turn"
"""What a bound socket says whose peers take turns: it cannot choose whom it tells."""

Bound = zmq.Socket[bytes] | socket.socket


@dataclass(frozen=True, slots=True)
class Talk(Generic[K]):
    """A client of `client_type` is to be understood by the bound socket."""

    attempt: Attempt[K]
    client_type: str
    bound: Bound
    bound_type: str

    @property
    def word(self) -> bytes:
        return f"word-{id(self)}".encode()


class Client(Protocol):
    connected: bool
    refusal: Probed | None

    @property
    def waits_on(self) -> Sequence[Bound]: ...
    def watch(self) -> None:
        """Notice what became of the connection."""

    def silence(self, seconds: float) -> Probed:
        """That nothing came back. Raises TwinError where nothing went out."""

    def say(self, word: bytes) -> None: ...
    def hear(self) -> list[bytes]: ...
    def close(self) -> None: ...


class ZeroMQClient:
    """A connecting ZeroMQ socket that speaks its type's framing."""

    def __init__(self, contexts: Contexts, talk: Talk[K], timeout: float) -> None:
        self._talk_to = talk.bound_type
        self._kind = talk.client_type
        self._watched = contexts.connecting(
            talk.attempt.source, self._kind, timeout, retry=_RECONNECT
        )
        self._socket = self._watched.socket
        self._routing_id = _PEER
        self.connected = False
        self.refusal: Probed | None = None
        if self._kind == "ROUTER":
            self._socket.setsockopt(zmq.CONNECT_ROUTING_ID, _PEER)
        if self._kind == "SUB":
            self._socket.setsockopt(zmq.SUBSCRIBE, talk.word)
        if self._kind == "XSUB":
            self._socket.send(b"\x01" + talk.word)
        self._endpoint = f"tcp://{talk.attempt.address}:{talk.attempt.port}"
        self._watched.connect(self._endpoint)

    @property
    def waits_on(self) -> Sequence[Bound]:
        return (self._watched.monitor, self._socket)

    def watch(self) -> None:
        for _, outcome in self._watched.news():
            if outcome.allowed:
                self.connected = True
            else:
                self.refusal = outcome

    def silence(self, seconds: float) -> Probed:
        return zeromq.silent(self._watched, self._endpoint, seconds)

    def say(self, word: bytes) -> None:
        if self._kind == "ROUTER":
            frames = [_PEER, word]
        elif self._kind == "DEALER" and self._talk_to == "REP":
            frames = [b"", word]
        elif self._kind == "STREAM":
            frames = [self._routing_id, word]
        else:
            frames = [word]
        with contextlib.suppress(zmq.ZMQError):  # not connected yet, or a REQ that waits
            self._socket.send_multipart(frames, zmq.NOBLOCK)

    def hear(self) -> list[bytes]:
        words = []
        with contextlib.suppress(zmq.ZMQError):  # nothing there, or a REQ that has not asked
            while True:
                frames = self._socket.recv_multipart(zmq.NOBLOCK)
                words.append(frames[-1])
                if self._kind == "STREAM":
                    self._routing_id, self.connected = frames[0], True
                if self._kind == "REP" or (self._kind == "ROUTER" and self._talk_to == "REQ"):
                    self._socket.send_multipart(
                        frames[-1:] if self._kind == "REP" else frames, zmq.NOBLOCK
                    )
        return words

    def close(self) -> None:
        self._watched.close()


class RawClient:
    """A plain TCP connection."""

    def __init__(self, talk: Talk[K], timeout: float) -> None:
        attempt = self._attempt = talk.attempt
        self._timeout = timeout
        self._began = time.monotonic()
        self._socket = tcp.connect(attempt.source, attempt.address, attempt.port)
        self.connected = False
        self.refusal: Probed | None = None

    @property
    def waits_on(self) -> Sequence[Bound]:
        return (self._socket,)

    def watch(self) -> None:
        number = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self.refusal = tcp.answered(number, self._attempt.address, self._attempt.port)
        with contextlib.suppress(OSError):
            self._socket.getpeername()
            self.connected = True
        if time.monotonic() - self._began > self._timeout and not self.connected:
            self.refusal = self.refusal or self.silence(self._timeout)

    def silence(self, seconds: float) -> Probed:
        return Probed(False, f"no answer in {seconds:.1f} s")

    def say(self, word: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.send(word + b"\n")

    def hear(self) -> list[bytes]:
        with contextlib.suppress(OSError):
            return self._socket.recv(65536).split(b"\n")
        return []

    def close(self) -> None:
        self._socket.close()


class Binder:
    """The bound end: it answers, collects or distributes, as its type does."""

    turn: Final = _TURN

    def __init__(self, bound: Bound, kind: str) -> None:
        self._bound = bound
        self._kind = kind
        self._accepted: list[socket.socket] = []
        self._asked = False
        self._tells = 0
        self.heard: set[bytes] = set()
        if isinstance(bound, zmq.Socket):
            if kind == "SUB":
                bound.setsockopt(zmq.SUBSCRIBE, b"")
            if kind == "XSUB":
                bound.send(b"\x01")
            if kind == "PAIR":
                _wait_until_free(bound)

    def listen(self) -> None:
        """Take in what came, and answer it where the type answers."""
        if isinstance(self._bound, socket.socket):
            self._echo_raw(self._bound)
            return
        if self._kind in ("PUB", "PUSH"):
            return
        echoes = self._kind in ("REP", "ROUTER", "PAIR", "STREAM")
        with contextlib.suppress(zmq.ZMQError):
            while True:
                frames = self._bound.recv_multipart(zmq.NOBLOCK)
                self.heard.update(frames[-1].split(b"\n"))
                if echoes and frames[-1]:
                    self._bound.send_multipart(frames, zmq.NOBLOCK)
                if self._kind == "REQ":
                    # It has its answer: the next client's turn.
                    self._asked = False
                    self._ask(self._bound)

    def _ask(self, bound: zmq.Socket[bytes]) -> None:
        if not self._asked and self._tells:
            bound.send(_TURN, zmq.NOBLOCK)
            self._asked, self._tells = True, self._tells - 1

    def _echo_raw(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                accepted, _ = listener.accept()
                accepted.setblocking(False)
                self._accepted.append(accepted)
        for accepted in self._accepted:
            with contextlib.suppress(OSError):
                accepted.send(accepted.recv(65536))

    def distribute(self, words: Sequence[bytes], clients: int) -> None:
        """Say each word to whoever wants it; where peers take turns, until all had one."""
        if isinstance(self._bound, socket.socket):
            return
        with contextlib.suppress(zmq.ZMQError):  # nobody is connected yet
            if self._kind in ("PUB", "XPUB"):
                for word in words:
                    self._bound.send(word, zmq.NOBLOCK)
            elif self._kind == "REQ":
                self._tells = clients
                self._ask(self._bound)
            else:
                frames = [b"", _TURN] if self._kind == "DEALER" else [_TURN]
                for _ in range(clients):
                    self._bound.send_multipart(frames, zmq.NOBLOCK)

    def close(self) -> None:
        for accepted in self._accepted:
            accepted.close()


def _wait_until_free(pair: zmq.Socket[bytes]) -> None:
    """Let the last peer's departure come through: a PAIR ignores a second peer, for
    good and without telling it (libzmq src/pair.cpp). It can send only to a peer.
    """
    deadline = time.monotonic() + _FAREWELL
    while time.monotonic() < deadline:
        with contextlib.suppress(zmq.Again):
            while True:
                pair.recv(zmq.NOBLOCK)
        if not pair.poll(0, zmq.POLLOUT):
            return
        pair.poll(1, zmq.POLLIN)
