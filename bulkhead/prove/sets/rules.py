"""What single rules say to a protocol: ports of rules, firewalls, answers to icmp."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Firewall,
    FirewallAction,
    FirewallRule,
    GroupRule,
    IPNetwork,
    PortRange,
    has_ports,
    has_types,
    icmp_answer,
)
from bulkhead.prove.sets.by_port import ByPort, at


def speaks_of(rule: GroupRule | AclEntry, protocol: int) -> bool:
    """Whether a rule is for this protocol."""
    return rule.protocol in (ANY_PROTOCOL, protocol)


def covers_ports(rule: GroupRule | AclEntry, protocol: int) -> PortRange:
    """The ports (messages, for icmp) of a rule, for a protocol it speaks of.

    A rule for all protocols is one for all ports
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    ported = has_ports(protocol) or has_types(protocol)
    return rule.ports if ported and rule.protocol != ANY_PROTOCOL else ALL_PORTS


def returned(back: ByPort, protocol: int) -> ByPort:
    """From sets per icmp message that comes back to sets per message that asked for it."""
    edges = {0, *(first for first, _ in back)}
    for kind in range(256):
        answer = icmp_answer(protocol, kind * 256) // 256
        if answer != kind:
            edges |= {kind * 256, (kind + 1) * 256}
            edges |= {first + (kind - answer) * 256 for first, _ in back if first // 256 == answer}
    tidy: list[tuple[int, int]] = []
    for edge in sorted(edges):
        if edge <= ALL_PORTS.last:
            bits = at(back, icmp_answer(protocol, edge))
            if not tidy or tidy[-1][1] != bits:
                tidy.append((edge, bits))
    return tuple(tidy)


def firewall_passes(
    firewall: Firewall,
    source: frozenset[Prefix],
    destination: frozenset[Prefix],
    protocol: int,
    *,
    client_ports: PortRange | None,
    guess: bool,
) -> ByPort:
    """Per port: whether a Network Firewall passes a packet (0 or 1).

    `source` and `destination` are all prefixes that hold the address; `client_ports`
    are those that the packet may come from, None for a reply. Stateless
    rules come first, then the stateful ones, which let every reply of a passed
    request through.
    (docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html)
    """
    asked = _Asked(source, destination, protocol, client_ports)
    edges = {0}
    if has_ports(protocol):
        for rule in (*firewall.stateless, *firewall.stateful):
            for ports in (*rule.ports, *rule.client_ports):
                edges |= {ports.first, ports.last + 1}
    tidy: list[tuple[int, int]] = []
    for port in sorted(edges):
        if port <= ALL_PORTS.last:
            passes = int(_stateless(firewall, firewall.stateless, asked, port, guess))
            if not tidy or tidy[-1][1] != passes:
                tidy.append((port, passes))
    return tuple(tidy)


class _Asked:
    """A packet as a rule sees it, the destination port still open."""

    def __init__(
        self,
        source: frozenset[Prefix],
        destination: frozenset[Prefix],
        protocol: int,
        client_ports: PortRange | None,
    ) -> None:
        self.source, self.destination = source, destination
        self.protocol, self.client_ports = protocol, client_ports

    @property
    def reply(self) -> bool:
        return self.client_ports is None

    def matches(self, rule: FirewallRule, port: int) -> bool | None:
        """None where it depends on the client's port."""
        if rule.protocols and self.protocol not in rule.protocols:
            return False
        found = [self._one_way(rule, port)]
        if rule.both_ways:
            turned = replace(
                rule,
                sources=rule.destinations,
                destinations=rule.sources,
                ports=rule.client_ports,
                client_ports=rule.ports,
            )
            found.append(self._one_way(turned, port))
        return True if True in found else None if None in found else False

    def _one_way(self, rule: FirewallRule, port: int) -> bool | None:
        if not _holds(rule.sources, self.source):
            return False
        if not _holds(rule.destinations, self.destination):
            return False
        if not has_ports(self.protocol):
            return True
        if rule.ports and not any(port in each for each in rule.ports):
            return False
        return self._from(rule.client_ports)

    def _from(self, ports: Sequence[PortRange]) -> bool | None:
        if not ports or any(each == ALL_PORTS for each in ports):
            return True
        if self.client_ports is None:
            # The port that the request went to, which is not part of this question.
            return None
        if any(each.covers(self.client_ports) for each in ports):
            return True
        return None if any(each.overlap(self.client_ports) for each in ports) else False


def _holds(blocks: Iterable[IPNetwork], address: frozenset[Prefix]) -> bool:
    blocks = tuple(blocks)
    return not blocks or any(as_prefix(block) in address for block in blocks)


def _stateless(
    firewall: Firewall, rules: Sequence[FirewallRule], asked: _Asked, port: int, guess: bool
) -> bool:
    for index, rule in enumerate(rules):
        matches = asked.matches(rule, port)
        if matches is False:
            continue
        here = _acts(firewall, rule.action, asked, port, guess)
        if matches:
            return here
        rest = _stateless(firewall, rules[index + 1 :], asked, port, guess)
        return here or rest if guess else here and rest
    return _acts(firewall, firewall.stateless_default, asked, port, guess)


def _acts(
    firewall: Firewall, action: FirewallAction, asked: _Asked, port: int, guess: bool
) -> bool:
    if action is FirewallAction.FORWARD:
        return asked.reply or _stateful(firewall, asked, port, guess)
    return action is FirewallAction.PASS


def _stateful(firewall: Firewall, asked: _Asked, port: int, guess: bool) -> bool:
    rules = firewall.stateful
    if firewall.action_order:
        rules = tuple(sorted(rules, key=lambda rule: rule.action is not FirewallAction.PASS))
    return _first(rules, firewall.stateful_default, asked, port, guess)


def _first(
    rules: Sequence[FirewallRule],
    default: FirewallAction,
    asked: _Asked,
    port: int,
    guess: bool,
) -> bool:
    for index, rule in enumerate(rules):
        matches = asked.matches(rule, port)
        if matches is False:
            continue
        here = rule.action is FirewallAction.PASS
        if matches:
            return here
        rest = _first(rules[index + 1 :], default, asked, port, guess)
        return here or rest if guess else here and rest
    return default is FirewallAction.PASS
