"""Through a transit gateway: in by one attachment, by its table, out by another.

(docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
"""

from __future__ import annotations

from dataclasses import replace

from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.filters import acl
from bulkhead.explain.walk.journey import (
    Fork,
    IntoTransit,
    Journey,
    OutOfTransit,
    Reference,
    Rule,
    Tree,
)
from bulkhead.explain.walk.routes import transit_overruled, transit_routes_for
from bulkhead.explain.walk.tunnels import carries, learned, may_learn
from bulkhead.explain.walk.turn import Turn
from bulkhead.network import (
    AttachmentKind,
    Direction,
    Network,
    Subnet,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
)


def transit_gateway(turn: Turn) -> Tree:
    """From a VPC in by its attachment, by way of the attachment's subnet in the same zone."""
    atlas, subnet, id_ = turn.atlas, turn.subnet, turn.route.target_id
    found = atlas.transit_gateway.get(id_)
    if found is None or atlas.doubt(id_):
        return turn.missing(Layer.TRANSIT, found.name if found else "")
    journey = turn.taken()
    attachment = atlas.attachment_of(id_, AttachmentKind.VPC, subnet.vpc)
    if attachment is None or atlas.doubt(attachment.id):
        why = "no attachment of the VPC to it is in the network"
        why = atlas.doubt(attachment.id) if attachment else why
        return journey.vanish(Layer.TRANSIT, id_, found.name, why)
    if not attachment.available:
        return _not_available(journey, attachment)
    inside = [atlas.network.subnet.get(each) for each in attachment.subnets]
    near = [each for each in inside if each and each.zone == subnet.zone]
    if not near:
        if None in inside:
            why = "a subnet of the attachment is not in the network"
            return journey.vanish(Layer.TRANSIT, attachment.id, attachment.name, why)
        why = f"the attachment has no subnet in {subnet.zone}"
        code = Code.TGW_ROUTE_AZ_RESTRICTION
        return journey.drop(Layer.TRANSIT, attachment.id, attachment.name, code, why)
    # Also where the sender's own subnet is the attachment's
    # (docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
    journey = acl(atlas, journey, near[0].id, Direction.INGRESS)
    if not (found.references and attachment.references):
        journey = journey.unreferable(Code.SG_REFERENCING_SUPPORT)
    elif journey.reference is Reference.BOTH:
        journey = replace(journey, reference=Reference.INGRESS)
    return replace(journey, stage=IntoTransit(id_, attachment.id, subnet.zone))


def cross(atlas: Atlas, journey: Journey, stage: IntoTransit) -> Tree:
    """By the table of the attachment to each that the route names."""
    gateway = atlas.transit_gateway.get(stage.gateway)
    name = gateway.name if gateway else stage.gateway
    attachment = atlas.attachment(stage.gateway, stage.attachment)
    why = atlas.doubt(stage.gateway) or atlas.doubt(stage.attachment)
    if attachment is None or why:
        why = why or f"{stage.attachment} is not in the network"
        return journey.vanish(Layer.TRANSIT, stage.gateway, name, why)
    mark = f"{stage.gateway}/{stage.attachment}"
    if mark in journey.visited:
        why = "the packet came in by this attachment already"
        code = Code.NO_POSSIBLE_DESTINATION
        return journey.drop(Layer.TRANSIT, stage.gateway, name, code, why)
    journey = replace(
        journey,
        visited=journey.visited | {mark},
        transits=(*journey.transits, stage.gateway),
        attachments=(*journey.attachments, (stage.gateway, stage.attachment)),
    )
    if len(journey.transits) > 1:
        journey = journey.unreferable()
    if attachment.table is None:
        code = Code.TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION
        why = "the attachment is associated with no route table"
        return journey.drop(Layer.TRANSIT, attachment.id, attachment.name, code, why)
    return _look_up(atlas, journey, stage, attachment.table)


def _look_up(atlas: Atlas, journey: Journey, stage: IntoTransit, id_: str) -> Tree:
    table = atlas.transit_table.get(id_)
    why = atlas.doubt(id_) or ("" if table else f"route table {id_} is not in the network")
    if table is None or why:
        code = Code.TGW_RTB_ROUTES_ARE_UNKNOWN
        return journey.vanish(Layer.TRANSIT_ROUTE, id_, id_, why, code=code)
    routes = transit_routes_for(table, journey.packet.destination)
    return _candidates(tuple(_by(atlas, journey, stage, table, each) for each in routes))


def _by(
    atlas: Atlas,
    journey: Journey,
    stage: IntoTransit,
    table: TransitRouteTable,
    route: TransitRoute | None,
) -> Tree:
    """By one route of the table."""
    id_, address = table.id, journey.packet.destination
    wanted = _leading_to_aim(atlas, journey, stage.gateway)
    if route is None:
        led = {each for one in table.routes for each in one.attachments}
        code = (
            Code.TGW_RTB_CANNOT_ROUTE if wanted & led else Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT
        )
        why = f"no route to {address}"
        return journey.drop(Layer.TRANSIT_ROUTE, id_, table.name, code, why)
    also = tuple(transit_overruled(table, route, address, wanted))
    rules = (RuleRef(id_, route),)
    if route.blackhole or not route.attachments:
        code = Code.TGW_RTB_BAD_STATE_ROUTE
        why = "a blackhole"
        return journey.drop(Layer.TRANSIT_ROUTE, id_, table.name, code, why, rules=rules, also=also)
    if not wanted & set(route.attachments):
        also = also or (Code.TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT,)
    journey = journey.note(Layer.TRANSIT_ROUTE, id_, table.name, rules=rules)
    return _candidates(tuple(_out(atlas, journey, stage, each, also) for each in route.attachments))


def _leading_to_aim(atlas: Atlas, journey: Journey, gateway: str) -> set[str]:
    """The gateway's attachments behind which the aim may be."""
    connections = {each.id for each in atlas.connections_of(journey.aim)}
    return {
        each.id
        for each in atlas.network.transit_attachments
        if each.gateway == gateway and (each.resource in {journey.aim.vpc, *connections})
    }


def _out(
    atlas: Atlas, journey: Journey, stage: IntoTransit, id_: str, also: tuple[Code, ...]
) -> Tree:
    """Out by one attachment."""
    attachment = atlas.attachment(stage.gateway, id_)
    why = atlas.doubt(id_) or ("" if attachment else f"{id_} is not in the network")
    if attachment is None or why:
        return journey.vanish(Layer.TRANSIT, id_, id_, why)
    if attachment.kind is AttachmentKind.OTHER:
        why = f"what lies behind {attachment.resource} is not modelled"
        code = Code.UNSUPPORTED_COMPONENT
        return journey.vanish(Layer.TRANSIT, id_, attachment.name, why, code=code)
    if not attachment.available:
        return _not_available(journey, attachment)
    journey = replace(journey, attachments=(*journey.attachments, (stage.gateway, id_)))
    if attachment.kind is AttachmentKind.VPN:
        return _to_site(atlas, journey, attachment, also)
    if attachment.kind is AttachmentKind.PEERING:
        return _to_peer(atlas, journey, attachment)
    return _to_vpc(atlas, journey, stage, attachment)


def _to_site(
    atlas: Atlas, journey: Journey, attachment: TransitAttachment, also: tuple[Code, ...]
) -> Tree:
    id_ = attachment.resource
    connection = atlas.network.vpn_connection.get(id_)
    if connection is None:
        return journey.vanish(Layer.VPN, id_, id_, f"{id_} is not in the network")
    up = carries(connection, journey.packet.destination)
    if up and may_learn(journey, connection):
        return learned(atlas, journey, connection)
    if id_ not in {each.id for each in atlas.connections_of(journey.aim)}:
        why = "the VPN connection leads elsewhere"
        code = Code.NO_POSSIBLE_DESTINATION
        return journey.drop(Layer.VPN, id_, connection.name, code, why, also=also)
    if not up:
        why = "the VPN connection is not available"
        return journey.drop(Layer.VPN, id_, connection.name, Code.TGW_BAD_STATE_VPN, why)
    return journey.note(Layer.VPN, id_, connection.name).arrive()


def _to_peer(atlas: Atlas, journey: Journey, attachment: TransitAttachment) -> Tree:
    """Into the other gateway by its side of the peering."""
    other = next(
        (
            each
            for each in atlas.network.transit_attachments
            if each.id == attachment.resource
            and each.gateway == (attachment.peer_gateway or each.gateway)
            and each.gateway != attachment.gateway
        ),
        None,
    )
    if other is None:
        why = f"the other side, {attachment.resource}, is not in the network"
        code = Code.UNKNOWN_DESTINATION
        return journey.vanish(Layer.TRANSIT, attachment.id, attachment.name, why, code=code)
    if not other.available:
        return _not_available(journey, other)
    journey = journey.note(Layer.TRANSIT, attachment.id, attachment.name).unreferable()
    return replace(journey, stage=IntoTransit(other.gateway, other.id, None))


def _to_vpc(
    atlas: Atlas, journey: Journey, stage: IntoTransit, attachment: TransitAttachment
) -> Tree:
    """Out into a VPC: in the zone it came from where the attachment has a subnet there.

    (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html)
    """
    id_ = attachment.id
    if attachment.resource not in atlas.network.vpc:
        why = f"VPC {attachment.resource} is not in the network"
        code = Code.UNKNOWN_DESTINATION
        return journey.vanish(Layer.TRANSIT, id_, attachment.name, why, code=code)
    if not attachment.references:
        journey = journey.unreferable(Code.SG_REFERENCING_SUPPORT)
    if not _one_region(atlas.network, journey):
        journey = journey.unreferable()
    journey = journey.note(Layer.TRANSIT, id_, attachment.name)
    zones = [atlas.network.subnet.get(each) for each in attachment.subnets]
    same = [each for each in zones if each and each.zone == stage.zone]
    if same and not attachment.appliance_mode:
        others = tuple(each for each in attachment.subnets if each != same[0].id)
        return replace(journey, stage=OutOfTransit(same[0], stage.gateway, others))
    if not zones:
        why = "the attachment has no subnet"
        code = Code.NO_POSSIBLE_DESTINATION
        return journey.drop(Layer.TRANSIT, id_, attachment.name, code, why)
    missing = "a subnet of the attachment is not in the network"
    if attachment.appliance_mode and journey.reply:
        # A flow keeps to one subnet, both ways.
        asked = {by[2] for by in journey.flows_by if by[:2] == (stage.gateway, id_)}
        zones = [each for each in zones if each and each.id in asked] or zones
    return _candidates(
        tuple(
            replace(_flowing(journey, attachment, each), stage=OutOfTransit(each, stage.gateway))
            if each
            else journey.vanish(Layer.TRANSIT, id_, attachment.name, missing)
            for each in zones
        )
    )


def _flowing(journey: Journey, attachment: TransitAttachment, subnet: Subnet) -> Journey:
    if journey.reply or not attachment.appliance_mode:
        return journey
    by = (attachment.gateway, attachment.id, subnet.id)
    return replace(journey, flows_by=(*journey.flows_by, by))


def _one_region(network: Network, journey: Journey) -> bool:
    """Whether all VPCs that the packet came and went by are in one Region."""
    resources = {
        each.resource
        for each in network.transit_attachments
        if (each.gateway, each.id) in journey.attachments and each.kind is AttachmentKind.VPC
    }
    return len({network.vpc[each].region for each in resources if each in network.vpc}) == 1


def _candidates(trees: tuple[Tree, ...]) -> Tree:
    return trees[0] if len(trees) == 1 else Fork(Rule.EACH, trees)


def _not_available(journey: Journey, attachment: TransitAttachment) -> Journey:
    why = "the attachment is not available"
    id_, name = attachment.id, attachment.name
    return journey.drop(Layer.TRANSIT, id_, name, Code.BAD_STATE_ATTACHMENT, why)
