"""The rules of Network Firewalls as sieves.

(docs.aws.amazon.com/network-firewall/latest/developerguide/)
"""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.acls import of_protocol
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import PacketSpace, Roles, Sieve
from bulkhead.doubt.claims import Interval
from bulkhead.network import TCP, UDP, Firewall, FirewallAction, FirewallRule


def inspection(space: PacketSpace, firewall: Firewall, roles: Roles, own: Interval) -> Sieve:
    """A request, whatever port its sender has taken among those that it may own."""
    universe = space.universe
    passed = _stateless(space, firewall, roles, _stateful(space, firewall, roles))
    legal = universe.span(roles.own, *own)
    ports = universe.cube(roles.own)
    return Sieve(sure=~(legal & ~passed).exists(ports), may=(legal & passed).exists(ports))


def answer(space: PacketSpace, firewall: Firewall, roles: Roles) -> Sieve:
    """Replies that its stateless rules pass, or hand to the engine that knows the flow.

    A rule that names source ports may match the reply or not: what it hits
    is judged both ways, and goes on.
    """
    universe = space.universe
    ported = universe.one_of(universe.protocol, (TCP, UDP))
    may, fails, left = universe.none, universe.none, universe.all
    for rule in firewall.stateless:
        hit = left & _hit(space, replace(rule, client_ports=()), roles)
        narrow = rule.client_ports and (0, 65535) not in [
            (each.first, each.last) for each in rule.client_ports
        ]
        left &= ~(hit & ~ported) if narrow else ~hit
        if rule.action is FirewallAction.DROP:
            fails |= hit
        else:
            may |= hit
    if firewall.stateless_default is FirewallAction.DROP:
        fails |= left
    else:
        may |= left
    return Sieve(sure=~fails, may=may)


def _stateless(
    space: PacketSpace, firewall: Firewall, roles: Roles, forwarded: PacketSet
) -> PacketSet:
    universe = space.universe

    def meant(action: FirewallAction, hit: PacketSet) -> PacketSet:
        if action is FirewallAction.PASS:
            return hit
        return hit & forwarded if action is FirewallAction.FORWARD else universe.none

    passed, left = universe.none, universe.all
    for rule in firewall.stateless:
        hit = left & _hit(space, rule, roles)
        left &= ~hit
        passed |= meant(rule.action, hit)
    return passed | meant(firewall.stateless_default, left)


def _stateful(space: PacketSpace, firewall: Firewall, roles: Roles) -> PacketSet:
    passed, left = space.universe.none, space.universe.all
    rules = firewall.stateful
    if firewall.action_order:
        wanted = FirewallAction.PASS
        rules = (
            *(each for each in rules if each.action is wanted),
            *(each for each in rules if each.action is not wanted),
        )
    for rule in rules:
        hit = _hit(space, rule, roles)
        if rule.both_ways:
            hit |= _hit(space, rule, roles.turned())
        hit &= left
        left &= ~hit
        if rule.action is FirewallAction.PASS:
            passed |= hit
    return passed | left if firewall.stateful_default is FirewallAction.PASS else passed


def _hit(space: PacketSpace, rule: FirewallRule, roles: Roles) -> PacketSet:
    universe = space.universe
    found = universe.all
    if rule.protocols:
        found = universe.union([of_protocol(space, each) for each in rule.protocols])
    if rule.sources:
        found &= space.blocks(roles.source, rule.sources)
    if rule.destinations:
        found &= space.blocks(roles.destination, rule.destinations)
    # AWS looks at ports of tcp and udp only
    # (docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html).
    portless = ~universe.one_of(universe.protocol, (TCP, UDP))
    for ranges, port in ((rule.client_ports, roles.own), (rule.ports, roles.port)):
        if ranges:
            found &= portless | universe.union(
                [universe.span(port, each.first, each.last) for each in ranges]
            )
    return found
