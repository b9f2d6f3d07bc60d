"""Which protocols a network tells apart."""

from __future__ import annotations

from bulkhead.ends.cuts import translates_ipv6
from bulkhead.network import ICMP, ICMP6, TCP, UDP, Network
from bulkhead.network.traffic import OTHER_PROTOCOL


def protocols_of(network: Network) -> tuple[int, ...]:
    """The common ones, those that something names, and one class of all others."""
    common = [TCP, UDP, ICMP]
    if (
        any(each.ipv6_cidrs for each in network.subnets)
        or network.load_balancers
        or translates_ipv6((network,))
    ):
        # A load balancer tells icmpv6 from other protocols, over IPv4 too; so does a NAT gateway.
        common.append(ICMP6)
    named = set(common)
    for group in network.security_groups:
        named.update(rule.protocol for rule in group.rules)
    for nacl in network.nacls:
        named.update(entry.protocol for entry in nacl.entries)
    for firewall in network.firewalls:
        for rule in (*firewall.stateless, *firewall.stateful):
            named.update(rule.protocols)
    named.update(each.protocol for each in network.unmodelled if each.protocol is not None)
    named.discard(OTHER_PROTOCOL)
    return (*common, *sorted(named - set(common)), OTHER_PROTOCOL)
