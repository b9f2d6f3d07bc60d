"""A proof's ends by where they are, what they hold, and whose packets reach them."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.prefixes import as_prefix, last_address
from bulkhead.network import IPNetwork
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, change, combine, ranges, union

_NOBODY: Final[ByPort] = ((0, 0),)


class Places:
    """A proof's ends by where they are and what they hold, as bit sets."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.network = reach.network
        self.holding: dict[str, int] = defaultdict(int)
        self.in_subnet: dict[str, int] = defaultdict(int)
        self._spans = [
            (home[0], last_address(home)) for home in (as_prefix(e.prefix) for e in reach.endpoints)
        ]
        self._inside: dict[IPNetwork, int] = {}
        for index, end in enumerate(reach.endpoints):
            if end.kind is EndpointKind.INTERFACE:
                for group in self.network.interface[end.id].security_groups:
                    self.holding[group] |= 1 << index
            if end.subnet is not None:
                self.in_subnet[end.subnet] |= 1 << index
        self._arriving: dict[tuple[int, int], ByPort] = {}
        self._unclear: dict[int, ByPort] = {}

    def inside(self, cidr: IPNetwork) -> int:
        """The ends whose addresses lie in a prefix that the network mentions."""
        if cidr not in self._inside:
            first, last = as_prefix(cidr)[0], last_address(as_prefix(cidr))
            self._inside[cidr] = sum(
                1 << index
                for index, (start, end) in enumerate(self._spans)
                if first <= start and end <= last
            )
        return self._inside[cidr]

    def hides(self, cidr: IPNetwork) -> bool:
        """Whether senders may appear there under an address that is not theirs."""
        nats = self.network.nat_gateways
        return any(address in cidr for nat in nats for address in nat.addresses)

    def arriving(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets arrive, or may."""
        key = destination, protocol
        if key not in self._arriving:
            others = ~self.reach.same_host(destination)
            arriving = self.reach.possibly.requests(destination, protocol)
            self._arriving[key] = change(arriving, others.__and__)
        return self._arriving[key]

    def unclear(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets may arrive, and by a way on which they may look otherwise."""
        if self.reach.possibly is self.reach.surely:
            return _NOBODY
        surely = self.reach.surely.requests(destination, protocol)
        return combine(self.arriving(destination, protocol), surely, lambda may, do: may & ~do)

    def unclear_from(self, protocol: int) -> ByPort:
        """Per port: who may reach anybody like that."""
        if protocol not in self._unclear:
            every = range(len(self.reach.endpoints))
            found = (self.unclear(index, protocol) for index in every)
            self._unclear[protocol] = union(part for steps in found for part in ranges(steps))
        return self._unclear[protocol]
