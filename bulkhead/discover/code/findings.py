"""What of a scan is worth somebody's time, each with the line in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.discover.code.found import (
    CodeFinding,
    CodeFindingKind,
    CodePlace,
    EndInCode,
    OpenTo,
    SocketInCode,
)

_ORDER: Final = tuple(CodeFindingKind)


def findings(
    sockets: Iterable[SocketInCode], authenticators: Mapping[str, tuple[CodePlace, ...]]
) -> tuple[CodeFinding, ...]:
    """The worst first, then by place. `authenticators` are those that each program starts."""
    found = [
        each
        for socket in sockets
        for each in (
            *_pickled(socket),
            *_secrets(socket),
            *_unencrypted(socket),
            *_unauthenticated(socket, bool(authenticators.get(socket.program))),
            *_plain(socket),
            *_mistaken(socket),
        )
    ]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.kind), each.place)))


def _called(socket: SocketInCode) -> str:
    types = "/".join(socket.types) or "socket"
    return f"{types} {socket.name}" if socket.name else types


def _exposed(socket: SocketInCode) -> tuple[EndInCode, ...]:
    return tuple(each for each in socket.ends if each.exposure is OpenTo.NETWORK)


def _pickled(socket: SocketInCode) -> Iterator[CodeFinding]:
    local = socket.ends and all(
        each.exposure in (OpenTo.HOST, OpenTo.PROCESS) for each in socket.ends
    )
    if local:
        return
    for each in socket.deserialised:
        yield CodeFinding(
            kind=CodeFindingKind.PICKLE,
            what=f"{_called(socket)} takes messages for objects, by {each.call}",
            why="Whoever can send one runs code of his own in this program.",
            place=each.place,
            socket=socket,
        )


def _secrets(socket: SocketInCode) -> Iterator[CodeFinding]:
    for each in socket.options:
        if each.secret_in_code:
            yield CodeFinding(
                kind=CodeFindingKind.SECRET,
                what=f"{_called(socket)} has its {each.name} in the code",
                why="Whoever reads the code has it, and it cannot be changed alone.",
                place=each.place,
                socket=socket,
            )


def _unencrypted(socket: SocketInCode) -> Iterator[CodeFinding]:
    if socket.mechanism is not None:
        return
    for each in _exposed(socket):
        if each.side == "bind":
            yield CodeFinding(
                kind=CodeFindingKind.UNENCRYPTED,
                what=f"{_called(socket)} binds {each.text}, which other hosts reach, and nothing "
                "in the code sets CURVE, PLAIN or GSSAPI",
                why="Whoever reaches the port is a peer; whoever is on the way reads and writes.",
                place=each.place,
                socket=socket,
            )


def _unauthenticated(socket: SocketInCode, authenticated: bool) -> Iterator[CodeFinding]:
    if socket.serves_curve and not authenticated:
        place = next(each.place for each in socket.options if each.name == "curve_server")
        yield CodeFinding(
            kind=CodeFindingKind.UNAUTHENTICATED,
            what=f"{_called(socket)} is a CURVE server, and its program starts no ZAP handler",
            why="Without one libzmq accepts every client key.",
            place=place,
            socket=socket,
        )


def _plain(socket: SocketInCode) -> Iterator[CodeFinding]:
    if socket.mechanism == "PLAIN" and (ends := _exposed(socket)):
        yield CodeFinding(
            kind=CodeFindingKind.PLAIN,
            what=f"{_called(socket)} uses PLAIN on {ends[0].text}",
            why="Name and password cross the network in the clear.",
            place=ends[0].place,
            socket=socket,
        )


def _mistaken(socket: SocketInCode) -> Iterator[CodeFinding]:
    for each in socket.ends:
        if each.wrong:
            yield CodeFinding(
                kind=CodeFindingKind.MISTAKEN,
                what=f"{_called(socket)}: {each.wrong}",
                why="libzmq takes much for something else than what was written.",
                place=each.place,
                socket=socket,
            )
