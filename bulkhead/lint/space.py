"""Sets of packets as bit sets: every set operation on rules is one on integers.

The rules at hand cut addresses, protocols and ports into atoms that none of
them can tell apart; a rule is the set of its atoms.
"""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.ends.prefixes import PrefixTree, as_prefix
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, IPNetwork, PortRange, has_ports, has_types

Match = tuple[int, PortRange]
"""Protocol and ports of a rule."""


class TrafficAtoms:
    """Protocols and ports, cut by some rules."""

    def __init__(self, matches: Iterable[Match]) -> None:
        matches = tuple(matches)
        named = sorted({protocol for protocol, _ in matches} - {ANY_PROTOCOL})
        self._blocks: list[tuple[int, int, list[int]]] = []
        """Per protocol: its number, where its atoms start, where each begins."""
        self.width = 0
        for protocol in (*named, ANY_PROTOCOL):
            edges = {0}
            for other, ports in matches:
                if other == protocol and _looks_at_ports(protocol):
                    edges.update((ports.first, ports.last + 1))
            edges.discard(65536)
            self._blocks.append((protocol, self.width, sorted(edges)))
            self.width += len(edges)

    def atoms(self, match: Match) -> int:
        """The atoms of a rule; one for all protocols has them all."""
        protocol, ports = match
        if protocol == ANY_PROTOCOL:
            return (1 << self.width) - 1
        ports = ports if _looks_at_ports(protocol) else ALL_PORTS
        found = 0
        for other, offset, edges in self._blocks:
            if other == protocol:
                for place, first in enumerate(edges):
                    found |= (first in ports) << offset + place
        return found


def _looks_at_ports(protocol: int) -> bool:
    return has_ports(protocol) or has_types(protocol)


class Addresses:
    """All addresses of both families, cut by some prefixes."""

    def __init__(self, prefixes: Iterable[IPNetwork]) -> None:
        self._tree = PrefixTree(prefixes)
        homes = [each for each in self._tree.prefixes if self._tree.own_ranges(each)]
        self._place = {home: place for place, home in enumerate(homes)}

    def __len__(self) -> int:
        return len(self._place)

    def within(self, prefix: IPNetwork) -> list[int]:
        """The classes inside one of the prefixes."""
        inside = self._tree.within(as_prefix(prefix))
        return [self._place[home] for home in inside if home in self._place]


class PacketAtoms:
    """Peers by traffic. A peer is a class of addresses, or a group that is named."""

    def __init__(
        self,
        matches: Iterable[Match],
        prefixes: Iterable[IPNetwork],
        groups: Iterable[str] = (),
    ) -> None:
        self._traffic = TrafficAtoms(matches)
        self._addresses = Addresses(prefixes)
        self._groups = {
            group: len(self._addresses) + place for place, group in enumerate(sorted(set(groups)))
        }

    def of_cidr(self, match: Match, cidr: IPNetwork) -> int:
        atoms, width = self._traffic.atoms(match), self._traffic.width
        return sum(atoms << place * width for place in self._addresses.within(cidr))

    def of_group(self, match: Match, group: str) -> int:
        return self._traffic.atoms(match) << self._groups[group] * self._traffic.width

    def lifted(self, packets: int, group: str, home: Iterable[IPNetwork]) -> int:
        """What the set says of all addresses where a group's members may be, said of the group."""
        width = self._traffic.width
        whole = (1 << width) - 1
        shared = whole
        places = [place for cidr in home for place in self._addresses.within(cidr)]
        for place in places:
            shared &= packets >> place * width
        return (shared & whole if places else 0) << self._groups[group] * width
