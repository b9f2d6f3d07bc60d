"""tipc: libzmq's src/tipc_address.cpp and zmq_tipc(7); services have numbers, not hosts."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.endpoints.endpoint import ZmqEndpoint
from bulkhead.intent.wrong import Wrong, quoted

_SERVICE: Final = re.compile(
    r"\{([0-9]{1,10}), ?([0-9]{1,10})(?:, ?([0-9]{1,10}))?\}(@[0-9]+\.[0-9]+\.[0-9]+)?", re.ASCII
)
_PORT_IDENTITY: Final = re.compile(r"<[0-9]+\.[0-9]+\.[0-9]+:[0-9]+>", re.ASCII)
_HIGHEST: Final = 2**32 - 1
_FIRST_FREE: Final = 64  # TIPC_RESERVED_TYPES (linux/tipc.h)

_BINDS: Final = 'write {type,lower,upper}, as in "tipc://{5556,0,0}"'
_CONNECTS: Final = 'write {type,instance}, as in "tipc://{5556,0}"'


def bind(rest: str, text: str) -> ZmqEndpoint:
    """`{type,lower,upper}` or `{type,instance}`. Raises Wrong."""
    if rest.startswith("<*>"):
        raise Wrong(f"{quoted(text)} lets TIPC choose an address that nobody else knows", _BINDS)
    numbers, domain = _service(rest, text, _BINDS)
    if domain:
        raise Wrong(f"{quoted(text)} has a domain, which is for who connects", _BINDS)
    *_, lower, upper = numbers if len(numbers) == 3 else (0, 0)
    if upper < lower:
        raise Wrong(f"{quoted(text)} ends before it begins, and libzmq refuses it", _BINDS)
    return ZmqEndpoint(transport="tipc", address=rest)


def connect(rest: str, text: str) -> ZmqEndpoint:
    """`{type,instance}[@zone.cluster.node]` or `<zone.cluster.node:ref>`. Raises Wrong."""
    if not _PORT_IDENTITY.fullmatch(rest):
        numbers, _ = _service(rest, text, _CONNECTS)
        if len(numbers) == 3:
            raise Wrong(f"{quoted(text)} is a range of instances, which one binds", _CONNECTS)
    return ZmqEndpoint(transport="tipc", address=rest)


def _service(rest: str, text: str, remedy: str) -> tuple[tuple[int, ...], str]:
    match = _SERVICE.fullmatch(rest)
    numbers = tuple(int(each) for each in match.groups()[:3] if each) if match else ()
    if match is None or max(numbers) > _HIGHEST:
        raise Wrong(f"{quoted(text)} is not a TIPC service", remedy)
    # Of a range libzmq takes the first free type, of an instance only those above it.
    least = _FIRST_FREE if len(numbers) == 3 else _FIRST_FREE + 1
    if numbers[0] < least:
        raise Wrong(
            f"{quoted(text)} has the type {numbers[0]}, and libzmq takes those from {least} on",
            remedy,
        )
    return numbers, match[4] or ""
