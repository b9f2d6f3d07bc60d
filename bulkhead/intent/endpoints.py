"""Endpoints, read strictly.

libzmq is lenient where it hurts: it binds port 4465 when asked for 70001
(src/ip_resolver.cpp: atoi, then a cast to 16 bits). A rule opened for the port
that somebody wrote would then guard a port that nobody listens on. So only what
libzmq takes literally is taken here; for the rest we say what it would do.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bulkhead.intent.wrong import Wrong, nearest, quoted

Transport = Literal["tcp", "ipc", "inproc"]

# Recognised by libzmq (src/address.hpp, src/socket_base.cpp), but not by a plan yet.
_NOT_YET: Final = frozenset({"udp", "pgm", "epgm", "norm", "ws", "wss", "tipc", "vmci", "vsock"})
_SUPPORTED: Final = ("tcp", "ipc", "inproc")

LONGEST_IPC_PATH: Final = 107  # sun_path is 108 bytes with its NUL (sys/un.h)

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.ASCII | re.DOTALL)
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_CHOSEN: Final = re.compile(r"[*!]\[([0-9]*)-([0-9]*)\]", re.ASCII)  # CZMQ's, zsock_bind
# An interface name has at most 15 characters (IFNAMSIZ, linux/if.h).
_INTERFACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,14}", re.ASCII)
_NUMERIC: Final = re.compile(r"[0-9.]+|0[xX][0-9a-fA-F.xX]*", re.ASCII)
_ATOI: Final = re.compile(r"[ \t\n\v\f\r]*([-+]?[0-9]+)", re.ASCII)

_EXAMPLE: Final = "tcp://*:5556"


class ZmqEndpoint(BaseModel):
    """Where a socket binds: tcp on an interface and port, ipc on a path, inproc by name."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    transport: Transport
    address: str
    ports: tuple[int, int] | None = None
    """First and last of those at one of which it binds; for most sockets that is one."""

    @property
    def text(self) -> str:
        """As ZeroMQ writes it; a range of ports as it is written here."""
        behind = f":{self.at}" if self.ports else ""
        return f"{self.transport}://{self.address}{behind}"

    @property
    def at(self) -> str:
        """'5556', of a range '51000-51999', of what has no port ''."""
        if self.ports is None:
            return ""
        first, last = self.ports
        return str(first) if first == last else f"{first}-{last}"

    @property
    def literal(self) -> IPv4Address | None:
        """The numeric address it binds, if it names one (0.0.0.0 is every address)."""
        try:
            address = IPv4Address(self.address)
        except AddressValueError:
            return None
        return None if self.transport != "tcp" or address.is_unspecified else address

    @property
    def loopback(self) -> bool:
        """Whether only the same host can reach it."""
        if self.transport != "tcp":
            return False
        literal = self.literal
        return self.address in ("lo", "localhost") or (literal is not None and literal.is_loopback)

    @property
    def on_network(self) -> bool:
        """Whether another host can open a connection to it."""
        return self.transport == "tcp" and not self.loopback

    def __str__(self) -> str:
        return self.text


def parse_endpoint(value: object) -> ZmqEndpoint:
    """The endpoint that a socket binds. Raises Wrong."""
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is not an endpoint", f'write a text such as "{_EXAMPLE}"')
    _refuse_foreign_notation(value)
    match = _SCHEME.fullmatch(value)
    if match is None:
        raise Wrong(f"{quoted(value)} has no transport", f'write it in full: "{_EXAMPLE}"')
    scheme, rest = match.groups()
    _expect_supported(scheme, value)
    if scheme == "tcp":
        return _tcp(rest, value)
    return _ipc(rest, value) if scheme == "ipc" else _inproc(rest, value)


def _refuse_foreign_notation(text: str) -> None:
    if text[:1] in ("@", ">"):
        # CZMQ zsock_attach and NetMQ: '@' binds, '>' connects.
        raise Wrong(
            f"{quoted(text)} starts with {text[0]}, a notation of CZMQ and NetMQ",
            "remove it: the keys bind and connect say which side it is",
        )
    if "," in text and "://" in text.partition(",")[2]:
        raise Wrong(f"{quoted(text)} is several endpoints in one text", "write a YAML list")


def _expect_supported(scheme: str, text: str) -> None:
    if scheme in _SUPPORTED:
        return
    lower = scheme.lower()
    if scheme != lower and lower in (*_SUPPORTED, *_NOT_YET):
        raise Wrong(
            f"{quoted(text)} has its transport in capitals, which libzmq refuses (EPROTONOSUPPORT)",
            f"write {lower}://",
        )
    if scheme in _NOT_YET:
        raise Wrong(
            f"the transport {scheme} of {quoted(text)} is not supported yet",
            "supported are tcp, ipc and inproc",
        )
    raise Wrong(f"{quoted(text)} has an unknown transport", nearest(lower, _SUPPORTED))


def _tcp(rest: str, text: str) -> ZmqEndpoint:
    address, colon, port_text = rest.rpartition(":")
    if ";" in rest:
        raise Wrong(
            f"{quoted(text)} has a source address before ';', which libzmq ignores when it binds",
            "write only the part behind the ';'",
        )
    if rest.startswith("[") or ":" in address:
        raise Wrong(f"{quoted(text)} is an IPv6 endpoint, not supported yet", f'write "{_EXAMPLE}"')
    if not colon:
        raise Wrong(f"{quoted(text)} has no port", f'write one behind a colon: "{_EXAMPLE}"')
    ports = _ports(port_text, text)
    found = ZmqEndpoint(transport="tcp", address=address, ports=ports)
    _expect_interface(address, found.at, text)
    return found


def _ports(said: str, text: str) -> tuple[int, int]:
    """'5556', or the range in which the program binds: '51000-51999'."""
    first, dash, last = said.partition("-")
    if not (dash and _PORT.fullmatch(first) and _PORT.fullmatch(last)):
        port = _port(said, text)
        return port, port
    if not int(first) <= int(last) <= 65535:
        order = f"{last}-{first}" if int(last) < int(first) <= 65535 else "51000-51999"
        raise Wrong(
            f"{quoted(text)} does not end in a range of ports",
            f'write the first before the last, at most 65535: "tcp://*:{order}"',
        )
    return int(first), int(last)


def _port(port: str, text: str) -> int:
    if _PORT.fullmatch(port) and int(port) <= 65535:
        return int(port)
    if port in ("*", "0") or port.startswith(("*[", "![")):
        chosen = _CHOSEN.fullmatch(port)
        ports = f"{chosen[1] or 49152}-{chosen[2] or 65535}" if chosen else "51000-51999"
        raise Wrong(
            f"{quoted(text)} lets the system choose a port, and no rule can be written for that",
            f'write one port, as in "{_EXAMPLE}", or the range in which the program binds: '
            f'"tcp://*:{ports}"',
        )
    bound = port_libzmq_binds(port)
    does = "libzmq would refuse it" if bound is None else f"libzmq would bind {bound}"
    raise Wrong(
        f"{quoted(text)} does not end in a port, and {does}", "write a number from 1 to 65535"
    )


def port_libzmq_binds(port: str) -> int | None:
    """What libzmq makes of the text behind the colon, other than '*' and '0'.

    src/ip_resolver.cpp: static_cast<uint16_t> (atoi (text)), and 0 is EINVAL.
    glibc's atoi is (int) strtol: it saturates at 64 bits and keeps the low 32.
    """
    match = _ATOI.match(port)
    # 25 digits saturate like any more would, and int() stays cheap.
    number = int(match.group(1)[:25]) if match else 0
    saturated = max(-(2**63), min(number, 2**63 - 1))
    return saturated & 0xFFFF or None


def _expect_interface(address: str, port: str, text: str) -> None:
    if address == "*":
        return
    if not address:
        raise Wrong(f"{quoted(text)} names no interface", f'write "tcp://*:{port}" for all of them')
    if _NUMERIC.fullmatch(address):
        try:
            literal = IPv4Address(address)
        except AddressValueError:
            raise Wrong(
                f"{quoted(text)} has an address that is not four numbers from 0 to 255",
                f'write "tcp://*:{port}", or an address such as 127.0.0.1',
            ) from None
        if literal.is_multicast or (literal.is_reserved and not literal.is_unspecified):
            raise Wrong(
                f"{quoted(text)} has an address that no interface can have",
                f'write "tcp://*:{port}"',
            )
        return
    if address.lower() == "localhost" and address != "localhost":
        raise Wrong(f"{quoted(text)} has localhost in capitals", "write localhost")
    if not _INTERFACE.fullmatch(address):
        raise Wrong(
            f"{quoted(text)} names a host, and DNS decides only when the program starts "
            "which interface that is",
            f'write "tcp://*:{port}", or an interface such as "tcp://eth0:{port}"',
        )


def _ipc(path: str, text: str) -> ZmqEndpoint:
    if path in ("", "@"):
        raise Wrong(f"{quoted(text)} has no path", 'write one, as in "ipc:///run/ticker.sock"')
    if path == "*":
        raise Wrong(
            f"{quoted(text)} lets libzmq choose a path that nobody else knows",
            'write one, as in "ipc:///run/ticker.sock"',
        )
    if not path.isprintable():
        raise Wrong(f"{quoted(text)} holds an unprintable character", "remove it")
    if len(path.encode()) > LONGEST_IPC_PATH:
        raise Wrong(
            f"{quoted(text)} has a path of {len(path.encode())} bytes",
            f"a Unix socket's path has at most {LONGEST_IPC_PATH}",
        )
    if not path.startswith(("/", "@")):
        raise Wrong(
            f"{quoted(text)} is relative to wherever the program starts",
            f'write an absolute path, as in "ipc:///run/{path.strip("./")}"',
        )
    if path.endswith("/"):
        raise Wrong(f"{quoted(text)} is a directory", f'write a file in it: "{text}socket"')
    return ZmqEndpoint(transport="ipc", address=path)


def _inproc(name: str, text: str) -> ZmqEndpoint:
    if not name:
        raise Wrong(f"{quoted(text)} has no name", 'write one, as in "inproc://workers"')
    if not name.isprintable():
        raise Wrong(f"{quoted(text)} holds an unprintable character", "remove it")
    return ZmqEndpoint(transport="inproc", address=name)
