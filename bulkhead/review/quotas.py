"""Quotas whose use grows, and of which little is left or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network import Direction, GroupRule, Network
from bulkhead.network.quotas import (
    CONNECTIONS_PER_GATEWAY,
    ENTRIES_PER_ACL,
    GROUPS_PER_INTERFACE,
    GROUPS_PER_REGION,
    INTERFACES_PER_REGION,
    ROUTES_PER_CONNECTION,
    ROUTES_PER_TABLE,
    RULES_PER_GROUP,
    RULES_PER_INTERFACE,
    SUBNETS_PER_VPC,
    VPC_QUOTAS,
    VPN_QUOTAS,
)
from bulkhead.review.reviewed import Headroom
from bulkhead.review.version import Version


@dataclass(frozen=True, slots=True)
class _Quota:
    says: str
    limit: int
    page: str = VPC_QUOTAS


_RULES: Final = _Quota("{} rules of a security group", RULES_PER_GROUP)
_ENTRIES: Final = _Quota("{} entries of a NACL", ENTRIES_PER_ACL)
_HELD: Final = _Quota("security groups of an interface", GROUPS_PER_INTERFACE)
_TIMES: Final = _Quota("rules in all security groups of an interface", RULES_PER_INTERFACE)
_SUBNETS: Final = _Quota("subnets of a VPC", SUBNETS_PER_VPC)
_INTERFACES: Final = _Quota("interfaces in a Region", INTERFACES_PER_REGION)
_GROUPS: Final = _Quota("security groups in a Region", GROUPS_PER_REGION)
_ROUTES: Final = _Quota("routes of a route table", ROUTES_PER_TABLE)
_VPNS: Final = _Quota("VPN connections of a VPN gateway", CONNECTIONS_PER_GATEWAY, VPN_QUOTAS)
_VPN_ROUTES: Final = _Quota("routes of a VPN connection", ROUTES_PER_CONNECTION, VPN_QUOTAS)

_Use = tuple[_Quota, str, str]
"""Of which quota, in which direction of it or '', and what it is counted of."""


def headroom(base: Version, head: Version) -> Iterator[Headroom]:
    """What takes more of a quota than before, and four fifths of it or more; worst first."""
    before, after = used(base.network), used(head.network)
    ids = {each.name: each.id for each in head.network.things}
    found = []
    for (quota, way, of), taken in after.items():
        was = before.get((quota, way, of), 0)
        use = Headroom(
            quota=quota.says.format(way),
            of=of,
            before=was,
            after=taken,
            limit=quota.limit,
            page=quota.page,
            origin=head.origins.of(ids.get(of, "")),
        )
        if taken > was and use.near:
            found.append(use)
    yield from sorted(found, key=lambda each: (-each.after / each.limit, each.quota, each.of))


def used(network: Network) -> Mapping[_Use, int]:
    """How much of each quota a network takes, as AWS counts it.

    A rule for a prefix list counts here as often as the list has entries; AWS counts the
    most that it may have, which no network says.
    """
    found: Counter[_Use] = Counter()
    rules: dict[str, int] = {}
    for group in network.security_groups:
        for direction in Direction:
            count = _rules(group.towards(direction))
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
        found[_ROUTES, "", table.name] = sum(not each.propagated for each in table.routes)
    for connection in network.vpn_connections:
        found[_VPN_ROUTES, "", connection.name] = len(connection.routes)
    return found + _totals(network)


def _rules(rules: tuple[GroupRule, ...]) -> int:
    """A reference to a group counts in both families."""
    families: dict[int, int] = defaultdict(int)
    references = 0
    for rule in rules:
        if rule.peer.kind == "cidr":
            families[rule.peer.cidr.version] += 1
        else:
            references += 1
    return references + max(families.values(), default=0)


def _totals(network: Network) -> Counter[_Use]:
    vpcs = network.vpc
    names = {each.id: each.name for each in network.vpn_gateways}
    found: Counter[_Use] = Counter()
    for subnet in network.subnets:
        found[_SUBNETS, "", vpcs[subnet.vpc].name] += 1
    for interface in network.interfaces:
        found[_INTERFACES, "", vpcs[network.subnet_of(interface).vpc].region] += 1
    for group in network.security_groups:
        if group.vpc in vpcs:
            found[_GROUPS, "", vpcs[group.vpc].region] += 1
    for connection in network.vpn_connections:
        if connection.vpn_gateway in names:
            found[_VPNS, "", names[connection.vpn_gateway]] += 1
    return found
