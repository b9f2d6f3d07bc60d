"""ws and wss: libzmq's src/ws_address.cpp and src/ws_listener.cpp; on the wire they are TCP.

A name is looked up where one connects only, and at once: `connect` fails with EINVAL where tcp
would wait (measured with 4.3.4, as all of this is).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from bulkhead.intent.endpoints.endpoint import Caution, ZmqEndpoint
from bulkhead.intent.endpoints.hosts import NEVER, REFUSED, cautions_of, local_host, peer_host
from bulkhead.intent.endpoints.ports import becomes, is_port, one_port, ports_to_bind
from bulkhead.intent.wrong import Wrong, quoted

_Kind = Literal["ws", "wss"]

# What a request line may hold (RFC 3986, RFC 7230), less ':' and ';', at which libzmq would cut.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,=@%?-]*)*", re.ASCII)


def bind(kind: _Kind, rest: str, text: str) -> ZmqEndpoint:
    """`interface:port[/path]`. Raises Wrong."""
    host, port, path = _parted(kind, rest, text, "*")
    everywhere = f"{kind}://*:{port if is_port(port) else 8080}{path}"
    address = local_host(host, text, everywhere, looks_up=False)
    at_once = ZmqEndpoint(transport=kind, address=address)
    ports, choice = ports_to_bind(port, text, loopback=at_once.loopback, czmq=False)
    return ZmqEndpoint(
        transport=kind,
        address=address,
        ports=ports,
        choice=choice,
        path=path,
        warnings=(*cautions_of(address), *_cautions_of_path(path)),
    )


def connect(kind: _Kind, rest: str, text: str) -> ZmqEndpoint:
    """`host:port[/path]`. Raises Wrong."""
    host, port, path = _parted(kind, rest, text, "broker")
    nothing = NEVER if port == "0" else REFUSED
    ports = one_port(port, text, becomes(port, verb="connect to", nothing=nothing))
    address = peer_host(host, text, fails=REFUSED)
    return ZmqEndpoint(
        transport=kind,
        address=address,
        ports=ports,
        path=path,
        warnings=(*cautions_of(address, fails=REFUSED), *_cautions_of_path(path)),
    )


def _parted(kind: _Kind, rest: str, text: str, whose: str) -> tuple[str, str, str]:
    before, slash, behind = rest.partition("/")
    path = slash + behind
    if ";" in before:
        raise Wrong(
            f"{quoted(text)} has a source address before ';', which {kind} has none of: "
            "libzmq refuses it",
            "write only the part behind the ';'",
        )
    host, colon, port = before.rpartition(":")
    if not colon:
        raise Wrong(
            f"{quoted(text)} has no port, and libzmq takes none for granted",
            f'write one behind a colon: "{kind}://{whose}:{443 if kind == "wss" else 80}"',
        )
    if not _PATH.fullmatch(path):
        raise Wrong(
            f"{quoted(text)} has a path with a character that libzmq cuts at, or HTTP forbids",
            "write letters, digits and -._~ in it, other characters as %20",
        )
    return host, port, path


def _cautions_of_path(path: str) -> tuple[Caution, ...]:
    if path.count("/") < 2:
        return ()
    kept = path[path.rindex("/") :]
    return (
        Caution(
            f"of the path {quoted(path)} libzmq up to 4.3.5 keeps only {quoted(kept)}",
            f'write "{kept}" at both ends',
        ),
    )
