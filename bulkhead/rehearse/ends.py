"""Who a recorded end is in a plan: by its name, as a plan gives new addresses, or by its address
where that is the same in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from bulkhead.discover.flows import FlowEnd
from bulkhead.ends import Endpoint, EndpointKind, asked
from bulkhead.network import Interface, Network
from bulkhead.prove import Reach


@dataclass(slots=True)
class PlannedEnds:
    """The ends of a proof, as those are called that records speak of.

    `here` is the network in which they were recorded: None where that is the planned one.
    `existing` is the id of the VPC of others in which the plan is made, None where it makes one.
    """

    reach: Reach
    here: Network | None = None
    existing: str | None = None
    _known: dict[FlowEnd, tuple[Endpoint, ...]] = field(init=False, default_factory=dict)

    def of(self, end: FlowEnd) -> tuple[Endpoint, ...]:
        """Who it is there: a copy of a service that the plan has under that name, else all copies;
        () where the plan has no place for it."""
        if end not in self._known:
            found = self._of(end)
            self._known[end] = tuple(each for each in found if not each.opens_nothing)
        return self._known[end]

    def _of(self, end: FlowEnd) -> tuple[Endpoint, ...]:
        if not end.address:
            return self._named(end.owner) if end.owner else self._internet()
        address = ip_address(end.address)
        moved = self.here is not None and any(
            address in cidr for vpc in self.here.vpcs for cidr in vpc.cidrs
        )
        stays = not moved or (self.here is not None and self.existing in self.here.vpc)
        if stays and (same := self._at(end)):
            return same
        if end.owner and (copies := self._copies(end)):
            return copies
        if not stays:
            return ()
        return tuple(
            each
            for each in self._named(end.address)
            # Where no host can be, nobody of the plan is.
            if each.kind is not EndpointKind.NOWHERE
        )

    def _at(self, end: FlowEnd) -> tuple[Endpoint, ...]:
        """The interface of the plan at the address of one that records call alike."""
        return tuple(
            each
            for each in self._copies_of({one.name for one in self._interfaces} & {end.called}, end)
            if ip_address(end.address) in each
        )

    def _copies(self, end: FlowEnd) -> tuple[Endpoint, ...]:
        """Of a service; a site or a peer is where its address is."""
        of = [each for each in self._interfaces if each.service == end.owner]
        names = {each.name for each in of}
        return self._copies_of(names & {end.called} or names, end)

    def _copies_of(self, names: set[str], end: FlowEnd) -> tuple[Endpoint, ...]:
        ids = {each.id for each in self._interfaces if each.name in names}
        version = ip_address(end.address).version
        return tuple(
            each
            for each in self.reach.endpoints
            if each.kind is EndpointKind.INTERFACE and each.id in ids and each.version == version
        )

    @property
    def _interfaces(self) -> tuple[Interface, ...]:
        return self.reach.network.interfaces

    def _named(self, word: str) -> tuple[Endpoint, ...]:
        try:
            return asked(self.reach.network, self.reach.endpoints, word)
        except LookupError:
            return ()

    def _internet(self) -> tuple[Endpoint, ...]:
        """Addresses of the internet that have no name."""
        return tuple(self._unnamed())

    def _unnamed(self) -> Iterator[Endpoint]:
        for each in self.reach.endpoints:
            if each.kind is EndpointKind.INTERNET and not each.known:
                yield each
