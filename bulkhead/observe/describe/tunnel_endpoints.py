"""VPC endpoints of the type Tunnel: ways out of a VPC that no route table shows.

Whoever may send udp 6081 to such an endpoint reaches, wrapped in GENEVE, addresses of other VPCs
that somebody shares; which ones, only VPC Lattice tells. The groups and the NACL of the sender
see the wrapped packet alone, so none of their rules for the packet inside keeps it back
(docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-cidr-ranges.html).

That page says that connections start in the VPC of the endpoint, and means: not in the one behind
it. What comes over a peering, a transit gateway or a VPN is known to reach other endpoints of VPC
Lattice (docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html), so whoever is there may send
GENEVE too, where the groups of the endpoint let it in from outside of its VPC.
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
    within,
)
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.prefix_lists import EVERYTHING
from bulkhead.observe.record import Gaps

_GENEVE: Final = 6081
_CARRIED: Final = ((TCP, ALL_PORTS), (UDP, PortRange(53, 53)))
"""What may be wrapped: all of tcp, and of udp what asks for names."""
_SHUT: Final = frozenset({"deleted", "rejected", "failed", "expired"})
_LEADING: Final = frozenset(
    {TargetKind.PEERING, TargetKind.TRANSIT_GATEWAY, TargetKind.NAT_GATEWAY}
    | {TargetKind.FIREWALL, TargetKind.INTERFACE, TargetKind.UNMODELLED}
)
_SITE: Final = "what is behind it may send GENEVE to that endpoint, and by it reach other VPCs"
_FIRST: Final = 0
"""The number of an entry that comes before all others."""


def tunnelled(described: Described, found: Network, gaps: Gaps) -> Network:
    """The network, with what may carry packets out of each VPC whose hosts may use an endpoint.

    An uncertain route to all that is outside of it in each table; beside it, that the NACL lets
    this out, and each group that lets out GENEVE. A site that may use one is in doubt as a whole:
    it has no tables.
    """
    for record in described["VpcEndpoints"]:
        is_open = (record.maybe("State") or "").lower() not in _SHUT
        vpc = found.vpc.get(record.maybe("VpcId") or "")
        if record.maybe("VpcEndpointType") == "Tunnel" and is_open and vpc is not None:
            endpoint = record.text("VpcEndpointId")
            before, found = found, _with_one(found, endpoint, vpc, vpc)
            if _lets_strangers_in(found, record.texts("NetworkInterfaceIds"), vpc):
                for each in _linked(before, vpc):
                    found = _with_one(found, endpoint, vpc, each)
                for connection in _into(found, vpc):
                    gaps.add("vpn-connection", f"{connection} by {endpoint}", connection, _SITE)
    return found


def _with_one(found: Network, endpoint: str, home: Vpc, vpc: Vpc) -> Network:
    """By an endpoint in its `home`, for the hosts of a VPC: that one, or another."""
    outside = tuple(_outside({*home.cidrs, *vpc.cidrs}))
    return replace(
        found,
        route_tables=tuple(
            _routed(each, endpoint, outside)
            if each.vpc == vpc.id and not each.gateway and (vpc is home or _leads_to(each, home))
            else each
            for each in found.route_tables
        ),
        nacls=tuple(
            _let_out(each, outside) if each.vpc == vpc.id else each for each in found.nacls
        ),
        security_groups=tuple(
            _sending(each, endpoint, outside)
            if each.vpc == vpc.id and any(_lets_out(rule, home) for rule in each.rules)
            else each
            for each in found.security_groups
        ),
    )


def _lets_strangers_in(found: Network, interfaces: Iterable[str], home: Vpc) -> bool:
    """Whether an endpoint may take GENEVE from outside of its VPC."""
    named = [found.interface.get(each) for each in interfaces]
    groups = {group for each in named if each for group in each.security_groups}
    if not named or None in named or not groups or groups - found.security_group.keys():
        return True
    rules = [rule for each in groups for rule in found.security_group[each].rules]
    coming = (each for each in rules if each.direction is Direction.INGRESS and _is_geneve(each))
    return any(_is_for_others(found, each, home) for each in coming)


def _is_for_others(found: Network, rule: GroupRule, home: Vpc) -> bool:
    """Whether anybody outside of the VPC may be its peer."""
    if not isinstance(rule.peer, CidrPeer):
        held = found.security_group.get(rule.peer.group)
        return held is None or held.vpc != home.id
    return not any(within(rule.peer.cidr, each) for each in home.cidrs)


def _linked(found: Network, home: Vpc) -> Iterator[Vpc]:
    """Other VPCs that may send to this one: peered, or also at some transit gateway."""
    sides = [each.other(home.id) for each in found.peerings if each.active]
    peers = {each.vpc for each in sides if each}
    attached = {each.resource for each in found.transit_attachments if each.available}
    for each in found.vpcs:
        if each.id != home.id and (each.id in peers or {each.id, home.id} <= attached):
            yield each


def _into(found: Network, home: Vpc) -> Iterator[str]:
    """VPN connections over which a site may send to this VPC."""
    gateways = {each.id for each in found.vpn_gateways if each.vpc == home.id}
    attached = {each.resource for each in found.transit_attachments if each.available}
    for each in found.vpn_connections:
        if each.vpn_gateway in gateways or {each.id, home.id} <= attached:
            yield each.id


def _leads_to(table: RouteTable, home: Vpc) -> bool:
    """Whether any route of it may lead into that VPC, also past a box in its own."""
    return any(
        route.target in _LEADING and not route.blackhole and _holds_some(home, route.destination)
        for route in table.routes
    )


def _holds_some(vpc: Vpc, block: IPNetwork) -> bool:
    return any(block.version == each.version and block.overlaps(each) for each in vpc.cidrs)


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
    if rule.direction is not Direction.EGRESS or not _is_geneve(rule):
        return False
    return not isinstance(rule.peer, CidrPeer) or _holds_some(vpc, rule.peer.cidr)


def _is_geneve(rule: GroupRule) -> bool:
    return rule.protocol == ANY_PROTOCOL or (rule.protocol == UDP and _GENEVE in rule.ports)


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
