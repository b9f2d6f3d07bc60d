"""Answers of AWS with something that nobody here has heard of, and what it might do.

`novelty(answers, chance)` puts one unknown field, or one unknown value, at some place of some
item. `extremes(network, novelty)` is the same network with the thing that it stands in
doing as little, and as much, as that thing could: whatever the novelty does lies between.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network
from random import Random
from typing import Any

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    FirewallAction,
    GroupRule,
    Network,
    NetworkAcl,
    SecurityGroup,
)
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import identity
from bulkhead.observe.known import ANSWERS
from bulkhead.observe.known.table import ANY, MAP, Place, compiled
from bulkhead.observe.record import Record

Answers = dict[str, Any]
Trail = tuple[str | int, ...]
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
EMPTY = (None, "", [], {}, False, {"Deep": []})
NOVEL = ("x", True, 7, ["x"], {"State": "enabled"}, [{"Cidr": "10.0.0.0/8"}], "10.0.0.0/8")


@dataclass(frozen=True)
class Novelty:
    """Where it stands: under which key, in which item, at which path; and the answers with it.

    Where that is in a rule, an entry or a route, `without` has all but that.
    """

    key: str
    id: str
    path: str
    answers: Answers
    without: Answers | None


def novelty(answers: Answers, chance: Random, values: Sequence[Any] = NOVEL) -> Novelty:
    """The answers with one field more, or with one value of a field that AWS may add to.

    By chance alone: hypothesis prefers what it draws first, and every kind of thing counts.
    """
    changed = copy.deepcopy(answers)
    key = chance.choice([each for each in changed if changed[each] and each in KEYS])
    number = chance.randrange(len(changed[key]))
    item = changed[key][number]
    name = identity(Record(key, item), KEYS[key].id)
    known = compiled(ANSWERS[key])
    closed = list(_closed(known, item, ()))
    if closed and values is NOVEL and chance.random() < 1 / 3:
        trail, holder, field = chance.choice(closed)
        holder[field] = "brand-new"
    else:
        trail, holder = chance.choice(list(_objects(known, item, ())))
        trail = (*trail, "Novel")
        holder["Novel"] = chance.choice(values)
    path = ".".join(each for each in trail if isinstance(each, str))
    return Novelty(key, name, path, changed, _without_part(answers, key, number, trail))


def _without_part(answers: Answers, key: str, number: int, trail: Trail) -> Answers | None:
    parts = ANSWERS[key].parts
    left = copy.deepcopy(answers)
    if "" in parts:
        del left[key][number]
    elif trail[0] in parts and len(trail) > 1:
        del left[key][number][trail[0]][trail[1]]
    else:
        return None
    return left


def _objects(place: Place, value: Any, trail: Trail) -> Iterator[tuple[Trail, dict[str, Any]]]:
    """Every object in an item, with the way to it; a map of any names has no field to come."""
    if isinstance(value, dict):
        if MAP not in place.inside and not place.whatever:
            yield trail, value
        for name, each in value.items():
            inner = place.inside.get(name) or place.inside.get(MAP) or Place()
            yield from _objects(inner, each, (*trail, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _objects(place, each, (*trail, number))


def _closed(place: Place, value: Any, trail: Trail) -> Iterator[tuple[Trail, dict[str, Any], str]]:
    """Every field in an item whose values the table lists in full."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _closed(place, each, (*trail, number))
    elif isinstance(value, dict):
        for name, each in value.items():
            inner = place.inside.get(name, Place())
            if inner.values and ANY not in inner.values and isinstance(each, str):
                yield (*trail, name), value, name
            yield from _closed(inner, each, (*trail, name))


Change = Callable[[Network, str], Network]


def extremes(network: Network, novelty: Novelty) -> list[Network]:
    return [change(network, novelty.id) for change in _EXTREMES.get(novelty.key, ())]


def _with(network: Network, field: str, name: str, **changes: Any) -> Network:
    things = tuple(
        replace(each, **changes) if each.id == name else each for each in getattr(network, field)
    )
    return replace(network, **{field: things})


def _without(network: Network, field: str, name: str) -> Network:
    things = tuple(each for each in getattr(network, field) if each.id != name)
    return replace(network, **{field: things})


def _rules(name: str) -> tuple[GroupRule, ...]:
    return tuple(
        GroupRule(
            id=f"{name}/{way}/{block}",
            direction=way,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            peer=CidrPeer(block),
        )
        for way in Direction
        for block in EVERYWHERE
    )


def _entries(action: Action) -> tuple[AclEntry, ...]:
    return tuple(
        AclEntry(
            number=1 + number,
            direction=way,
            action=action,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            cidr=block,
        )
        for way in Direction
        for number, block in enumerate(EVERYWHERE)
    )


def _held(network: Network, interface: str, rules: tuple[GroupRule, ...]) -> Network:
    if interface not in network.interface:
        return network
    vpc = network.subnet_of(network.interface[interface]).vpc
    own = SecurityGroup(id="own", name="own", vpc=vpc, rules=rules)
    found = replace(network, security_groups=(*network.security_groups, own))
    return _with(found, "interfaces", interface, security_groups=("own",))


def _guarded(network: Network, subnets: set[str], action: Action) -> Network:
    own = {
        each: NetworkAcl(
            id=f"own-{each}", name="own", vpc=network.subnet[each].vpc, entries=_entries(action)
        )
        for each in sorted(subnets & set(network.subnet))
    }
    found = replace(network, nacls=(*network.nacls, *own.values()))
    for each, acl in own.items():
        found = _with(found, "subnets", each, nacl=acl.id)
    return found


def _in_vpc(network: Network, vpc: str) -> set[str]:
    return {each.id for each in network.subnets if each.vpc == vpc}


def _cut_off(network: Network, gateway: str) -> Network:
    attachments = tuple(
        replace(each, available=each.available and each.gateway != gateway)
        for each in network.transit_attachments
    )
    return replace(network, transit_attachments=attachments)


def _filtering(action: FirewallAction) -> Change:
    def filtering(network: Network, name: str) -> Network:
        return _with(
            network, "firewalls", name, stateless=(), stateless_default=action, stateful=()
        )

    return filtering


_EXTREMES: dict[str, tuple[Change, ...]] = {
    "Vpcs": (
        lambda network, name: _guarded(network, _in_vpc(network, name), Action.DENY),
        lambda network, name: _guarded(network, _in_vpc(network, name), Action.ALLOW),
    ),
    "Subnets": (
        lambda network, name: _guarded(network, {name}, Action.DENY),
        lambda network, name: _guarded(network, {name}, Action.ALLOW),
    ),
    "NetworkInterfaces": (
        lambda network, name: _held(network, name, ()),
        lambda network, name: _held(network, name, _rules("own")),
    ),
    "SecurityGroups": (
        lambda network, name: _with(network, "security_groups", name, rules=()),
        lambda network, name: _with(network, "security_groups", name, rules=_rules(name)),
    ),
    "NetworkAcls": (
        lambda network, name: _with(network, "nacls", name, entries=()),
        lambda network, name: _with(network, "nacls", name, entries=_entries(Action.ALLOW)),
    ),
    "RouteTables": (lambda network, name: _with(network, "route_tables", name, routes=()),),
    "InternetGateways": (lambda network, name: _without(network, "internet_gateways", name),),
    "EgressOnlyInternetGateways": (
        lambda network, name: _without(network, "egress_only_gateways", name),
    ),
    "NatGateways": (lambda network, name: _with(network, "nat_gateways", name, available=False),),
    "VpnConnections": (
        lambda network, name: _with(network, "vpn_connections", name, available=False),
    ),
    "VpcPeeringConnections": (
        lambda network, name: _with(network, "peerings", name, active=False),
    ),
    "TransitGateways": (_cut_off,),
    "TransitGatewayAttachments": (
        lambda network, name: _with(network, "transit_attachments", name, available=False),
    ),
    "TransitGatewayVpcAttachments": (
        lambda network, name: _with(network, "transit_attachments", name, available=False),
    ),
    "TransitGatewayRouteTables": (
        lambda network, name: _with(network, "transit_route_tables", name, routes=()),
    ),
    "TransitGatewayRoutes": (
        lambda network, name: _with(network, "transit_route_tables", name, routes=()),
    ),
    "Firewalls": (_filtering(FirewallAction.DROP), _filtering(FirewallAction.PASS)),
}
"""By the key of the answer."""
