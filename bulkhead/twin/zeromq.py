"""ZeroMQ sockets in namespaces, judged by what libzmq itself reports of them.

connect() always succeeds; what became of it is said by the socket's monitor
(libzmq doc/zmq_socket_monitor.adoc).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import zmq
from zmq.utils.monitor import parse_monitor_message

from bulkhead.twin.kernel import Namespace
from bulkhead.twin.measured import TwinError
from bulkhead.twin.patterns import PROBE_TYPE, SOCKETS
from bulkhead.twin.tcp import Attempt, K, Outcome

_EVENTS: Final = (
    zmq.EVENT_CONNECTED
    | zmq.EVENT_CLOSED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)
_BACKLOG: Final = 4096
_MAX_SOCKETS: Final = 65535
_MANY_CONNECTIONS: Final = 3000
"""Tried at the same time: both ends of each are files of this process."""


class Contexts:
    """One ZeroMQ context for each namespace, made inside it.

    A context's I/O threads start with its first socket and inherit the
    namespace of the thread that makes it; they open every connection.
    """

    def __init__(self) -> None:
        self._contexts: dict[int, zmq.Context[zmq.Socket[bytes]]] = {}

    def __enter__(self) -> Contexts:
        return self

    def __exit__(self, *_: object) -> None:
        for context in self._contexts.values():
            context.destroy(linger=0)

    def of(self, namespace: Namespace) -> zmq.Context[zmq.Socket[bytes]]:
        """The context of the namespace; the caller must be inside it."""
        if namespace.fd not in self._contexts:
            context = zmq.Context()
            context.set(zmq.MAX_SOCKETS, _MAX_SOCKETS)
            self._contexts[namespace.fd] = context
        return self._contexts[namespace.fd]

    def bind(self, namespace: Namespace, kind: str, port: int) -> zmq.Socket[bytes]:
        """A bound socket of this type, on every address of the host."""
        with namespace:
            bound = self.of(namespace).socket(SOCKETS[kind])
            bound.setsockopt(zmq.LINGER, 0)
            bound.setsockopt(zmq.BACKLOG, _BACKLOG)
            if kind == "REQ":
                # A client that left must not leave it waiting for its answer.
                bound.setsockopt(zmq.REQ_RELAXED, 1)
            try:
                bound.bind(f"tcp://*:{port}")
            except zmq.ZMQError as error:
                bound.close()
                raise TwinError(
                    f"{namespace.name} cannot bind {kind} to tcp {port}: {error}"
                ) from error
        return bound

    def connecting(
        self, namespace: Namespace, kind: str, timeout: float, *, retry: int = -1
    ) -> Watched:
        """A socket that will connect, and is watched. -1: it tries each address once."""
        with namespace:
            socket = self.of(namespace).socket(SOCKETS[kind])
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.CONNECT_TIMEOUT, int(timeout * 1000))
            socket.setsockopt(zmq.RECONNECT_IVL, retry)
            return Watched(socket, timeout)


class Watched:
    """A connecting socket and its monitor."""

    def __init__(self, socket: zmq.Socket[bytes], timeout: float) -> None:
        self.socket = socket
        self._timeout = timeout
        self.monitor = socket.get_monitor_socket(_EVENTS)
        self._began: dict[str, float] = {}
        self._connected: set[str] = set()

    def connect(self, endpoint: str) -> None:
        self._began[endpoint] = time.monotonic()
        self.socket.connect(endpoint)

    def close(self) -> None:
        self.socket.disable_monitor()
        self.socket.close(linger=0)

    def news(self) -> Iterator[tuple[str, Outcome]]:
        """What became of endpoints since the last call; the last word on one is the newest."""
        while True:
            try:
                message = self.monitor.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            event = parse_monitor_message(message)
            endpoint = event["endpoint"].decode()
            outcome = self._judge(event["event"], endpoint)
            if outcome:
                yield endpoint, outcome

    def _judge(self, event: int, endpoint: str) -> Outcome | None:
        if event == zmq.EVENT_CONNECTED:
            self._connected.add(endpoint)
            return None
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            return Outcome(True, "HANDSHAKE_SUCCEEDED")
        if endpoint in self._connected:
            # The network let it through; the two ends did not understand each other.
            return Outcome(True, "TCP connected, then the ZMTP handshake failed")
        waited = time.monotonic() - self._began.get(endpoint, 0)
        if event == zmq.EVENT_CLOSED:
            limit = self._timeout
            if waited < limit * 0.9:
                return Outcome(False, "refused")
            return Outcome(False, f"no answer in {limit:.1f} s (CONNECT_DELAYED only)")
        return None


def sweep(
    contexts: Contexts, attempts: Sequence[tuple[str, Attempt[K]]], timeout: float
) -> dict[K, Outcome]:
    """Connect to every bound socket (of the type named) with a legal peer that stays silent.

    One socket a host and type connects to all its targets: its monitor tells them
    apart. A PAIR has one peer, so each of its connections gets a socket of its own.
    """
    outcomes: dict[K, Outcome] = {}
    for start in range(0, len(attempts), _MANY_CONNECTIONS):
        outcomes |= _sweep_once(contexts, attempts[start : start + _MANY_CONNECTIONS], timeout)
    return outcomes


def _sweep_once(
    contexts: Contexts, attempts: Sequence[tuple[str, Attempt[K]]], timeout: float
) -> dict[K, Outcome]:
    groups: dict[tuple[int, str, object], list[Attempt[K]]] = defaultdict(list)
    for kind, attempt in attempts:
        alone = attempt.key if kind == "PAIR" else None
        groups[attempt.source.fd, PROBE_TYPE[kind], alone].append(attempt)
    outcomes: dict[K, Outcome] = {}
    watched: dict[zmq.Socket[bytes], tuple[Watched, dict[str, K]]] = {}
    poller = zmq.Poller()
    try:
        for (_, kind, _), group in groups.items():
            client = contexts.connecting(group[0].source, kind, timeout)
            keys = {f"tcp://{each.address}:{each.port}": each.key for each in group}
            watched[client.monitor] = (client, keys)
            poller.register(client.monitor, zmq.POLLIN)
            for endpoint in keys:
                client.connect(endpoint)
        deadline = time.monotonic() + timeout + 1.0
        while len(outcomes) < len(attempts) and (
            readable := _readable(poller, deadline - time.monotonic())
        ):
            for monitor in readable:
                client, keys = watched[monitor]
                for endpoint, outcome in client.news():
                    outcomes.setdefault(keys[endpoint], outcome)
    finally:
        for client, _ in watched.values():
            client.close()
    silent = Outcome(False, f"no answer in {timeout + 1.0:.1f} s")
    return {attempt.key: outcomes.get(attempt.key, silent) for _, attempt in attempts}


def _readable(poller: zmq.Poller, seconds: float) -> list[zmq.Socket[bytes]]:
    return [socket for socket, _ in poller.poll(max(1, int(seconds * 1000)))]
