"""Who gets into what in one hop: ends, and the listeners of load balancers.

Whoever reaches an interface may own the host behind it, and then has all its
interfaces; so the next hop starts at each of them, and at sites. Nothing goes on
from the internet (who is there needs nobody's help to be there), from a free
address (nobody is there) and from a load balancer, except from its listeners to
their targets. Where a search begins, it goes on from anything.

Who is inside gets into what has a public address by that one too, out to the internet and
in again; and who has IPv6, into what a NAT gateway leads to by IPv4. An address that is
asked about itself is a node of its own: whoever gets there counts, and nothing goes on from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.hosts import one_host
from bulkhead.ends.public import PublicAddress, public_addresses
from bulkhead.network import BalancedPort, InterfaceKind, PortRange, Verdict
from bulkhead.prove.cells import AskedTraffic, between, senders
from bulkhead.prove.internet import Internet
from bulkhead.prove.public import OverInternet
from bulkhead.prove.reach import Cell, Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One hop and what makes it possible; `balanced`: a load balancer passes it on."""

    source: Endpoint
    destination: Endpoint
    cells: tuple[Cell, ...]
    balanced: bool = False
    over: Endpoint | None = None
    """The address that it goes to, where that is not the end's own: the public one over the
    internet, or the one by which IPv6 calls it (NAT64)."""


@dataclass(frozen=True, slots=True)
class _Door:
    """A listener of a load balancer at one of its addresses."""

    index: int
    listener: BalancedPort

    @property
    def traffic(self) -> AskedTraffic:
        return ((self.listener.protocol, PortRange(self.listener.port, self.listener.port)),)


class HopGraph:
    """Sets of nodes as bits: those of ends, and after them those of listeners.

    `last` holds for the hop into where the search begins, `traffic` for every other.
    """

    def __init__(
        self,
        reach: Reach,
        traffic: AskedTraffic,
        last: AskedTraffic | None,
        begin: int,
        addresses: Sequence[PublicAddress] = (),
    ) -> None:
        """The search begins at some ends (bits), and at public addresses."""
        self.reach = reach
        self._traffic = traffic
        self._last = last
        count = len(reach.endpoints)
        self.ends = (1 << count) - 1
        by_interface = _by_interface(reach)
        self.doors = tuple(_doors(reach, traffic, by_interface))
        self.names = sum(
            1 << index
            for index, each in enumerate(reach.endpoints)
            if each.opens_nothing and each.kind is EndpointKind.ELSEWHERE
        )
        """Ends that are but names for others, which count themselves (NAT64)."""
        self._siblings = _siblings(reach)
        self._steps: dict[tuple[int, int], Step] = {}
        internet = Internet(reach)
        self._over = _over(internet)
        self._inside = internet.four & ~internet.everybody | internet.six
        self._by_nat64 = _by_nat64(reach)
        self._addresses = tuple(OverInternet(internet, each) for each in addresses)
        first = count + len(self.doors)
        asked = ((1 << len(self._addresses)) - 1) << first
        self.begin = self.with_siblings(begin) | asked
        self.goes_on = self.begin | _hosts(reach) | ((1 << len(self.doors)) - 1) << count
        into = [self._senders(index, self._into(index)) for index in range(count)]
        into += [self._senders(each.index, each.traffic) for each in self.doors]
        into += [each.senders(self._into(first)) for each in self._addresses]
        self.surely = [sure for sure, _ in into]
        self.possibly = [may for _, may in into]
        for number, door in enumerate(self.doors, start=count):
            for name in {name for name, _ in door.listener.targets}:
                for target in by_interface.get(name, ()):
                    verdicts = {each.verdict for each in self._passed_on(door, target).cells}
                    self.possibly[target] |= bool(verdicts) << number
                    self.surely[target] |= bool(verdicts - {Verdict.UNDETERMINED}) << number

    def _into(self, index: int) -> AskedTraffic:
        where_it_ends = self.begin >> index & 1
        return self._last if self._last is not None and where_it_ends else self._traffic

    def _senders(self, index: int, traffic: AskedTraffic) -> tuple[int, int]:
        """Who surely gets in, and who may: directly, or by a public address."""
        sure, may = senders(self.reach, index, traffic)
        for each in self._over.get(index, ()):
            surely, possibly = each.senders(traffic)
            sure, may = sure | surely & self._inside, may | possibly & self._inside
        for name, alone in self._by_nat64.get(index, ()):
            surely, possibly = senders(self.reach, name, traffic)
            sure, may = sure | (surely if alone else 0), may | possibly
        return sure, may

    @property
    def unsure(self) -> bool:
        return self.surely != self.possibly

    def with_siblings(self, members: int) -> int:
        """The ends, and all others of the hosts that they are on."""
        whole = members
        for index in bits_of(members & self.ends):
            whole |= self._siblings.get(index, 0)
        return whole

    def step(self, source: int, destination: int) -> Step:
        """One hop; many ways share their first ones."""
        pair = source, destination
        if pair not in self._steps:
            self._steps[pair] = self._new_step(*pair)
        return self._steps[pair]

    def _new_step(self, source: int, destination: int) -> Step:
        count = len(self.reach.endpoints)
        if destination >= count + len(self.doors):
            address = self._addresses[destination - count - len(self.doors)]
            return self._step_over(source, address, self._into(destination))
        if destination >= count:
            door = self.doors[destination - count]
            return self._step(source, door.index, door.traffic)
        if source >= count:
            return self._passed_on(self.doors[source - count], destination)
        return self._step(source, destination, self._into(destination))

    def _step(self, source: int, destination: int, traffic: AskedTraffic) -> Step:
        """The direct way, or one over the internet where that alone is open, or sure."""
        ends = self.reach.endpoints
        found = between(self.reach, source, destination, traffic)
        direct = Step(
            source=ends[source],
            destination=ends[destination],
            cells=tuple(each for each in found if each.verdict is not Verdict.DENIED),
        )
        ways = [direct]
        if self._inside >> source & 1:
            ways += [
                replace(self._step_over(source, each, traffic), destination=ends[destination])
                for each in self._over.get(destination, ())
            ]
        ways += [
            self._step_as_ipv4(source, destination, name, traffic)
            for name, _ in self._by_nat64.get(destination, ())
        ]
        return min(ways, key=_doubt)

    def _step_as_ipv4(
        self, source: int, destination: int, name: int, traffic: AskedTraffic
    ) -> Step:
        """By the address by which IPv6 calls it, and a NAT gateway."""
        ends = self.reach.endpoints
        found = between(self.reach, source, name, traffic)
        return Step(
            source=ends[source],
            destination=ends[destination],
            cells=tuple(each for each in found if each.verdict is not Verdict.DENIED),
            over=ends[name],
        )

    def _step_over(self, source: int, address: OverInternet, traffic: AskedTraffic) -> Step:
        found = address.cells(1 << source, traffic)
        return Step(
            source=self.reach.endpoints[source],
            destination=address.public.end,
            cells=tuple(each for each in found if each.verdict is not Verdict.DENIED),
            over=address.public.end,
        )

    def _passed_on(self, door: _Door, target: int) -> Step:
        ends = self.reach.endpoints
        listener = door.listener
        ports = {port for id_, port in listener.targets if id_ == ends[target].id}
        if self._last is not None and self.begin >> target & 1:
            ports = {each for each in ports if _holds(self._last, listener.protocol, each)}
        traffic = tuple((listener.protocol, PortRange(port, port)) for port in sorted(ports))
        found = between(self.reach, door.index, target, traffic)
        if listener.keeps_client_address:
            found = (replace(each, verdict=Verdict.UNDETERMINED, lost=()) for each in found)
        return Step(
            source=ends[door.index],
            destination=ends[target],
            cells=tuple(each for each in found if each.verdict is not Verdict.DENIED),
            balanced=True,
        )


def _doubt(step: Step) -> int:
    """0: something is surely open, 1: something may be, 2: nothing is."""
    if any(each.verdict is not Verdict.UNDETERMINED for each in step.cells):
        return 0
    return 1 if step.cells else 2


def _over(internet: Internet) -> Mapping[int, Sequence[OverInternet]]:
    """By the end that stands behind it: each public address, as it is reached from here.

    A line of their own to the internet gets who is outside no further than who is there.
    """
    reach = internet.reach
    found: dict[int, list[OverInternet]] = defaultdict(list)
    for each in public_addresses(reach.network, reach.endpoints):
        over = OverInternet(internet, each, lines_of_their_own=False)
        for end in each.behind:
            found[reach.index(end)].append(over)
    return found


def _by_nat64(reach: Reach) -> Mapping[int, Sequence[tuple[int, bool]]]:
    """By the end of IPv4: as whom IPv6 calls it, and whether nobody else is called so."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for name, meant in reach.survey.classes.ipv4.items():
        for each in meant:
            if reach.endpoints[each].kind is not EndpointKind.INTERNET:
                found[each].append((name, len(meant) == 1))
    return found


def _hosts(reach: Reach) -> int:
    """Those from which somebody may go on."""
    return sum(
        1 << index
        for index, each in enumerate(reach.endpoints)
        if each.kind is EndpointKind.SITE
        or (
            each.kind is EndpointKind.INTERFACE
            and reach.network.interface[each.id].kind is InterfaceKind.HOST
        )
    )


def _siblings(reach: Reach) -> dict[int, int]:
    """Per address of an interface: all of its interface, and of all others of its host."""
    network, together = reach.network, dict[str, int]()
    hosts: dict[int, str] = {}
    same = one_host(network)
    for index, each in enumerate(reach.endpoints):
        if each.kind is EndpointKind.INTERFACE:
            hosts[index] = host = same[each.id]
            together[host] = together.get(host, 0) | 1 << index
    return {index: together[host] for index, host in hosts.items()}


def _doors(reach: Reach, traffic: AskedTraffic, at: Mapping[str, Sequence[int]]) -> Iterator[_Door]:
    for balancer in reach.network.load_balancers:
        for listener in balancer.listeners:
            asked = _holds(traffic, listener.protocol, listener.port)
            for index in (each for name in balancer.interfaces for each in at.get(name, ())):
                if asked:
                    yield _Door(index, listener)


def _holds(traffic: AskedTraffic, protocol: int, port: int) -> bool:
    return any(each == protocol and port in ports for each, ports in traffic)


def _by_interface(reach: Reach) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(reach.endpoints):
        if each.kind is EndpointKind.INTERFACE:
            found[each.id].append(index)
    return found
