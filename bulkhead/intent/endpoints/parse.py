"""From a text to the endpoint that it is, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, get_args

from bulkhead.intent.endpoints import inproc, ipc, norm, pgm, tcp, tipc, udp, vsock, websocket
from bulkhead.intent.endpoints.endpoint import Transport, ZmqEndpoint
from bulkhead.intent.wrong import LONGEST_QUOTE, Wrong, nearest, quoted

_Grammar = Callable[[str, str], ZmqEndpoint]
"""Of one transport: takes what is behind its '://', and the whole to quote. Raises Wrong."""

_BIND: Final[Mapping[str, _Grammar]] = {
    "tcp": tcp.bind,
    "ws": partial(websocket.bind, "ws"),
    "wss": partial(websocket.bind, "wss"),
    "udp": udp.bind,
    "pgm": partial(pgm.either, "pgm"),
    "epgm": partial(pgm.either, "epgm"),
    "norm": norm.either,
    "ipc": ipc.bind,
    "inproc": inproc.either,
    "tipc": tipc.bind,
    "vmci": partial(vsock.bind, "vmci"),
    "vsock": partial(vsock.bind, "vsock"),
}
_CONNECT: Final[Mapping[str, _Grammar]] = {
    **_BIND,
    "tcp": tcp.connect,
    "ws": partial(websocket.connect, "ws"),
    "wss": partial(websocket.connect, "wss"),
    "udp": udp.connect,
    "ipc": ipc.connect,
    "tipc": tipc.connect,
    "vmci": partial(vsock.connect, "vmci"),
    "vsock": partial(vsock.connect, "vsock"),
}

# What else people write for one of libzmq's.
_ALIASES: Final = {
    "unix": "ipc",
    "tcp4": "tcp",
    "tcp6": "tcp",
    "zmq+tcp": "tcp",
    "http": "ws",
    "tpc": "tcp",
}

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.ASCII | re.DOTALL)
_EXAMPLE: Final = "tcp://*:5556"


def parse_bind(value: object) -> ZmqEndpoint:
    """The endpoint at which a socket binds, with what there is to know of it in `warnings`.

    Raises Wrong for what libzmq refuses or takes for something else, and says which.
    """
    return _parse(value, _BIND)


def parse_connect(value: object) -> ZmqEndpoint:
    """The same of an endpoint to which a socket connects."""
    return _parse(value, _CONNECT)


def _parse(value: object, grammars: Mapping[str, _Grammar]) -> ZmqEndpoint:
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is not an endpoint", f'write a text such as "{_EXAMPLE}"')
    _refuse_foreign_notation(value)
    match = _SCHEME.fullmatch(value)
    if match is None:
        if value.strip() != value:
            raise Wrong(f"{quoted(value)} begins or ends with white space", "remove it")
        raise Wrong(f"{quoted(value)} has no transport", f'write it in full: "{_EXAMPLE}"')
    scheme, rest = match.groups()
    if scheme not in grammars:
        raise _unknown(scheme, value)
    return grammars[scheme](rest, value)


def _refuse_foreign_notation(text: str) -> None:
    several = "," in text and "://" in text.partition(",")[2]
    if text[:1] in ("@", ">"):
        raise Wrong(
            f"{quoted(text)} starts with {text[0]}, a notation of CZMQ and NetMQ",
            _in_our_words(text.split(",") if several else [text]),
        )
    if several:
        raise Wrong(
            f"{quoted(text)} is several endpoints in one text", _in_our_words(text.split(","))
        )


def _in_our_words(endpoints: list[str]) -> str:
    """What czmq's zsock_attach and NetMQ mean, where '@' binds and '>' connects, as keys."""
    bound = [each.removeprefix("@") for each in endpoints if not each.startswith(">")]
    written = ", ".join(f'"{each}"' for each in bound)
    if len(written) > LONGEST_QUOTE or not written.isprintable():
        written = '"tcp://*:5556", "tcp://*:5557"'
    keys = [f"bind: {written}" if len(bound) == 1 else f"bind: [{written}]"] if bound else []
    if len(bound) < len(endpoints):
        keys.append("connect: with the socket that binds there, as in ticker.ticks")
    return f"write {', and '.join(keys)}"


def _unknown(scheme: str, text: str) -> Wrong:
    transports: tuple[str, ...] = get_args(Transport)
    lower = scheme.lower()
    if lower in transports:
        return Wrong(
            f"{quoted(text)} has its transport in capitals, which libzmq refuses (EPROTONOSUPPORT)",
            f"write {lower}://",
        )
    known = f"did you mean {_ALIASES[lower]}?" if lower in _ALIASES else nearest(lower, transports)
    return Wrong(f"{quoted(text)} has an unknown transport", known)
