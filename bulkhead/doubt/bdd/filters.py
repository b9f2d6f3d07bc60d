"""What lets packets pass, as sets: entries, rules, groups, firewalls, and what is in doubt.

A filter divides packets: those that pass for sure, those that pass if the
unknown is kind, and the rest. So each filter is a pair of sets, `Sieve`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.doubt.bdd.sets import Field, PacketSet, Universe, Value
from bulkhead.doubt.claims import Place, Span
from bulkhead.network import (
    AclEntry,
    Action,
    Direction,
    Firewall,
    FirewallAction,
    FirewallRule,
    GroupRule,
    Interface,
    InterfaceKind,
    IPAddress,
    IPNetwork,
    Network,
    PortRange,
    PublicAccess,
)

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
NAT_SPAN: Final = (1024, 65535)


@dataclass(frozen=True, slots=True)
class Sieve:
    """`sure` is part of `may`; what is not in `may` is dropped."""

    sure: PacketSet
    may: PacketSet


@dataclass(frozen=True, slots=True)
class Role:
    """Which bits of a packet play which part on one stretch of its way."""

    start: Value
    source: Value
    end: Value
    destination: Value
    port: Field
    own: Field
    """The sender's own port, where a firewall looks at it."""


class Filters:
    def __init__(
        self,
        universe: Universe,
        network: Network,
        version: int,
        places: Sequence[Place],
        client: Span,
    ) -> None:
        self.u, self.network, self.version = universe, network, version
        self.client = client
        self.number = {place: index for index, place in enumerate(places)}
        self._acls: dict[tuple[object, ...], Sieve] = {}
        self._notes: dict[str, PacketSet] = defaultdict(lambda: universe.none)
        for note in network.unmodelled:
            self._notes[note.scope] |= self._spoken(note.protocol)

    def _spoken(self, protocol: int | None) -> PacketSet:
        u = self.u
        return u.all if protocol is None else u.is_(u.protocol, protocol)

    def noted(self, *scopes: str) -> PacketSet:
        """Packets for which one of these things is noted as not modelled."""
        found = self.u.none
        for scope in scopes:
            if scope in self._notes:
                found |= self._notes[scope]
        return found

    # Addresses and places

    def block(self, value: Value, cidr: IPNetwork) -> PacketSet:
        if cidr.version != self.version:
            return self.u.none
        width = 32 if self.version == 4 else 128
        return self.u.within(value, int(cidr.network_address), cidr.prefixlen, width)

    def blocks(self, value: Value, cidrs: Iterable[IPNetwork]) -> PacketSet:
        return self.u.union([self.block(value, each) for each in cidrs])

    def in_subnet(self, value: Value, subnet: str) -> PacketSet:
        return self.u.is_(value, self.number["subnet", subnet])

    def in_vpc(self, value: Value, vpc: str) -> PacketSet:
        members = [
            self.number["subnet", each.id] for each in self.network.subnets if each.vpc == vpc
        ]
        return self.u.one_of(value, members)

    def in_any_subnet(self, value: Value) -> PacketSet:
        return self.u.one_of(
            value, (self.number["subnet", each.id] for each in self.network.subnets)
        )

    def own_of(self, interface: Interface) -> list[IPAddress]:
        return [each for each in interface.addresses if each.version == self.version]

    def hosts(self, interfaces: Iterable[Interface], place: Value, address: Value) -> PacketSet:
        """Packets whose end is one of these interfaces."""
        return self.u.union(
            [
                self.in_subnet(place, each.subnet) & self.u.is_(address, int(one))
                for each in interfaces
                for one in self.own_of(each)
            ]
        )

    # Rules and entries

    def spoken_of(self, protocol: int, ports: PortRange, port: Field) -> PacketSet:
        u = self.u
        if protocol < 0:
            return u.all
        found = u.is_(u.protocol, protocol)
        if protocol in (TCP, UDP, ICMP, ICMP6):
            found &= u.span(port, ports.first, ports.last)
        return found

    def acl(self, subnet: str, direction: Direction, role: Role) -> Sieve:
        """The network ACL of a subnet, as the packet meets it in this role."""
        name = self.network.subnet[subnet].nacl
        address = role.source if direction is Direction.INGRESS else role.destination
        key = (name, direction, address, role.port)
        if key not in self._acls:
            self._acls[key] = self._read_acl(name, direction, address, role.port)
        return self._acls[key]

    def _read_acl(self, name: str, direction: Direction, address: Value, port: Field) -> Sieve:
        nacl = self.network.nacl.get(name)
        if nacl is None:
            return Sieve(self.u.none, self.u.all)
        open_, left = self.u.none, self.u.all
        entries: list[AclEntry] = [each for each in nacl.entries if each.direction is direction]
        for entry in sorted(entries, key=lambda each: each.number):
            hit = left & self.block(address, entry.cidr)
            hit &= self.spoken_of(entry.protocol, entry.ports, port)
            if entry.action is Action.ALLOW:
                open_ |= hit
            left &= ~hit
        doubt = self.noted(name)
        return Sieve(open_ & ~doubt, open_ | doubt)

    def acl_into(self, role: Role) -> Sieve:
        """The ACL of whatever subnet the packet ends in; there is none outside."""
        return self._acl_at(role.end, Direction.INGRESS, role)

    def acl_out_of(self, role: Role) -> Sieve:
        """The ACL of whatever subnet the packet starts in."""
        return self._acl_at(role.start, Direction.EGRESS, role)

    def _acl_at(self, place: Value, direction: Direction, role: Role) -> Sieve:
        key = ("at", direction, role)
        if key not in self._acls:
            outside = ~self.in_any_subnet(place)
            sure, may = [outside], [outside]
            for subnet in self.network.subnets:
                there = self.in_subnet(place, subnet.id)
                sieve = self.acl(subnet.id, direction, role)
                sure.append(there & sieve.sure)
                may.append(there & sieve.may)
            self._acls[key] = Sieve(self.u.union(sure), self.u.union(may))
        return self._acls[key]

    # Security groups

    def groups(self, direction: Direction, role: Role, *, references: bool) -> Sieve:
        """Whom the groups of the sender (egress) or of the receiver (ingress) let pass."""
        key = ("groups", direction, role, references)
        if key not in self._acls:
            self._acls[key] = self._read_groups(direction, role, references)
        return self._acls[key]

    def _read_groups(self, direction: Direction, role: Role, references: bool) -> Sieve:
        u = self.u
        ingress = direction is Direction.INGRESS
        mine = (role.end, role.destination) if ingress else (role.start, role.source)
        teams: dict[frozenset[str], list[Interface]] = defaultdict(list)
        for interface in self.network.interfaces:
            unfiltered = (
                interface.kind is InterfaceKind.LOAD_BALANCER and not interface.security_groups
            )
            if not unfiltered:
                teams[frozenset(interface.security_groups)].append(interface)
        held = [self.hosts(members, *mine) for members in teams.values()]
        free = ~u.union(held)
        sure, may = [free], [free]
        for (team, _), members in zip(teams.items(), held, strict=True):
            rules = [
                rule
                for group in team
                if group in self.network.security_group
                for rule in self.network.security_group[group].rules
                if rule.direction is direction
            ]
            let = u.union([self._rule(rule, role, ingress, references) for rule in rules])
            lost = not team or any(group not in self.network.security_group for group in team)
            doubt = u.all if lost else self.noted(*team)
            sure.append(members & let)
            may.append(members & (let | doubt))
        if not ingress:
            return Sieve(u.union(sure), u.union(may))
        unheard, unsure = self._unheard(role)
        return Sieve(u.union(sure) & ~unheard, u.union(may) & ~(unheard & ~unsure))

    def _unheard(self, role: Role) -> tuple[PacketSet, PacketSet]:
        """Packets to load balancers that no listener takes; and where that is in doubt."""
        u, silent, doubt = self.u, [], []
        for each in self.network.interfaces:
            balancers = [one for one in self.network.load_balancers if each.id in one.interfaces]
            if not balancers:
                continue
            asked = u.union([u.is_(u.protocol, number) for number in (1, 6, 17, 58)])
            heard = u.union(
                [
                    self.spoken_of(1, PortRange(3 * 256, 4 * 256 - 1), role.port),
                    self.spoken_of(58, PortRange(256, 3 * 256 - 1), role.port),
                    *(
                        self.spoken_of(one.protocol, PortRange(one.port, one.port), role.port)
                        for balancer in balancers
                        for one in balancer.listeners
                    ),
                ]
            )
            there = self.hosts([each], role.end, role.destination)
            silent.append(there & asked & ~heard)
            doubt.append(there & self.noted(*(balancer.id for balancer in balancers)))
        return u.union(silent), u.union(doubt)

    def _rule(self, rule: GroupRule, role: Role, ingress: bool, references: bool) -> PacketSet:
        spoken = self.spoken_of(rule.protocol, rule.ports, role.port)
        place, address = (role.start, role.source) if ingress else (role.end, role.destination)
        if rule.peer.kind == "cidr":
            return spoken & self.block(address, rule.peer.cidr)
        if not references:
            return self.u.none
        wanted = rule.peer.group
        holders = [each for each in self.network.interfaces if wanted in each.security_groups]
        return spoken & self.hosts(holders, place, address)

    # Public addresses

    def unknown_to_internet(self, place: Value, address: Value) -> PacketSet:
        """Interfaces' own addresses for which no internet gateway translates."""
        if self.version == 6:
            return self.u.none
        plain: list[PacketSet] = []
        for each in self.network.interfaces:
            translated = {private for private, _ in each.more_public}
            if each.public_address is not None:
                translated.add(each.address)
            plain.extend(
                self.in_subnet(place, each.subnet) & self.u.is_(address, int(one))
                for one in self.own_of(each)
                if one not in translated
            )
        return self.u.union(plain)

    def closed_to_internet(self, place: Value) -> PacketSet:
        """Ends in subnets that VPC Block Public Access does not leave open."""
        closed = [
            self.in_subnet(place, each.id)
            for each in self.network.subnets
            if each.public_access is not PublicAccess.OPEN
        ]
        return self.u.union(closed)

    def in_blocked_subnet(self, place: Value) -> PacketSet:
        """Ends in subnets from which VPC Block Public Access lets nothing out either."""
        blocked = [
            self.in_subnet(place, each.id)
            for each in self.network.subnets
            if each.public_access is PublicAccess.BLOCKED
        ]
        return self.u.union(blocked)

    # Network Firewall

    def inspection(self, wall: Firewall, role: Role, span: tuple[int, int]) -> Sieve:
        """A request, whatever port of the span its sender has taken."""
        u = self.u
        passed = self._stateless(wall, role, self._stateful(wall, role))
        legal = u.span(role.own, *span)
        own = u.cube(role.own)
        return Sieve(~(legal & ~passed).exists(own), (legal & passed).exists(own))

    def answer(self, wall: Firewall, role: Role) -> Sieve:
        """Replies that its stateless rules pass, or hand to the engine that knows the flow.

        A rule that names source ports may match the reply or not: what it hits
        is judged both ways, and goes on.
        """
        u = self.u
        ported = u.one_of(u.protocol, (TCP, UDP))
        may, fails, left = u.none, u.none, u.all
        for rule in wall.stateless:
            hit = left & self._hit(replace(rule, client_ports=()), role)
            narrow = rule.client_ports and (0, 65535) not in [
                (each.first, each.last) for each in rule.client_ports
            ]
            left &= ~(hit & ~ported) if narrow else ~hit
            if rule.action is FirewallAction.DROP:
                fails |= hit
            else:
                may |= hit
        if wall.stateless_default is FirewallAction.DROP:
            fails |= left
        else:
            may |= left
        return Sieve(~fails, may)

    def _stateless(self, wall: Firewall, role: Role, forwarded: PacketSet) -> PacketSet:
        passed, left = self.u.none, self.u.all
        for rule in wall.stateless:
            hit = left & self._hit(rule, role)
            left &= ~hit
            passed |= self._meant(rule.action, hit, forwarded)
        return passed | self._meant(wall.stateless_default, left, forwarded)

    def _meant(self, action: FirewallAction, hit: PacketSet, forwarded: PacketSet) -> PacketSet:
        if action is FirewallAction.PASS:
            return hit
        return hit & forwarded if action is FirewallAction.FORWARD else self.u.none

    def _stateful(self, wall: Firewall, role: Role) -> PacketSet:
        passed, left = self.u.none, self.u.all
        rules = wall.stateful
        if wall.action_order:
            wanted = FirewallAction.PASS
            rules = (
                *(each for each in rules if each.action is wanted),
                *(each for each in rules if each.action is not wanted),
            )
        turned = replace(
            role, source=role.destination, destination=role.source, port=role.own, own=role.port
        )
        for rule in rules:
            hit = self._hit(rule, role)
            if rule.both_ways:
                hit |= self._hit(rule, turned)
            hit &= left
            left &= ~hit
            if rule.action is FirewallAction.PASS:
                passed |= hit
        return passed | left if wall.stateful_default is FirewallAction.PASS else passed

    def _hit(self, rule: FirewallRule, role: Role) -> PacketSet:
        u = self.u
        found = u.one_of(u.protocol, rule.protocols) if rule.protocols else u.all
        if rule.sources:
            found &= self.blocks(role.source, rule.sources)
        if rule.destinations:
            found &= self.blocks(role.destination, rule.destinations)
        # AWS looks at ports of tcp and udp only
        # (docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html).
        portless = ~u.one_of(u.protocol, (TCP, UDP))
        for ranges, port in ((rule.client_ports, role.own), (rule.ports, role.port)):
            if ranges:
                found &= portless | u.union(
                    [u.span(port, each.first, each.last) for each in ranges]
                )
        return found
