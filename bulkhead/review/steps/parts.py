"""What stands in a network, piece by piece: each is what one call makes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bulkhead.network import (
    AccessMode,
    AclEntry,
    Exclusion,
    Interface,
    LoadBalancer,
    Network,
    PublicAccess,
    RouteTable,
    SecurityGroup,
    SiteRouting,
    Subnet,
    is_of_a_cluster,
)


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """Something that a call makes: a thing, or a part of one."""

    kind: str
    key: Hashable
    value: Any


@dataclass(frozen=True, slots=True)
class BalancerMade:
    """A load balancer as it is made: with interfaces in its subnets, and no listener."""

    balancer: LoadBalancer
    interfaces: tuple[Interface, ...]

    @property
    def id(self) -> str:
        return self.balancer.id

    @property
    def name(self) -> str:
        return self.balancer.name


_BEFORE: Final = ("internet_gateways", "egress_only_gateways", "vpn_gateways")
_AFTER: Final = ("gateway_endpoints", "customer_gateways")
_PARTS: Final = (
    *("nacls", "route_tables", "subnets", "security_groups", "interfaces", "vpn_connections"),
    "load_balancers",
)
NO_CALLS: Final = frozenset(
    {"vpcs", "services", "sites", "listeners", "unmodelled", "unobserved", "associations"}
    | {"unlisted", "beside", "peers", "prefix_lists"}
)
"""What no call of a plan makes, or what is there for both sides all along: one VPC stays (its
further blocks come and go), and the rest is what people and readers say."""


def _made_by_aws(network: Network) -> frozenset[str]:
    """The route tables of regional NAT gateways: they come and go with these."""
    return frozenset(each.route_table or "" for each in network.nat_gateways)


def by_key(parts: Iterable[NetworkPart]) -> dict[tuple[str, Hashable], NetworkPart]:
    """Each by what it is, whatever is said of it."""
    return {(each.kind, each.key): each for each in parts}


def parts_of(network: Network) -> Iterator[NetworkPart]:
    """Everything that calls make, each after what it needs."""
    other = [each.name for each in fields(Network) if each.name not in NO_CALLS]
    other = [each for each in other if each not in (*_BEFORE, *_AFTER, *_PARTS)]
    for vpc in network.vpcs:
        if vpc.called:
            yield NetworkPart("vpc", (vpc.id, vpc.cidrs[0]), (vpc.id, vpc.name, vpc.cidrs[0]))
        for block in () if network.is_others(vpc.id) else vpc.cidrs[1:]:
            yield NetworkPart("block of", (vpc.id, block), (vpc.id, vpc.name, block))
    yield from _things(network, _BEFORE)
    yield from _places(network)
    # A NAT gateway comes once its subnet leads out.
    homes = {each.subnet for each in network.nat_gateways}
    beneath = {each.route_table for each in network.subnets if each.id in homes}
    yield from _routes(network, [each for each in network.route_tables if each.id in beneath])
    yield from _things(network, (*other, *_AFTER[:1]))
    yield from _routes(network, [each for each in network.route_tables if each.id not in beneath])
    yield from _hosts(network)
    yield from _things(network, _AFTER[1:])
    yield from _public_access(network)
    for connection in network.vpn_connections:
        if not network.is_others(connection.id):
            if connection.routing is SiteRouting.BGP:  # its routes are no calls of the engine
                yield NetworkPart("vpn_connections", connection.id, connection)
                continue
            yield NetworkPart("vpn_connections", connection.id, replace(connection, routes=()))
            for cidr in connection.routes:
                key = connection.id, cidr
                yield NetworkPart("vpn route", key, (connection.id, connection.name, cidr))


def _public_access(network: Network) -> Iterator[NetworkPart]:
    """What is excluded, and then what is blocked: so it is turned on, and the other way round off.

    Others set what the stack does not.
    """
    for subnet in network.subnets:
        if not network.is_others(subnet.id) and subnet.excluded not in (None, Exclusion.NONE):
            value = subnet.id, subnet.name, subnet.excluded
            yield NetworkPart("excluded subnet", subnet.id, value)
    for vpc in network.vpcs:
        block = None if network.is_others(vpc.id) else vpc.access_block
        if block and block.excluded not in (None, Exclusion.NONE):
            yield NetworkPart("excluded VPC", vpc.id, (vpc.id, vpc.name, block.excluded))
        if block and block.mode is not AccessMode.OFF:
            yield NetworkPart("blocked", vpc.id, (vpc.id, vpc.region, block))


def _places(network: Network) -> Iterator[NetworkPart]:
    """Subnets, after all that guards them."""
    for acl in network.nacls:
        if not network.is_others(acl.id) and not acl.default:
            yield NetworkPart("nacls", acl.id, replace(acl, entries=()))
            for entry in acl.entries:
                yield NetworkPart("entry", (acl.id, _says(entry)), (acl.id, acl.name, entry))
    aws = _made_by_aws(network)
    for table in network.route_tables:
        if not network.is_others(table.id) and not table.main and table.id not in aws:
            yield NetworkPart("route_tables", table.id, replace(table, routes=()))
    for subnet in network.subnets:
        if not network.is_others(subnet.id):
            yield NetworkPart("subnets", subnet.id, _unguarded(network, subnet))
            yield NetworkPart("acl of", subnet.id, (subnet.id, subnet.name, subnet.nacl))


def _routes(network: Network, tables: Iterable[RouteTable]) -> Iterator[NetworkPart]:
    """Those of each table, and then the subnets that come under it."""
    aws, known = _made_by_aws(network), {each.id: each for each in tables}
    for table in known.values():
        if not network.is_others(table.id) and table.id not in aws:
            for route in table.routes:
                yield NetworkPart(
                    "route", (table.id, route.destination), (table.id, table.name, route)
                )
    for subnet in network.subnets:
        if subnet.route_table in known and not network.is_others(subnet.id):
            yield NetworkPart("table of", subnet.id, (subnet.id, subnet.name, subnet.route_table))


def _hosts(network: Network) -> Iterator[NetworkPart]:
    """Groups, interfaces that hold them, and the rules, which name other groups. Those of NAT
    gateways and load balancers AWS makes with these. Who shares a group comes after the rules that
    name it, and last the service whose rules these are: it may hold other groups than before."""
    shared = {each.id for each in network.security_groups if each.named_by}
    naming = {each.named_by for each in network.security_groups}
    balanced = {each for one in network.load_balancers for each in one.interfaces}
    for group in network.security_groups:
        if not group.default and not _is_not_ours(network, group):
            yield NetworkPart("security_groups", group.id, replace(group, rules=()))
    turns: list[list[Interface]] = [[], [], []]
    for interface in network.present:
        made_by_aws = interface.id in network.of_nat_gateways or interface.id in balanced
        if not network.is_others(interface.id) and not made_by_aws:
            sharing = not shared.isdisjoint(interface.security_groups)
            turns[2 if interface.service in naming else sharing].append(interface)
    yield from _interfaces(turns[0])
    for group in network.security_groups:
        if not _is_not_ours(network, group):
            for rule in group.rules:
                said = replace(rule, id="", description="")
                yield NetworkPart("rule", (group.id, said), (group.id, group.name, rule))
    for several in turns[1:]:
        yield from _interfaces(several)
    yield from _balancers(network)


def _is_not_ours(network: Network, group: SecurityGroup) -> bool:
    """Whether no call of a plan makes it: it is others', or comes with a cluster of EKS."""
    return network.is_others(group.id) or is_of_a_cluster(group.id)


def _balancers(network: Network) -> Iterator[NetworkPart]:
    """Each, once what it passes on to stands, and then where it listens."""
    for each in network.load_balancers:
        if not network.is_others(each.id):
            made = tuple(network.interface[one] for one in each.interfaces)
            known = BalancerMade(replace(each, listeners=()), made)
            yield NetworkPart("load_balancers", each.id, known)
            for port in each.listeners:
                key = each.id, port.protocol, port.port
                yield NetworkPart("listener", key, (each.id, each.name, port))


def _interfaces(several: Iterable[Interface]) -> Iterator[NetworkPart]:
    return (NetworkPart("interfaces", each.id, each) for each in several)


def _things(network: Network, kinds: Iterable[str]) -> Iterator[NetworkPart]:
    for kind in kinds:
        for thing in getattr(network, kind):
            if not network.is_others(thing.id):
                yield NetworkPart(kind, thing.id, thing)


def _says(entry: AclEntry) -> Hashable:
    """What an entry is to the engine: all but its number."""
    return replace(entry, number=0)


def _unguarded(network: Network, subnet: Subnet) -> Subnet:
    """As AWS makes it: under the NACL and the table of the VPC, where those are known."""
    acl = next((each.id for each in network.nacls if each.default and each.vpc == subnet.vpc), "")
    tables = (each for each in network.route_tables if each.vpc == subnet.vpc)
    main = next((each.id for each in tables if each.main), "")
    return replace(
        subnet,
        nacl=acl or subnet.nacl,
        route_table=main or subnet.route_table,
        segment=None,
        excluded=None,
        public_access=PublicAccess.OPEN,
    )
