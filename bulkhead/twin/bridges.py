"""When the bridges of a namespace are ready to carry packets.

A port forwards only after the kernel has noticed its carrier, which it does
later, from a queue of its own (net/core/link_watch.c, net/bridge/br_if.c). What
is sent before is lost, and would look like a denial.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from typing import Final

from bulkhead.twin.measured import TwinError

# linux/rtnetlink.h, linux/if_link.h, linux/if_bridge.h
_GETLINK: Final = 18
_REQUEST_DUMP: Final = 0x1 | 0x300
_DONE: Final = 3
_FAMILY_BRIDGE: Final = 7
_PORT_INFO: Final = 12
_PORT_STATE: Final = 1
_KIND: Final = 0x3FFF
_FORWARDING: Final = 3
_HEADER: Final = 16
_LINK: Final = 16

_POLL: Final = 0.002
_PATIENCE: Final = 5.0


def wait_until_forwarding() -> None:
    """Return when every bridge port of the current namespace forwards. TwinError after 5 s."""
    ends = time.monotonic() + _PATIENCE
    while any(state != _FORWARDING for state in _states()):
        if time.monotonic() > ends:
            raise TwinError(f"the kernel did not raise a bridge port in {_PATIENCE:.0f} s")
        time.sleep(_POLL)


def _states() -> Iterator[int]:
    request = struct.pack(
        "=IHHIIBxHiII",
        _HEADER + _LINK,
        _GETLINK,
        _REQUEST_DUMP,
        1,
        0,
        _FAMILY_BRIDGE,
        0,
        0,
        0,
        0,
    )
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(request)
        while True:
            answer = kernel.recv(65536)
            for kind, body in _messages(answer):
                if kind == _DONE:
                    return
                yield from _port_state(body[_LINK:])


def _messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(answer):
        length, kind = struct.unpack_from("=IH", answer, offset)
        yield kind, answer[offset + _HEADER : offset + length]
        offset += (length + 3) & ~3


def _attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset + 4 <= len(body):
        length, kind = struct.unpack_from("=HH", body, offset)
        yield kind & _KIND, body[offset + 4 : offset + length]
        offset += (length + 3) & ~3


def _port_state(body: bytes) -> Iterator[int]:
    for kind, inner in _attributes(body):
        if kind == _PORT_INFO:
            yield from (value[0] for each, value in _attributes(inner) if each == _PORT_STATE)
