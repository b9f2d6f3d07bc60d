"""What is open in a matrix, or should be: each pair with what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulkhead.agree import FlowMatrix, Status
from bulkhead.network.traffic import listed
from bulkhead.prove import Column, Row

_MOST_RANGES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One sender and one socket (or undeclared port) that it reaches, or should."""

    sender: Row
    socket: Column
    status: Status

    @property
    def traffic(self) -> str:
        """'tcp 5562', 'tcp 192.168.10.7:5562'."""
        return self.socket.traffic

    def __str__(self) -> str:
        return f"{self.sender.name} to {self.socket.called} {self.traffic}: {self.status}"


def openings(matrix: FlowMatrix) -> tuple[Opening, ...]:
    """Every pair of the matrix that is open, or should be, once."""
    return tuple(
        Opening(sender=sender, socket=socket, status=pair.status)
        for (sender, socket), pair in matrix.pairs.items()
        if pair.status is not None
    )


def traffic_of(matrix: FlowMatrix, sockets: Iterable[Column]) -> str:
    """'tcp 5570-5573, 5580': the traffic of several sockets, by protocol; or all traffic."""
    sockets = tuple(sockets)
    if len(sockets) == 1 and sockets[0].address:
        return sockets[0].traffic
    return listed(matrix.traffic(sockets), _MOST_RANGES)
