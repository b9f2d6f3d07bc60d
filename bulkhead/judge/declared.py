"""What was declared, as the prover's own sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import product
from typing import NamedTuple

from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import owner
from bulkhead.ends.sockets import Waiting, sockets_of
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    TOO_LARGE,
    Flow,
    IPNetwork,
    Listener,
    PortRange,
    TargetKind,
    ToldTooLarge,
    answers,
    is_of_family,
    is_private,
)
from bulkhead.network.traffic import split
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, bits_of, union

Whom = tuple[str, tuple[IPv4Network, ...]]
"""A service or site; with addresses those of the site alone."""


class Guarded(NamedTuple):
    """What a NACL tells apart: the subnets behind one, what is outside, some addresses there."""

    kind: str
    id: str
    at: tuple[IPv4Network, ...] = ()


class PeersAt(NamedTuple):
    """Some ports, and at each of them the same peers: as ends (bits), and by name."""

    ports: PortRange
    peers: int
    whom: frozenset[Whom]


@dataclass(slots=True)
class _Peers:
    bits: int = 0
    whom: set[Whom] = field(default_factory=set)

    def add(self, bits: int, whom: Whom) -> None:
        self.bits |= bits
        self.whom.add(whom)


class Declared:
    """Flows by server and by client; and, coarser, by the unit that a NACL sees.

    A unit is the subnets behind one NACL, or a site, or those addresses of it at which
    a socket was declared to wait, or from which alone one may connect: finer than that a NACL
    need not speak.
    """

    def __init__(
        self,
        reach: Reach,
        flows: Iterable[Flow],
        open_segments: Collection[str] = (),
        too_large: Iterable[ToldTooLarge] = (),
    ) -> None:
        self._reach = reach
        self.flows = tuple(dict.fromkeys(flows))
        self.sockets = sockets_of(reach.network, (each.server for each in self.flows))
        self.waiting = Waiting(self.sockets)
        self._bound: dict[str, dict[IPv4Network, None]] = defaultdict(dict)
        for each in self.flows:
            if each.server.alone_at is not None:
                self._bound[each.server.owner][each.server.alone_at] = None
            self._bound[each.client].update(dict.fromkeys(each.clients_at))
        self.named: dict[str, int] = defaultdict(int)
        self.unit_of: list[Guarded] = []
        self.in_unit: dict[Guarded, int] = defaultdict(int)
        for index, endpoint in enumerate(reach.endpoints):
            name = owner(endpoint)
            if name is not None:
                self.named[name] |= 1 << index
            unit = self._unit(endpoint)
            self.unit_of.append(unit)
            self.in_unit[unit] |= 1 << index
        self._open = self._behind_open_nacls(open_segments)
        self.guests, self._past_nacls = self._behind_nacls_of_others()
        self._strangers = sum(
            1 << index
            for index, each in enumerate(reach.endpoints if self._open else ())
            if each.kind is EndpointKind.STRANGER
        )
        self._by_server: dict[tuple[str, int], dict[PortRange, _Peers]] = defaultdict(dict)
        self._by_client: dict[tuple[str, int], dict[PortRange, _Peers]] = defaultdict(dict)
        self._by_listener: dict[tuple[str, int], dict[Listener, int]] = defaultdict(dict)
        self._by_unit: dict[tuple[Guarded, int], dict[PortRange, int]] = defaultdict(dict)
        self._replies: dict[tuple[Guarded, int], dict[PortRange, int]] = defaultdict(dict)
        self._nameless: dict[tuple[Guarded, int], dict[PortRange, int]] = defaultdict(dict)
        self._peers = frozenset(each.name for each in reach.network.peers)
        self._of_aws = sum(
            1 << index for index, each in enumerate(reach.endpoints) if each.known and not each.peer
        )
        self._cut: dict[tuple[int, str, int], Sequence[PeersAt]] = {}
        self._outside = sum(
            1 << index
            for index in bits_of(reach.survey.external)
            if not is_private(reach.endpoints[index].address)
        )
        self._telling: dict[tuple[Guarded, int], dict[PortRange, int]] = defaultdict(dict)
        for flow in self.flows:
            self._note(flow)
        self.too_large = tuple(too_large)
        for telling in self.too_large:
            self._note_telling(telling)

    def _note(self, flow: Flow) -> None:
        server, client = flow.server, flow.client
        clients, servers = self.clients(flow), self.at(server)
        at_server = self._by_server[server.owner, server.protocol]
        at_server.setdefault(server.ports, _Peers()).add(clients, (client, flow.clients_at))
        at_client = self._by_client[client, server.protocol]
        at_client.setdefault(server.ports, _Peers()).add(servers, (server.owner, _alone(server)))
        waiting = self._by_listener[server.owner, server.protocol]
        waiting[server] = waiting.get(server, 0) | clients
        client_units, server_units = self._units(clients), self._units(servers)
        for unit in server_units:
            ports = self._by_unit[unit, server.protocol]
            for other in client_units:
                ports[server.ports] = ports.get(server.ports, 0) | self.in_unit[other]
        asking_in = [
            (asking, self._units(clients & members))
            for asking, members in self._reach.survey.clients.items()
        ]
        # A NACL names a site, or some addresses of it, and not the hosts in there.
        asking_in += (
            (asking, self._units(members)) for asking, members in self._said_of_all(flow, clients)
        )
        for asking, units in asking_in:
            for unit in units:
                replies = self._replies[unit, server.protocol]
                for back in answers(server.protocol, server.ports, asking):
                    for other in server_units:
                        replies[back] = replies.get(back, 0) | self.in_unit[other]

        if server.owner in self._peers and (sent_on := self.sending_on(clients)):
            self._note_asked(server, ANY_CLIENT_PORTS, sent_on, server_units)
            for asking, units in asking_in:
                self._note_asked(server, asking, units, sent_on)
        if servers & self._of_aws:
            self._note_nameless(flow, client_units)

    def sending_on(self, clients: int) -> set[Guarded]:
        """Where the NAT gateways stand to which the subnets of some ends lead."""
        network = self._reach.network
        homes = {self._reach.endpoints[each].subnet or "" for each in bits_of(clients)} - {""}
        tables = {network.subnet[home].route_table for home in homes}
        led_to = {
            route.target_id
            for each in network.route_tables
            if each.id in tables
            for route in each.routes
            if route.target is TargetKind.NAT_GATEWAY
        }
        stand_in = {nat.subnet for nat in network.nat_gateways if nat.id in led_to}
        return {Guarded("nacl", each.nacl) for each in network.subnets if each.id in stand_in}

    def _note_asked(
        self,
        server: Listener,
        asking: PortRange,
        clients: Iterable[Guarded],
        servers: Iterable[Guarded],
    ) -> None:
        """What NACLs have to let pass between some units on the way through a NAT gateway, for any
        host that stands beside it: the request, and what is answered."""
        back = answers(server.protocol, server.ports, asking)
        for unit, other in product(clients, servers):
            asked = self._by_unit[other, server.protocol]
            asked[server.ports] = asked.get(server.ports, 0) | self.in_unit[unit]
            replies = self._replies[unit, server.protocol]
            for ports in back:
                replies[ports] = replies.get(ports, 0) | self.in_unit[other]

    def _said_of_all(self, flow: Flow, clients: int) -> Iterator[tuple[PortRange, int]]:
        """From which ports a site, or some network of it, is said to ask, with all who are there,
        also those of whom something narrower is said."""
        site = self._reach.network.site.get(flow.client)
        if site is not None and site.host_ports:
            yield from ((site.asks_from(each), clients) for each in flow.clients_at)
            if not flow.clients_at:
                yield site.client_ports, clients
            for network, ports in site.host_ports:
                yield ports, self.some(flow.client, (network,)) & clients

    def _note_nameless(self, flow: Flow, client_units: Iterable[Guarded]) -> None:
        """A NACL that has to let through a service of AWS does so for everybody outside, but who
        has a private address."""
        outside = self._outside
        protocol, ports = flow.server.protocol, flow.server.ports
        for unit in client_units:
            for each in self._units(outside):
                out = self._nameless[each, protocol]
                out[ports] = out.get(ports, 0) | self.in_unit[unit]
        for asking, members in self._reach.survey.clients.items():
            for unit in self._units(self.clients(flow) & members):
                into = self._nameless[unit, protocol]
                for back in answers(protocol, ports, asking):
                    into[back] = into.get(back, 0) | outside

    def _note_telling(self, each: ToldTooLarge) -> None:
        """A NACL lets it in from all of a unit: as all that it lets."""
        tellers = sum(self.in_unit[unit] for unit in self._units(self.tellers(each)))
        told = self._units(self.named.get(each.told, 0))
        sent_on = self.sending_on(self.named.get(each.told, 0)) if each.by == "" else set()
        tellers |= sum(self.in_unit[unit] for unit in sent_on)
        for unit in (*told, *sent_on):
            for protocol, message in TOO_LARGE:
                if any(is_of_family(protocol, version) for version in each.versions):
                    into = self._telling[unit, protocol]
                    into[message] = into.get(message, 0) | tellers

    def tellers(self, each: ToldTooLarge) -> int:
        """The ends that may tell somebody that his packet is too large, as bits."""
        everybody = {"": self._outside, "*": self._reach.survey.everyone}
        return everybody[each.by] if each.by in everybody else self.named.get(each.by, 0)

    def clients(self, flow: Flow) -> int:
        """The ends that were declared to connect, as bits: those that lie there whole."""
        return self.some(flow.client, flow.clients_at)

    def some(self, name: str, alone: tuple[IPNetwork, ...]) -> int:
        """The ends of somebody that lie whole in some networks, as bits; all without networks."""
        known = self.named.get(name, 0)
        if not alone:
            return known
        ends = self._reach.endpoints
        return sum(
            1 << index
            for index in bits_of(known)
            if any(ends[index].lies_in(each) for each in alone)
        )

    def at(self, server: Listener) -> int:
        """The ends at which a declared socket waits, as bits."""
        known = self.named.get(server.owner, 0)
        if server.address is None:
            return known
        ends = self._reach.endpoints
        return sum(1 << index for index in bits_of(known) if ends[index].is_at(server.address))

    def clients_of(self, endpoint: Endpoint, protocol: int) -> ByPort:
        """Per port: who may connect to an end of a service or site."""
        name = owner(endpoint)
        return union(
            (server.ports, clients)
            for server, clients in self._by_listener.get((name or "", protocol), {}).items()
            if endpoint.is_at(server.address)
        )

    def as_server(self, name: str, protocol: int) -> Sequence[PeersAt]:
        """At which ports who may connect to it, each port once."""
        return self._asked(self._by_server, name, protocol)

    def as_client(self, name: str, protocol: int) -> Sequence[PeersAt]:
        """At which ports it may connect to whom, each port once."""
        return self._asked(self._by_client, name, protocol)

    def _asked(
        self,
        table: Mapping[tuple[str, int], Mapping[PortRange, _Peers]],
        name: str,
        protocol: int,
    ) -> Sequence[PeersAt]:
        key = (id(table), name, protocol)
        if key not in self._cut:
            self._cut[key] = tuple(_cut(table.get((name, protocol), {})))
        return self._cut[key]

    def into_unit(self, unit: Guarded, protocol: int) -> ByPort:
        """Per port: whose units have a declared flow into this one."""
        return union(self._by_unit.get((unit, protocol), {}).items())

    def replies_into(self, unit: Guarded, protocol: int) -> ByPort:
        """Per port: from whose units replies to a declared flow come in."""
        return union(self._replies.get((unit, protocol), {}).items())

    def told_too_large(self, unit: Guarded, protocol: int) -> ByPort:
        """Per message: who may tell this unit that a packet is too large for the way."""
        return union(self._telling.get((unit, protocol), {}).items())

    def nameless_into(self, unit: Guarded, protocol: int) -> ByPort:
        """Per port: whom the NACLs of this unit, or of the others, cannot tell from services of
        AWS that were declared to be called."""
        return union(self._nameless.get((unit, protocol), {}).items())

    def left_open(self, index: int) -> int:
        """Whom the NACLs of both ends are meant to let through to this one, as bits: those of one
        VPC, where one stands in a segment that is open to it, and the other too or is others'."""
        ours, others = self._open.get(self._reach.endpoints[index].vpc or "", (0, 0))
        if ours >> index & 1:
            return ours | others
        return ours if others >> index & 1 else 0

    def left_to_others(self, index: int) -> int:
        """Between whom and this one no NACL of ours stands, as bits, where one of the two is ours
        in a subnet of others: what passes there is their matter."""
        if self.guests >> index & 1:
            return self._past_nacls
        return self.guests if self._past_nacls >> index & 1 else 0

    def past_groups_of_ours(self, index: int) -> int:
        """Of those whom NACLs let through to this one, any host of an open segment that no group
        of ours holds, where this one is others', and the other way round; as bits."""
        endpoint = self._reach.endpoints[index]
        ours, others = self._open.get(endpoint.vpc or "", (0, 0))
        if others >> index & 1:
            return ours & self._strangers
        return others if ours & self._strangers & 1 << index else 0

    def _behind_open_nacls(self, segments: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """By VPC: the ends behind NACLs of such segments alone, and those of others, as bits."""
        if not segments:
            return {}
        network = self._reach.network
        guarded: dict[str, set[str | None]] = defaultdict(set)
        for subnet in network.subnets:
            guarded[subnet.nacl].add(subnet.segment)
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for index, endpoint in enumerate(self._reach.endpoints):
            if endpoint.subnet is None:
                continue
            subnet = network.subnet[endpoint.subnet]
            if network.is_others(subnet.id, subnet.vpc):
                found[subnet.vpc][1] |= 1 << index
            elif guarded[subnet.nacl] <= set(segments):
                found[subnet.vpc][0] |= 1 << index
        return {vpc: (ours, others) for vpc, (ours, others) in found.items()}

    def _behind_nacls_of_others(self) -> tuple[int, int]:
        """Our ends in subnets of others, and all ends that no NACL of ours guards; as bits."""
        network, guests, others = self._reach.network, 0, 0
        for index, end in enumerate(self._reach.endpoints):
            if end.subnet is not None and network.is_others(end.subnet, end.vpc):
                others |= 1 << index
                guests |= (not is_of_others(network, end)) << index
        return guests, others | self._reach.survey.external

    def _unit(self, endpoint: Endpoint) -> Guarded:
        if endpoint.subnet is not None:
            return Guarded("nacl", self._reach.network.subnet[endpoint.subnet].nacl)
        bound = self._bound.get(owner(endpoint) or "", ())
        at = tuple(each for each in bound if endpoint.lies_in(each))
        return Guarded(endpoint.kind.value, endpoint.known or endpoint.id, at)

    def _units(self, members: int) -> set[Guarded]:
        units = set()
        while members:
            unit = self.unit_of[(members & -members).bit_length() - 1]
            units.add(unit)
            members &= ~self.in_unit[unit]
        return units


def _alone(server: Listener) -> tuple[IPv4Network, ...]:
    return () if server.alone_at is None else (server.alone_at,)


def _cut(asked: Mapping[PortRange, _Peers]) -> Iterator[PeersAt]:
    """At ports of several ranges (two addresses of a site) those of all of them are peers."""
    several = sorted(asked.items(), key=lambda each: each[0])
    left = [
        (piece, [each for each in together if each[0].overlap(piece)])
        for together in _overlapping(several)
        for piece, _ in split(
            PortRange(together[0][0].first, max(each.last for each, _ in together)),
            (ports for ports, _ in together),
        )
    ]
    for piece, those in left:
        peers, whom = 0, set[Whom]()
        for _, each in those:
            peers |= each.bits
            whom |= each.whom
        yield PeersAt(piece, peers, frozenset(whom))


def _overlapping(
    several: Iterable[tuple[PortRange, _Peers]],
) -> Iterator[Sequence[tuple[PortRange, _Peers]]]:
    """Ranges in order, those together that overlap."""
    together: list[tuple[PortRange, _Peers]] = []
    last = -1
    for ports, peers in several:
        if together and ports.first > last:
            yield together
            together = []
        together.append((ports, peers))
        last = max(last, ports.last)
    if together:
        yield together
