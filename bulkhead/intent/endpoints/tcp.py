"""tcp: libzmq's src/tcp_address.cpp, and connect_internal in src/socket_base.cpp.

Behind `source;`, an address that `connect` binds first; `bind` reads it and forgets it.
"""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.endpoints.endpoint import Caution, ZmqEndpoint
from bulkhead.intent.endpoints.hosts import NEVER, REFUSED, cautions_of, local_host, peer_host
from bulkhead.intent.endpoints.ports import becomes, is_port, one_port, ports_to_bind
from bulkhead.intent.wrong import Wrong, quoted

# connect_internal looks at the characters before anything is resolved.
_TAKEN_BY_CONNECT: Final = re.compile(r"[A-Za-z0-9:[][A-Za-z0-9.:%;_*[\]-]*", re.ASCII)


def bind(rest: str, text: str) -> ZmqEndpoint:
    """`interface:port`. Raises Wrong."""
    source, semicolon, behind = rest.rpartition(";")
    host, port = _parted(behind, text, "tcp://*:5556")
    everywhere = f"tcp://*:{port if is_port(port) else 5556}"
    address = local_host(host, text, everywhere)
    warnings = cautions_of(address)
    if semicolon:
        # First, because a mistake there is refused whatever the port would have become.
        source = _source(source, text, fails="libzmq refuses it")
        warnings += (
            Caution(
                f"{quoted(text)} has a source address before ';', which libzmq ignores "
                "when it binds",
                "write only the part behind the ';'",
            ),
        )
    at_once = ZmqEndpoint(transport="tcp", address=address)
    ports, choice = ports_to_bind(port, text, loopback=at_once.loopback, czmq=True)
    return ZmqEndpoint(
        transport="tcp",
        address=address,
        ports=ports,
        choice=choice,
        source=source,
        warnings=warnings,
    )


def connect(rest: str, text: str) -> ZmqEndpoint:
    """`[source;]host:port`. Raises Wrong."""
    source, semicolon, behind = rest.rpartition(";")
    host, port = _parted(behind, text, "tcp://broker:5556")
    fails = NEVER if _is_taken(rest, port) else REFUSED
    ports = one_port(port, text, _does(port, "connect to", fails))
    address = peer_host(host, text, fails=fails)
    if semicolon:
        source = _source(source, text, fails=fails)
        if source.startswith("*"):
            raise Wrong(
                f"{quoted(text)} connects from '*', which libzmq refuses (EINVAL)",
                "write the interface or address before ';', or 0.0.0.0 for any",
            )
    return ZmqEndpoint(
        transport="tcp",
        address=address,
        ports=ports,
        source=source,
        warnings=cautions_of(address, fails=fails),
    )


def _is_taken(rest: str, port: str) -> bool:
    """Whether `connect` returns 0, which it does before anybody looks up or counts anything."""
    return _TAKEN_BY_CONNECT.fullmatch(rest) is not None and "0" <= port[:1] <= "9"


def _does(port: str, verb: str, fails: str) -> str:
    return fails if fails == REFUSED else becomes(port, verb=verb, nothing=fails)


def _parted(behind: str, text: str, example: str) -> tuple[str, str]:
    host, colon, port = behind.rpartition(":")
    if not colon:
        raise Wrong(f"{quoted(text)} has no port", f'write one behind a colon: "{example}"')
    return host, port


def _source(source: str, text: str, *, fails: str) -> str:
    """'eth1:0', '10.0.0.5:40000'. No names are looked up there (src/tcp_address.cpp)."""
    if ";" in source:
        raise Wrong(f"{quoted(text)} has more than one ';'", "write one source before one address")
    host, colon, port = source.rpartition(":")
    if not colon or not (port in ("0", "*") or is_port(port)):
        does = _does(port, "take", fails) if colon else fails
        raise Wrong(
            f"{quoted(text)} has no port before ';', and {does}",
            'write 0 for any, as in "eth1:0;"',
        )
    if host == "localhost":
        raise Wrong(
            f"{quoted(text)} has a name before ';', where libzmq looks none up, and {fails}",
            "write the interface or its address",
        )
    local_host(host, text, f"tcp://*:{port if is_port(port) else 5556}")
    return source
