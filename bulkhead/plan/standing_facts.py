"""Subnets of others that segments stand in, as somebody read them: what a lock keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network

from bulkhead.intent import Topology
from bulkhead.network import AclEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSubnet:
    """One of them: where it is, and what decides there."""

    id: str
    cidr: IPv4Network
    zone: str
    zone_id: str = ""
    nacl: str
    route_table: str
    main: bool = False
    """Whether that table is the VPC's main one."""

    def is_in(self, zone: str) -> bool:
        """Whether that is its zone, by the name or by the id of it."""
        return zone in (self.zone, self.zone_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFacts:
    """By segment its subnets, and the tags by which these were found; by the id of a NACL its
    entries; and which interface of others has an address in any of them."""

    subnets: Mapping[str, tuple[StandingSubnet, ...]] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nacls: Mapping[str, tuple[AclEntry, ...]] = field(default_factory=dict)
    held: Mapping[IPv4Address, str] = field(default_factory=dict)

    def held_in(self, subnet: StandingSubnet) -> Iterator[tuple[IPv4Address, str]]:
        """The addresses there that others have, each with whose it is."""
        return ((at, each) for at, each in self.held.items() if at in subnet.cidr)

    def for_segments_of(self, topology: Topology) -> StandingFacts:
        """What is known of the segments of a topology that are in such subnets, by what these are
        called now; nothing of any other."""
        known_as = {
            name: next((each for each in (name, *segment.was) if each in self.subnets), name)
            for name, segment in topology.segments.items()
            if segment.stands_already
        }
        subnets = {name: self.subnets[old] for name, old in known_as.items() if old in self.subnets}
        every = [each for several in subnets.values() for each in several]
        return replace(
            self,
            subnets=subnets,
            tags={name: self.tags[old] for name, old in known_as.items() if old in self.tags},
            nacls={each.nacl: self.nacls.get(each.nacl, ()) for each in every},
            held={
                at: id_ for at, id_ in self.held.items() if any(at in each.cidr for each in every)
            },
        )
