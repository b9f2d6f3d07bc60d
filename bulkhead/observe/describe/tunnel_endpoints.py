"""VPC endpoints of the type Tunnel: ways out of a VPC that no route table shows.

Whoever may send udp 6081 to such an endpoint reaches, wrapped in GENEVE, addresses of other VPCs
that somebody shares; which ones, only VPC Lattice tells. The groups and the NACL of the sender
see the wrapped packet alone, so none of their rules for the packet inside keeps it back
(docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-cidr-ranges.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TCP,
    UDP,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GroupRule,
    IPNetwork,
    Network,
    NetworkAcl,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    TargetKind,
    Vpc,
)
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.prefix_lists import EVERYTHING

_GENEVE: Final = 6081
_CARRIED: Final = ((TCP, ALL_PORTS), (UDP, PortRange(53, 53)))
"""What may be wrapped: all of tcp, and of udp what asks for names."""
_SHUT: Final = frozenset({"deleted", "rejected", "failed", "expired"})
_FIRST: Final = 0
"""The number of an entry that comes before all others."""


def tunnelled(described: Described, found: Network) -> Network:
    """The network, with what may carry packets out of each VPC that has such an endpoint.

    An uncertain route to all that is outside of it in each table; beside it, that the NACL lets
    this out, and each group that lets out GENEVE.
    """
    for record in described["VpcEndpoints"]:
        is_open = (record.maybe("State") or "").lower() not in _SHUT
        vpc = found.vpc.get(record.maybe("VpcId") or "")
        if record.maybe("VpcEndpointType") == "Tunnel" and is_open and vpc is not None:
            found = _with_one(found, record.text("VpcEndpointId"), vpc)
    return found


def _with_one(found: Network, endpoint: str, vpc: Vpc) -> Network:
    outside = tuple(_outside(vpc.cidrs))
    return replace(
        found,
        route_tables=tuple(
            _routed(each, endpoint, outside) if each.vpc == vpc.id and not each.gateway else each
            for each in found.route_tables
        ),
        nacls=tuple(
            _let_out(each, outside) if each.vpc == vpc.id else each for each in found.nacls
        ),
        security_groups=tuple(
            _sending(each, endpoint, outside)
            if each.vpc == vpc.id and any(_lets_out(rule, vpc) for rule in each.rules)
            else each
            for each in found.security_groups
        ),
    )


def _routed(table: RouteTable, endpoint: str, outside: Iterable[IPNetwork]) -> RouteTable:
    perhaps = (
        Route(destination=each, target=TargetKind.UNMODELLED, target_id=endpoint, certain=False)
        for each in outside
    )
    return replace(table, routes=(*table.routes, *perhaps))


def _let_out(nacl: NetworkAcl, outside: Iterable[IPNetwork]) -> NetworkAcl:
    perhaps = (
        AclEntry(
            number=_FIRST,
            direction=Direction.EGRESS,
            action=Action.ALLOW,
            protocol=protocol,
            ports=ports,
            cidr=each,
            certain=False,
        )
        for protocol, ports in _CARRIED
        for each in outside
    )
    return replace(nacl, entries=(*nacl.entries, *perhaps))


def _sending(group: SecurityGroup, endpoint: str, outside: Iterable[IPNetwork]) -> SecurityGroup:
    perhaps = (
        GroupRule(
            id=f"{group.id} by {endpoint} {protocol} to {each}",
            direction=Direction.EGRESS,
            protocol=protocol,
            ports=ports,
            peer=CidrPeer(each),
            description=f"wrapped in GENEVE, by {endpoint}",
            certain=False,
        )
        for protocol, ports in _CARRIED
        for each in outside
    )
    return replace(group, rules=(*group.rules, *perhaps))


def _lets_out(rule: GroupRule, vpc: Vpc) -> bool:
    """Whether it may let GENEVE out to an endpoint, which is in a subnet of its VPC."""
    if rule.direction is not Direction.EGRESS or rule.protocol not in (ANY_PROTOCOL, UDP):
        return False
    if rule.protocol == UDP and _GENEVE not in rule.ports:
        return False
    if not isinstance(rule.peer, CidrPeer):
        return True
    block = rule.peer.cidr
    return any(block.version == each.version and block.overlaps(each) for each in vpc.cidrs)


def _outside(inside: Iterable[IPNetwork]) -> Iterator[IPNetwork]:
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
