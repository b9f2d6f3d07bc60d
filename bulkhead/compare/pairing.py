"""Which end of one network is which end of another.

Ids change from a plan to the account built from it, names stay. So things are
matched by what people call them, then by id, then by where they lie; each way
only where it is unmistakable on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label
from bulkhead.network import Interface, IPAddress, Network, Subnet, Vpc

T = TypeVar("T")
Likeness = Callable[[T], Hashable]
"""What two things have in common that are one and the same; None: nothing."""


@dataclass(frozen=True, slots=True)
class EndPair:
    """One end as both networks know it; one of them may not."""

    before: int | None
    after: int | None


class Lineup:
    """Both endpoint orders in one: all of `before`, then what only `after` has.

    A bit set of `before` stands there as it is; one of `after` is moved there in
    runs, because both orders are by name and mostly agree.
    """

    def __init__(
        self, pairs: Sequence[EndPair], before: Sequence[Endpoint], after: Sequence[Endpoint]
    ) -> None:
        self.pairs = tuple(pairs)
        self.ends = tuple(_end(pair, before, after) for pair in pairs)
        """The ends by their places here, as `after` knows them if it does."""
        place = {pair.after: index for index, pair in enumerate(pairs) if pair.after is not None}
        self._runs = _runs([place[index] for index in range(len(place))])
        self.straight = all(pair.before == pair.after for pair in pairs)
        """Whether both networks have the same ends, in the same order."""
        self._moved: dict[int, int] = {}

    def moved(self, bits: int) -> int:
        """A bit set of `after` in this order."""
        if bits not in self._moved:
            found = 0
            for first, mask, to in self._runs:
                found |= (bits >> first & mask) << to
            self._moved[bits] = found
        return self._moved[bits]


def _end(pair: EndPair, before: Sequence[Endpoint], after: Sequence[Endpoint]) -> Endpoint:
    """As `after` knows it if it does; and whose it is on the internet, if only `before` does."""
    if pair.after is None:
        return before[pair.before or 0]
    end = after[pair.after]
    known = "" if pair.before is None else before[pair.before].known
    return replace(end, known=known) if known and not end.known else end


def _runs(places: Sequence[int]) -> list[tuple[int, int, int]]:
    """(first, mask, to): neighbours that stay neighbours."""
    runs: list[tuple[int, int, int]] = []
    first = 0
    for index in range(1, len(places) + 1):
        if index == len(places) or places[index] != places[index - 1] + 1:
            runs.append((first, (1 << index - first) - 1, places[first]))
            first = index
    return runs


def pair_ends(
    networks: tuple[Network, Network], before: Sequence[Endpoint], after: Sequence[Endpoint]
) -> Lineup:
    """Match the ends of two proofs whose addresses were cut by the same prefixes."""
    known = _Known(*networks, _sites(before), _sites(after))
    ends: list[list[tuple[int, int, Endpoint]]] = [
        [(side, index, each) for index, each in enumerate(several)]
        for side, several in enumerate((before, after))
    ]
    found = match(
        ends,
        lambda end: known.exactly(end[0], end[2]),
        lambda end: known.roughly(end[0], end[2]),
    )
    partner = {one[1]: other[1] for one, other in found}
    pairs = [EndPair(index, partner.get(index)) for index in range(len(before))]
    taken = set(partner.values())
    pairs += [EndPair(None, index) for index in range(len(after)) if index not in taken]
    return Lineup(pairs, before, after)


def match(sides: Iterable[Iterable[T]], *likenesses: Likeness[T]) -> list[tuple[T, T]]:
    """Pairs by the first likeness that exactly one on either side has; None matches nothing."""
    left, right = map(list, sides)
    found: list[tuple[T, T]] = []
    for likeness in likenesses:
        mine, yours = _unique(left, likeness), _unique(right, likeness)
        shared = [each for each in mine if each in yours]
        found += [(mine[each], yours[each]) for each in shared]
        taken = {id(mine[each]) for each in shared} | {id(yours[each]) for each in shared}
        left = [each for each in left if id(each) not in taken]
        right = [each for each in right if id(each) not in taken]
    return found


def _unique(things: Iterable[T], likeness: Likeness[T]) -> dict[Hashable, T]:
    keyed = [(likeness(each), each) for each in things]
    often = Counter(each for each, _ in keyed)
    return {each: thing for each, thing in keyed if each is not None and often[each] == 1}


Sided = tuple[int, T]
"""A thing and the network that it is of: 0 before, 1 after."""


class _Known:
    """What the ids of both networks stand for in common: one number per matched thing."""

    def __init__(
        self,
        before: Network,
        after: Network,
        sites: Mapping[str, str],
        other_sites: Mapping[str, str],
    ) -> None:
        self._networks = networks = (before, after)
        vpcs: list[list[Sided[Vpc]]] = [
            [(side, each) for each in network.vpcs] for side, network in enumerate(networks)
        ]
        self._vpcs = _numbers(
            match(
                vpcs,
                lambda vpc: vpc[1].name,
                lambda vpc: vpc[1].id,
                lambda vpc: frozenset(vpc[1].cidrs),
                lambda vpc: vpc[1].region,
            ),
            lambda vpc: vpc.id,
        )
        subnets: list[list[Sided[Subnet]]] = [
            [(side, each) for each in network.subnets] for side, network in enumerate(networks)
        ]
        self._subnets = _numbers(
            match(
                subnets,
                lambda each: (self._vpc(*each), each[1].name),
                lambda each: each[1].id,
                lambda each: (self._vpc(*each), each[1].cidr),
            ),
            lambda subnet: subnet.id,
        )
        interfaces: list[list[Sided[Interface]]] = [
            [(side, each) for each in network.interfaces] for side, network in enumerate(networks)
        ]
        matched = match(
            interfaces,
            lambda each: (self._home(*each), each[1].service, each[1].name),
            lambda each: (self._home(*each), each[1].name),
            lambda each: each[1].id,
            lambda each: (self._subnets.get((each[0], each[1].subnet)), each[1].address),
        )
        self._interfaces = _numbers(matched, lambda interface: interface.id)
        self._roles = {
            (side, interface.id, address): role
            for (_, one), (_, other) in matched
            for side, interface in enumerate((one, other))
            for address, role in _roles(interface, one if side else other).items()
        }
        named = [
            [(side, each) for each in found.items()]
            for side, found in enumerate((sites, other_sites))
        ]
        self._sites = _numbers(
            match(
                named,
                lambda site: site[1][0],
                lambda site: site[1][1],
                lambda site: _nameless(networks[site[0]], site[1][0]),
            ),
            lambda site: site[0],
        )

    def _vpc(self, side: int, subnet: Subnet) -> Hashable:
        return self._vpcs.get((side, subnet.vpc), (side, subnet.vpc))

    def _home(self, side: int, interface: Interface) -> Hashable:
        return self._vpc(side, self._networks[side].subnet[interface.subnet])

    def exactly(self, side: int, end: Endpoint) -> Hashable:
        """An end as its thing and the very address or prefix there."""
        if end.kind in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE):
            meant = tuple(self.exactly(side, each) for each in end.ipv4)
            return None if None in meant else (end.kind, end.prefix, meant)
        thing = self._thing(side, end)
        if end.kind is EndpointKind.INTERFACE and thing is not None:
            # What lies in a prefix of an interface is known by the prefix.
            role = self._roles.get((side, end.id, end.address), end.prefix)
            return end.kind, thing, end.prefix if end.ranges[0][0] != end.ranges[-1][1] else role
        return None if thing is None else (end.kind, thing, end.prefix)

    def roughly(self, side: int, end: Endpoint) -> Hashable:
        """The only piece of a subnet, whatever its prefix was and is.

        Hosts of a subnet move with it. A site that has other addresses lets others in.
        """
        if end.ipv4:
            meant = tuple(self.roughly(side, each) for each in end.ipv4)
            return None if None in meant else (end.kind, end.prefix, meant)
        if end.kind is not EndpointKind.STRANGER:
            return None
        thing = self._thing(side, end)
        return None if thing is None else (end.kind, thing, end.prefix.version)

    def _thing(self, side: int, end: Endpoint) -> int | None:
        known = {
            EndpointKind.INTERFACE: self._interfaces,
            EndpointKind.STRANGER: self._subnets,
            EndpointKind.SITE: self._sites,
        }[end.kind]
        return known.get((side, end.id))


def _nameless(network: Network, site: str) -> Hashable:
    """The networks of a site that nobody named: it is called as the gateway that leads there."""
    found = network.site.get(site)
    ways = {each.customer_gateway for each in network.vpn_connections}
    return frozenset(found.cidrs) if found and site in ways else None


def _numbers(
    pairs: Iterable[tuple[Sided[T], Sided[T]]], id_of: Callable[[T], str]
) -> dict[tuple[int, str], int]:
    """Both ids of each pair -> the pair's number."""
    return {
        (side, id_of(thing)): number for number, pair in enumerate(pairs) for side, thing in pair
    }


def _roles(interface: Interface, other: Interface) -> dict[IPAddress, Hashable]:
    """What each address is to its interface: the primary, one that both have, the n-th other."""
    roles: dict[IPAddress, Hashable] = {interface.address: "primary"}
    shared = set(interface.addresses[1:]) & set(other.addresses[1:])
    rest: Counter[int] = Counter()
    for address in interface.addresses[1:]:
        roles[address] = address if address in shared else (address.version, rest[address.version])
        rest[address.version] += address not in shared
    return roles


def _sites(ends: Iterable[Endpoint]) -> dict[str, str]:
    return {each.id: label(each) for each in ends if each.kind is EndpointKind.SITE}
