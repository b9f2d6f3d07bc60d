"""How many rules and entries a plan would hold, counted from the wiring before one is made.

A few lines can ask for millions: each port of a socket, times each client, times each
network of a site. Counted here are the factors of these products.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from heapq import nsmallest
from ipaddress import IPv4Network
from itertools import islice, product
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import TCP, Direction, PortRange
from bulkhead.network.traffic import merge
from bulkhead.plan.acls import Need
from bulkhead.plan.addressing import Addressing, meet_within_a_subnet
from bulkhead.plan.clients import client_ports_of
from bulkhead.plan.groups import described, label_of, labels
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Meeting

_Bound = tuple[tuple[int, IPv4Network], ...]

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
            + len(meeting.bound)
            for meeting, peer in self.met
        )

    def first(self) -> list[str]:
        """What the first of them say, in the order in which the group holds them."""
        return [
            described(self.direction, TCP, int(port), label)
            for port, label in nsmallest(FIRST, self._first())
        ]

    def _first(self) -> Iterator[tuple[str, str]]:
        for meeting, peer in self.met:
            ports = map(str, meeting.ports[:FIRST])
            yield from islice(product(ports, self.first_labels(peer)), FIRST)
            yield from ((str(port), label_of(peer, one)) for port, one in meeting.bound[:FIRST])


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
    """Who is named in NACL entries: a unit by its block, a site by its networks.

    An address of a site at which a socket waits is named by itself.
    """

    networks: tuple[IPv4Network, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What one peer asks of another, and to which of its ports the replies come."""

    requests: tuple[PortRange, ...] = ()
    replies: tuple[PortRange, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryDemand:
    """The entries of one NACL in one direction for one peer: the same for each network of it."""

    direction: Direction
    networks: tuple[IPv4Network, ...]
    requests: tuple[PortRange, ...]
    replies: tuple[PortRange, ...]
    """The client ports to which they come."""
    around: tuple[PortRange, ...] = ()
    """Those to which they come from all of the site that the address is in."""

    @property
    def kept(self) -> tuple[PortRange, ...]:
        """The requests that no entry for replies lets pass as well."""
        return _beside(self.requests, (*self.replies, *self.around))

    @property
    def kept_replies(self) -> tuple[PortRange, ...]:
        return _beside(self.replies, self.around)

    @property
    def count(self) -> int:
        return len(self.networks) * (len(self.kept) + len(self.kept_replies))

    @property
    def numbers(self) -> int:
        """Requests that hold a number: those left out keep theirs."""
        return len(self.networks) * len(self.requests)

    def first(self) -> list[Need]:
        bands = {"request": self.kept, "reply": self.kept_replies}
        return [
            Need(band, self.direction, TCP, ports, network)
            for band, every in bands.items()
            for network, ports in islice(product(nsmallest(FIRST, self.networks), every), FIRST)
        ]


def _beside(several: Iterable[PortRange], others: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Those that none of the others covers."""
    others = tuple(others)
    return tuple(each for each in several if not any(other.covers(each) for other in others))


def entries_wanted(
    topology: Topology, units: Iterable[Unit], meetings: Iterable[Meeting], where: Addressing
) -> Mapping[str, tuple[EntryDemand, ...]]:
    """What the NACL of each unit must let pass, for each peer in either direction."""
    peer_of = {site.name: AclPeer(site.cidrs) for site in topology.sites.values()}
    peer_of_unit = {unit.name: AclPeer((where.blocks[unit.name],)) for unit in units}
    peer_of |= {each.name: peer_of_unit[unit.name] for unit in units for each in unit.services}
    sockets: dict[tuple[AclPeer, AclPeer], set[tuple[int, ...]]] = defaultdict(set)
    # By the tuple itself, of which clients of one socket have the same: never by what is in it.
    bound: dict[tuple[AclPeer, AclPeer], dict[tuple[int, PortRange], _Bound]] = defaultdict(dict)
    asking: dict[tuple[AclPeer, AclPeer], set[PortRange]] = defaultdict(set)
    within_a_subnet = meet_within_a_subnet(where)
    for meeting in meetings:
        if not within_a_subnet(meeting.client, meeting.server):
            pair = peer_of[meeting.client], peer_of[meeting.server]
            own = client_ports_of(topology, meeting.client)
            if meeting.ports:
                sockets[pair].add(meeting.ports)
                asking[pair].add(own)
            if meeting.bound:
                bound[pair][id(meeting.bound), own] = meeting.bound
    runs = cache(_runs)
    asked = {
        pair: Dialogue(runs(frozenset(ports)), merge(asking[pair]))
        for pair, ports in sockets.items()
    }
    peers: dict[AclPeer, dict[AclPeer, None]] = defaultdict(dict)
    for client, server in asked:
        peers[client][server] = peers[server][client] = None
    for client, server in bound:
        peers[client][server] = None
    return {
        unit: tuple(
            each
            for peer in peers[own]
            for each in _between(own, peer, asked, bound.get((own, peer), {}))
        )
        for unit, own in peer_of_unit.items()
    }


def _between(
    own: AclPeer,
    peer: AclPeer,
    asked: Mapping[tuple[AclPeer, AclPeer], Dialogue],
    bound: Mapping[tuple[int, PortRange], _Bound],
) -> Iterator[EntryDemand]:
    """What a unit needs of a peer: of all its networks, and of the addresses that sockets bind."""
    into, out = asked.get((peer, own), Dialogue()), asked.get((own, peer), Dialogue())
    alone: dict[IPv4Network, set[PortRange]] = defaultdict(set)
    returning: dict[IPv4Network, set[PortRange]] = defaultdict(set)
    for (_, asking), several in bound.items():
        for port, address in several:
            alone[address].add(PortRange(port, port))
            returning[address].add(asking)
    # A network of one address is named once, whoever needs it.
    networks = tuple(each for each in peer.networks if each not in alone)
    yield EntryDemand(Direction.INGRESS, networks, into.requests, out.replies)
    yield EntryDemand(Direction.EGRESS, networks, out.requests, into.replies)
    whole = set(peer.networks) if alone else ()
    for address, ports in alone.items():
        if address in whole:
            back = merge((*out.replies, *returning[address]))
            yield EntryDemand(Direction.INGRESS, (address,), into.requests, back)
            runs = merge((*out.requests, *ports))
            yield EntryDemand(Direction.EGRESS, (address,), runs, into.replies)
        else:
            back = merge(returning[address])
            yield EntryDemand(Direction.INGRESS, (address,), (), back, around=out.replies)
            yield EntryDemand(Direction.EGRESS, (address,), merge(ports), (), around=into.replies)


def _runs(sockets: frozenset[tuple[int, ...]]) -> tuple[PortRange, ...]:
    return merge(PortRange(port, port) for port in {port for each in sockets for port in each})
