"""What a network leaves open: which of its parts nobody can judge.

Two sources: what an observer met and could not model, and references to
something the network does not contain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bulkhead.network import Network, TargetKind
from bulkhead.prove.endpoints import Beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknowns:
    """Ids of the parts in question.

    `everything`: some scope is not in the network, so any cell may depend on it.
    An entry whose scope is itself, and not in the network, concerns nothing inside.
    """

    everything: bool
    subnets: frozenset[str]
    interfaces: frozenset[str]
    groups: frozenset[str]
    nacls: frozenset[str]
    tables: frozenset[str]
    gateways: frozenset[str]
    sites: frozenset[str]
    detours: bool
    """Whether some route leads to a target that is not modelled."""
    shared_gateways: bool
    """Whether one VPN gateway serves several sites."""
    bare_interfaces: bool
    """Whether some interface has no security group at all."""

    @property
    def none(self) -> bool:
        """Whether everything that decides about a packet is known."""
        return not (
            self.everything
            or self.subnets
            or self.interfaces
            or self.groups
            or self.nacls
            or self.tables
            or self.gateways
            or self.sites
            or self.detours
            or self.shared_gateways
            or self.bare_interfaces
        )


def unknowns_of(network: Network, beyond: Iterable[Beyond]) -> Unknowns:
    """Collect what cannot be judged."""
    beyond = tuple(beyond)
    scopes = {each.scope for each in network.unmodelled}
    gateways = {each.id for each in network.internet_gateways} | {
        each.id for each in network.vpn_gateways
    }
    groups = set(network.security_group)
    held = {group for each in network.interfaces for group in each.security_groups}
    site_scopes = {
        each.id: {
            each.id,
            *(connection.id for connection in each.connections),
            *(connection.customer_gateway for connection in each.connections),
        }
        for each in beyond
    }
    known = {
        *network.vpc,
        *network.subnet,
        *network.interface,
        *groups,
        *network.nacl,
        *network.route_table,
        *gateways,
        *(scope for several in site_scopes.values() for scope in several),
        *(each.id for each in network.customer_gateways),
    }
    led_to = {
        route.target_id
        for table in network.route_tables
        for route in table.routes
        if route.target in (TargetKind.INTERNET_GATEWAY, TargetKind.VPN_GATEWAY)
        and not route.blackhole
    }
    per_gateway: dict[str, set[str]] = {}
    for each in beyond:
        for connection in each.connections:
            per_gateway.setdefault(connection.vpn_gateway, set()).add(each.id)
    return Unknowns(
        everything=any(
            each.scope not in known and each.scope != each.id for each in network.unmodelled
        ),
        subnets=frozenset(
            each.id for each in network.subnets if each.id in scopes or each.vpc in scopes
        ),
        interfaces=frozenset(scopes & set(network.interface)),
        groups=frozenset((scopes & groups) | (held - groups)),
        nacls=frozenset(
            (scopes & set(network.nacl))
            | ({each.nacl for each in network.subnets} - set(network.nacl))
        ),
        tables=frozenset(
            (scopes & set(network.route_table))
            | ({each.route_table for each in network.subnets} - set(network.route_table))
        ),
        gateways=frozenset(
            (scopes & gateways) | (led_to - gateways) | (set(per_gateway) - gateways)
        ),
        sites=frozenset(
            each.id for each in beyond if each.missing or scopes & site_scopes[each.id]
        ),
        detours=any(
            route.target is TargetKind.UNMODELLED
            for table in network.route_tables
            for route in table.routes
        ),
        shared_gateways=any(len(sites) > 1 for sites in per_gateway.values()),
        bare_interfaces=any(not each.security_groups for each in network.interfaces),
    )
