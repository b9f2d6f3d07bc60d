"""Network Firewalls: stateless rules, then stateful ones.

(docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    ALL_PORTS,
    Firewall,
    FirewallAction,
    FirewallRule,
    IPNetwork,
    PortRange,
    has_ports,
)
from bulkhead.prove.sets.by_port import ByPort


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedPacket:
    """A packet as a firewall's rules see it.

    `source` and `destination` are all prefixes that hold the address; `client_ports`
    are those that the packet may come from, None for a reply.
    """

    source: frozenset[Prefix]
    destination: frozenset[Prefix]
    protocol: int
    client_ports: PortRange | None
    port: int = 0

    def matches(self, rule: FirewallRule) -> bool | None:
        """None where it depends on the client's port."""
        if rule.protocols and self.protocol not in rule.protocols:
            return False
        found = [self._one_way(rule)]
        if rule.both_ways:
            turned = replace(
                rule,
                sources=rule.destinations,
                destinations=rule.sources,
                ports=rule.client_ports,
                client_ports=rule.ports,
            )
            found.append(self._one_way(turned))
        return True if True in found else None if None in found else False

    def _one_way(self, rule: FirewallRule) -> bool | None:
        if not _holds(rule.sources, self.source):
            return False
        if not _holds(rule.destinations, self.destination):
            return False
        if not has_ports(self.protocol):
            return True
        if rule.ports and not any(self.port in each for each in rule.ports):
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


def firewall_passes(firewall: Firewall, packet: InspectedPacket, *, unknown_passes: bool) -> ByPort:
    """Per port: whether a Network Firewall passes a packet (0 or 1)."""
    tidy: list[tuple[int, int]] = []
    for port in _edges(firewall, packet.protocol):
        passes = _stateless(firewall, replace(packet, port=port), unknown_passes)
        if not tidy or tidy[-1][1] != passes:
            tidy.append((port, int(passes)))
    return tuple(tidy)


def _edges(firewall: Firewall, protocol: int) -> list[int]:
    """The ports at which some rule begins or ends."""
    edges = {0}
    if has_ports(protocol):
        for rule in (*firewall.stateless, *firewall.stateful):
            for ports in (*rule.ports, *rule.client_ports):
                edges |= {ports.first, ports.last + 1}
    return sorted(edge for edge in edges if edge <= ALL_PORTS.last)


def _stateless(firewall: Firewall, packet: InspectedPacket, unknown_passes: bool) -> bool:
    """They judge every packet; what they forward goes to the stateful rules."""

    def passes(action: FirewallAction) -> bool:
        if action is FirewallAction.FORWARD:
            # Of a request that passed, the stateful rules let every reply through.
            return packet.client_ports is None or _stateful(firewall, packet, unknown_passes)
        return action is FirewallAction.PASS

    rules, default = firewall.stateless, firewall.stateless_default
    return _first(packet, rules, default, passes, unknown_passes)


def _stateful(firewall: Firewall, packet: InspectedPacket, unknown_passes: bool) -> bool:
    """In action order, a rule that passes comes before all that drop."""
    rules = firewall.stateful
    if firewall.action_order:
        rules = tuple(sorted(rules, key=lambda rule: rule.action is not FirewallAction.PASS))

    def passes(action: FirewallAction) -> bool:
        return action is FirewallAction.PASS

    return _first(packet, rules, firewall.stateful_default, passes, unknown_passes)


def _first(
    packet: InspectedPacket,
    rules: Sequence[FirewallRule],
    default: FirewallAction,
    passes: Callable[[FirewallAction], bool],
    unknown_passes: bool,
) -> bool:
    """What the first rule that matches decides; one that may match leaves two possibilities."""
    for index, rule in enumerate(rules):
        matches = packet.matches(rule)
        if matches is False:
            continue
        here = passes(rule.action)
        if matches:
            return here
        rest = _first(packet, rules[index + 1 :], default, passes, unknown_passes)
        return here or rest if unknown_passes else here and rest
    return passes(default)
