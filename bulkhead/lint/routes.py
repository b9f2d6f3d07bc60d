"""Routes that never win, and routes whose target is gone."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.ends.prefixes import PrefixTree, as_prefix
from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.network import IPNetwork, Network, Route, RouteTable, TargetKind

REPLACES_LOCAL = frozenset(
    {
        TargetKind.INTERFACE,
        TargetKind.NAT_GATEWAY,
        TargetKind.FIREWALL,
        TargetKind.UNMODELLED,
    }
)
"""Targets to which a VPC's own block may be led instead of `local`
(docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html)."""


def routes(network: Network, doubted: frozenset[str]) -> Iterator[Smell]:
    """Every table on its own."""
    used = {subnet.route_table for subnet in network.subnets}
    present = _targets(network)
    for table in network.route_tables:
        if table.id not in used:
            if not table.main and table.gateway is None:
                yield _smell(
                    SmellKind.UNATTACHED,
                    table,
                    "",
                    "no subnet uses it",
                    "remove it, or associate the subnets that it was written for",
                )
            continue
        if table.vpc not in network.vpc or table.id in doubted:
            continue
        for route in table.routes:
            why = _never_wins(network, table, route)
            # A target that is missing leaves its gateway in doubt, whichever route wins.
            if why and (route.target_id in present or route.target is TargetKind.LOCAL):
                remedy = "remove it: nothing changes"
                yield _smell(SmellKind.UNREACHABLE, table, said(route), why, remedy)
            elif route.blackhole:
                yield _smell(
                    SmellKind.BLACKHOLE,
                    table,
                    said(route),
                    "its target is gone: packets to there are dropped",
                    "remove it, or lead it to the target's successor",
                )


def said(route: Route) -> str:
    """A route as written, told from a static one that says the same."""
    return f"{route} (propagated)" if route.propagated else str(route)


def _never_wins(network: Network, table: RouteTable, route: Route) -> str:
    """Why a route is never chosen, or ''."""
    local = network.vpc[table.vpc].cidrs
    inside = any(_within(route.destination, cidr) for cidr in local)
    if inside and route.propagated:
        return "inside the VPC propagated routes never count"
    if not _counts(route, local):
        return "the VPC's own block goes to local"
    rivals = [each for each in table.routes if each is not route and _counts(each, local)]
    same = [each for each in rivals if each.destination == route.destination]
    better = [each for each in same if _rank(each) < _rank(route)]
    if better:
        return f"{better[0]} is for the same block and comes first"
    longer = [
        each.destination
        for each in rivals
        if each.destination != route.destination and _within(each.destination, route.destination)
    ]
    longer += [
        cidr for cidr in local if cidr != route.destination and _within(cidr, route.destination)
    ]
    tree = PrefixTree([route.destination, *longer])
    if longer and not tree.own_ranges(as_prefix(route.destination)):
        return "more specific routes cover all of it"
    return ""


def _counts(route: Route, local: tuple[IPNetwork, ...]) -> bool:
    """Whether the table asks the route at all: local routes stand before some."""
    if route.destination in local:
        return not route.propagated and route.target in REPLACES_LOCAL and not route.blackhole
    return not (route.propagated and any(_within(route.destination, cidr) for cidr in local))


def _rank(route: Route) -> int:
    """Static before one of a prefix list before propagated.

    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    return 2 if route.propagated else 1 if route.prefix_list else 0


def _within(inner: IPNetwork, outer: IPNetwork) -> bool:
    return (
        inner.version == outer.version
        and inner.prefixlen >= outer.prefixlen
        and inner.network_address in outer
    )


def _targets(network: Network) -> set[str]:
    return {
        each.id
        for several in (
            network.internet_gateways,
            network.vpn_gateways,
            network.egress_only_gateways,
            network.nat_gateways,
            network.peerings,
            network.transit_gateways,
            network.interfaces,
            network.gateway_endpoints,
        )
        for each in several
    }


def _smell(kind: SmellKind, table: RouteTable, rule: str, why: str, remedy: str) -> Smell:
    return Smell(
        kind=kind,
        component=table.id,
        name=f"route table {table.name}",
        rule=rule,
        why=why,
        remedy=remedy,
    )
