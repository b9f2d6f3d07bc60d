"""The claims of a proof as formulas over a request and the client port of its reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bulkhead.doubt.claims import Claim, Claims, Interval, Location
from bulkhead.doubt.smt.round_trip import RoundTrip
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, between, negated, same
from bulkhead.network import Verdict

NOT_DENIED = (Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.UNDETERMINED)


@dataclass(frozen=True, eq=False)
class ClaimFormulas:
    """What is claimed of a packet, whatever may be true of it."""

    claims: Claims
    trip: RoundTrip

    @cached_property
    def senders(self) -> tuple[Formula, ...]:
        """For each class: the packet is from there."""
        return self._classes(self.trip.request.origin, self.trip.request.source)

    @cached_property
    def receivers(self) -> tuple[Formula, ...]:
        """For each class: the packet is for there."""
        return self._classes(self.trip.request.target, self.trip.request.destination)

    @cached_property
    def covered(self) -> Formula:
        """Both ends are in some class."""
        return all_of((any_of(self.senders), any_of(self.receivers)))

    @cached_property
    def denied(self) -> Formula:
        return negated(any_of(map(self.verdict, NOT_DENIED)))

    def verdict(self, verdict: Verdict) -> Formula:
        """It is claimed to have this verdict, which is not denied."""
        return any_of(self._product(each) for each in self.claims.claims if each.verdict is verdict)

    def lost(self) -> Formula:
        """It is claimed to be half-open, and its reply to this client port to be lost."""
        return any_of(
            all_of((self._product(each), _is_in(self.trip.client, each.lost)))
            for each in self.claims.claims
            if each.verdict is Verdict.HALF_OPEN
        )

    def from_class_of(self, location: Location, address: int) -> Formula:
        """The packet is from a class that holds the address; from its location if none does."""
        held = [self.senders[each] for each in self.claims.holding(location, address)]
        number = self.trip.encoding.numbers[location]
        return any_of(held) if held else same(self.trip.request.origin, number)

    def for_class_of(self, location: Location, address: int) -> Formula:
        """The packet is for a class that holds the address; for anybody if none does."""
        held = [self.receivers[each] for each in self.claims.holding(location, address)]
        return any_of(held) if held else True

    def _classes(self, location: Vector, address: Vector) -> tuple[Formula, ...]:
        numbers = self.trip.encoding.numbers
        return tuple(
            each.location in numbers
            and all_of((same(location, numbers[each.location]), _is_in(address, each.intervals)))
            for each in self.claims.classes
        )

    def _product(self, claim: Claim) -> Formula:
        request = self.trip.request
        spoken = (
            negated(among(request.protocol, self.claims.named))
            if claim.protocol is None
            else same(request.protocol, claim.protocol)
        )
        return all_of(
            (
                spoken,
                between(request.port, *claim.ports),
                any_of(self.receivers[index] for index in claim.destinations),
                any_of(self.senders[index] for index in claim.sources),
            )
        )


def _is_in(vector: Vector, intervals: Iterable[Interval]) -> Formula:
    return any_of(between(vector, first, last) for first, last in intervals)
