"""The internet of a proof: its ends, and by which of them it knows who is here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.prefixes import Prefix
from bulkhead.network import IPAddress, PortRange
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


class Internet:
    """Ends as sets of bits; all of them speak IPv4, for IPv6 knows no public addresses.

    `six` and `outside_six` are those that send to one as IPv6 calls it (NAT64).
    """

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.everybody = 0
        """The ends of the internet itself."""
        self.outside = 0
        """Who may have a way to the internet of his own."""
        self.unnamed = 0
        """Who may be given a public address, and nobody knows which."""
        self.four = 0
        self.six = 0
        self.outside_six = 0
        self._places: dict[Prefix, int] = {}
        for index, each in enumerate(reach.endpoints):
            bit = 1 << index
            if each.kind is EndpointKind.ELSEWHERE:
                continue  # Whoever is there comes in as the internet, if at all.
            if each.version == 6:
                self.six |= bit * (each.kind is not EndpointKind.INTERNET)
                self.outside_six |= bit * (each.kind is EndpointKind.SITE)
                continue
            self.four |= bit
            if each.kind is EndpointKind.INTERNET:
                self.everybody |= bit
                self._places[reach.survey.classes.homes[index]] = index
            elif each.kind is EndpointKind.SITE:
                self.outside |= bit
            elif each.kind is EndpointKind.STRANGER:
                self.unnamed |= bit

    def place(self, address: IPAddress | None) -> int | None:
        """The end of the internet that has an address."""
        if address is None:
            return None
        return self._places.get(self.reach.survey.classes.tree.home(address))

    def known_at(self, places: int) -> int:
        """Who may have a public address of his own in some ends of the internet."""
        known = self.unnamed
        for place in bits_of(places):
            known |= self._own.get(place, 0)
        return known

    @cached_property
    def unplaced(self) -> int:
        """Whose public address, if there is one, is none of the internet."""
        return self.four & ~self.known_at(self.everybody)

    @cached_property
    def _own(self) -> Mapping[int, int]:
        found: dict[int, int] = defaultdict(int)
        for index, each in enumerate(self.reach.endpoints):
            if each.kind is EndpointKind.INTERFACE and each.version == 4:
                interface = self.reach.network.interface[each.id]
                place = self.place(interface.public_for(each.address))
                if place is not None:
                    found[place] |= 1 << index
        return found

    def clients(self, among: int) -> Iterator[tuple[PortRange, int]]:
        """Some ends, by the ports from which they open connections."""
        for ports, members in self.reach.survey.clients.items():
            if among & members:
                yield ports, among & members
