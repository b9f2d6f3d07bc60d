"""Into a VPC by its own gateway: from the internet, and past a gateway's own route table."""

from __future__ import annotations

from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.boxes import to_firewall
from bulkhead.explain.walk.filters import acl
from bulkhead.explain.walk.journey import Fork, Journey, Rule, Tree
from bulkhead.explain.walk.routes import routes_for
from bulkhead.explain.walk.turn import let_past, why_inspected
from bulkhead.network import Direction, PublicAccess, Route, RouteTable, TargetKind, Vpc


def deliver(atlas: Atlas, journey: Journey) -> Journey:
    """To the aim past the NACL of its subnet."""
    return acl(atlas, journey, journey.aim.subnet or "", Direction.INGRESS).arrive()


def over_the_internet(atlas: Atlas, journey: Journey) -> Tree:
    """Into the aim's VPC, from the internet or from a gateway of another VPC.

    A reply to what left by an egress-only gateway comes back by that, past no other table.
    """
    vpc = atlas.network.vpc[journey.aim.vpc or ""]
    if journey.reply and journey.asked_by is TargetKind.EGRESS_ONLY_GATEWAY:
        gateways = [each for each in atlas.network.egress_only_gateways if each.vpc == vpc.id]
        ids = tuple(each.id for each in gateways)
        names = ", ".join(each.name for each in gateways)
        return deliver(atlas, journey.note(Layer.GATEWAY, ids, names))
    if atlas.in_vpc(journey.packet.source, vpc.id):
        return deliver(atlas, spoofed(journey, vpc))
    return _by_internet_gateway(atlas, journey, vpc.id)


def spoofed(journey: Journey, vpc: Vpc) -> Journey:
    """Refused by a VPC from outside, since it comes from its own addresses."""
    why = "the sender's address is one of the VPC's own"
    code = Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC
    return journey.note(Layer.GATEWAY, vpc.id, vpc.name, False, code=code, why=why)


def _by_internet_gateway(atlas: Atlas, journey: Journey, vpc: str) -> Tree:
    """(docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)."""
    gateway = next((each for each in atlas.network.internet_gateways if each.vpc == vpc), None)
    name, subnet = atlas.network.vpc[vpc].name, atlas.network.subnet[journey.aim.subnet or ""]
    if gateway is None:
        named = sorted(
            route.target_id
            for table in atlas.network.route_tables
            if table.vpc == vpc
            for route in table.routes
            if route.target is TargetKind.INTERNET_GATEWAY
            and not route.blackhole
            and route.target_id not in atlas.internet_gateway
        )
        if not named:
            why, code = "the VPC has no internet gateway", Code.NO_PATH
            return deliver(atlas, journey.note(Layer.GATEWAY, vpc, name, False, code=code, why=why))
        id_, why = named[0], f"{named[0]} is not in the network"
    else:
        id_, why = gateway.id, atlas.doubt(gateway.id)
        why = why or (why_inspected(subnet) if subnet.inspected else "")
    if not journey.aim.public:
        journey = _no_public_address(journey, id_)
    elif not why:
        journey = journey.note(Layer.GATEWAY, id_, gateway.name if gateway else id_)
    if subnet.public_access is not PublicAccess.OPEN and not journey.reply:
        journey = journey.note(
            Layer.PUBLIC_ACCESS,
            subnet.id,
            subnet.name,
            False,
            code=Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED,
            why=f"public access of this subnet is {subnet.public_access}",
        )
    else:
        journey = let_past(atlas, journey, subnet)
    if why:
        return journey.vanish(Layer.GATEWAY, id_, id_, why)
    return past_edge_table(atlas, journey, id_, vpc)


def _no_public_address(journey: Journey, gateway: str) -> Journey:
    why, code = "the receiver has no public address", Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS
    return journey.note(Layer.GATEWAY, gateway, gateway, False, code=code, why=why)


def past_edge_table(atlas: Atlas, journey: Journey, gateway: str, vpc: str) -> Tree:
    """By the gateway's own route table, if it has one.

    (docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)
    """
    table = atlas.edge_table(gateway) if gateway else None
    if table is None:
        return deliver(atlas, journey)
    layer, id_, name = Layer.ROUTE, table.id, table.name
    why = atlas.doubt(id_)
    if why:
        return journey.vanish(layer, id_, name, why)
    routes = routes_for(table, atlas.blocks(vpc), journey.packet.destination, journey.aim)
    ways = tuple(_redirected(atlas, journey, table, route) for route in routes)
    return ways[0] if len(ways) == 1 else Fork(Rule.EACH, ways)


def _redirected(atlas: Atlas, journey: Journey, table: RouteTable, route: Route | None) -> Tree:
    """To its end, to a middlebox, or nowhere: an edge table has no other targets."""
    layer, id_, name = Layer.ROUTE, table.id, table.name
    if route is None or route.is_local:
        rules = (RuleRef(id_, route),) if route else ()
        return deliver(atlas, journey.note(layer, id_, name, rules=rules))
    rules = (RuleRef(id_, route),)
    if route.blackhole:
        why, code = "the route's target is gone", Code.BAD_STATE_ROUTE
        return journey.drop(layer, id_, name, code, why, rules=rules)
    if route.target is TargetKind.UNMODELLED:
        why, code = f"{route.target_id} is not modelled", Code.UNSUPPORTED_COMPONENT
        return journey.vanish(layer, id_, name, why, rules=rules, code=code)
    noted = journey.note(layer, id_, name, rules=rules)
    if route.target is TargetKind.FIREWALL:
        return to_firewall(atlas, noted, route.target_id, None)
    if route.target is TargetKind.INTERFACE:
        return _to_interface(atlas, noted, route.target_id)
    why, code = "an edge table leads into the VPC alone", Code.CANNOT_ROUTE
    return journey.drop(layer, id_, name, code, why, rules=rules)


def _to_interface(atlas: Atlas, journey: Journey, id_: str) -> Tree:
    found = atlas.network.interface.get(id_)
    if found is None:
        return journey.vanish(Layer.APPLIANCE, id_, id_, f"{id_} is not in the network")
    if found.holds(journey.packet.destination) and journey.aim.id == id_:
        return deliver(atlas, journey)
    if found.source_dest_check:
        why = "its source/destination check drops what is not addressed to it"
        code = Code.ENI_SOURCE_DEST_CHECK_RESTRICTION
        return journey.drop(Layer.APPLIANCE, id_, found.name, code, why)
    why = "nobody knows what the appliance does with the packet"
    code = Code.UNSUPPORTED_COMPONENT
    return journey.vanish(Layer.APPLIANCE, id_, found.name, why, code=code)
