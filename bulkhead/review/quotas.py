"""Quotas whose use grows, and of which little is left or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network import Direction, ListReference, Network
from bulkhead.network.quotas import (
    DEFAULTS,
    ROUTES_PER_CONNECTION,
    RULES_PER_INTERFACE,
    VPC_QUOTAS,
    VPN_QUOTAS,
    Quotas,
    routes_taken,
    rules_taken,
)
from bulkhead.review.reviewed import Headroom
from bulkhead.review.version import Version


@dataclass(frozen=True, slots=True)
class _Quota:
    says: str
    limit: Callable[[Quotas], int]
    page: str = VPC_QUOTAS


_RULES: Final = _Quota("{} rules of a security group", lambda have: have.rules_per_group)
_ENTRIES: Final = _Quota("{} entries of a NACL", lambda have: have.entries_of_ours)
_HELD: Final = _Quota("security groups of an interface", lambda have: have.groups_per_interface)
_TIMES: Final = _Quota(
    "rules in all security groups of an interface", lambda _: RULES_PER_INTERFACE
)
_ACLS: Final = _Quota("network ACLs of a VPC", lambda have: have.acls_per_vpc)
_TABLES: Final = _Quota("route tables of a VPC", lambda have: have.tables_per_vpc)
_SUBNETS: Final = _Quota("subnets of a VPC", lambda have: have.subnets_per_vpc)
_INTERFACES: Final = _Quota("interfaces in a zone", lambda have: have.interfaces_per_region)
_GROUPS: Final = _Quota("security groups in a Region", lambda have: have.groups_per_region)
_ROUTES: Final = _Quota("routes of a route table", lambda have: have.routes_per_table)
_VPNS: Final = _Quota(
    "VPN connections of a VPN gateway", lambda have: have.vpns_per_gateway, VPN_QUOTAS
)
_VPN_ROUTES: Final = _Quota(
    "routes of a VPN connection", lambda _: ROUTES_PER_CONNECTION, VPN_QUOTAS
)

_Use = tuple[_Quota, str, str]
"""Of which quota, in which direction of it or '', and what it is counted of."""


def headroom(base: Version, head: Version) -> Iterator[Headroom]:
    """What takes more of a quota than before, and four fifths of it or more; worst first.

    Also that of which nobody can say any more how much is taken. An account has the quotas that
    a topology says, HEAD's before BASE's, and AWS's defaults where neither side is one.
    """
    said = head.declaration or base.declaration
    have = said.quotas if said else DEFAULTS
    before, after = used(base.network), used(head.network)
    unsure_then, unsure = (frozenset(_unsure(each.network)) for each in (base, head))
    ids = {each.name: each.id for each in head.network.things}
    found = []
    for (quota, way, of), taken in after.items():
        was = before.get((quota, way, of), 0)
        use = Headroom(
            quota=quota.says.format(way),
            of=of,
            before=was,
            after=taken,
            at_least=(quota, way, of) in unsure,
            limit=quota.limit(have),
            page=quota.page,
            origin=head.origins.of(ids.get(of, "")),
        )
        if (taken > was and use.near) or (quota, way, of) in unsure - unsure_then:
            found.append(use)
    yield from sorted(found, key=lambda each: (-each.after / each.limit, each.quota, each.of))


def used(network: Network) -> Mapping[_Use, int]:
    """How much of each quota a network takes, as AWS counts it, or at least.

    A rule by a prefix list counts as often as the list may have entries (`Taken`).
    """
    found: Counter[_Use] = Counter()
    rules: dict[str, int] = {}
    for group in network.security_groups:
        for direction in Direction:
            count = max(rules_taken(group, direction, version).count for version in (4, 6))
            found[_RULES, str(direction), group.name] = count
            rules[group.id] = max(count, rules.get(group.id, 0))
    for nacl in network.nacls:
        for direction in Direction:
            families = Counter(each.cidr.version for each in nacl.ordered(direction))
            found[_ENTRIES, str(direction), nacl.name] = max(families.values(), default=0)
    for interface in network.interfaces:
        held = interface.security_groups
        found[_HELD, "", interface.name] = len(held)
        found[_TIMES, "", interface.name] = sum(rules.get(each, 0) for each in held)
    for table in network.route_tables:
        found[_ROUTES, "", table.name] = routes_taken(table).count
    for connection in network.vpn_connections:
        found[_VPN_ROUTES, "", connection.name] = len(connection.routes)
    return found + _totals(network)


def _unsure(network: Network) -> Iterator[_Use]:
    """Of what at least so much is taken: of a prefix list nobody says how many it may have."""
    groups = {each.id for each in network.security_groups if _unsaid(each.lists)}
    for group in network.security_groups:
        for direction in Direction:
            if _unsaid(each for each in group.lists if each.direction is direction):
                yield _RULES, str(direction), group.name
    for interface in network.interfaces:
        if groups.intersection(interface.security_groups):
            yield _TIMES, "", interface.name
    for table in network.route_tables:
        if _unsaid(table.lists):
            yield _ROUTES, "", table.name


def _unsaid(lists: Iterable[ListReference]) -> bool:
    return any(each.weight is None for each in lists)


def _totals(network: Network) -> Counter[_Use]:
    vpcs = network.vpc
    names = {each.id: each.name for each in network.vpn_gateways}
    found: Counter[_Use] = Counter()
    for subnet in network.subnets:
        found[_SUBNETS, "", vpcs[subnet.vpc].name] += 1
    for interface in network.interfaces:
        found[_INTERFACES, "", network.subnet_of(interface).zone] += 1
    for quota, several in ((_ACLS, network.nacls), (_TABLES, network.route_tables)):
        for each in several:
            if each.vpc in vpcs:
                found[quota, "", vpcs[each.vpc].name] += 1
    for group in network.security_groups:
        if group.vpc in vpcs:
            found[_GROUPS, "", vpcs[group.vpc].region] += 1
    for connection in network.vpn_connections:
        if connection.vpn_gateway in names:
            found[_VPNS, "", names[connection.vpn_gateway]] += 1
    return found
