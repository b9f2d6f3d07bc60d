"""What comes before what in a route table (docs/model.md, "The way of a packet").

Of the certain routes that a table asks (`is_asked`), those with the longest prefix
around an address count, and of these the preferred one decides. Each uncertain route
around it that `may_overrule` that one may decide instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from bulkhead.network.addresses import IPNetwork, within
from bulkhead.network.gateways import Route, TargetKind, TransitRoute

REPLACES_LOCAL: Final = frozenset(
    {
        TargetKind.INTERFACE,
        TargetKind.NAT_GATEWAY,
        TargetKind.FIREWALL,
        TargetKind.UNMODELLED,
    }
)
"""Targets to which a VPC's own block may lead instead of `local`
(docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html)."""

_OF_PREFIX_LIST: Final = 1


def is_asked(route: Route, blocks: Collection[IPNetwork]) -> bool:
    """Whether a table of a VPC with these blocks asks the route, which is certain, at all.

    Inside the blocks propagated routes never count, and a block itself goes to
    `local` unless its target was replaced; whether that target is still there
    makes no difference, so a blackhole swallows the block. A prefix list replaces
    nothing: its entries come after static routes, of which the local one is one.
    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    if route.destination in blocks:
        return rank(route) == 0 and route.target in REPLACES_LOCAL
    return not (route.propagated and any(within(route.destination, block) for block in blocks))


def rank(route: Route) -> int:
    """Among routes with one prefix the lowest wins: static, of a prefix list, propagated.

    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    return 2 if route.propagated else _OF_PREFIX_LIST if route.prefix_list else 0


def may_be_inside(route: Route) -> bool:
    """Whether an uncertain route may decide about addresses in the blocks of its own VPC.

    Longer than `local` is only a static route to a middlebox
    (docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html).
    """
    return not route.propagated and route.target in REPLACES_LOCAL


def may_overrule(route: Route, certain: Route) -> bool:
    """Whether an uncertain route may come before a certain one around the same address.

    It may be longer than any but one for a single address: then their ranks decide.
    """
    block = certain.destination
    return block.prefixlen < block.max_prefixlen or rank(route) <= rank(certain)


def may_overrule_transit(route: TransitRoute, certain: TransitRoute) -> bool:
    """The same in a table of a transit gateway."""
    block = certain.destination
    return block.prefixlen < block.max_prefixlen or route.propagated <= certain.propagated


def preferred(routes: Iterable[Route]) -> tuple[Route, ...]:
    """The one of several with the same prefix that decides, or those of which any may.

    These are of prefix lists that lead it to different targets: AWS chooses one at random
    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html). Else of equal
    rank one that leads somewhere, and of these one that nobody knows.
    """
    ordered = sorted(
        routes,
        key=lambda each: (rank(each), each.blackhole, each.target is not TargetKind.UNMODELLED),
    )
    first = ordered[0]
    if rank(first) != _OF_PREFIX_LIST:
        return (first,)
    listed = {leads_to(each): each for each in reversed(ordered) if rank(each) == rank(first)}
    return tuple(each for each in ordered if each in listed.values())


def leads_to(route: Route) -> tuple[TargetKind, str, bool]:
    """What a route makes of a packet, whichever prefix it is for."""
    return route.target, route.target_id, route.blackhole
