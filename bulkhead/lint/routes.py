"""Routes that never win, and routes whose target is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bulkhead.ends.prefixes import PrefixTree, as_prefix
from bulkhead.lint.removal import Suspect
from bulkhead.lint.smell import Smell, SmellKind, said
from bulkhead.network import IPNetwork, Network, Route, RouteTable, TargetKind, within
from bulkhead.network.routing import is_asked, rank


def idle_routes(network: Network, doubted: frozenset[str]) -> Iterator[Suspect]:
    """Every table on its own: whether a subnet uses it, which routes of it never win."""
    used = _used(network)
    present = {each.id for each in network.things}
    for table in network.route_tables:
        if table.id not in used and not table.main and table.gateway is None:
            yield _unattached(network, table)
        for route in _judged(network, table, used, doubted):
            why = _never_wins(network, table, route)
            # A target that is missing leaves its gateway in doubt, whichever route wins.
            if why and (route.target_id in present or route.target is TargetKind.LOCAL):
                yield _idle(table, route, why)


def blackholes(network: Network, doubted: frozenset[str]) -> Iterator[Smell]:
    """Routes that swallow packets, because what they led to is gone."""
    used = _used(network)
    for table in network.route_tables:
        for route in _judged(network, table, used, doubted):
            if route.blackhole and not _never_wins(network, table, route):
                yield _blackhole(network, table, route)


def _used(network: Network) -> set[str]:
    """The tables of subnets, and of regional NAT gateways
    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)."""
    used = {subnet.route_table for subnet in network.subnets}
    return used | {each.route_table for each in network.nat_gateways if each.route_table}


def _judged(
    network: Network, table: RouteTable, used: Collection[str], doubted: Collection[str]
) -> tuple[Route, ...]:
    """The routes that are certain, of a table that something uses and that is not in doubt."""
    known = table.vpc in network.vpc and not {table.id, table.vpc} & set(doubted)
    judged = table.routes if known and table.id in used else ()
    return tuple(each for each in judged if each.certain)


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


def _idle(table: RouteTable, route: Route, why: str) -> Suspect:
    listed = route.prefix_list
    return Suspect(
        kind=SmellKind.UNREACHABLE,
        component=table.id,
        name=_called(table),
        rules=(route,),
        why=why,
        by_text=True,
        propagated=route.propagated,
        unless=f"it is an entry of {listed}, which other tables may need" if listed else "",
    )


def _unattached(network: Network, table: RouteTable) -> Suspect:
    return Suspect(
        kind=SmellKind.UNATTACHED,
        component=table.id,
        name=_called(table),
        why="no subnet uses it",
        rests_on=network.why_more("subnets", table.vpc)
        or network.why_more("nat_gateways", table.vpc),
        unless="or associate the subnets that it was written for",
    )


def _blackhole(network: Network, table: RouteTable, route: Route) -> Smell:
    """Whoever takes it away sends its packets by the next route, if there is one."""
    local = network.vpc[table.vpc].cidrs
    others = [each for each in table.routes if each is not route and is_asked(each, local)]
    next_ = [str(each) for each in others if _meet(each.destination, route.destination)]
    next_ += [f"{block} -> local" for block in local if _meet(block, route.destination)]
    return Smell(
        kind=SmellKind.BLACKHOLE,
        component=table.id,
        name=_called(table),
        rules=(route,),
        why="its target is gone: packets to there are dropped",
        advice="lead it to the target's successor"
        + (f"; without it {' and '.join(next_)} would take them" if next_ else ""),
    )


def _meet(one: IPNetwork, other: IPNetwork) -> bool:
    return within(one, other) or within(other, one)


def _called(table: RouteTable) -> str:
    return f"route table {table.name}"
