"""The rules of Network Firewalls as sieves.

(docs.aws.amazon.com/network-firewall/latest/developerguide/)
"""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import Layout, PacketSpace, Sieve
from bulkhead.doubt.claims import Interval
from bulkhead.network import TCP, UDP, Firewall, FirewallAction, FirewallRule


def inspection(space: PacketSpace, firewall: Firewall, layout: Layout, own: Interval) -> Sieve:
    """A request, whatever port its sender has taken among those that it may own."""
    u = space.universe
    passed = _stateless(space, firewall, layout, _stateful(space, firewall, layout))
    legal = u.span(layout.own, *own)
    ports = u.cube(layout.own)
    return Sieve(sure=~(legal & ~passed).exists(ports), may=(legal & passed).exists(ports))


def answer(space: PacketSpace, firewall: Firewall, layout: Layout) -> Sieve:
    """Replies that its stateless rules pass, or hand to the engine that knows the flow.

    A rule that names source ports may match the reply or not: what it hits
    is judged both ways, and goes on.
    """
    u = space.universe
    ported = u.one_of(u.protocol, (TCP, UDP))
    may, fails, left = u.none, u.none, u.all
    for rule in firewall.stateless:
        hit = left & _hit(space, replace(rule, client_ports=()), layout)
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
    space: PacketSpace, firewall: Firewall, layout: Layout, forwarded: PacketSet
) -> PacketSet:
    u = space.universe

    def meant(action: FirewallAction, hit: PacketSet) -> PacketSet:
        if action is FirewallAction.PASS:
            return hit
        return hit & forwarded if action is FirewallAction.FORWARD else u.none

    passed, left = u.none, u.all
    for rule in firewall.stateless:
        hit = left & _hit(space, rule, layout)
        left &= ~hit
        passed |= meant(rule.action, hit)
    return passed | meant(firewall.stateless_default, left)


def _stateful(space: PacketSpace, firewall: Firewall, layout: Layout) -> PacketSet:
    passed, left = space.universe.none, space.universe.all
    rules = firewall.stateful
    if firewall.action_order:
        wanted = FirewallAction.PASS
        rules = (
            *(each for each in rules if each.action is wanted),
            *(each for each in rules if each.action is not wanted),
        )
    for rule in rules:
        hit = _hit(space, rule, layout)
        if rule.both_ways:
            hit |= _hit(space, rule, layout.turned())
        hit &= left
        left &= ~hit
        if rule.action is FirewallAction.PASS:
            passed |= hit
    return passed | left if firewall.stateful_default is FirewallAction.PASS else passed


def _hit(space: PacketSpace, rule: FirewallRule, layout: Layout) -> PacketSet:
    u = space.universe
    found = u.one_of(u.protocol, rule.protocols) if rule.protocols else u.all
    if rule.sources:
        found &= space.blocks(layout.source, rule.sources)
    if rule.destinations:
        found &= space.blocks(layout.destination, rule.destinations)
    # AWS looks at ports of tcp and udp only
    # (docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html).
    portless = ~u.one_of(u.protocol, (TCP, UDP))
    for ranges, port in ((rule.client_ports, layout.own), (rule.ports, layout.port)):
        if ranges:
            found &= portless | u.union([u.span(port, each.first, each.last) for each in ranges])
    return found
