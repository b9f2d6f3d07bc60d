"""Security groups and the listeners of load balancers, as sieves."""

from __future__ import annotations

from collections import defaultdict

from bulkhead.doubt.bdd.acls import LOOKED_INTO, spoken_of
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import PacketSpace, Roles, Sieve
from bulkhead.doubt.bdd.unmodelled import hosts_noted, noted
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


def groups(space: PacketSpace, direction: Direction, roles: Roles, *, references: bool) -> Sieve:
    """Whom the groups of the sender (egress) or of the receiver (ingress) let pass.

    `references`: whether rules may name the other end by its group.
    """
    if direction is Direction.EGRESS:
        return space.once(_held, Direction.EGRESS, roles, references)
    return space.once(_heard_and_held, roles, references)


def _heard_and_held(space: PacketSpace, roles: Roles, references: bool) -> Sieve:
    held = _held(space, Direction.INGRESS, roles, references)
    silent, unsure = unheard(space, roles)
    return Sieve(sure=held.sure & ~silent, may=held.may & ~(silent & ~unsure))


def _held(space: PacketSpace, direction: Direction, roles: Roles, references: bool) -> Sieve:
    universe, network = space.universe, space.network
    ingress = direction is Direction.INGRESS
    end = (roles.end, roles.destination) if ingress else (roles.start, roles.source)
    teams: dict[frozenset[str], list[Interface]] = defaultdict(list)
    for interface in network.interfaces:
        if interface.security_groups or interface.kind is not InterfaceKind.LOAD_BALANCER:
            teams[frozenset(interface.security_groups)].append(interface)
    held = [space.hosts(members, *end) for members in teams.values()]
    free = ~universe.union(held)
    sure, may = [free], [free]
    for team, members in zip(teams, held, strict=True):
        rules = [
            rule
            for group in team
            if group in network.security_group
            for rule in network.security_group[group].rules
            if rule.direction is direction
        ]
        passed = {rule: _passed(space, rule, roles, references) for rule in rules}
        named = [each for each in rules if references and not isinstance(each.peer, CidrPeer)]
        unsure = [_passed_in_doubt(space, each, roles) for each in named]
        certain = [
            passed[rule] & ~noted(space, group)
            for group in team
            if group in network.security_group
            for rule in network.security_group[group].rules
            if rule in passed and rule.certain
        ]
        lost = not team or any(group not in network.security_group for group in team)
        doubt = universe.all if lost else noted(space, *team)
        sure.append(members & universe.union(certain))
        may.append(members & (universe.union([*passed.values(), *unsure]) | doubt))
    return Sieve(sure=universe.union(sure), may=universe.union(may))


def _passed(space: PacketSpace, rule: GroupRule, roles: Roles, references: bool) -> PacketSet:
    ingress = rule.direction is Direction.INGRESS
    location, address = (roles.start, roles.source) if ingress else (roles.end, roles.destination)
    spoken = spoken_of(space, rule.protocol, rule.ports, roles.port)
    if isinstance(rule.peer, CidrPeer):
        return spoken & space.block(address, rule.peer.cidr)
    if not references:
        return space.universe.none
    group = rule.peer.group
    holders = [each for each in space.network.interfaces if group in each.security_groups]
    found = space.hosts(holders, location, address)
    if group not in space.network.security_group:
        found |= space.elsewhere(location)  # whoever that is may hold it
    return spoken & found


def _passed_in_doubt(space: PacketSpace, rule: GroupRule, roles: Roles) -> PacketSet:
    """To or from interfaces in doubt, of which nobody knows whether they hold the group."""
    ingress = rule.direction is Direction.INGRESS
    other = (roles.start, roles.source) if ingress else (roles.end, roles.destination)
    spoken = spoken_of(space, rule.protocol, rule.ports, roles.port)
    return spoken & space.once(hosts_noted, *other)


def unheard(space: PacketSpace, roles: Roles) -> tuple[PacketSet, PacketSet]:
    """Packets to load balancers that no listener takes; and where that is in doubt.

    (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
    """
    universe, silent, doubt = space.universe, [], []
    asked = universe.one_of(universe.protocol, LOOKED_INTO)
    for each in space.network.interfaces:
        balancers = [one for one in space.network.load_balancers if each.id in one.interfaces]
        if not balancers:
            continue
        heard = universe.union(
            [
                spoken_of(space, ICMP, PortRange(3 * 256, 4 * 256 - 1), roles.port),
                spoken_of(space, ICMP6, PortRange(256, 3 * 256 - 1), roles.port),
                *(
                    spoken_of(space, one.protocol, PortRange(one.port, one.port), roles.port)
                    for balancer in balancers
                    for one in balancer.listeners
                ),
            ]
        )
        there = space.hosts([each], roles.end, roles.destination)
        silent.append(there & asked & ~heard)
        doubt.append(there & noted(space, *(balancer.id for balancer in balancers)))
    return universe.union(silent), universe.union(doubt)
