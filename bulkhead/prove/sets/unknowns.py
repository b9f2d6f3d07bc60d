"""What a network leaves open: which of its parts nobody can judge.

Two sources: what an observer met and could not model, and references to
something the network does not contain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from bulkhead.ends.behind_vpn import Remote
from bulkhead.network import InterfaceKind, Network, TargetKind

_CERTAIN: Final = frozenset(
    {"vpcs", "subnets", "interfaces", "security_groups", "nacls", "route_tables"}
    | {"internet_gateways", "vpn_gateways", "customer_gateways", "vpn_connections"}
    | {"egress_only_gateways", "nat_gateways", "gateway_endpoints", "load_balancers"}
    | {"transit_gateways", "transit_route_tables"}  # nothing without an attachment
    | {"services", "sites", "listeners", "unmodelled", "unobserved", "associations"}
    | {"unlisted"}
)
"""Fields of a Network whose mere being there makes the prover unsure of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknowns:
    """Ids of the parts in question.

    `everything`: some scope is not in the network, so any cell may depend on it.
    An entry whose scope is itself, and not in the network, concerns nothing inside.
    `gateways`: whatever may carry packets between subnets or out of a VPC, and what
    else has an id.
    """

    everything: bool
    subnets: frozenset[str]
    interfaces: frozenset[str]
    groups: frozenset[str]
    nacls: frozenset[str]
    tables: frozenset[str]
    gateways: frozenset[str]
    sites: frozenset[str]
    balancers: frozenset[str]
    none: bool
    """Whether everything that decides about a packet is known for sure."""


def unknowns_of(
    network: Network, remotes: Iterable[Remote], protocol: int | None = None
) -> Unknowns:
    """Collect what cannot be judged; with a protocol also what only its packets depend on."""
    remotes = tuple(remotes)
    unmodelled = [each for each in network.unmodelled if each.protocol in (None, protocol)]
    scopes = {each.scope for each in unmodelled}
    site_scopes = {
        each.id: {
            each.id,
            *(connection.id for connection in each.connections),
            *(connection.customer_gateway for connection in each.connections),
        }
        for each in remotes
    }
    things = {
        *(each.id for each in network.things),
        *(endpoint for each in network.firewalls for endpoint, _ in each.endpoints),
    }
    known = things.union(*site_scopes.values())
    held = {group for each in network.interfaces for group in each.security_groups}
    used_nacls = {each.nacl for each in network.subnets}
    used_tables = {each.route_table for each in network.subnets}
    used_tables |= {each.route_table or "" for each in network.nat_gateways if not each.subnet}
    return Unknowns(
        everything=any(each.scope not in known and each.scope != each.id for each in unmodelled),
        subnets=frozenset(
            each.id for each in network.subnets if each.id in scopes or each.vpc in scopes
        ),
        interfaces=frozenset(scopes & set(network.interface)),
        groups=frozenset(
            (scopes & set(network.security_group)) | (held - set(network.security_group))
        ),
        nacls=frozenset((scopes & set(network.nacl)) | (used_nacls - set(network.nacl))),
        tables=frozenset(
            (scopes & set(network.route_table)) | (used_tables - set(network.route_table))
        ),
        gateways=frozenset(scopes & things),
        sites=frozenset(
            each.id for each in remotes if each.missing or scopes & site_scopes[each.id]
        ),
        balancers=frozenset(scopes & {each.id for each in network.load_balancers}),
        none=not scopes & known
        and all(each.scope == each.id for each in unmodelled)
        and _is_plain(network, remotes),
    )


def _is_plain(network: Network, remotes: Iterable[Remote]) -> bool:
    """Whether it has only parts of which the prover can never be unsure.

    A list of what is certain, so that what nobody thought of counts as unsure.
    """
    attached = {each.id for each in network.internet_gateways}
    attached |= {each.id for each in network.vpn_gateways}
    sites: dict[str, set[str]] = {}
    for each in remotes:
        for connection in each.connections:
            sites.setdefault(connection.vpn_gateway, set()).add(each.id)
    certain = (TargetKind.LOCAL, TargetKind.INTERNET_GATEWAY, TargetKind.VPN_GATEWAY)
    return (
        all(
            route.certain
            and (
                route.blackhole
                or (
                    route.target in certain
                    and (route.target is TargetKind.LOCAL or route.target_id in attached)
                )
            )
            for table in network.route_tables
            for route in table.routes
        )
        and not any(table.gateway for table in network.route_tables)
        and all(len(several) == 1 for several in sites.values())
        and set(sites) <= attached
        and not any(each.missing for each in remotes)
        and not any(each.learns for each in network.vpn_connections)
        and all(each.nacl in network.nacl and not each.inspected for each in network.subnets)
        and all(each.route_table in network.route_table for each in network.subnets)
        and all(rule.certain for group in network.security_groups for rule in group.rules)
        and all(entry.certain for nacl in network.nacls for entry in nacl.entries)
        and all(
            each.security_groups
            or each.kind in (InterfaceKind.LOAD_BALANCER, InterfaceKind.GATEWAY)
            for each in network.interfaces
        )
        and all(
            group in network.security_group
            for each in network.interfaces
            for group in each.security_groups
        )
        and not any(
            getattr(network, each.name) for each in fields(network) if each.name not in _CERTAIN
        )
    )
