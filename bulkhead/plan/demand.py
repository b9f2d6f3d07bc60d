"""How many rules and entries a plan would hold, counted from the wiring before one is made.

A few lines can ask for millions: each port of a socket, times each client, times each
network of a site. Counted here are the factors of these products.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from heapq import nsmallest
from ipaddress import IPv4Network
from itertools import chain, groupby, islice, product
from operator import itemgetter
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TOO_LARGE,
    Direction,
    IPNetwork,
    PortRange,
    answers,
    is_of_family,
    within,
)
from bulkhead.network.addresses import in_order
from bulkhead.network.balancers import is_planned_balancer
from bulkhead.plan.acls import EVERYBODY, EVERYBODY_OVER, Need, Refused
from bulkhead.plan.addressing import Addressing, meet_within_a_subnet
from bulkhead.plan.clients import also_from, client_ports_at
from bulkhead.plan.crowds import said_of
from bulkhead.plan.gateway_endpoints import gateway_calls
from bulkhead.plan.groups import described, label_of, labels
from bulkhead.plan.refused import refused_by
from bulkhead.plan.too_large import told_of
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Doors, Meeting, Traffic, joined_traffic
from bulkhead.plan.zonal_nat import SEGMENT, nat_needs, translated_ends

FIRST: Final = 6
"""So many are named of those that are too many."""

_Doors = frozenset[Doors]
_Peer = tuple[str, tuple[IPv4Network, ...]]
"""A service or a site; of a site perhaps some of its addresses alone."""


class _Rules:
    """What rules say of sockets, each counted once however many clients connect to them."""

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self.runs = cache(_runs)
        self.run_set = cache(lambda doors: frozenset(self.runs(doors)))
        self.services = topology.interfaces.keys()
        self._at_sites = cache(self._of_site)
        self._count_at_sites = cache(self._of_addresses)
        self.first = cache(self._first)
        self._first_runs = cache(lambda doors: nsmallest(FIRST, self.runs(doors), key=_said))
        self._labels = cache(
            lambda name, at, versions: tuple(nsmallest(FIRST, labels(topology, name, at, versions)))
        )

    def count(self, doors: _Doors, peer: _Peer, version: int) -> int:
        """Rules for one peer as the quota of a family sees them: references to groups count in
        that of IPv4 and in that of IPv6, CIDRs in their own. A site has IPv4 alone."""
        if peer[0] in self._topology.outside:
            return self._count_at_sites(doors, peer, version)
        return len(self.runs(doors))

    def _of_addresses(self, doors: _Doors, peer: _Peer, version: int) -> int:
        name, at = peer
        runs = len(self.runs(doors))
        if at:
            return runs * len(at) if version == 4 else 0
        alone, cidrs = self._at_sites(doors, name), set(self._topology.outside[name].cidrs)
        whole = sum(each.version == version and each not in alone for each in cidrs)
        return runs * whole + (sum(map(len, alone.values())) if version == 4 else 0)

    def _first(
        self, doors: _Doors, peer: _Peer, versions: tuple[int, ...]
    ) -> list[tuple[Traffic, str]]:
        """The first of them that a group holds."""
        name, at = peer
        alone, names = self._at_sites(doors, name), self._labels(name, at, versions)
        if alone:
            bound = {label_of(name, address) for address in alone}
            every = labels(self._topology, name, versions=versions)
            others = (each for each in every if each not in bound)
            names = tuple(nsmallest(FIRST, others))
        apart = (
            (each, label_of(name, address))
            for address, several in alone.items()
            for each in several
        )
        return nsmallest(
            FIRST, chain(product(self._first_runs(doors), names), apart), key=_in_order
        )

    def _of_site(self, doors: _Doors, peer: str) -> Mapping[IPv4Network, tuple[Traffic, ...]]:
        """At single addresses of a site that sockets bind; also what is for all of it, where
        that address is one of its networks."""
        alone: dict[IPv4Network, list[Traffic]] = defaultdict(list)
        for each in doors:
            for address, traffic in each.alone:
                alone[address].append(traffic)
        if not alone:
            return {}
        networks = set(self._topology.outside[peer].cidrs)
        return {
            address: joined_traffic((*several, *(self.runs(doors) if address in networks else ())))
            for address, several in alone.items()
        }


def _said(traffic: Traffic) -> str:
    return f"{said_of(*traffic)}/"


def _in_order(rule: tuple[Traffic, str]) -> str:
    traffic, label = rule
    return _said(traffic) + label


def _runs(doors: _Doors) -> tuple[Traffic, ...]:
    return joined_traffic(traffic for each in doors for traffic in each.everywhere)


@dataclass(frozen=True)
class RuleDemand:
    """The rules of one security group in one direction: by peer, the sockets that it is about."""

    direction: Direction
    rules: _Rules
    versions: tuple[int, ...] = (4,)
    """The families of which its holders have addresses."""
    met: dict[_Peer, set[Doors]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def count(self) -> int:
        """In the fuller of the two sets, once all are met."""
        return max(
            sum(self.rules.count(frozenset(doors), peer, each) for peer, doors in self.met.items())
            for each in self.versions
        )

    def of_services(self) -> Iterator[tuple[str, frozenset[Traffic]]]:
        """Whom the rules that name a group let what: one object, of however many peers."""
        for (peer, _), doors in self.met.items():
            # What AWS makes for a balancer holds the groups that it is given once.
            if peer in self.rules.services and not is_planned_balancer(peer):
                yield peer, self.rules.run_set(frozenset(doors))

    def first(self) -> list[str]:
        """What the first of them say, in the order in which the group holds them."""
        every = (
            each
            for peer, doors in self.met.items()
            for each in self.rules.first(frozenset(doors), peer, self.versions)
        )
        return [
            described(self.direction, *traffic, label)
            for traffic, label in nsmallest(FIRST, every, key=_in_order)
        ]


def rules_wanted(
    topology: Topology, meetings: Iterable[Meeting]
) -> Mapping[tuple[str, Direction], RuleDemand]:
    """What the group of each service must say, by service and direction."""
    rules = _Rules(topology)
    wanted = {
        (name, direction): RuleDemand(direction, rules, tuple(sorted(topology.versions_of(name))))
        for name in topology.interfaces
        for direction in Direction
    }
    for meeting in meetings:
        if meeting.server in topology.interfaces:
            wanted[meeting.server, Direction.INGRESS].met[meeting.client, meeting.clients_at].add(
                meeting.doors
            )
        if meeting.client in topology.interfaces:
            wanted[meeting.client, Direction.EGRESS].met[meeting.server, ()].add(meeting.doors)
    return wanted


@dataclass(frozen=True, slots=True, eq=False)
class AclPeer:
    """Who is named in NACL entries: a unit by its block, a site by its networks.

    An address of a site at which a socket waits is named by itself.
    """

    networks: tuple[IPNetwork, ...]
    """Of IPv6 as well where it has that."""
    whole: AclPeer | None = None
    """The site of which it is a part."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What one peer asks of another, and what the replies come as."""

    requests: tuple[Traffic, ...] = ()
    replies: tuple[Traffic, ...] = ()

    def over(self, version: int) -> Dialogue:
        """What of it hosts exchange over a family."""
        return Dialogue(*(_of_family(each, version) for each in (self.requests, self.replies)))


@dataclass(frozen=True, slots=True)
class EntryDemand:
    """The entries of one NACL in one direction for one peer: the same for each network of it,
    all of one family."""

    direction: Direction
    networks: tuple[IPNetwork, ...]
    requests: tuple[Traffic, ...]
    replies: tuple[Traffic, ...]
    """To client ports."""
    around: tuple[Traffic, ...] = ()
    """Those that come from all of the site that the address is in."""
    band: str = ""
    """Theirs, of entries that stay as they are: for everybody, or to refuse somebody before."""

    @property
    def kept(self) -> tuple[Traffic, ...]:
        """The requests that no entry for replies lets pass as well."""
        return _beside(self.requests, (*self.replies, *self.around))

    @property
    def kept_replies(self) -> tuple[Traffic, ...]:
        return _beside(self.replies, self.around)

    @property
    def count(self) -> int:
        return len(self.networks) * (len(self.kept) + len(self.kept_replies))

    @property
    def numbers(self) -> int:
        """Requests that hold a number: those left out keep theirs."""
        return len(self.networks) * len(self.requests)

    def is_of(self, version: int) -> bool:
        """Whether a quota counts it with those of a family."""
        return any(each.version == version for each in self.networks)

    @property
    def _first_networks(self) -> list[IPNetwork]:
        return nsmallest(FIRST, self.networks, key=in_order)

    def every(self) -> Iterator[Need]:
        """All of them."""
        for band, several in (("request", self.kept), ("reply", self.kept_replies)):
            for network, traffic in product(self.networks, several):
                yield Need(self.band or band, self.direction, *traffic, network)

    def first(self) -> list[Need]:
        bands = {"request": self.kept, "reply": self.kept_replies}
        return [
            Need(band, self.direction, *traffic, network)
            for band, every in bands.items()
            for _, alike in groupby(every, key=itemgetter(0))  # as entries get their numbers
            for network, traffic in islice(product(self._first_networks, alike), FIRST)
        ]


def _of_family(several: tuple[Traffic, ...], version: int) -> tuple[Traffic, ...]:
    return tuple(each for each in several if is_of_family(each[0], version))


def _beside(several: Iterable[Traffic], others: Iterable[Traffic]) -> tuple[Traffic, ...]:
    """Those that none of the others covers."""
    others = tuple(others)
    return tuple(
        (protocol, ports)
        for protocol, ports in several
        if not any(each == protocol and other.covers(ports) for each, other in others)
    )


_Asking = tuple[Doors, PortRange]
"""A socket, and from which ports somebody connects to it."""


def entries_wanted(
    topology: Topology, units: Sequence[Unit], meetings: Sequence[Meeting], where: Addressing
) -> Mapping[str, tuple[EntryDemand, ...]]:
    """What the NACL of each unit must let pass, for each peer in either direction."""
    peer_of = {site.name: AclPeer(site.cidrs) for site in topology.outside.values()}
    peer_of_unit = {unit.name: AclPeer(where.blocks[unit.name]) for unit in units}
    # All of them are named by the same, and share its entries.
    everybody = AclPeer((EVERYBODY,))
    over = {4: everybody, 6: AclPeer((EVERYBODY_OVER[6],))}
    peer_of |= {name: everybody for _, name in gateway_calls(topology)}
    peer_of |= {each.name: peer_of_unit[unit.name] for unit in units for each in unit.interfaces}
    asking: dict[tuple[AclPeer, AclPeer], set[_Asking]] = defaultdict(set)
    answered: dict[tuple[AclPeer, AclPeer], set[_Asking]] = defaultdict(set)
    telling: set[tuple[AclPeer, AclPeer]] = set()
    some_of: dict[tuple[IPv4Network, ...], AclPeer] = {}
    within_a_subnet = meet_within_a_subnet(where)
    for meeting in meetings:
        if not within_a_subnet(meeting.client, meeting.server):
            client = peer_of[meeting.client]
            if meeting.clients_at:
                client = some_of.setdefault(meeting.clients_at, AclPeer(meeting.clients_at, client))
            pair = client, peer_of[meeting.server]
            ports = client_ports_at(topology, meeting.client, meeting.clients_at)
            asking[pair].add((meeting.doors, ports))
            for network, more in also_from(topology, meeting.client, meeting.clients_at):
                whole = peer_of[meeting.client]
                some = some_of.setdefault((network,), AclPeer((network,), whole))
                answered[some, peer_of[meeting.server]].add((meeting.doors, more))
            telling.update(_telling(topology, meeting, peer_of, over))
    runs, returning = cache(_runs), cache(_returning)
    asked = {
        pair: Dialogue(
            runs(frozenset(doors for doors, _ in asking.get(pair, ()))),
            returning(
                frozenset((*asking.get(pair, ()), *answered.get(pair, ()))), tells=pair in telling
            ),
        )
        for pair in dict.fromkeys((*asking, *answered, *telling))
    }
    peers: dict[AclPeer, dict[AclPeer, None]] = defaultdict(dict)
    for client, server in asked:
        peers[client][server] = peers[server][client] = None
    refused = refused_by(topology, units, meetings)
    inside = set(peer_of_unit.values())
    found: dict[str, tuple[EntryDemand, ...]] = {}
    for unit in units:
        own = peer_of_unit[unit.name]
        spared = inside if unit.open else ()
        wanted = [
            each
            for peer in peers[own]
            if peer not in over.values() and peer not in spared
            for each in _between(own, peer, asked, asking.get((own, peer), set()))
        ]
        if any(peer.whole is not None for peer in peers[own]):
            wanted = list(_network_by_network(wanted))
        if unit.open:
            wanted += _everything(where.space_of(unit))
        if not peers[own].keys().isdisjoint(over.values()):
            open_to_all = [
                replace(each, band="everybody")
                for all_of in over.values()
                for each in _between(own, all_of, asked, set())
            ]
            wanted = [*_beside_everybody(wanted, open_to_all, refused[unit.name]), *open_to_all]
        found[unit.name] = tuple(wanted)
    if SEGMENT in found:
        of_nat = tuple(_of_nat(topology, meetings, peer_of))
        found[SEGMENT] = _sent_on(of_nat, refused.get(SEGMENT))
    return found


def _sent_on(of_nat: tuple[EntryDemand, ...], refused: Refused | None) -> tuple[EntryDemand, ...]:
    """The same where routers of the internet tell clients that a packet is too large."""
    if refused is None:
        return of_nat
    told = EntryDemand(Direction.INGRESS, (EVERYBODY,), (), TOO_LARGE[:1], band="everybody")
    return (*_beside_everybody(of_nat, (told,), refused), told)


def _telling(
    topology: Topology,
    meeting: Meeting,
    peer_of: Mapping[str, AclPeer],
    over: Mapping[int, AclPeer],
) -> Iterator[tuple[AclPeer, AclPeer]]:
    """Who is told that a packet is too large, and by whom: on the internet by everybody, `over`
    each family."""
    for told, teller in told_of(topology, meeting.client, meeting.server):
        if teller not in topology.peers:
            yield peer_of[told], peer_of[teller]
            continue
        for version in topology.versions_of(told) & topology.versions_of(teller):
            yield peer_of[told], over[version]


def _of_nat(
    topology: Topology, meetings: Iterable[Meeting], peer_of: Mapping[str, AclPeer]
) -> Iterator[EntryDemand]:
    """What the NACL of zonal NAT gateways lets pass, each packet as it comes in and as it goes."""
    translated = translated_ends(topology)
    wanted: dict[tuple[Direction, IPNetwork], Mapping[str, dict[Traffic, None]]] = {}
    for each in meetings:
        if each.client not in translated or each.server not in topology.peers:
            continue
        block = peer_of[each.client].networks[0]
        asking = client_ports_at(topology, each.client, each.clients_at)
        told = [name for name, _ in told_of(topology, each.client, each.server)]
        if each.client in told and 4 in topology.versions_of(each.server):
            bands = wanted.setdefault((Direction.EGRESS, block), {"request": {}, "reply": {}})
            bands["reply"][TOO_LARGE[0]] = None
        everywhere = product(topology.peers[each.server].cidrs, each.doors.everywhere)
        for cidr, (protocol, ports) in (*everywhere, *each.doors.alone):
            needs = nat_needs(protocol, ports, (block, cidr), asking) if cidr.version == 4 else ()
            for need in needs:
                bands = wanted.setdefault((need.direction, need.cidr), {"request": {}, "reply": {}})
                bands[need.band][need.protocol, need.ports] = None
    for (direction, network), bands in wanted.items():
        requests, replies = joined_traffic(bands["request"]), joined_traffic(bands["reply"])
        yield EntryDemand(direction, (network,), requests, replies)


def _network_by_network(wanted: Iterable[EntryDemand]) -> Iterator[EntryDemand]:
    """The same where some addresses of a site are named by themselves, for what they ask and for
    what is asked of them: each network once, beside those around it."""
    asked: dict[tuple[Direction, IPNetwork], Dialogue] = {}
    for each in wanted:
        for network in each.networks:
            key = each.direction, network
            before = asked.get(key, Dialogue())
            asked[key] = Dialogue(
                (*before.requests, *each.requests), (*before.replies, *each.replies)
            )
    lengths = sorted({network.prefixlen for _, network in asked})
    for (direction, network), both in asked.items():
        around = (
            asked[direction, wider].replies
            for length in lengths
            if length < network.prefixlen
            if (direction, wider := network.supernet(new_prefix=length)) in asked
        )
        yield EntryDemand(
            direction,
            (network,),
            joined_traffic(both.requests),
            joined_traffic(both.replies),
            around=joined_traffic(traffic for several in around for traffic in several),
        )


def _everything(space: tuple[IPNetwork, ...]) -> Iterator[EntryDemand]:
    """What a unit needs that is open to the VPC: it, both ways."""
    for direction, family in product(Direction, _by_family(space)):
        yield EntryDemand(direction, family, ((ANY_PROTOCOL, ALL_PORTS),), ())


def _by_family(networks: Iterable[IPNetwork]) -> Iterator[tuple[IPNetwork, ...]]:
    every = tuple(networks)
    for version in (4, 6):
        if family := tuple(each for each in every if each.version == version):
            yield family


def _beside_everybody(
    wanted: Iterable[EntryDemand], open_to_all: Iterable[EntryDemand], refused: Refused
) -> Iterator[EntryDemand]:
    """What is needed beside what is for everybody, and whom to refuse before that."""
    let: dict[tuple[Direction, int], tuple[Traffic, ...]] = defaultdict(tuple)
    for each in open_to_all:
        for network in each.networks:
            let[each.direction, network.version] += (*each.requests, *each.replies)
    for each in wanted:
        apart = [
            network
            for network in each.networks
            if any(within(network, some) for some in refused[each.direction])
        ]
        yield replace(each, networks=tuple(apart))
        for family in _by_family(network for network in each.networks if network not in apart):
            around = (*each.around, *let[each.direction, family[0].version])
            yield replace(each, networks=family, around=around)
    for direction, networks in refused.items():
        all_of_it = ((ANY_PROTOCOL, ALL_PORTS),)
        yield EntryDemand(direction, networks, all_of_it, (), band="private")


def _between(
    own: AclPeer,
    peer: AclPeer,
    asked: Mapping[tuple[AclPeer, AclPeer], Dialogue],
    asking: Iterable[_Asking],
) -> Iterator[EntryDemand]:
    """What a unit needs of a peer: of all its networks, and of the addresses that sockets bind;
    over each family that both have."""
    into, out = asked.get((peer, own), Dialogue()), asked.get((own, peer), Dialogue())
    if any(each.version == 6 for each in own.networks):
        yield from _over_ipv6(peer, into, out)
    into, out = into.over(4), out.over(4)
    if peer.whole is not None:
        around = asked.get((peer.whole, own), Dialogue()), asked.get((own, peer.whole), Dialogue())
        yield EntryDemand(
            Direction.INGRESS, peer.networks, into.requests, (), around=around[1].replies
        )
        yield EntryDemand(
            Direction.EGRESS, peer.networks, (), into.replies, around=around[0].replies
        )
        return
    alone: dict[IPv4Network, set[Traffic]] = defaultdict(set)
    returning: dict[IPv4Network, set[Traffic]] = defaultdict(set)
    for doors, client_ports in asking:
        for address, traffic in doors.alone:
            alone[address].add(traffic)
            returning[address].update(_back(traffic, client_ports))
    # A network of one address is named once, whoever needs it.
    networks = tuple(each for each in peer.networks if each.version == 4 and each not in alone)
    yield EntryDemand(Direction.INGRESS, networks, into.requests, out.replies)
    yield EntryDemand(Direction.EGRESS, networks, out.requests, into.replies)
    whole = set(peer.networks) if alone else ()
    lengths = sorted({each.prefixlen for each in alone})
    for address, several in alone.items():
        if address in whole:
            back = joined_traffic((*out.replies, *returning[address]))
            yield EntryDemand(Direction.INGRESS, (address,), into.requests, back)
            runs = joined_traffic((*out.requests, *several))
            yield EntryDemand(Direction.EGRESS, (address,), runs, into.replies)
        else:
            back, runs = joined_traffic(returning[address]), joined_traffic(several)
            wider = (
                returning[network]
                for length in lengths
                if length < address.prefixlen
                and (network := address.supernet(new_prefix=length)) in alone
            )
            let = (*out.replies, *(each for some in wider for each in joined_traffic(some)))
            yield EntryDemand(Direction.INGRESS, (address,), (), back, around=let)
            yield EntryDemand(Direction.EGRESS, (address,), runs, (), around=into.replies)


def _over_ipv6(peer: AclPeer, into: Dialogue, out: Dialogue) -> Iterator[EntryDemand]:
    """The same over IPv6: all of somebody, for no site has it."""
    if networks := tuple(each for each in peer.networks if each.version == 6):
        into, out = into.over(6), out.over(6)
        yield EntryDemand(Direction.INGRESS, networks, into.requests, out.replies)
        yield EntryDemand(Direction.EGRESS, networks, out.requests, into.replies)


def _returning(several: frozenset[_Asking], *, tells: bool) -> tuple[Traffic, ...]:
    """What the replies come as of what is asked at all addresses; and, who tells that a packet is
    too large, as what."""
    back = {
        back: None
        for doors, client_ports in several
        for traffic in doors.everywhere
        for back in _back(traffic, client_ports)
    }
    return joined_traffic((*back, *(TOO_LARGE if tells else ())))


def _back(traffic: Traffic, client_ports: PortRange) -> Iterator[Traffic]:
    protocol, ports = traffic
    return ((protocol, each) for each in answers(protocol, ports, client_ports))
