"""VPC endpoints of the type Tunnel: ways out of a VPC that no route table shows.

Whoever may send to such an endpoint reaches, wrapped in GENEVE, addresses of other VPCs that
somebody shares; which ones, only VPC Lattice tells
(docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-cidr-ranges.html).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.network import IPNetwork, Route, RouteTable, TargetKind, Vpc
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.prefix_lists import EVERYTHING


def tunnelled(
    described: Described, tables: tuple[RouteTable, ...], vpcs: Iterable[Vpc]
) -> tuple[RouteTable, ...]:
    """The tables, each with a route that may be there to all that is outside of its VPC."""
    endpoints: dict[str, list[str]] = defaultdict(list)
    for record in described["VpcEndpoints"]:
        if record.maybe("VpcEndpointType") == "Tunnel":
            endpoints[record.text("VpcId")].append(record.text("VpcEndpointId"))
    blocks = {each.id: each.cidrs for each in vpcs}
    return tuple(
        replace(table, routes=(*table.routes, *_perhaps(endpoints[table.vpc], blocks[table.vpc])))
        if table.vpc in endpoints and table.gateway is None
        else table
        for table in tables
    )


def _perhaps(endpoints: Iterable[str], inside: Iterable[IPNetwork]) -> Iterator[Route]:
    for endpoint in endpoints:
        for block in _outside(tuple(inside)):
            yield Route(
                destination=block,
                target=TargetKind.UNMODELLED,
                target_id=endpoint,
                certain=False,
            )


def _outside(inside: tuple[IPNetwork, ...]) -> Iterator[IPNetwork]:
    """All addresses of both families that are in none of these blocks."""
    for family in EVERYTHING.values():
        left: list[IPNetwork] = [family]
        for block in inside:
            if block.version == family.version:
                left = [part for each in left for part in _less(each, block)]
        yield from left


def _less(one: IPNetwork, other: IPNetwork) -> Iterator[IPNetwork]:
    """What of one block is not in another: of two, one holds the other or they are apart."""
    if not one.overlaps(other):
        yield one
    elif one.prefixlen < other.prefixlen:
        yield from one.address_exclude(other)  # type: ignore[arg-type]
