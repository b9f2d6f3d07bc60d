"""Sets of packets as binary decision diagrams (OxiDD, complement edges).

A packet is a row of bits: where it starts and ends, its addresses, protocol and
port, the client's port to which its reply goes, and the port of a NAT gateway
in the middle. A field of a packet may also be known: then it is an int.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from oxidd.bcdd import BCDDFunction, BCDDManager

PacketSet = BCDDFunction
Bits = Sequence[bool | None]
"""One packet, or all that differ in nothing but the bits that are None."""
NODES: Final = 1 << 25
"""Room for inner nodes; OxiDD takes the memory as it is used."""
CACHE: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class Field:
    """Bits of a packet, the first the most significant."""

    bits: tuple[int, ...]

    @property
    def width(self) -> int:
        return len(self.bits)

    def part(self, first: int, after: int) -> Field:
        return Field(self.bits[first:after])


Value = Field | int


class Universe:
    """All packets of one address family."""

    def __init__(self, locations: int, version: int) -> None:
        self.manager = BCDDManager(NODES, CACHE, 1)
        self.all, self.none = self.manager.true(), self.manager.false()
        width, address = max(1, locations.bit_length()), 32 if version == 4 else 128
        # What most rules join (a receiver, then its senders) lies together.
        self.target = self._field(width)
        self.destination = self._field(address)
        # Of a packet of IPv6 that a NAT gateway makes one of IPv4: where that ends.
        self.beyond = self._field(width if version == 6 else 0)
        self.origin = self._field(width)
        self.source = self._field(address)
        self.protocol = self._field(8)
        # Ports are compared bit by bit (a reply answers a message), so their bits alternate.
        ports = tuple(self.manager.add_vars(3 * 16))
        self.port, self.client, self.middle = (Field(ports[start::3]) for start in range(3))

    def _field(self, width: int) -> Field:
        return Field(tuple(self.manager.add_vars(width)))

    def known(self, truth: bool) -> PacketSet:
        return self.all if truth else self.none

    def is_(self, value: Value, number: int) -> PacketSet:
        if isinstance(value, int):
            return self.known(value == number)
        return self._leading(value, number, value.width)

    def within(self, value: Value, first: int, length: int, width: int) -> PacketSet:
        """Addresses whose first `length` bits are those of `first`."""
        head = first >> (width - length)
        if isinstance(value, int):
            return self.known(value >> (width - length) == head)
        return self._leading(value, head, length)

    def _leading(self, field: Field, head: int, length: int) -> PacketSet:
        found = self.all
        for index in range(length - 1, -1, -1):
            one = head >> (length - 1 - index) & 1
            bit = field.bits[index]
            found &= self.manager.var(bit) if one else self.manager.not_var(bit)
        return found

    def span(self, value: Value, first: int, last: int) -> PacketSet:
        """Numbers from `first` to `last`, both included."""
        if isinstance(value, int):
            return self.known(first <= value <= last)
        if first > last:
            return self.none
        return self._at_least(value, first) & self._at_most(value, last)

    def _at_least(self, field: Field, number: int) -> PacketSet:
        found = self.all
        for place, bit in enumerate(reversed(field.bits)):
            variable = self.manager.var(bit)
            found = variable & found if number >> place & 1 else variable | found
        return found

    def _at_most(self, field: Field, number: int) -> PacketSet:
        found = self.all
        for place, bit in enumerate(reversed(field.bits)):
            variable = self.manager.not_var(bit)
            found = variable | found if number >> place & 1 else variable & found
        return found

    def one_of(self, value: Value, numbers: Iterable[int]) -> PacketSet:
        return self.union([self.is_(value, each) for each in sorted(set(numbers))])

    def union(self, sets: Sequence[PacketSet]) -> PacketSet:
        """All of them together, as a balanced tree: a long chain would be slow."""
        row = list(sets)
        if not row:
            return self.none
        while len(row) > 1:
            pairs = [one | other for one, other in zip(row[::2], row[1::2], strict=False)]
            row = pairs + ([row[-1]] if len(row) % 2 else [])
        return row[0]

    def cube(self, *fields: Field) -> PacketSet:
        found = self.all
        for field in fields:
            for bit in field.bits:
                found &= self.manager.var(bit)
        return found

    def equal(self, one: Field, other: Field) -> PacketSet:
        """Packets with the same number in both fields."""
        found = self.all
        for left, right in zip(reversed(one.bits), reversed(other.bits), strict=True):
            found &= self.manager.var(left).equiv(self.manager.var(right))
        return found

    def pick(self, found: PacketSet) -> Bits:
        """Some packet of a set that is not empty."""
        cube = found.pick_cube()
        if cube is None:
            raise ValueError("the set is empty")
        return list(cube)

    def read(self, bits: Bits, field: Field) -> int:
        number = 0
        for bit in field.bits:
            number = number << 1 | int(bool(bits[bit]))
        return number
