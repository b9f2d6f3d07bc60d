"""What a proof claims, in plain numbers that an opinion can contradict.

Nothing here knows how a proof is made: an opinion that quantifies over all
addresses gets these, the network, and nothing else. `proved` takes them from a
`Reach`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bulkhead.network import Verdict


class LocationKind(StrEnum):
    SUBNET = "subnet"
    SITE = "site"
    INTERNET = "internet"
    ELSEWHERE = "elsewhere"
    """Private addresses that are in no VPC, subnet or site here."""


class Location(NamedTuple):
    """Where an end lies. `id` is that of the subnet or the site, '' beyond them all."""

    kind: LocationKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}".rstrip()


INTERNET = Location(LocationKind.INTERNET)
ELSEWHERE = Location(LocationKind.ELSEWHERE)


def subnet_at(id_: str) -> Location:
    """The location of everybody in a subnet."""
    return Location(LocationKind.SUBNET, id_)


def site_at(name: str) -> Location:
    """The location of everybody at a site, or behind a connection that is one by itself."""
    return Location(LocationKind.SITE, name)


class Interval(NamedTuple):
    """First and last number, both included: of addresses or of ports."""

    first: int
    last: int

    def holds(self, number: int) -> bool:
        return self.first <= number <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class AddressClass:
    """Addresses in one location that the proof treats alike, and what it calls them."""

    location: Location
    intervals: tuple[Interval, ...]
    name: str

    def holds(self, location: Location, address: int) -> bool:
        return location == self.location and any(each.holds(address) for each in self.intervals)


@dataclass(frozen=True, slots=True)
class Claim:
    """One verdict over a product of sources, destinations and ports."""

    sources: tuple[int, ...]
    """Classes, by their index among those of the claims."""
    destinations: tuple[int, ...]
    protocol: int | None
    """None stands for every protocol that has no claim of its own."""
    ports: Interval
    """For icmp: messages, as type * 256 + code."""
    verdict: Verdict
    lost: tuple[Interval, ...]
    """For half-open: client ports to which no reply returns."""


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a proof says about one address family. What is in no claim is denied."""

    version: int
    classes: tuple[AddressClass, ...]
    claims: tuple[Claim, ...]
    named: tuple[int, ...]
    """The protocols that have claims of their own."""
    cells: int
    """How many cells of the proof the claims hold."""

    def holding(self, location: Location, address: int) -> tuple[int, ...]:
        """The classes that hold an address: one, if the proof is sound."""
        return tuple(
            index for index, each in enumerate(self.classes) if each.holds(location, address)
        )

    def about(self, source: int, destination: int, protocol: int, port: int) -> tuple[Claim, ...]:
        """What is claimed of a packet between two classes: no more than once, if it is sound."""
        spoken = protocol if protocol in self.named else None
        return tuple(
            each
            for each in self.claims
            if each.protocol == spoken
            and each.ports.holds(port)
            and source in each.sources
            and destination in each.destinations
        )
