"""What a Network Firewall asks of packets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.network.addresses import IPNetwork
from bulkhead.network.ports import PortRange


class FirewallAction(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, no password
    DROP = "drop"
    FORWARD = "forward"
    """To the stateful engine (stateless rules only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """A match on the five-tuple; an empty tuple matches everything.

    `ports` are destination ports, `client_ports` source ports. A stateful rule
    judges the first packet of a flow; `both_ways` lets it match either direction.
    """

    id: str
    action: FirewallAction
    protocols: tuple[int, ...] = ()
    sources: tuple[IPNetwork, ...] = ()
    destinations: tuple[IPNetwork, ...] = ()
    client_ports: tuple[PortRange, ...] = ()
    ports: tuple[PortRange, ...] = ()
    both_ways: bool = False

    def __str__(self) -> str:
        return f"{self.id}: {self.action}"


FIREWALL_TCP_IDLE: Final = 350
"""Unless a policy sets 60 to 6000
(docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A Network Firewall: stateless rules in order, then stateful ones, on request and reply.

    `endpoints` are (endpoint id, subnet id). Stateful rules are in the order in
    which they are asked; with `action_order` every pass comes before every drop.
    (docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html)
    """

    id: str
    name: str
    vpc: str
    endpoints: tuple[tuple[str, str], ...]
    stateless: tuple[FirewallRule, ...]
    stateless_default: FirewallAction
    stateful: tuple[FirewallRule, ...]
    stateful_default: FirewallAction
    action_order: bool = True
    tcp_idle: int = FIREWALL_TCP_IDLE
    """After how many silent seconds it forgets a connection."""
