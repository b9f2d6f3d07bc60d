"""Every prefix a network mentions, as one tree: what cuts addresses into classes.

CIDR blocks never overlap in part: two of them nest or are apart. So two
addresses whose longest mentioned prefix (their home) is the same lie inside
exactly the same mentioned prefixes, and no rule can tell them apart. One home,
one class: that is why a proof over classes is a proof over all addresses.

Both families share one number line of 129 bits: IPv4 at its start, IPv6 in its
upper half. So one tree holds both, and they never meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from bulkhead.network import IPAddress, IPNetwork

Prefix = tuple[int, int]
"""First number and length; sorts parents before children."""

_WIDTH: Final = 129
_IPV6: Final = 1 << 128
ROOT: Final[Prefix] = (0, _WIDTH - 32)
"""All of IPv4."""
ROOT6: Final[Prefix] = (_IPV6, _WIDTH - 128)
"""All of IPv6."""


def number(address: IPAddress) -> int:
    """An address's place on the number line."""
    return int(address) if address.version == 4 else _IPV6 | int(address)


def address_at(place: int) -> IPAddress:
    """The address that stands there."""
    return IPv6Address(place ^ _IPV6) if place & _IPV6 else IPv4Address(place)


@lru_cache(maxsize=1 << 16)
def as_prefix(network: IPNetwork) -> Prefix:
    """A network as numbers."""
    spare = network.max_prefixlen - network.prefixlen
    return number(network.network_address), _WIDTH - spare


def as_network(prefix: Prefix) -> IPNetwork:
    """Numbers as a network."""
    first, length = prefix
    if first & _IPV6:
        return IPv6Network((first ^ _IPV6, length - ROOT6[1]))
    return IPv4Network((first, length - ROOT[1]))


def last_address(prefix: Prefix) -> int:
    """The highest number inside."""
    return prefix[0] + (1 << (_WIDTH - prefix[1])) - 1


def is_ipv6(prefix: Prefix) -> bool:
    """Whether it stands in the upper half."""
    return bool(prefix[0] & _IPV6)


def as_ranges(numbers: Iterable[tuple[int, int]]) -> tuple[tuple[IPAddress, IPAddress], ...]:
    """Ranges of numbers, first and last, as addresses."""
    return tuple((address_at(first), address_at(last)) for first, last in numbers)


class PrefixTree:
    def __init__(self, networks: Iterable[IPNetwork]) -> None:
        self.prefixes: tuple[Prefix, ...] = tuple(sorted({ROOT, ROOT6, *map(as_prefix, networks)}))
        self._chains: dict[Prefix, tuple[Prefix, ...]] = {}
        self._children: dict[Prefix, list[Prefix]] = {each: [] for each in self.prefixes}
        above: list[Prefix] = []
        for prefix in self.prefixes:
            while above and last_address(above[-1]) < prefix[0]:
                above.pop()
            if above:
                self._children[above[-1]].append(prefix)
            above.append(prefix)
            self._chains[prefix] = tuple(reversed(above))
        self._lengths = sorted({length for _, length in self.prefixes}, reverse=True)

    def __contains__(self, prefix: Prefix) -> bool:
        """Whether it is mentioned: IPv6 is not, where it is left out."""
        return prefix in self._chains

    def home(self, address: IPAddress) -> Prefix:
        """The longest mentioned prefix that contains the address."""
        place = number(address)
        for length in self._lengths:
            spare = _WIDTH - length
            prefix = (place >> spare << spare, length)
            if prefix in self._chains:
                return prefix
        raise AssertionError("every address lies in a root")

    def chain(self, home: Prefix) -> tuple[Prefix, ...]:
        """A mentioned prefix and all that contain it, longest first."""
        return self._chains[home]

    def within(self, outer: Prefix) -> tuple[Prefix, ...]:
        """A mentioned prefix and all mentioned ones inside it."""
        found = [outer]
        for prefix in found:
            found.extend(self._children[prefix])
        return tuple(found)

    def own_ranges(self, home: Prefix) -> tuple[tuple[int, int], ...]:
        """The numbers whose home this is: the prefix less its children."""
        ranges = []
        free = home[0]
        for child in self._children[home]:
            if free < child[0]:
                ranges.append((free, child[0] - 1))
            free = last_address(child) + 1
        if free <= last_address(home):
            ranges.append((free, last_address(home)))
        return tuple(ranges)

    def accumulate(self, own: Mapping[Prefix, int]) -> dict[Prefix, int]:
        """For each prefix the union of the bit sets of all homes inside it."""
        total = {prefix: own.get(prefix, 0) for prefix in self.prefixes}
        for prefix in reversed(self.prefixes):
            chain = self._chains[prefix]
            if len(chain) > 1:
                total[chain[1]] |= total[prefix]
        return total
