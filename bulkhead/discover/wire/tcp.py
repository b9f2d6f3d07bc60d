"""Connections of TCP out of packets: each side's bytes in their order, once.

Out of order, sent again, overlapping, cut short by the capture, begun before it: all of that is
told apart from bytes that are not there, and those are counted. Source: RFC 9293.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.wire.packets import Carried

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_AROUND: Final = 1 << 32
_MOST_HELD: Final = 256 * 1024
"""Bytes of one side that wait for others before them: then those are taken for lost."""
_MOST_PIECES: Final = 1_024


@dataclass(frozen=True, slots=True)
class TcpSegment:
    """One segment; `missing` bytes of its payload are not in the capture."""

    source_port: int
    target_port: int
    sequence: int
    flags: int
    payload: bytes
    missing: int

    @property
    def opens(self) -> bool:
        return bool(self.flags & _SYN) and not self.flags & _ACK

    @property
    def answers(self) -> bool:
        return bool(self.flags & _SYN) and bool(self.flags & _ACK)

    @property
    def resets(self) -> bool:
        return bool(self.flags & _RST)

    @property
    def ends(self) -> bool:
        return bool(self.flags & _FIN)


def read_segment(carried: Carried) -> TcpSegment | None:
    """None where not even the ports are there."""
    data = carried.payload
    if len(data) < 14:
        return None
    header = (data[12] >> 4) * 4
    if header < 20:
        return None
    kept = data[header:]
    return TcpSegment(
        int.from_bytes(data[:2], "big"),
        int.from_bytes(data[2:4], "big"),
        int.from_bytes(data[4:8], "big"),
        data[13],
        kept,
        carried.missing - max(0, header - len(data)),
    )


class Stream:
    """One side of a connection, in order: `deliver` gets its bytes, `lose` how many are not there.

    `midway`: its first bytes are not those that opened it.
    """

    def __init__(self, deliver: Callable[[bytes], None], lose: Callable[[int], None]) -> None:
        self._deliver = deliver
        self._lose = lose
        self._next = 0
        self._first = 0
        self.begun = False
        self._waiting: dict[int, tuple[bytes, int]] = {}
        self._held = 0
        self.midway = False

    def starts_at(self, sequence: int) -> bool:
        """Whether a SYN with this number opens what is read here, or did."""
        return not self.begun or (sequence + 1) % _AROUND == self._first

    def open(self, sequence: int) -> None:
        """The SYN of this side."""
        if not self.begun:
            self._begin((sequence + 1) % _AROUND)

    def take(self, segment: TcpSegment) -> None:
        payload, missing = segment.payload, segment.missing
        if not payload and not missing:
            return
        if not self.begun:
            self._begin(segment.sequence)
            self.midway = True
        ahead = _ahead(segment.sequence, self._next)
        if ahead > 0:
            self._wait(segment.sequence, payload, missing)
            return
        self._pass_on(-ahead, payload, missing)
        self._drain()

    def finish(self) -> None:
        """No more will come: what waits is behind bytes that were lost."""
        while self._waiting:
            self._jump()

    def _begin(self, sequence: int) -> None:
        self.begun, self._next, self._first = True, sequence, sequence

    def _wait(self, sequence: int, payload: bytes, missing: int) -> None:
        known = self._waiting.get(sequence)
        if known is None or len(known[0]) + known[1] < len(payload) + missing:
            self._held += len(payload) - (len(known[0]) if known else 0)
            self._waiting[sequence] = payload, missing
        while self._held > _MOST_HELD or len(self._waiting) > _MOST_PIECES:
            self._jump()

    def _pass_on(self, known: int, payload: bytes, missing: int) -> None:
        """A piece, without the bytes at its start that were there already."""
        size = len(payload) + missing
        if known >= size:
            return
        self._next = (self._next + size - known) % _AROUND
        if known < len(payload):
            self._deliver(payload[known:])
            known = len(payload)
        if size > known:
            self._lose(size - known)

    def _drain(self) -> None:
        while self._waiting:
            sequence = self._nearest()
            ahead = _ahead(sequence, self._next)
            if ahead > 0:
                return
            payload, missing = self._waiting.pop(sequence)
            self._held -= len(payload)
            self._pass_on(-ahead, payload, missing)

    def _jump(self) -> None:
        """Go on behind a gap."""
        sequence = self._nearest()
        ahead = _ahead(sequence, self._next)
        if ahead > 0:
            self._lose(ahead)
            self._next = sequence
        self._drain()

    def _nearest(self) -> int:
        return min(self._waiting, key=lambda each: _ahead(each, self._next))


def _ahead(sequence: int, of: int) -> int:
    """How many bytes further on; below 0 where it comes before."""
    distance = (sequence - of) % _AROUND
    return distance if distance < _AROUND // 2 else distance - _AROUND
