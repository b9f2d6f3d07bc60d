"""What is open in a matrix, or should be: each pair with what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.agree import FlowMatrix, Status
from bulkhead.compare import ChangeKind
from bulkhead.compare.delta import kind_of
from bulkhead.network import Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove import Column, Row, Summary

_MOST_RANGES: Final = 2


class Turn(StrEnum):
    """What became of a flow from one network to another, in the order of a legend."""

    OPENED = "opened"
    CLOSED = "closed"
    HALF_BROKEN = "half-broken: replies are lost now"
    MENDED = "mended: replies return now"
    UNSURE = "no longer known"
    SURE = "known by now"
    IN_PART = "otherwise for some replicas, zones or addresses"
    KEPT = "as before"

    @property
    def fine(self) -> bool:
        """Whether there is nothing to tell of it."""
        return self is Turn.KEPT

    @property
    def sign(self) -> str:
        """What stands beside it, so that no colour is needed to see it."""
        return _SIGNS[self]


_SIGNS: Final = {
    Turn.OPENED: "+",
    Turn.CLOSED: "\N{MINUS SIGN}",
    Turn.HALF_BROKEN: "◐",
    Turn.MENDED: "✓",
    Turn.UNSURE: "?",
    Turn.SURE: "!",
    Turn.IN_PART: "◒",
    Turn.KEPT: "",
}
_TURNS: Final = {
    ChangeKind.OPENED: Turn.OPENED,
    ChangeKind.CLOSED: Turn.CLOSED,
    ChangeKind.HALF_BROKEN: Turn.HALF_BROKEN,
    ChangeKind.MENDED: Turn.MENDED,
    ChangeKind.UNDETERMINED: Turn.UNSURE,
    ChangeKind.KNOWN: Turn.SURE,
}


def turn(before: Summary | None, after: Summary | None, moved: bool = False) -> Turn:
    """What people call the step from one entry of a matrix to another.

    `moved`: some host fares otherwise, though the entries are the same.
    """
    one, other = before or Verdict.DENIED, after or Verdict.DENIED
    if one == other:
        return Turn.IN_PART if moved else Turn.KEPT
    if isinstance(one, Verdict) and isinstance(other, Verdict):
        return _TURNS[kind_of(one, other)]
    if Verdict.DENIED in (one, other):
        return Turn.OPENED if one is Verdict.DENIED else Turn.CLOSED
    return Turn.IN_PART


class Sight(StrEnum):
    """What there is to say of a boundary that evidence shows, in the order of a legend.

    Nothing here is open or closed: nobody asked a network.
    """

    DECLARED = "declared and seen"
    SURE = "seen, sure"
    LIKELY = "seen, likely"
    POSSIBLE = "seen, possible"
    SHADOW = "seen, never declared"
    DIFFERS = "declared otherwise"
    UNSEEN = "declared, never seen"

    @property
    def fine(self) -> bool:
        """Whether there is nothing to tell of it."""
        return self in (Sight.DECLARED, Sight.SURE, Sight.LIKELY, Sight.POSSIBLE)


LineStatus = Status | Turn | Sight
"""What a line of a picture may mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One sender and one socket (or undeclared port) that it reaches, or should."""

    sender: Row
    socket: Column
    status: LineStatus

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
