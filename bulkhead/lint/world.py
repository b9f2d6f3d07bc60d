"""How much of the public address space some blocks cover together.

Checkers that look for 0.0.0.0/0 are got round with two halves, or with all /8 but one.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Final

from bulkhead.ends.cuts import NO_HOSTS
from bulkhead.ends.prefixes import number
from bulkhead.network import PRIVATE, IPAddress, IPNetwork

WIDE: Final = 0.5
"""From which share on blocks are called the world: nobody has half of all addresses as peers."""
_MUCH: Final = 0.05
"""Less of the world than this makes nobody's half a whole."""
_ROOTS: Final = {4: ip_network("0.0.0.0/0"), 6: ip_network("2000::/3")}
"""What the internet routes (of IPv6 global unicast, RFC 4291), and what is private or local."""

Range = tuple[int, int]


def share(ranges: Iterable[Range], version: int) -> float:
    """Of all public addresses of a family, the part that lies in some ranges of numbers."""
    public = _PUBLIC[version]
    covered = sum(_size(each) for each in _common(_merged(ranges), public))
    return covered / sum(map(_size, public))


def is_world(ranges: Iterable[Range], version: int) -> bool:
    """Whether ranges cover most of the public addresses of a family, one by one or together."""
    return share(ranges, version) >= WIDE


def is_much(ranges: Iterable[Range], version: int) -> bool:
    """Whether ranges cover a part of the public addresses that is worth a look."""
    return share(ranges, version) >= _MUCH


def part_of_the_world(ranges: Iterable[Range]) -> str:
    """'every public address', '55 % of all public addresses': of the family that has more."""
    every = list(ranges)
    part = max(share(every, version) for version in (4, 6))
    return "every public address" if part == 1 else f"{int(part * 100)} % of all public addresses"


def is_public(block: IPNetwork) -> bool:
    """Whether some public address lies in a block."""
    return share([span_of(block)], block.version) > 0


def spans_of(ranges: Iterable[tuple[IPAddress, IPAddress]]) -> list[Range]:
    """First and last addresses as numbers."""
    return [(number(first), number(last)) for first, last in ranges]


def span_of(block: IPNetwork) -> Range:
    """The first and last number of a block."""
    return number(block.network_address), number(block.broadcast_address)


def _size(each: Range) -> int:
    return each[1] - each[0] + 1


def _merged(ranges: Iterable[Range]) -> list[Range]:
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _common(ones: Iterable[Range], others: Iterable[Range]) -> list[Range]:
    return [
        (max(one[0], other[0]), min(one[1], other[1]))
        for one in ones
        for other in others
        if one[0] <= other[1] and other[0] <= one[1]
    ]


def outside(block: IPNetwork, hidden: Iterable[IPNetwork]) -> list[Range]:
    """What is left of a block without some others."""
    span = span_of(block)
    left, free = [], span[0]
    for first, last in _common(_merged(map(span_of, hidden)), [span]):
        if free < first:
            left.append((free, first - 1))
        free = last + 1
    return [*left, (free, span[1])] if free <= span[1] else left


_PUBLIC: Final = {version: outside(root, (*PRIVATE, *NO_HOSTS)) for version, root in _ROOTS.items()}
