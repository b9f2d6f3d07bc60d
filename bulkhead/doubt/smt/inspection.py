"""The rules of Network Firewalls as formulas.

(docs.aws.amazon.com/network-firewall/latest/developerguide/)
"""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.claims import Interval
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.terms import (
    PORTED,
    Formula,
    Header,
    Vector,
    all_of,
    among,
    any_of,
    between,
    either,
    negated,
)
from bulkhead.network import Firewall, FirewallAction, FirewallRule, IPNetwork, PortRange


def inspects(
    encoding: Encoding, firewall: Firewall, header: Header, own: Interval, *, unknown: bool
) -> Formula:
    """Whether the engines pass a request from every port that its sender may own.

    Which one it has is unknown: if that counts as true, from any.
    """
    cuts = {own.first}
    for rule in (*firewall.stateless, *firewall.stateful):
        for ports in (*rule.client_ports, *(rule.ports if rule.both_ways else ())):
            cuts.update(each for each in (ports.first, ports.last + 1) if own.holds(each))
    decided = [_judged(encoding, firewall, replace(header, own=port)) for port in sorted(cuts)]
    return any_of(decided) if unknown else all_of(decided)


def answers(encoding: Encoding, firewall: Firewall, header: Header, *, unknown: bool) -> Formula:
    """Whether it passes the reply of a request that it passed.

    A reply comes from the port that the request went to: a rule that names
    some source ports but not all may match it, or not.
    """
    passes = _meant(firewall.stateless_default, True)
    for rule in reversed(firewall.stateless):
        here = _meant(rule.action, True)
        if rule.client_ports and not any(len(each) == 65536 for each in rule.client_ports):
            either_way = any_of((here, passes)) if unknown else all_of((here, passes))
            here = either(among(header.protocol, PORTED), either_way, here)
        hit = _hits(encoding, replace(rule, client_ports=()), header)
        passes = either(hit, here, passes)
    return passes


def _judged(encoding: Encoding, firewall: Firewall, header: Header) -> Formula:
    forwarded = _stateful(encoding, firewall, header)
    passes = _meant(firewall.stateless_default, forwarded)
    for rule in reversed(firewall.stateless):
        passes = either(_hits(encoding, rule, header), _meant(rule.action, forwarded), passes)
    return passes


def _meant(action: FirewallAction, forwarded: Formula) -> Formula:
    """Whether a stateless action passes a packet."""
    return forwarded if action is FirewallAction.FORWARD else action is FirewallAction.PASS


def _stateful(encoding: Encoding, firewall: Firewall, header: Header) -> Formula:
    passes: Formula = firewall.stateful_default is FirewallAction.PASS
    rules = list(firewall.stateful)
    if firewall.action_order:
        rules.sort(key=lambda each: each.action is not FirewallAction.PASS)
    turned = replace(header.turned(), port=header.own, own=header.port)
    for rule in reversed(rules):
        hit = _hits(encoding, rule, header)
        if rule.both_ways:
            hit = any_of((hit, _hits(encoding, rule, turned)))
        passes = either(hit, rule.action is FirewallAction.PASS, passes)
    return passes


def _hits(encoding: Encoding, rule: FirewallRule, header: Header) -> Formula:
    # Ports are looked at of tcp and udp only
    # (docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html).
    portless = negated(among(header.protocol, PORTED))

    def at(ranges: tuple[PortRange, ...], port: Vector) -> Formula:
        if not ranges:
            return True
        return any_of((portless, *(between(port, each.first, each.last) for each in ranges)))

    def of(blocks: tuple[IPNetwork, ...], address: Vector) -> Formula:
        return not blocks or encoding.within(address, blocks)

    return all_of(
        (
            not rule.protocols or among(header.protocol, rule.protocols),
            of(rule.sources, header.source),
            of(rule.destinations, header.destination),
            at(rule.client_ports, header.own),
            at(rule.ports, header.port),
        )
    )
