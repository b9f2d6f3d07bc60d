"""How many rules and entries a plan would hold, counted from the wiring before one is made.

A few lines can ask for millions: each port of a socket, times each client, times each
network of a site. Counted here are the factors of these products.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from heapq import nsmallest
from ipaddress import IPv4Network
from itertools import islice, product
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import CLIENT_PORTS, TCP, Direction, PortRange
from bulkhead.network.traffic import merge
from bulkhead.plan.acls import Need
from bulkhead.plan.addressing import Addressing, meet_within_a_subnet
from bulkhead.plan.groups import described, labels
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Meeting

FIRST: Final = 6
"""So many are named of those that are too many."""


@dataclass(frozen=True, slots=True)
class RuleDemand:
    """The rules of one security group in one direction: each meeting, with who is the peer."""

    topology: Topology
    direction: Direction
    first_labels: Callable[[str], list[str]]
    met: list[tuple[Meeting, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Rules of one direction as the quota sees them.

        References to groups count in the IPv4 and in the IPv6 set, CIDRs in their
        own; with IPv4 only, the IPv4 set is the larger one.
        """
        sites = self.topology.sites
        return sum(
            len(meeting.ports) * (len(sites[peer].cidrs) if peer in sites else 1)
            for meeting, peer in self.met
        )

    def first(self) -> list[str]:
        """What the first of them say, in the order in which the group holds them."""
        every = (
            each
            for meeting, peer in self.met
            for each in islice(
                product(map(str, meeting.ports[:FIRST]), self.first_labels(peer)), FIRST
            )
        )
        return [
            described(self.direction, TCP, int(port), label)
            for port, label in nsmallest(FIRST, every)
        ]


def rules_wanted(
    topology: Topology, meetings: Iterable[Meeting]
) -> Mapping[tuple[str, Direction], RuleDemand]:
    """What the group of each service must say, by service and direction."""
    first_labels = cache(lambda peer: nsmallest(FIRST, labels(topology, peer)))
    wanted = {
        (name, direction): RuleDemand(topology, direction, first_labels)
        for name in topology.services
        for direction in Direction
    }
    for meeting in meetings:
        if meeting.server in topology.services:
            wanted[meeting.server, Direction.INGRESS].met.append((meeting, meeting.client))
        if meeting.client in topology.services:
            wanted[meeting.client, Direction.EGRESS].met.append((meeting, meeting.server))
    return wanted


@dataclass(frozen=True, slots=True, eq=False)
class AclPeer:
    """Who is named in NACL entries: a unit by its block, a site by its networks."""

    networks: tuple[IPv4Network, ...]


@dataclass(frozen=True, slots=True)
class EntryDemand:
    """The entries of one NACL in one direction for one peer: the same for each network of it."""

    direction: Direction
    networks: tuple[IPv4Network, ...]
    requests: tuple[PortRange, ...]
    replies: bool

    @property
    def kept(self) -> tuple[PortRange, ...]:
        """The requests that the entry for replies does not let pass as well."""
        if not self.replies:
            return self.requests
        return tuple(each for each in self.requests if not CLIENT_PORTS.covers(each))

    @property
    def count(self) -> int:
        return len(self.networks) * (len(self.kept) + self.replies)

    @property
    def numbers(self) -> int:
        """Requests that hold a number: those left out keep theirs."""
        return len(self.networks) * len(self.requests)

    def first(self) -> list[Need]:
        bands = {"request": self.kept, "reply": (CLIENT_PORTS,) if self.replies else ()}
        return [
            Need(band, self.direction, TCP, ports, network)
            for band, every in bands.items()
            for network, ports in islice(product(nsmallest(FIRST, self.networks), every), FIRST)
        ]


def entries_wanted(
    topology: Topology, units: Iterable[Unit], meetings: Iterable[Meeting], where: Addressing
) -> Mapping[str, tuple[EntryDemand, ...]]:
    """What the NACL of each unit must let pass, for each peer in either direction."""
    peer_of = {site.name: AclPeer(site.cidrs) for site in topology.sites.values()}
    peer_of_unit = {unit.name: AclPeer((where.blocks[unit.name],)) for unit in units}
    peer_of |= {each.name: peer_of_unit[unit.name] for unit in units for each in unit.services}
    sockets: dict[tuple[AclPeer, AclPeer], set[tuple[int, ...]]] = defaultdict(set)
    within_a_subnet = meet_within_a_subnet(where)
    for meeting in meetings:
        if not within_a_subnet(meeting.client, meeting.server):
            sockets[peer_of[meeting.client], peer_of[meeting.server]].add(meeting.ports)
    runs = cache(_runs)
    asked = {pair: runs(frozenset(ports)) for pair, ports in sockets.items()}
    peers: dict[AclPeer, dict[AclPeer, None]] = defaultdict(dict)
    for client, server in asked:
        peers[client][server] = peers[server][client] = None
    return {
        unit: tuple(
            EntryDemand(direction, peer.networks, asked.get(to, ()), replies=back in asked)
            for peer in peers[own]
            for direction, to, back in (
                (Direction.INGRESS, (peer, own), (own, peer)),
                (Direction.EGRESS, (own, peer), (peer, own)),
            )
        )
        for unit, own in peer_of_unit.items()
    }


def _runs(sockets: frozenset[tuple[int, ...]]) -> tuple[PortRange, ...]:
    return merge(PortRange(port, port) for port in {port for each in sockets for port in each})
