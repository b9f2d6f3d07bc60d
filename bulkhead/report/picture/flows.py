"""The flows of a matrix, each with the way it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.agree.table import FlowMatrix, Pair
from bulkhead.network import ALL_PORTS, PortRange, Verdict, protocol_name
from bulkhead.network.traffic import merge
from bulkhead.prove import OTHER_PROTOCOL, PARTLY, Column, Row, describe

_MOST_RANGES: Final = 2


class Style(StrEnum):
    """What there is to say of a flow, in the order in which a legend says it."""

    DECLARED = "declared and open"
    OPEN = "open"
    UNDECLARED = "open, not declared"
    MISSING = "declared, not open"
    HALF_OPEN = "half-open: replies are lost"
    PARTLY = "differs between replicas"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sender and one socket (or undeclared port) that it reaches, or should."""

    sender: Row
    socket: Column
    style: Style

    def __str__(self) -> str:
        return f"{self.sender.name} to {name(self.socket)} {traffic(self.socket)}: {self.style}"


def flows(matrix: FlowMatrix) -> tuple[Flow, ...]:
    """Every pair of the matrix that is open, or should be, once."""
    found = ((sender, socket, _style(pair)) for (sender, socket), pair in matrix.pairs.items())
    return tuple(
        Flow(sender=sender, socket=socket, style=style)
        for sender, socket, style in found
        if style is not None
    )


def alike(matrix: FlowMatrix) -> tuple[tuple[Column, ...], ...]:
    """Every socket alone; undeclared ports of one owner together where they are open alike."""
    found: dict[tuple[object, ...], list[Column]] = {}
    for socket in matrix.sockets:
        entries = tuple(matrix.pairs[sender, socket].proved for sender in matrix.senders)
        key = (socket,) if socket.declared else (socket.owner, entries)
        found.setdefault(key, []).append(socket)
    return tuple(map(tuple, found.values()))


def name(socket: Column) -> str:
    """'broker.out', or the owner of a port that no socket declares."""
    return socket.name if socket.declared else socket.owner


def traffic(socket: Column) -> str:
    """'tcp 5562'."""
    return describe(socket.protocol, (socket.ports,))


def ports(sockets: Iterable[Column]) -> str:
    """'tcp 5570-5573, 5580': the traffic of several sockets, by protocol; or all traffic."""
    by_protocol: dict[int, set[PortRange]] = {}
    for each in sockets:
        by_protocol.setdefault(each.protocol, set()).add(each.ports)
    if OTHER_PROTOCOL in by_protocol and set(map(merge, by_protocol.values())) == {(ALL_PORTS,)}:
        return "all traffic"
    return "; ".join(
        _some(protocol, merge(found))
        for protocol, found in sorted(by_protocol.items(), key=lambda item: protocol_name(item[0]))
    )


def _some(protocol: int, found: tuple[PortRange, ...]) -> str:
    more = len(found) - _MOST_RANGES
    said = describe(protocol, found[:_MOST_RANGES])
    return f"{said} and {more} more" if more > 0 else said


def _style(pair: Pair) -> Style | None:
    match pair.proved:
        case Verdict.ALLOWED:
            by_declaration = {True: Style.DECLARED, False: Style.UNDECLARED, None: Style.OPEN}
            return by_declaration[pair.declared]
        case Verdict.HALF_OPEN:
            return Style.HALF_OPEN
        case Verdict.UNDETERMINED:
            return Style.UNDETERMINED
        case Verdict.DENIED:
            return Style.MISSING if pair.declared else None
        case _ if pair.proved == PARTLY:
            # Where nobody declared anything, open for one replica is open.
            return Style.UNDECLARED if pair.declared is False else Style.PARTLY
    return None
