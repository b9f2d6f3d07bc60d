"""Packets that come nobody knows how: with any source, past what the receiver says to everybody."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.acls import acl_into, spoken_of
from bulkhead.doubt.bdd.groups import unheard
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import PacketSpace, Roles, last_32
from bulkhead.doubt.bdd.unmodelled import interface_noted, noted
from bulkhead.network import (
    CidrPeer,
    Direction,
    GroupRule,
    Interface,
    InterfaceKind,
)


def acl_for_anyone(space: PacketSpace) -> PacketSet:
    """Packets to subnets whose ACL lets some source in, or may not be asked."""
    return space.once(_acl_for_anyone)


def received_from_anyone(space: PacketSpace) -> PacketSet:
    """Packets that the groups and the listeners of their end may let in, whoever sends."""
    return space.once(_received)


def _sent(space: PacketSpace) -> Roles:
    """As requests come to their end, but for their source."""
    if space.from_ipv6:
        return space.requests.as_ipv4(space.universe.beyond)
    return space.requests


def _acl_for_anyone(space: PacketSpace) -> PacketSet:
    universe, network, roles = space.universe, space.network, _sent(space)
    if space.from_ipv6:
        # Of packets of IPv4 the source is any of those that a bit of the real one stands for.
        roles = replace(roles, source=last_32(roles.source))
    asked = acl_into(space, roles).may.exists(universe.cube(universe.source))
    standing = [each.subnet for each in network.nat_gateways if each.subnet]
    standing += [place for each in network.firewalls for _, place in each.endpoints]
    standing += [place for each in network.transit_attachments for place in each.subnets]
    here = [each for each in standing if each in network.subnet]
    unasked = [space.in_subnets(roles.end, here)]
    for each in network.interfaces:
        unasked.append(space.in_subnet(roles.end, each.subnet) & _hands_on(space, each))
    return asked | universe.union(unasked)


def _hands_on(space: PacketSpace, interface: Interface) -> PacketSet:
    """Packets that it may send for others."""
    gateway = interface.kind is InterfaceKind.GATEWAY or not interface.source_dest_check
    bare = interface.kind is InterfaceKind.HOST and not interface.security_groups
    return space.universe.known(gateway or bare) | interface_noted(space, interface)


def _received(space: PacketSpace) -> PacketSet:
    universe, network, roles = space.universe, space.network, _sent(space)
    refused = []
    for each in network.interfaces:
        groups = [network.security_group.get(name) for name in each.security_groups]
        rules: list[GroupRule] = []
        for group in groups:
            rules += [] if group is None else group.towards(Direction.INGRESS)
        if groups and None not in groups:
            passed = universe.union([_matched(space, rule) for rule in rules])
            doubt = noted(space, *each.security_groups)
            here = space.hosts((each,), roles.end, roles.destination)
            refused.append(here & ~passed & ~doubt)
    silent, unsure = unheard(space, roles)
    return ~universe.union(refused) & ~(silent & ~unsure)


def _matched(space: PacketSpace, rule: GroupRule) -> PacketSet:
    spoken = spoken_of(space, rule.protocol, rule.ports, space.universe.port)
    if isinstance(rule.peer, CidrPeer):
        return spoken & space.universe.known(rule.peer.cidr.version == space.version)
    return spoken & space.once(_coming_as, rule.peer.group)


def _coming_as(space: PacketSpace, group: str) -> PacketSet:
    """Packets that may come from a member: their sender, or something that hands them on."""
    universe, network = space.universe, space.network
    if group not in network.security_group:
        return universe.all
    found = []
    for each in network.interfaces:
        found.append(interface_noted(space, each))
        if group in each.security_groups:
            found.append(_hands_on(space, each))
            if not space.from_ipv6:
                found.append(space.hosts((each,), universe.origin, universe.source))
    return universe.union(found)
