"""What a program has opened: its listening sockets, and what each answers to a greeting of ZMTP.

From the kernel (/proc) and from the socket itself; nothing of it is told by the program.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_ANSWER = 1
_LISTENING = "0A"
"""include/net/tcp_states.h: TCP_LISTEN."""
_SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"
_TYPE = re.compile(rb"\x0bSocket-Type.{4}([A-Z]+)", re.DOTALL)


@dataclass(frozen=True, order=True)
class Opened:
    """A listening TCP socket. Without a mechanism it does not speak ZMTP."""

    port: int
    mechanism: str
    type: str
    """As its READY says it; '' where the mechanism keeps that for who has a key."""


def opened_by(pid: int) -> set[Opened]:
    """All that a process and its children have opened, on whatever address."""
    return {Opened(port, *answered(port)) for port in _ports(pid)}


def answered(port: int) -> tuple[str, str]:
    """The mechanism and the type of the socket that listens there on loopback.

    libzmq begins its greeting before it hears any, and compares mechanisms before anything
    else, so each is tried (RFC 23).
    """
    if not _begins_to_greet(port):
        return "", ""
    for mechanism in ("NULL", "CURVE", "PLAIN"):
        if (found := _greeted(port, mechanism)) is not None:
            return mechanism, found
    return "", ""


def _begins_to_greet(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER) as connection:
        try:
            theirs = _read(connection, len(_SIGNATURE))
        except OSError:
            return False
    # Between the two, libzmq has the length of the socket's routing id (zmtp_engine.cpp).
    return (theirs[0], theirs[-1]) == (_SIGNATURE[0], _SIGNATURE[-1])


def _greeted(port: int, mechanism: str) -> str | None:
    """The type that it says it is of; None where it is of another mechanism, or no ZMTP."""
    greeting = _SIGNATURE + b"\x03\x00" + mechanism.encode().ljust(20, b"\0")
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER) as connection:
        try:
            connection.sendall(greeting + bytes(32))
            theirs = _read(connection, 64)
            if theirs[12:32].rstrip(b"\0") != mechanism.encode():
                return None
            if mechanism != "NULL":
                return ""
            ready = _read(connection, _read(connection, 2)[1])
        except OSError:
            return None
    said = _TYPE.search(ready)
    return said[1].decode() if said else None


def _read(connection: socket.socket, size: int) -> bytes:
    """Exactly so many bytes. Raises OSError where there are no more."""
    found = b""
    while len(found) < size:
        more = connection.recv(size - len(found))
        if not more:
            raise ConnectionResetError
        found += more
    return found


def _ports(pid: int) -> set[int]:
    held = set(_inodes(pid))
    return {
        int(fields[1].rpartition(":")[2], 16)
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if fields[3] == _LISTENING and fields[9] in held
    }


def _inodes(pid: int) -> Iterator[str]:
    """Those of the sockets of a process and of its children; one may end meanwhile."""
    try:
        for each in Path(f"/proc/{pid}/fd").iterdir():
            try:
                link = str(each.readlink())
            except OSError:
                continue
            if link.startswith("socket:["):
                yield link[len("socket:[") : -1]
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _inodes(int(child))
    except FileNotFoundError:
        return
