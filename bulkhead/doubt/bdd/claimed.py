"""The claims of a proof as sets of packets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bulkhead.doubt.bdd.inhabitants import inhabited, on_one_host, past_here
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.doubt.claims import Claim, Claims, Interval
from bulkhead.network import Verdict


@dataclass(frozen=True, eq=False)
class ClaimSets:
    """What is claimed, of packets for which there is a cell."""

    claims: Claims
    space: PacketSpace

    @cached_property
    def senders(self) -> list[PacketSet]:
        """For each class: packets from there."""
        universe = self.space.universe
        return self._classes(universe.origin, universe.source)

    @cached_property
    def receivers(self) -> list[PacketSet]:
        """For each class: packets for there."""
        universe = self.space.universe
        return self._classes(universe.target, universe.destination)

    @cached_property
    def cells(self) -> PacketSet:
        """Packets for which there is a cell, between classes that hold their ends."""
        universe = self.space.universe
        found = universe.union(self.senders) & universe.union(self.receivers)
        found &= ~on_one_host(self.space) & ~past_here(self.space)
        found &= inhabited(self.space, universe.origin, universe.source)
        return found & inhabited(self.space, universe.target, universe.destination)

    @cached_property
    def verdicts(self) -> dict[Verdict, PacketSet]:
        """By verdict. What is in no claim is denied."""
        universe = self.space.universe
        said: dict[Verdict, PacketSet] = {}
        for verdict in Verdict:
            if verdict is not Verdict.DENIED:
                products = [found for each, found in self._products if each.verdict is verdict]
                said[verdict] = universe.union(products)
        said[Verdict.DENIED] = self.cells & ~universe.union(list(said.values()))
        return said

    @cached_property
    def lost(self) -> PacketSet:
        """Half-open requests beside the client ports to which their reply is lost."""
        universe = self.space.universe
        return universe.union(
            [
                packets & self._among(universe.client, each.lost)
                for each, packets in self._products
                if each.verdict is Verdict.HALF_OPEN
            ]
        )

    def like(self, packet: PacketSet) -> PacketSet:
        """Packets between the two classes that a packet is between."""
        return _class_of(self.senders, packet) & _class_of(self.receivers, packet)

    @cached_property
    def _products(self) -> list[tuple[Claim, PacketSet]]:
        return [(each, self.cells & self._product(each)) for each in self.claims.claims]

    def _classes(self, location: Value, address: Value) -> list[PacketSet]:
        space = self.space
        return [
            space.at(location, each.location) & self._among(address, each.intervals)
            if each.location in space.numbers
            else space.universe.none
            for each in self.claims.classes
        ]

    def _among(self, value: Value, intervals: Iterable[Interval]) -> PacketSet:
        universe = self.space.universe
        return universe.union([universe.span(value, first, last) for first, last in intervals])

    def _product(self, claim: Claim) -> PacketSet:
        universe = self.space.universe
        found = universe.span(universe.port, *claim.ports)
        if claim.protocol is None:
            found &= ~universe.one_of(universe.protocol, self.claims.named)
        else:
            found &= universe.is_(universe.protocol, claim.protocol)
        found &= universe.union([self.senders[index] for index in claim.sources])
        return found & universe.union([self.receivers[index] for index in claim.destinations])


def _class_of(classes: Sequence[PacketSet], packet: PacketSet) -> PacketSet:
    """The class that a packet is in, or the packet itself."""
    return next((each for each in classes if (each & packet).satisfiable()), packet)
