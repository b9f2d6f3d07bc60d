"""Security groups and the listeners of load balancers, as sieves."""

from __future__ import annotations

from collections import defaultdict

from bulkhead.doubt.bdd.acls import LOOKED_INTO, spoken_of
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import Layout, PacketSpace, Sieve
from bulkhead.doubt.bdd.unmodelled import noted
from bulkhead.network import (
    ICMP,
    ICMP6,
    CidrPeer,
    Direction,
    GroupRule,
    Interface,
    InterfaceKind,
    PortRange,
)


def groups(space: PacketSpace, direction: Direction, layout: Layout, *, references: bool) -> Sieve:
    """Whom the groups of the sender (egress) or of the receiver (ingress) let pass.

    `references`: whether rules may name the other end by its group.
    """
    if direction is Direction.EGRESS:
        return space.once(_held, Direction.EGRESS, layout, references)
    return space.once(_heard_and_held, layout, references)


def _heard_and_held(space: PacketSpace, layout: Layout, references: bool) -> Sieve:
    held = _held(space, Direction.INGRESS, layout, references)
    unheard, unsure = _unheard(space, layout)
    return Sieve(sure=held.sure & ~unheard, may=held.may & ~(unheard & ~unsure))


def _held(space: PacketSpace, direction: Direction, layout: Layout, references: bool) -> Sieve:
    u, network = space.universe, space.network
    ingress = direction is Direction.INGRESS
    end = (layout.end, layout.destination) if ingress else (layout.start, layout.source)
    teams: dict[frozenset[str], list[Interface]] = defaultdict(list)
    for interface in network.interfaces:
        if interface.security_groups or interface.kind is not InterfaceKind.LOAD_BALANCER:
            teams[frozenset(interface.security_groups)].append(interface)
    held = [space.hosts(members, *end) for members in teams.values()]
    free = ~u.union(held)
    sure, may = [free], [free]
    for team, members in zip(teams, held, strict=True):
        rules = [
            rule
            for group in team
            if group in network.security_group
            for rule in network.security_group[group].rules
            if rule.direction is direction
        ]
        passed = u.union([_passed(space, rule, layout, references) for rule in rules])
        lost = not team or any(group not in network.security_group for group in team)
        doubt = u.all if lost else noted(space, *team)
        sure.append(members & passed)
        may.append(members & (passed | doubt))
    return Sieve(sure=u.union(sure), may=u.union(may))


def _passed(space: PacketSpace, rule: GroupRule, layout: Layout, references: bool) -> PacketSet:
    ingress = rule.direction is Direction.INGRESS
    location, address = (
        (layout.start, layout.source) if ingress else (layout.end, layout.destination)
    )
    spoken = spoken_of(space, rule.protocol, rule.ports, layout.port)
    if isinstance(rule.peer, CidrPeer):
        return spoken & space.block(address, rule.peer.cidr)
    if not references:
        return space.universe.none
    group = rule.peer.group
    holders = [each for each in space.network.interfaces if group in each.security_groups]
    return spoken & space.hosts(holders, location, address)


def _unheard(space: PacketSpace, layout: Layout) -> tuple[PacketSet, PacketSet]:
    """Packets to load balancers that no listener takes; and where that is in doubt.

    (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
    """
    u, silent, doubt = space.universe, [], []
    asked = u.one_of(u.protocol, LOOKED_INTO)
    for each in space.network.interfaces:
        balancers = [one for one in space.network.load_balancers if each.id in one.interfaces]
        if not balancers:
            continue
        heard = u.union(
            [
                spoken_of(space, ICMP, PortRange(3 * 256, 4 * 256 - 1), layout.port),
                spoken_of(space, ICMP6, PortRange(256, 3 * 256 - 1), layout.port),
                *(
                    spoken_of(space, one.protocol, PortRange(one.port, one.port), layout.port)
                    for balancer in balancers
                    for one in balancer.listeners
                ),
            ]
        )
        there = space.hosts([each], layout.end, layout.destination)
        silent.append(there & asked & ~heard)
        doubt.append(there & noted(space, *(balancer.id for balancer in balancers)))
    return u.union(silent), u.union(doubt)
