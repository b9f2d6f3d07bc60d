"""When the links of a namespace are ready to carry packets.

The kernel notices later, from a queue of its own, that a link got a carrier
(net/core/link_watch.c). Until then a bridge and a link whose other end was raised after it
drop what they are given to send (noop_qdisc, net/sched/sch_generic.c), and a port of a
bridge forwards nothing (net/bridge/br_if.c). What is sent before is lost, and would look
like a denial.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from typing import Final

from bulkhead.twin.measured import TwinError

# linux/rtnetlink.h, linux/if.h, linux/if_link.h, linux/if_bridge.h
_GETLINK: Final = 18
_REQUEST_DUMP: Final = 0x1 | 0x300
_DONE: Final = 3
_FAMILY_ANY: Final = 0
_FAMILY_BRIDGE: Final = 7
_LOOPBACK: Final = 0x8
_CARRIER: Final = 0x10000
_OPERSTATE: Final = 16
_UP: Final = 6
_PORT_INFO: Final = 12
_PORT_STATE: Final = 1
_KIND: Final = 0x3FFF
_FORWARDING: Final = 3
_HEADER: Final = 16
_LINK: Final = 16

_POLL: Final = 0.002
_PATIENCE: Final = 30.0


def wait_until_ready() -> None:
    """Return when every link of the current namespace carries packets. TwinError after 30 s."""
    ends = time.monotonic() + _PATIENCE
    while any(state != _FORWARDING for state in _port_states()) or not all(_noticed()):
        if time.monotonic() > ends:
            raise TwinError(f"the kernel did not raise a link in {_PATIENCE:.0f} s")
        time.sleep(_POLL)


def _noticed() -> Iterator[bool]:
    """Of each link that has a carrier, whether the kernel has noticed; without one it is idle."""
    for link in _links(_FAMILY_ANY):
        *_, flags, _ = struct.unpack_from("=BxHiII", link)
        if flags & _CARRIER and not flags & _LOOPBACK:
            states = (value[0] for each, value in _attributes(link[_LINK:]) if each == _OPERSTATE)
            yield next(states, _UP) == _UP


def _port_states() -> Iterator[int]:
    for link in _links(_FAMILY_BRIDGE):
        yield from _port_state(link[_LINK:])


def _links(family: int) -> Iterator[bytes]:
    """Each link of the current namespace: struct ifinfomsg, then its attributes."""
    request = struct.pack(
        "=IHHIIBxHiII",
        _HEADER + _LINK,
        _GETLINK,
        _REQUEST_DUMP,
        1,
        0,
        family,
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
                yield body


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
