"""Every prefix a network mentions, as one tree: what cuts addresses into classes.

CIDR blocks never overlap in part: two of them nest or are apart. So two
addresses whose longest mentioned prefix (their home) is the same lie inside
exactly the same mentioned prefixes, and no rule can tell them apart. One home,
one class: that is why a proof over classes is a proof over all addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network

Prefix = tuple[int, int]
"""First address and length; sorts parents before children."""

ROOT: Prefix = (0, 0)


def as_prefix(network: IPv4Network) -> Prefix:
    """A network as numbers."""
    return int(network.network_address), network.prefixlen


def as_network(prefix: Prefix) -> IPv4Network:
    """Numbers as a network."""
    return IPv4Network(prefix)


def last_address(prefix: Prefix) -> int:
    """The highest address inside."""
    return prefix[0] + (1 << (32 - prefix[1])) - 1


class PrefixTree:
    def __init__(self, networks: Iterable[IPv4Network]) -> None:
        self.prefixes: tuple[Prefix, ...] = tuple(sorted({ROOT, *map(as_prefix, networks)}))
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

    def home(self, address: int) -> Prefix:
        """The longest mentioned prefix that contains the address."""
        for length in self._lengths:
            prefix = (address >> (32 - length) << (32 - length), length)
            if prefix in self._chains:
                return prefix
        return ROOT

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
        """The addresses whose home this is: the prefix less its children."""
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
