"""ZeroMQ sockets in namespaces, judged by what libzmq itself reports of them.

connect() always succeeds; what became of it is said by the socket's monitor
(libzmq doc/zmq_socket_monitor.adoc).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Generic

import zmq
from zmq.utils.monitor import parse_monitor_message

from bulkhead.twin import tcp
from bulkhead.twin.kernel import Namespace
from bulkhead.twin.measured import TwinError
from bulkhead.twin.patterns import PROBE_TYPE, SOCKETS
from bulkhead.twin.tcp import Attempt, K, Probed

_EVENTS: Final = (
    zmq.EVENT_CONNECTED
    | zmq.EVENT_CONNECT_DELAYED
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
        self._under_way: set[str] = set()

    def connect(self, endpoint: str) -> None:
        self._began[endpoint] = time.monotonic()
        self.socket.connect(endpoint)

    def has_tried(self, endpoint: str) -> bool:
        """Whether a SYN left for it: where libzmq cannot open a socket it says nothing
        (src/tcp_connecter.cpp, start_connecting)."""
        return endpoint in self._under_way

    def close(self) -> None:
        self.socket.disable_monitor()
        self.socket.close(linger=0)

    def news(self) -> Iterator[tuple[str, Probed]]:
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

    def _judge(self, event: int, endpoint: str) -> Probed | None:
        if event in (zmq.EVENT_CONNECT_DELAYED, zmq.EVENT_CONNECTED):
            self._under_way.add(endpoint)
            if event == zmq.EVENT_CONNECTED:
                self._connected.add(endpoint)
            return None
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            return Probed(True, "HANDSHAKE_SUCCEEDED")
        if endpoint in self._connected:
            # The network let it through; the two ends did not understand each other.
            return Probed(True, "TCP connected, then the ZMTP handshake failed")
        if event != zmq.EVENT_CLOSED:
            return None
        if time.monotonic() - self._began.get(endpoint, 0) < self._timeout * 0.9:
            return Probed(False, "closed at once", settled=False)
        return Probed(False, f"no answer in {self._timeout:.1f} s (CONNECT_DELAYED only)")


def sweep(
    contexts: Contexts, attempts: Sequence[tuple[str, Attempt[K]]], timeout: float
) -> dict[K, Probed]:
    """Connect to every bound socket (of the type named) with a legal peer that stays silent.

    One socket a host and type connects to all its targets: its monitor tells them
    apart. A PAIR has one peer, so each of its connections gets a socket of its own.
    """
    outcomes: dict[K, Probed] = {}
    for start in range(0, len(attempts), _MANY_CONNECTIONS):
        outcomes |= _sweep_once(contexts, attempts[start : start + _MANY_CONNECTIONS], timeout)
    return outcomes


def settled(
    outcomes: dict[K, Probed], attempts: Iterable[Attempt[K]], timeout: float
) -> dict[K, Probed]:
    """The outcomes, with what libzmq closed without saying why tried once more by the kernel."""
    open_ = [each for each in attempts if not outcomes[each.key].settled]
    return outcomes | tcp.sweep(open_, timeout)


def _sweep_once(
    contexts: Contexts, attempts: Sequence[tuple[str, Attempt[K]]], timeout: float
) -> dict[K, Probed]:
    groups: dict[tuple[int, str, object], list[Attempt[K]]] = defaultdict(list)
    for kind, attempt in attempts:
        alone = attempt.key if kind == "PAIR" else None
        groups[attempt.source.fd, PROBE_TYPE[kind], alone].append(attempt)
    clients: list[_Asking[K]] = []
    try:
        for (_, kind, _), group in groups.items():
            clients.append(_Asking(contexts.connecting(group[0].source, kind, timeout), group))
        outcomes = _listen_to(clients, timeout + 1.0)
    finally:
        for each in clients:
            each.watched.close()
    return settled(outcomes, (attempt for _, attempt in attempts), timeout)


class _Asking(Generic[K]):
    """A socket that connects to the targets of a group, and whose attempts each of them answers.

    Two VPCs may have the same addresses: one connection then answers for both.
    """

    def __init__(self, watched: Watched, group: Sequence[Attempt[K]]) -> None:
        self.watched = watched
        self.keys: dict[str, list[K]] = defaultdict(list)
        for each in group:
            self.keys[f"tcp://{each.address}:{each.port}"].append(each.key)
        for endpoint in self.keys:
            watched.connect(endpoint)


def _listen_to(clients: Sequence[_Asking[K]], seconds: float) -> dict[K, Probed]:
    """The first word on every attempt; what says nothing for so long was dropped."""
    by_monitor = {each.watched.monitor: each for each in clients}
    poller = zmq.Poller()
    for monitor in by_monitor:
        poller.register(monitor, zmq.POLLIN)
    first: dict[tuple[zmq.Socket[bytes], str], Probed] = {}
    wanted = sum(len(each.keys) for each in clients)
    deadline = time.monotonic() + seconds
    while len(first) < wanted and (ready := _readable(poller, deadline - time.monotonic())):
        for monitor in ready:
            for endpoint, outcome in by_monitor[monitor].watched.news():
                first.setdefault((monitor, endpoint), outcome)
    return {
        key: first.get((monitor, endpoint)) or silent(asking.watched, endpoint, seconds)
        for monitor, asking in by_monitor.items()
        for endpoint, keys in asking.keys.items()
        for key in keys
    }


def silent(client: Watched, endpoint: str, seconds: float) -> Probed:
    """That nothing came back; TwinError where nothing went out."""
    if not client.has_tried(endpoint):
        raise TwinError(f"{endpoint} was never tried: libzmq could not open a socket for it")
    return Probed(False, f"no answer in {seconds:.1f} s")


def _readable(poller: zmq.Poller, seconds: float) -> list[zmq.Socket[bytes]]:
    return [socket for socket, _ in poller.poll(max(1, int(seconds * 1000)))]
