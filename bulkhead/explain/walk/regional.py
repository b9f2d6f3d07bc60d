"""Regional NAT gateways, which stand in no subnet and have a route table of their own.

(docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv6Address
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.explain.walk.journey import Ended, Fork, Journey, Rule, SentOn, Tree
from bulkhead.explain.walk.nat64 import on_as_ipv4
from bulkhead.explain.walk.routes import routes_for
from bulkhead.explain.walk.turn import Turn
from bulkhead.network import NAT_PORTS, NatGateway, PublicAccess, Route, RouteTable, TargetKind

_UNSHOWN: Final = "with which private address a regional NAT gateway sends there is not shown"


def regional(turn: Turn, journey: Journey, nat: NatGateway) -> Tree:
    """On with a public address of the packet's zone, by the gateway's own table."""
    if not nat.available:
        why, code = "the NAT gateway is not available", Code.BAD_STATE
        journey = journey.note(Layer.NAT, nat.id, nat.name, False, code=code, why=why)
    zone, served = turn.subnet.zone, tuple(dict.fromkeys(zone for zone, _ in nat.zones))
    zones = (zone,) if zone in served else served if nat.expands else ()
    ways = tuple(_sent_on(journey, nat, each) for each in zones or ("",))
    if isinstance(journey.packet.destination, IPv6Address):
        return _each(on_as_ipv4(turn.atlas, ways), lambda one: _on(turn, one, nat))
    return _together(tuple(_on(turn, one, nat) for one in ways))


def _each(tree: Tree, on: Callable[[Journey], Tree]) -> Tree:
    if isinstance(tree, Fork):
        return Fork(tree.rule, tuple(_each(branch, on) for branch in tree.branches))
    return on(tree)


def _together(ways: tuple[Tree, ...]) -> Tree:
    return ways[0] if len(ways) == 1 else Fork(Rule.EACH, ways)


def _sent_on(journey: Journey, nat: NatGateway, zone: str) -> Journey:
    """With an address of the zone; '' where nobody knows by which it is done."""
    addresses = tuple(dict.fromkeys(address for where, address in nat.zones if where == zone))
    if nat.available and zone:
        source = addresses[0] if len(addresses) == 1 else None
        journey = journey.note(Layer.NAT, nat.id, nat.name, source=source)
    packet = replace(journey.packet, client_ports=NAT_PORTS)
    return replace(
        journey.unreferable(),
        packet=replace(packet, source=addresses[0]) if addresses else packet,
        nats=(*journey.nats, SentOn(nat, None, zone)),
    )


def _on(turn: Turn, sent: Journey, nat: NatGateway) -> Tree:
    """By the gateway's own table."""
    if isinstance(sent.stage, Ended):
        return sent
    if not sent.nats[-1].zone:
        zone, code = turn.subnet.zone, Code.REGIONAL_NGW_ROUTE_AZ_RESTRICTION
        why = f"it shows no address in {zone}: what it does with packets from there is not known"
        return sent.vanish(Layer.NAT, nat.id, nat.name, why, code=code)
    id_, table = nat.route_table or "", turn.atlas.network.route_table.get(nat.route_table or "")
    doubt = turn.atlas.doubt(id_)
    if table is None or doubt:
        why = doubt or "the route table of the NAT gateway itself is not in the network"
        return sent.vanish(Layer.ROUTE, id_ or nat.id, table.name if table else id_ or nat.id, why)
    routes = routes_for(table, turn.atlas.blocks(nat.vpc), sent.packet.destination, sent.aim)
    return _together(tuple(_by(turn, sent, nat, table, each) for each in routes))


def _by(
    turn: Turn, journey: Journey, nat: NatGateway, table: RouteTable, route: Route | None
) -> Journey:
    """By one route of the gateway's own table."""
    if route is None:
        why, code = f"no route to {journey.packet.destination}", Code.NO_ROUTE_TO_DESTINATION
        return journey.drop(Layer.ROUTE, table.id, table.name, code, why)
    rules = (RuleRef(table.id, route),)
    if route.blackhole:
        why, code = "the route's target is gone", Code.BAD_STATE_ROUTE
        return journey.drop(Layer.ROUTE, table.id, table.name, code, why, rules=rules)
    if route.is_local and journey.aim.vpc != nat.vpc:
        why, code = "the local route stays within the VPC", Code.VPC_LOCAL_ROUTE_CIDR_RESTRICTION
        return journey.drop(Layer.ROUTE, table.id, table.name, code, why, rules=rules)
    if route.target is not TargetKind.INTERNET_GATEWAY:
        code = Code.UNSUPPORTED_COMPONENT
        return journey.vanish(Layer.ROUTE, table.id, table.name, _UNSHOWN, code=code, rules=rules)
    taken = journey.note(Layer.ROUTE, table.id, table.name, rules=rules)
    return _to_the_internet(turn, taken, nat, route.target_id)


def _to_the_internet(turn: Turn, journey: Journey, nat: NatGateway, id_: str) -> Journey:
    atlas, layer = turn.atlas, Layer.GATEWAY
    found = atlas.internet_gateway.get(id_)
    name = found.name if found else id_
    if journey.aim.kind is not EndpointKind.INTERNET:
        why, code = "the internet gateway does not lead there", Code.NO_PATH
        return journey.drop(layer, id_, name, code, why)
    doubt = atlas.doubt(id_)
    if found is None or doubt:
        return journey.vanish(layer, id_, name, doubt or f"{id_} is not in the network")
    if found.vpc != nat.vpc:
        why, code = f"{name} is not attached to this VPC", Code.BAD_STATE_ROUTE
        return journey.drop(layer, id_, name, code, why)
    left = _past_public_access(turn, journey.note(layer, id_, name), nat)
    return replace(left, exit=TargetKind.INTERNET_GATEWAY).arrive()


def _past_public_access(turn: Turn, journey: Journey, nat: NatGateway) -> Journey:
    """(docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)."""
    subnets = turn.atlas.network.subnets
    blocked = [each for each in subnets if each.public_access is PublicAccess.BLOCKED]
    own = [each for each in subnets if each.vpc == nat.vpc]
    start = [each for each in blocked if each.vpc == nat.vpc or each.id == journey.start]
    if not start:
        return journey
    word = False if all(each in blocked for each in own) else None
    why = "public access is blocked for " + ", ".join(sorted(each.name for each in start))
    code, ids = Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED, tuple(each.id for each in start)
    return journey.note(Layer.PUBLIC_ACCESS, ids, nat.name, word, code=code, why=why)
