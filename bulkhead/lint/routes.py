"""Routes that never win, and routes whose target is gone."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.ends.prefixes import PrefixTree, as_prefix
from bulkhead.lint.smell import Smell, SmellKind, said
from bulkhead.network import Network, Route, RouteTable, TargetKind, within
from bulkhead.network.routing import is_asked, rank


def routes(network: Network, doubted: frozenset[str]) -> Iterator[Smell]:
    """Every table on its own."""
    used = {subnet.route_table for subnet in network.subnets}
    present = {each.id for each in network.things}
    for table in network.route_tables:
        if table.id not in used:
            if not table.main and table.gateway is None:
                yield _smell(
                    SmellKind.UNATTACHED,
                    table,
                    (),
                    "no subnet uses it",
                    "remove it, or associate the subnets that it was written for",
                )
            continue
        if table.vpc not in network.vpc or table.id in doubted:
            continue
        for route in table.routes:
            if not route.certain:
                continue
            why = _never_wins(network, table, route)
            # A target that is missing leaves its gateway in doubt, whichever route wins.
            if why and (route.target_id in present or route.target is TargetKind.LOCAL):
                yield _smell(SmellKind.UNREACHABLE, table, (route,), why, _remedy(route))
            elif route.blackhole:
                yield _smell(
                    SmellKind.BLACKHOLE,
                    table,
                    (route,),
                    "its target is gone: packets to there are dropped",
                    "remove it, or lead it to the target's successor",
                )


def _remedy(route: Route) -> str:
    if route.prefix_list:
        return f"take it out of {route.prefix_list}, if no other table needs it there"
    return "remove it: nothing changes"


def _never_wins(network: Network, table: RouteTable, route: Route) -> str:
    """Why a route is never chosen, or ''."""
    local = network.vpc[table.vpc].cidrs
    inside = any(within(route.destination, cidr) for cidr in local)
    if inside and route.propagated:
        return "inside the VPC propagated routes never count"
    if not is_asked(route, local):
        return "the VPC's own block goes to local"
    rivals = [
        each
        for each in table.routes
        if each.certain and each is not route and is_asked(each, local)
    ]
    same = [each for each in rivals if each.destination == route.destination]
    better = [each for each in same if rank(each) < rank(route)]
    if better:
        return f"{said(better[0])} is for the same block and comes first"
    longer = [
        each.destination
        for each in rivals
        if each.destination != route.destination and within(each.destination, route.destination)
    ]
    longer += [
        cidr for cidr in local if cidr != route.destination and within(cidr, route.destination)
    ]
    tree = PrefixTree([route.destination, *longer])
    if longer and not tree.own_ranges(as_prefix(route.destination)):
        return "more specific routes cover all of it"
    return ""


def _smell(
    kind: SmellKind, table: RouteTable, rules: tuple[Route, ...], why: str, remedy: str
) -> Smell:
    return Smell(
        kind=kind,
        component=table.id,
        name=f"route table {table.name}",
        rules=rules,
        why=why,
        remedy=remedy,
    )
