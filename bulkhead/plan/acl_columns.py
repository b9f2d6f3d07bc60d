"""What NACL entries of one protocol can tell apart: ranges of ports, and of icmp messages.

The needs of a NACL cut ports into columns. A set of columns is the bits of an integer here. An
entry says one range: of ports any, of messages one, a type with all its codes, or all of them
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IcmpTypeCode.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from bulkhead.network import ALL_PORTS, PortRange, has_types

_CODES = 256


class AclColumns:
    """The columns into which some ranges of a protocol cut its ports or messages, in order."""

    def __init__(self, protocol: int, ranges: Iterable[PortRange]) -> None:
        self.in_any_run = not has_types(protocol)
        """Whether any columns side by side are a range."""
        cuts = {at for each in ranges for at in self._cuts(each)}
        self.columns = tuple(PortRange(first, after - 1) for first, after in pairwise(sorted(cuts)))
        self._number = {each.first: number for number, each in enumerate(self.columns)}

    def _cuts(self, ports: PortRange) -> Iterator[int]:
        yield from (ports.first, ports.last + 1)
        if not self.in_any_run:
            yield from (0, ALL_PORTS.last + 1)
            yield from (ports.first // _CODES * _CODES, (ports.last // _CODES + 1) * _CODES)

    def of(self, ports: PortRange) -> int:
        """The columns of a range that begins and ends where some column does."""
        first = self._number[ports.first]
        last = self._number.get(ports.last + 1, len(self.columns))
        return (1 << last) - (1 << first)

    def range_of(self, block: int) -> PortRange:
        """The ports of a block: from its first column to its last."""
        first = (block & -block).bit_length() - 1
        return PortRange(self.columns[first].first, self.columns[block.bit_length() - 1].last)

    def blocks(self, some: int) -> Iterator[int]:
        """The fewest ranges that are exactly these columns, none of them a part of another."""
        if not self.in_any_run:
            yield from self._messages(some)
            return
        while some:
            lowest = some & -some
            run = some & ~(some + lowest)
            yield run
            some ^= run

    def _messages(self, some: int) -> Iterator[int]:
        for block in (self._every, *self._types, *(1 << each for each in range(len(self.columns)))):
            if block & some == block:
                yield block
                some &= ~block

    @property
    def _every(self) -> int:
        return (1 << len(self.columns)) - 1

    @cached_property
    def _types(self) -> tuple[int, ...]:
        """Each type of messages some of whose codes stand apart."""
        found: dict[int, int] = {}
        for number, each in enumerate(self.columns):
            if each.first // _CODES == each.last // _CODES:
                kind = each.first // _CODES
                found[kind] = found.get(kind, 0) | 1 << number
        return tuple(found.values())

    def hull(self, some: int) -> int:
        """The smallest range around these columns."""
        if self.in_any_run:
            return (1 << some.bit_length()) - (some & -some)
        if some.bit_count() == 1:
            return some
        return next((each for each in self._types if not some & ~each), self._every)

    def ranges(self, asked: int) -> Iterator[int]:
        """The ranges that hold some of these columns and are no larger than that needs: in the
        order of their first column, then of their size."""
        if not self.in_any_run:
            bits = (1 << each for each in range(len(self.columns)) if asked >> each & 1)
            wide = (each for each in (*self._types, self._every) if (each & asked).bit_count() > 1)
            yield from sorted({*bits, *wide}, key=lambda each: (each & -each, each))
            return
        places = [each for each in range(asked.bit_length()) if asked >> each & 1]
        for number, first in enumerate(places):
            for last in places[number:]:
                yield (2 << last) - (1 << first)
