"""Where code binds and connects, each end with its port as far as reading tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.code.found import (
    CodePlace,
    CodeScan,
    EndInCode,
    EndpointInConfig,
    OpenTo,
    SocketInCode,
)
from bulkhead.discover.code.parts import OpenKind
from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind
from bulkhead.discover.register.naming import Named, ServiceNames

_ENDPOINT: Final = re.compile(r"^[@>+-]?(?P<transport>[a-z]+)://(?P<rest>.*)$", re.DOTALL)
_HOST_PORT: Final = re.compile(
    r"^(?:[^;/]*;)?(?P<host>\[[^\]]*\]|[^:/]*):(?P<port>[^/:]*)(?:/.*)?$", re.DOTALL
)
_CARRIER: Final = {"ws": "tcp", "wss": "tcp", "epgm": "udp", "norm": "udp"}
_BY_IP: Final = frozenset({"tcp", "ws", "wss", "udp", "pgm", "epgm", "norm"})


BY_DEFAULT: Final = "by default"
UNTOLD: Final = "?"
"""The transport of an endpoint of which the running program knows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEnd:
    """One end of a socket in code. `port` is None where only the running program knows it.

    `keys` are what decides its open parts: ends that ask for one key mean one endpoint. `decided`
    says in words whence the port is; '' where it is written there.
    """

    socket: SocketInCode
    end: EndInCode
    party: Named
    transport: str
    host: str
    port: int | None
    path: str
    decided: str
    keys: frozenset[tuple[str, str]]
    configured: tuple[EndpointInConfig, ...] = ()

    @property
    def binds(self) -> bool:
        return self.end.side == "bind"

    @property
    def open_port(self) -> bool:
        """Whether the running program may have another port than is told, or any."""
        return self.port is None or self.decided == BY_DEFAULT

    @property
    def exposed(self) -> bool | None:
        return {OpenTo.NETWORK: True, OpenTo.HOST: False}.get(self.end.exposure)

    @property
    def said(self) -> str:
        """'tcp 5556', 'tcp *:{port}'."""
        if self.port is not None:
            return f"{self.transport} {self.port}"
        return (self.path and f"{self.transport} {self.path}") or self.end.text

    def evidence(self) -> Iterator[BoundaryEvidence]:
        types = "/".join(self.socket.types) or "socket"
        name = f" {self.socket.name}" if self.socket.name else ""
        verb = "binds" if self.binds else "connects to"
        decided = f" ({self.decided})" if self.decided else ""
        end = "server" if self.binds else "client"
        yield BoundaryEvidence(
            kind=EvidenceKind.CODE,
            end="server" if self.binds else "client",
            what=f"{types}{name} {verb} {self.end.text}{decided}",
            place=self.end.place,
        )
        for each in self.configured:
            yield BoundaryEvidence(
                kind=EvidenceKind.CONFIG,
                end="server" if end == "server" else "client",
                what=f"{each.key} is {each.text}",
                place=each.place,
            )


def carrier(transport: str) -> str:
    """What its packets are of: 'tcp' of ws."""
    return _CARRIER.get(transport, transport)


def same_carrier(end: CodeEnd, other: str) -> bool:
    """Whether an end may be of that carrier: one that is not told may be of any."""
    return UNTOLD in (end.transport, other) or carrier(end.transport) == other


def ends_in_code(scan: CodeScan, names: ServiceNames) -> Iterator[CodeEnd]:
    """Every end that leaves its process. Code that tests a program is not part of it."""
    by_place: dict[CodePlace, list[EndpointInConfig]] = {}
    for each in scan.configured:
        for place in each.read_by:
            by_place.setdefault(place, []).append(each)
    for socket in scan.sockets:
        if socket.test:
            continue
        party = names.of_file(socket.place.file, socket.program)
        for end in socket.ends:
            yield from _ends(socket, end, party, tuple(by_place.get(end.place, ())))


def _ends(
    socket: SocketInCode, end: EndInCode, party: Named, configured: tuple[EndpointInConfig, ...]
) -> Iterator[CodeEnd]:
    written = _ENDPOINT.match(end.default or end.text)
    feeding = tuple(each for each in configured if end.open_parts and not _published(each))
    said = next((found for each in feeding if (found := _ENDPOINT.match(each.text))), None)
    found = said or written
    if found is None and not end.open_parts:
        return  # libzmq refuses it, which is a finding of the scan
    transport, rest = (found["transport"], found["rest"]) if found else (UNTOLD, end.text)
    if transport == "inproc" or end.exposure is OpenTo.PROCESS:
        return
    host, port, path = "", None, ""
    if transport in _BY_IP:
        if match := _HOST_PORT.match(rest):
            host, port = match["host"].strip("[]"), _number(match["port"])
    else:
        path = "" if "{" in rest else rest
    numbers = {each.ports[0] for each in feeding if len(each.ports) == 1}
    decided = BY_DEFAULT if end.open_parts and port is not None else ""
    if said is not None:
        decided = f"by {feeding[0].place}"
    elif len(numbers) == 1 and any(_is_port(each.name) for each in end.open_parts):
        port, decided = numbers.pop(), f"by {feeding[0].place}"
    yield CodeEnd(
        socket=socket,
        end=end,
        party=party,
        transport=transport,
        host=host,
        port=port,
        path=path,
        decided=decided,
        keys=frozenset(
            (str(each.kind), each.source)
            for each in end.open_parts
            if each.kind in (OpenKind.KEY, OpenKind.ENVIRONMENT)
        ),
        configured=configured,
    )


def _published(each: EndpointInConfig) -> bool:
    return each.kind.endswith("published")


def _is_port(name: str) -> bool:
    return "port" in name.lower()


def _number(text: str) -> int | None:
    """A port; 0, '*' and '!' are chosen when it binds."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65_536 else None
