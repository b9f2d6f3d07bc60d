"""What filters a packet, as formulas: security groups, network ACLs, firewalls, and doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bulkhead.doubt.claims import Place
from bulkhead.doubt.smt.terms import (
    MESSAGED,
    PORTED,
    Formula,
    Header,
    Vector,
    all_of,
    among,
    any_of,
    between,
    either,
    inside,
    negated,
    same,
)
from bulkhead.network import (
    Action,
    Direction,
    Firewall,
    FirewallAction,
    FirewallRule,
    Interface,
    InterfaceKind,
    Network,
    PortRange,
    PublicAccess,
)


@dataclass(frozen=True, slots=True)
class Atlas:
    """The number of every place, and who lives there."""

    network: Network
    version: int
    numbers: dict[Place, int]

    def subnet(self, subnet: str) -> int:
        return self.numbers["subnet", subnet]

    def in_vpc(self, vpc: str) -> list[int]:
        return [self.subnet(each.id) for each in self.network.subnets if each.vpc == vpc]

    def addresses(self, interface: Interface) -> list[int]:
        return [int(each) for each in interface.addresses if each.version == self.version]

    def is_one_of(self, interfaces: Iterable[Interface], place: Vector, address: Vector) -> Formula:
        """Whether the address is one of theirs."""
        where: dict[int, list[int]] = defaultdict(list)
        for each in interfaces:
            where[self.subnet(each.subnet)].extend(self.addresses(each))
        return any_of(
            all_of((same(place, number), among(address, addresses)))
            for number, addresses in where.items()
        )


class Layers:
    """The filters of one network. `open_` says how to read what is unknown."""

    def __init__(self, atlas: Atlas, client: tuple[int, int]) -> None:
        self.atlas = atlas
        self.client = client
        """The ports from which a client may ask."""
        self.network = atlas.network
        self._kept: dict[tuple[object, ...], tuple[Formula, object]] = {}

    def _once(
        self, key: tuple[object, ...], header: object, make: Callable[[], Formula]
    ) -> Formula:
        # The header is kept beside the formula so that its identity stays its own.
        if key not in self._kept:
            self._kept[key] = make(), header
        return self._kept[key][0]

    def doubt(self, scope: str, protocol: Vector) -> Formula:
        """Whether somebody noted that this very thing could not be modelled."""
        return any_of(
            True if each.protocol is None else same(protocol, each.protocol)
            for each in self.network.unmodelled
            if each.scope == scope
        )

    def speaks_of(self, protocol: int, ports: PortRange, header: Header) -> Formula:
        if protocol == -1:
            return True
        this = same(header.protocol, protocol)
        if protocol in PORTED or protocol in MESSAGED:
            return all_of((this, between(header.port, ports.first, ports.last)))
        return this

    # Network ACLs

    def acl(self, direction: Direction, subnet: str, header: Header, *, open_: bool) -> Formula:
        """Whether the ACL of a subnet passes the packet, to its destination or from its source."""
        name = self.network.subnet[subnet].nacl
        return self._acl(direction, name, header, open_)

    def acl_at(self, direction: Direction, header: Header, *, open_: bool) -> Formula:
        """The same for the subnet in which the packet starts (egress) or ends (ingress)."""
        place = header.origin if direction is Direction.EGRESS else header.target
        key = ("at", direction, id(header), open_)
        users: dict[str, list[int]] = defaultdict(list)
        for each in self.network.subnets:
            users[each.nacl].append(self.atlas.subnet(each.id))
        return self._once(
            key,
            header,
            lambda: all_of(
                either(among(place, numbers), self._acl(direction, name, header, open_), True)
                for name, numbers in users.items()
            ),
        )

    def _acl(self, direction: Direction, name: str, header: Header, open_: bool) -> Formula:
        key = ("acl", direction, name, id(header), open_)
        return self._once(
            key, header, lambda: self._first_match(direction, name, header, open_=open_)
        )

    def _first_match(
        self, direction: Direction, name: str, header: Header, *, open_: bool
    ) -> Formula:
        found = [each for each in self.network.nacls if each.id == name]
        if not found:
            return open_
        address = header.destination if direction is Direction.EGRESS else header.source
        passes: Formula = False
        for entry in sorted(found[0].entries, key=lambda each: -each.number):
            if entry.direction is direction and entry.cidr.version == self.atlas.version:
                hit = all_of(
                    (
                        self.speaks_of(entry.protocol, entry.ports, header),
                        inside(address, entry.cidr),
                    )
                )
                passes = either(hit, entry.action is Action.ALLOW, passes)
        return either(self.doubt(name, header.protocol), open_, passes)

    # Security groups

    def sends(self, header: Header, *, references: bool, open_: bool) -> Formula:
        """Whether the sender is able to open it and its groups let it."""
        return self._once(
            ("sends", id(header), references, open_),
            header,
            lambda: self._side(Direction.EGRESS, header, references=references, open_=open_),
        )

    def receives(self, header: Header, *, references: bool, open_: bool) -> Formula:
        """Whether the receiver is able to accept it and its groups let it."""
        return self._once(
            ("receives", id(header), references, open_),
            header,
            lambda: self._side(Direction.INGRESS, header, references=references, open_=open_),
        )

    def _side(
        self, direction: Direction, header: Header, *, references: bool, open_: bool
    ) -> Formula:
        out = direction is Direction.EGRESS
        own = (header.origin, header.source) if out else (header.target, header.destination)
        unable = (
            (InterfaceKind.GATEWAY, InterfaceKind.ENDPOINT) if out else (InterfaceKind.GATEWAY,)
        )
        alike: dict[tuple[str, ...], list[Interface]] = defaultdict(list)
        mute = []
        for each in self.network.interfaces:
            if each.kind in unable:
                mute.append(each)
            elif each.security_groups or each.kind is not InterfaceKind.LOAD_BALANCER:
                alike[tuple(sorted(each.security_groups))].append(each)
        return all_of(
            (
                negated(self.atlas.is_one_of(mute, *own)),
                *(
                    either(
                        self.atlas.is_one_of(members, *own),
                        self._groups(groups, direction, header, references, open_),
                        True,
                    )
                    for groups, members in alike.items()
                ),
                *(() if out else self._listeners(header, own, open_=open_)),
            )
        )

    def _listeners(
        self, header: Header, own: tuple[Vector, Vector], *, open_: bool
    ) -> Iterator[Formula]:
        """What is asked of packets to load balancers: one of their listeners."""
        for each in self.network.interfaces:
            balancers = [one for one in self.network.load_balancers if each.id in one.interfaces]
            if balancers:
                unasked = all_of(
                    negated(same(header.protocol, number)) for number in (*PORTED, *MESSAGED)
                )
                heard = any_of(
                    (
                        unasked,
                        self.speaks_of(1, PortRange(3 * 256, 4 * 256 - 1), header),
                        self.speaks_of(58, PortRange(256, 3 * 256 - 1), header),
                        *(
                            self.speaks_of(one.protocol, PortRange(one.port, one.port), header)
                            for balancer in balancers
                            for one in balancer.listeners
                        ),
                        *(
                            self.doubt(balancer.id, header.protocol)
                            for balancer in balancers
                            if open_
                        ),
                    )
                )
                yield either(self.atlas.is_one_of([each], *own), heard, True)

    def _groups(
        self,
        groups: tuple[str, ...],
        direction: Direction,
        header: Header,
        references: bool,
        open_: bool,
    ) -> Formula:
        known = [each for each in self.network.security_groups if each.id in groups]
        matching = any_of(
            all_of(
                (
                    self.speaks_of(rule.protocol, rule.ports, header),
                    self._peer(rule.peer, direction, header, references),
                )
            )
            for group in known
            for rule in group.rules
            if rule.direction is direction
        )
        if not open_:
            return matching
        if not groups or len(known) < len(set(groups)):
            return True
        return any_of((matching, *(self.doubt(each, header.protocol) for each in groups)))

    def _peer(
        self, peer: object, direction: Direction, header: Header, references: bool
    ) -> Formula:
        out = direction is Direction.EGRESS
        address = header.destination if out else header.source
        cidr, group = getattr(peer, "cidr", None), getattr(peer, "group", None)
        if cidr is not None:
            return cidr.version == self.atlas.version and inside(address, cidr)
        if not references:
            return False
        place = header.target if out else header.origin
        return self._once(
            ("holders", group, out, id(header)),
            header,
            lambda: self.atlas.is_one_of(
                (each for each in self.network.interfaces if group in each.security_groups),
                place,
                address,
            ),
        )

    # What the internet sees of an end

    def public(self, place: Vector, address: Vector) -> Formula:
        """Whether an internet gateway has a public address for it; a stranger may be given one."""
        if self.atlas.version == 6:
            return True
        hidden: dict[int, list[int]] = defaultdict(list)
        for each in self.network.interfaces:
            known = dict(each.more_public)
            if each.public_address is not None:
                known[each.address] = each.public_address
            hidden[self.atlas.subnet(each.subnet)].extend(
                int(one) for one in (each.address, *each.secondary_addresses) if one not in known
            )
        return negated(
            any_of(
                all_of((same(place, number), among(address, addresses)))
                for number, addresses in hidden.items()
            )
        )

    def wide_open(self, place: Vector) -> Formula:
        """Whether VPC Block Public Access leaves the subnet alone."""
        return negated(
            among(
                place,
                (
                    self.atlas.subnet(each.id)
                    for each in self.network.subnets
                    if each.public_access is not PublicAccess.OPEN
                ),
            )
        )

    # Network Firewall

    def inspects(
        self, wall: Firewall, header: Header, own: tuple[int, int], *, open_: bool
    ) -> Formula:
        """Whether the engines pass a request from every client port; when open, from any."""
        first, last = own
        cuts = {first}
        for rule in (*wall.stateless, *wall.stateful):
            for ports in (*rule.client_ports, *(rule.ports if rule.both_ways else ())):
                cuts.update(each for each in (ports.first, ports.last + 1) if first <= each <= last)
        decided = [self._judged(wall, replace(header, own=port)) for port in sorted(cuts)]
        return any_of(decided) if open_ else all_of(decided)

    def _judged(self, wall: Firewall, header: Header) -> Formula:
        forwarded = self._stateful(wall, header)
        passes = _meant(wall.stateless_default, forwarded)
        for rule in reversed(wall.stateless):
            passes = either(self._hits(rule, header), _meant(rule.action, forwarded), passes)
        return passes

    def answers(self, wall: Firewall, header: Header, *, open_: bool) -> Formula:
        """Whether it passes the reply of a request that it passed.

        A reply comes from the port that the request went to: a rule that names
        some source ports but not all may match it, or not.
        """
        passes = _meant(wall.stateless_default, True)
        for rule in reversed(wall.stateless):
            here = _meant(rule.action, True)
            if rule.client_ports and not any(len(each) == 65536 for each in rule.client_ports):
                either_way = any_of((here, passes)) if open_ else all_of((here, passes))
                here = either(among(header.protocol, PORTED), either_way, here)
            hit = self._hits(replace(rule, client_ports=()), header)
            passes = either(hit, here, passes)
        return passes

    def _stateful(self, wall: Firewall, header: Header) -> Formula:
        passes: Formula = wall.stateful_default is FirewallAction.PASS
        rules = list(wall.stateful)
        if wall.action_order:
            rules.sort(key=lambda each: each.action is not FirewallAction.PASS)
        for rule in reversed(rules):
            hit = self._hits(rule, header)
            if rule.both_ways:
                swapped = replace(
                    header,
                    source=header.destination,
                    destination=header.source,
                    port=header.own,
                    own=header.port,
                )
                hit = any_of((hit, self._hits(rule, swapped)))
            passes = either(hit, rule.action is FirewallAction.PASS, passes)
        return passes

    def _hits(self, rule: FirewallRule, header: Header) -> Formula:
        portless = negated(among(header.protocol, PORTED))

        def at(ranges: tuple[PortRange, ...], port: Vector) -> Formula:
            if not ranges:
                return True
            return any_of((portless, *(between(port, each.first, each.last) for each in ranges)))

        def of(blocks: tuple[object, ...], address: Vector) -> Formula:
            return not blocks or any_of(
                inside(address, each)  # type: ignore[arg-type]
                for each in blocks
                if getattr(each, "version", 0) == self.atlas.version
            )

        return all_of(
            (
                not rule.protocols or among(header.protocol, rule.protocols),
                of(rule.sources, header.source),
                of(rule.destinations, header.destination),
                at(rule.client_ports, header.own),
                at(rule.ports, header.port),
            )
        )


def _meant(action: FirewallAction, forwarded: Formula) -> Formula:
    """Whether a stateless action passes a packet."""
    return forwarded if action is FirewallAction.FORWARD else action is FirewallAction.PASS
