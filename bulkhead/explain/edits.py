"""Small changes to a network: a rule more, a rule less, a route that leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from typing import Final, TypeVar

from bulkhead.explain.hops import Hop, Layer
from bulkhead.network import (
    AclEntry,
    Firewall,
    FirewallRule,
    GroupRule,
    Interface,
    Network,
    NetworkAcl,
    PublicAccess,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
)

_Route = TypeVar("_Route", Route, TransitRoute)

PUBLIC: Final = IPv4Address("192.0.2.1")
"""Stands for whatever public address AWS would give (RFC 5737)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `component` is the id of what changes; `text` says it in a line."""

    kind: str
    component: str
    text: str
    apply: Callable[[Network], Network] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


# Things, each with a turn


def _in_group(
    network: Network, id_: str, turn: Callable[[SecurityGroup], SecurityGroup]
) -> Network:
    groups = (turn(each) if each.id == id_ else each for each in network.security_groups)
    return replace(network, security_groups=tuple(groups))


def _in_nacl(network: Network, id_: str, turn: Callable[[NetworkAcl], NetworkAcl]) -> Network:
    nacls = (turn(each) if each.id == id_ else each for each in network.nacls)
    return replace(network, nacls=tuple(nacls))


def _in_table(network: Network, id_: str, turn: Callable[[RouteTable], RouteTable]) -> Network:
    tables = (turn(each) if each.id == id_ else each for each in network.route_tables)
    return replace(network, route_tables=tuple(tables))


def _in_transit_table(
    network: Network, id_: str, turn: Callable[[TransitRouteTable], TransitRouteTable]
) -> Network:
    tables = (turn(each) if each.id == id_ else each for each in network.transit_route_tables)
    return replace(network, transit_route_tables=tuple(tables))


def _in_firewall(network: Network, id_: str, turn: Callable[[Firewall], Firewall]) -> Network:
    firewalls = (turn(each) if each.id == id_ else each for each in network.firewalls)
    return replace(network, firewalls=tuple(firewalls))


# More of something


def add_group_rule(id_: str, name: str, rule: GroupRule) -> Edit:
    """One rule more in a security group."""

    def apply(network: Network) -> Network:
        return _in_group(network, id_, lambda one: replace(one, rules=(*one.rules, rule)))

    said = str(rule).partition(": ")[2]
    return Edit("security group rule", id_, f"add to {name}: {rule.direction} {said}", apply)


def add_acl_entry(id_: str, name: str, entry: AclEntry) -> Edit:
    """One entry more in a NACL, at a number that is free."""

    def apply(network: Network) -> Network:
        return _in_nacl(network, id_, lambda one: replace(one, entries=(*one.entries, entry)))

    return Edit("NACL entry", id_, f"add to {name}: {entry}", apply)


def set_route(id_: str, name: str, route: Route) -> Edit:
    """A static route, in place of one with the same prefix if there is one."""

    def turn(one: RouteTable) -> RouteTable:
        return replace(one, routes=_instead_of_like(one.routes, route))

    return Edit(
        "route",
        id_,
        f"in route table {name}: {route}",
        lambda network: _in_table(network, id_, turn),
    )


def set_transit_route(id_: str, name: str, route: TransitRoute) -> Edit:
    """The same in a transit gateway's table."""

    def turn(one: TransitRouteTable) -> TransitRouteTable:
        return replace(one, routes=_instead_of_like(one.routes, route))

    return Edit(
        "transit gateway route",
        id_,
        f"in transit gateway route table {name}: {route}",
        lambda network: _in_transit_table(network, id_, turn),
    )


def _instead_of_like(routes: tuple[_Route, ...], route: _Route) -> tuple[_Route, ...]:
    """A route in place of those with its prefix."""
    kept = [each for each in routes if each.destination != route.destination]
    kept.append(route)
    return tuple(kept)


def associate(attachment: TransitAttachment, table_id: str) -> Edit:
    """A route table for what comes in by an attachment."""

    def apply(network: Network) -> Network:
        attachments = (
            replace(each, table=table_id)
            if (each.gateway, each.id) == (attachment.gateway, attachment.id)
            else each
            for each in network.transit_attachments
        )
        return replace(network, transit_attachments=tuple(attachments))

    said = f"associate {attachment.name} with transit gateway route table {table_id}"
    return Edit("transit gateway association", attachment.id, said, apply)


def pass_first(box: Firewall, rule: FirewallRule, *, stateless: bool) -> Edit:
    """A firewall rule before all others."""

    def turn(one: Firewall) -> Firewall:
        if stateless:
            return replace(one, stateless=(rule, *one.stateless))
        return replace(one, stateful=(rule, *one.stateful))

    kind = "stateless" if stateless else "stateful"
    ends = " -> ".join(", ".join(map(str, each)) for each in (rule.sources, rule.destinations))
    ports = f" ports {', '.join(map(str, rule.ports))}" if rule.ports else ""
    said = f"add first to the {kind} rules of {box.name}: {rule.action} {ends}{ports}"
    return Edit("firewall rule", box.id, said, lambda network: _in_firewall(network, box.id, turn))


def open_to_public(subnet: Subnet) -> Edit:
    """An exclusion from VPC Block Public Access."""

    def apply(network: Network) -> Network:
        subnets = (
            replace(each, public_access=PublicAccess.OPEN) if each.id == subnet.id else each
            for each in network.subnets
        )
        return replace(network, subnets=tuple(subnets))

    said = f"exclude {subnet.name} from VPC Block Public Access, both ways"
    return Edit("public access exclusion", subnet.id, said, apply)


def give_public_address(interface: Interface, address: IPv4Address) -> Edit:
    """A public address for one of an interface's own."""

    def turn(one: Interface) -> Interface:
        if address == one.address:
            return replace(one, public_address=PUBLIC)
        return replace(one, more_public=(*one.more_public, (address, PUBLIC)))

    def apply(network: Network) -> Network:
        interfaces = (
            turn(each) if each.id == interface.id else each for each in network.interfaces
        )
        return replace(network, interfaces=tuple(interfaces))

    said = f"give {interface.name} a public address for {address}"
    return Edit("public address", interface.id, said, apply)


# Less of something


def without(hop: Hop, text: str) -> Edit | None:
    """The rule, entry or route of a hop taken away; None for what nobody wrote."""
    take = _TAKEN.get(hop.layer)
    if take is None or text.endswith("-> local") or " *: " in text:
        return None
    said = f"remove from {hop.name}: {text}"
    return Edit("removal", hop.id, said, lambda network: take(network, hop.id, text))


def _group_rule(network: Network, ids: str, text: str) -> Network:
    for id_ in ids.split(","):
        network = _in_group(
            network,
            id_,
            lambda one: replace(one, rules=tuple(r for r in one.rules if str(r) != text)),
        )
    return network


def _acl_entry(network: Network, id_: str, text: str) -> Network:
    return _in_nacl(
        network,
        id_,
        lambda one: replace(one, entries=tuple(e for e in one.entries if str(e) != text)),
    )


def _route(network: Network, id_: str, text: str) -> Network:
    return _in_table(
        network,
        id_,
        lambda one: replace(one, routes=tuple(r for r in one.routes if str(r) != text)),
    )


def _transit_route(network: Network, id_: str, text: str) -> Network:
    return _in_transit_table(
        network,
        id_,
        lambda one: replace(one, routes=tuple(r for r in one.routes if str(r) != text)),
    )


def _firewall_rule(network: Network, id_: str, text: str) -> Network:
    return _in_firewall(
        network,
        id_,
        lambda one: replace(
            one,
            stateless=tuple(r for r in one.stateless if str(r) != text),
            stateful=tuple(r for r in one.stateful if str(r) != text),
        ),
    )


_TAKEN: Final[dict[Layer, Callable[[Network, str, str], Network]]] = {
    Layer.GROUP_EGRESS: _group_rule,
    Layer.GROUP_INGRESS: _group_rule,
    Layer.ACL_EGRESS: _acl_entry,
    Layer.ACL_INGRESS: _acl_entry,
    Layer.ROUTE: _route,
    Layer.TRANSIT_ROUTE: _transit_route,
    Layer.FIREWALL: _firewall_rule,
}
