"""Plain TCP connections between namespaces, all at once from one process.

A socket keeps the namespace in which it was made, so one process can own the
ends of every connection in the twin and wait for all of them together.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, Generic, TypeVar

from bulkhead.twin.kernel import Namespace
from bulkhead.twin.measured import TwinError

_BACKLOG: Final = 4096
_MANY_CONNECTIONS: Final = 8000
"""Tried at the same time: each is an open file of this process."""

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)

_BY_THE_NETWORK: Final = frozenset(
    (errno.ECONNREFUSED, errno.ETIMEDOUT, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNRESET)
)
"""What the way to the other end can answer (man 2 connect). All else is a fault of the probe:
no port left to connect from, no descriptor, no memory."""

K = TypeVar("K", bound=Hashable)


class PortTakenError(TwinError):
    """Somebody waits there already."""


@dataclass(frozen=True, slots=True)
class Probed:
    """`settled` is False where the probe was ended without a reason that anybody could read."""

    allowed: bool
    evidence: str
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Attempt(Generic[K]):
    """A connection to try, under the key by which its outcome is found again."""

    key: K
    source: Namespace
    address: IPv4Address
    port: int
    source_port: int | None = None


def listen(namespace: Namespace, port: int) -> socket.socket:
    """A listener on every address of a host. The kernel completes connections for it."""
    with namespace:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("0.0.0.0", port))  # noqa: S104 - a namespace of our own
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        kind = PortTakenError if error.errno == errno.EADDRINUSE else TwinError
        raise kind(f"{namespace.name} cannot listen on tcp {port}: {error}") from error
    return listener


def connect(source: Namespace, address: IPv4Address, port: int) -> socket.socket:
    """A connection on its way; whether it arrives is seen later. Raises TwinError where none is."""
    with source:
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    number = client.connect_ex((str(address), port))
    if number not in (0, errno.EINPROGRESS, *_BY_THE_NETWORK):
        client.close()
        answered(number, address, port)
    return client


def sweep(attempts: Sequence[Attempt[K]], timeout: float) -> dict[K, Probed]:
    """Try all connections at the same time. What has not answered in `timeout` is dropped."""
    outcomes: dict[K, Probed] = {}
    for start in range(0, len(attempts), _MANY_CONNECTIONS):
        outcomes |= _sweep_once(attempts[start : start + _MANY_CONNECTIONS], timeout)
    return outcomes


def _sweep_once(attempts: Sequence[Attempt[K]], timeout: float) -> dict[K, Probed]:
    outcomes: dict[K, Probed] = {}
    waiting: dict[int, tuple[Attempt[K], socket.socket]] = {}
    poll = select.epoll()
    try:
        for attempt in attempts:
            started = _start(attempt)
            if isinstance(started, Probed):
                outcomes[attempt.key] = started
            else:
                waiting[started.fileno()] = (attempt, started)
                poll.register(started, select.EPOLLOUT)
        deadline = time.monotonic() + timeout
        # What came in time is taken in, also where this process was not woken in time.
        while waiting and (ready := poll.poll(max(0.0, deadline - time.monotonic()))):
            for fd, _ in ready:
                attempt, client = waiting.pop(fd)
                number = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                _drop(client)
                outcomes[attempt.key] = answered(number, attempt.address, attempt.port)
        for attempt, client in waiting.values():
            outcomes[attempt.key] = Probed(False, f"no answer in {timeout:.1f} s")
            _drop(client)
        waiting.clear()
    finally:
        for _, client in waiting.values():
            client.close()
        poll.close()
    return outcomes


def _start(attempt: Attempt[K]) -> socket.socket | Probed:
    with attempt.source:
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    if attempt.source_port is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            client.bind(("0.0.0.0", attempt.source_port))  # noqa: S104 - a namespace of our own
        except OSError as error:
            client.close()
            raise TwinError(f"source port {attempt.source_port} cannot be used: {error}") from error
    number = client.connect_ex((str(attempt.address), attempt.port))
    if number in (0, errno.EINPROGRESS):
        return client
    client.close()
    return answered(number, attempt.address, attempt.port)


def answered(number: int, address: IPv4Address, port: int) -> Probed:
    """What an error number of connect() means, 0 for none.

    Raises TwinError for whatever is no answer of the network: a probe that failed
    shows nothing.
    """
    if number == 0:
        return Probed(True, "TCP connected")
    if number == errno.ECONNREFUSED:
        return Probed(False, "refused")
    if number in _BY_THE_NETWORK:
        return Probed(False, errno.errorcode[number])
    raise TwinError(
        f"the connection to {address} tcp {port} could not be tried: {os.strerror(number)}"
    )


def _drop(client: socket.socket) -> None:
    # A reset leaves nothing behind in TIME_WAIT.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    client.close()
