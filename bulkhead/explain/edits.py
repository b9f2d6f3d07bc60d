"""Small changes to a network: a rule more, a rule less, a route that leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Final, Protocol, TypeVar

from bulkhead.explain.rules import Engine, Written
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
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
)
from bulkhead.network.without import without

PUBLIC: Final = IPv4Address("0.0.0.1")
"""Stands for whatever public address AWS would give: no host has this one (RFC 6890)."""

# Every edit names what it changes: `component` is its id, `name` what people call it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """One rule more in a security group, or one entry more in a NACL, at a number that is free."""

    component: str
    name: str
    rule: GroupRule | AclEntry

    def apply(self, network: Network) -> Network:
        match self.rule:
            case GroupRule() as rule:
                return _in_group(network, self.component, lambda rules: (*rules, rule))
            case AclEntry() as entry:
                return _in_nacl(network, self.component, lambda entries: (*entries, entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoute:
    """A static route, in place of those with its prefix."""

    component: str
    name: str
    route: Route | TransitRoute

    def apply(self, network: Network) -> Network:
        match self.route:
            case Route() as route:
                return _in_table(network, self.component, lambda routes: _instead(routes, route))
            case TransitRoute() as way:
                return _in_transit_table(network, self.component, lambda ways: _instead(ways, way))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFirst:
    """A rule of a firewall before all others of its engine."""

    component: str
    name: str
    engine: Engine
    rule: FirewallRule

    def apply(self, network: Network) -> Network:
        def first(rules: tuple[FirewallRule, ...], engine: Engine) -> tuple[FirewallRule, ...]:
            return (self.rule, *rules) if engine is self.engine else rules

        return _in_firewall(network, self.component, first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Associate:
    """A route table of a transit gateway for what comes in by an attachment."""

    component: str
    name: str
    gateway: str
    """Both sides of a peering may have one id: the gateway tells which attachment it is."""
    table: str

    def apply(self, network: Network) -> Network:
        def turn(one: TransitAttachment) -> TransitAttachment:
            return replace(one, table=self.table) if one.gateway == self.gateway else one

        attachments = _turned(network.transit_attachments, self.component, turn)
        return replace(network, transit_attachments=attachments)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenToPublic:
    """An exclusion of a subnet from VPC Block Public Access."""

    component: str
    name: str

    def apply(self, network: Network) -> Network:
        subnets = _turned(
            network.subnets,
            self.component,
            lambda one: replace(one, public_access=PublicAccess.OPEN),
        )
        return replace(network, subnets=subnets)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePublicAddress:
    """A public address for one of an interface's own."""

    component: str
    name: str
    address: IPv4Address

    def apply(self, network: Network) -> Network:
        def turn(one: Interface) -> Interface:
            if self.address == one.address:
                return replace(one, public_address=PUBLIC)
            return replace(one, more_public=(*one.more_public, (self.address, PUBLIC)))

        return replace(network, interfaces=_turned(network.interfaces, self.component, turn))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """A rule, an entry or a route less."""

    component: str
    name: str
    rule: Written

    def apply(self, network: Network) -> Network:
        return without(network, ((self.component, self.rule),))


Edit = Add | SetRoute | AddFirst | Associate | OpenToPublic | GivePublicAddress | Remove


# Things, each with a turn


class _Known(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T")
_Thing = TypeVar("_Thing", bound=_Known)
_Way = TypeVar("_Way", Route, TransitRoute)
_Rules = Callable[[tuple[_T, ...]], tuple[_T, ...]]


def _turned(
    things: Iterable[_Thing], id_: str, turn: Callable[[_Thing], _Thing]
) -> tuple[_Thing, ...]:
    return tuple(turn(each) if each.id == id_ else each for each in things)


def _in_group(network: Network, id_: str, turn: _Rules[GroupRule]) -> Network:
    def turned(one: SecurityGroup) -> SecurityGroup:
        return replace(one, rules=turn(one.rules))

    return replace(network, security_groups=_turned(network.security_groups, id_, turned))


def _in_nacl(network: Network, id_: str, turn: _Rules[AclEntry]) -> Network:
    def turned(one: NetworkAcl) -> NetworkAcl:
        return replace(one, entries=turn(one.entries))

    return replace(network, nacls=_turned(network.nacls, id_, turned))


def _in_table(network: Network, id_: str, turn: _Rules[Route]) -> Network:
    def turned(one: RouteTable) -> RouteTable:
        return replace(one, routes=turn(one.routes))

    return replace(network, route_tables=_turned(network.route_tables, id_, turned))


def _in_transit_table(network: Network, id_: str, turn: _Rules[TransitRoute]) -> Network:
    def turned(one: TransitRouteTable) -> TransitRouteTable:
        return replace(one, routes=turn(one.routes))

    tables = _turned(network.transit_route_tables, id_, turned)
    return replace(network, transit_route_tables=tables)


def _in_firewall(
    network: Network,
    id_: str,
    turn: Callable[[tuple[FirewallRule, ...], Engine], tuple[FirewallRule, ...]],
) -> Network:
    def turned(one: Firewall) -> Firewall:
        return replace(
            one,
            stateless=turn(one.stateless, Engine.STATELESS),
            stateful=turn(one.stateful, Engine.STATEFUL),
        )

    return replace(network, firewalls=_turned(network.firewalls, id_, turned))


def _instead(routes: tuple[_Way, ...], route: _Way) -> tuple[_Way, ...]:
    """A route in place of those with its prefix."""
    kept = [each for each in routes if each.destination != route.destination]
    kept.append(route)
    return tuple(kept)
