"""The flows of a matrix, each with what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulkhead.agree import FlowMatrix, Status
from bulkhead.network import ALL_PORTS, PortRange, protocol_name
from bulkhead.network.traffic import merge
from bulkhead.prove import OTHER_PROTOCOL, Column, Row, describe

_MOST_RANGES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sender and one socket (or undeclared port) that it reaches, or should."""

    sender: Row
    socket: Column
    status: Status

    def __str__(self) -> str:
        return f"{self.sender.name} to {name(self.socket)} {traffic(self.socket)}: {self.status}"


def flows(matrix: FlowMatrix) -> tuple[Flow, ...]:
    """Every pair of the matrix that is open, or should be, once."""
    return tuple(
        Flow(sender=sender, socket=socket, status=pair.status)
        for (sender, socket), pair in matrix.pairs.items()
        if pair.status is not None
    )


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
