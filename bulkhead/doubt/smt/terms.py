"""The vocabulary of the formulas: a packet made of bit vectors, and simple things about it.

A formula is a z3 term or a plain bool: what is decided without asking stays out
of the formula, which keeps it small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.network import ICMP, ICMP6, TCP, UDP

Formula = Any
Vector = Any
"""A z3 bit vector, or an int where the value is known."""

PORTED: Final = (TCP, UDP)
MESSAGED: Final = (ICMP, ICMP6)


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """A packet: where it starts and ends, and its fields. `own` is the sender's own port.

    Two headers are never equal: each is told by its identity.
    """

    origin: Vector
    source: Vector
    target: Vector
    destination: Vector
    protocol: Vector
    port: Vector
    own: Vector
    said: Vector = None
    """The protocol of the cell, where a NAT gateway made a packet of IPv4 of one of IPv6."""

    @property
    def cell(self) -> Vector:
        """The protocol of the cell that the packet belongs to."""
        return self.protocol if self.said is None else self.said

    def turned(self) -> Header:
        """The same with its ends swapped, not its ports."""
        return replace(
            self,
            origin=self.target,
            source=self.destination,
            target=self.origin,
            destination=self.source,
        )


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Their conjunction."""
    kept = []
    for each in formulas:
        if each is False:
            return False
        if each is not True:
            kept.append(each)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else z3.And(*kept)


def any_of(formulas: Iterable[Formula]) -> Formula:
    """Their disjunction."""
    kept = []
    for each in formulas:
        if each is True:
            return True
        if each is not False:
            kept.append(each)
    if not kept:
        return False
    return kept[0] if len(kept) == 1 else z3.Or(*kept)


def negated(formula: Formula) -> Formula:
    """What it denies."""
    return not formula if isinstance(formula, bool) else z3.Not(formula)


def either(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    """One formula where the condition holds, the other where it does not."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise:
        return then
    if isinstance(then, bool) and isinstance(otherwise, bool):
        return condition if then else z3.Not(condition)
    return z3.If(condition, then, otherwise)


def same(one: Vector, other: Vector) -> Formula:
    """Whether two numbers are equal."""
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return one == other


def between(vector: Vector, first: int, last: int) -> Formula:
    """Whether it is one of the numbers from first to last."""
    if isinstance(vector, int):
        return first <= vector <= last
    if first == last:
        return vector == first
    bounds = []
    if first > 0:
        bounds.append(z3.UGE(vector, first))
    if last < (1 << vector.size()) - 1:
        bounds.append(z3.ULE(vector, last))
    return all_of(bounds)


def inside(address: Vector, block: IPv4Network | IPv6Network) -> Formula:
    """Whether the leading bits are those of the block."""
    rest = block.max_prefixlen - block.prefixlen
    if block.prefixlen == 0:
        return True
    head = int(block.network_address) >> rest
    if isinstance(address, int):
        return address >> rest == head
    return z3.Extract(block.max_prefixlen - 1, rest, address) == head


def among(vector: Vector, numbers: Iterable[int]) -> Formula:
    """Whether it is one of them. Equalities, which z3 shares with those of the claims."""
    wanted = sorted(set(numbers))
    return (
        vector in wanted if isinstance(vector, int) else any_of(vector == each for each in wanted)
    )


def answer_to(protocol: Vector, message: Vector, client: Vector) -> Vector:
    """The destination port (or message) of a reply: RFC 792, RFC 950, RFC 4443."""
    kind, code = z3.Extract(15, 8, message), z3.Extract(7, 0, message)

    def replaced(pairs: Iterable[tuple[int, int]]) -> Vector:
        answered = kind
        for asks, answers in pairs:
            answered = z3.If(kind == asks, z3.BitVecVal(answers, 8), answered)
        return z3.Concat(answered, code)

    four, six = replaced(((8, 0), (13, 14), (15, 16), (17, 18))), replaced(((128, 129),))
    return z3.If(
        z3.Or(*(protocol == each for each in PORTED)),
        client,
        z3.If(protocol == ICMP, four, z3.If(protocol == ICMP6, six, message)),
    )
