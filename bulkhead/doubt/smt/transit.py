"""Through transit gateways (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bulkhead.doubt.smt.longest_prefix import routed
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.neighbours import into_tunnel
from bulkhead.doubt.smt.terms import Formula, all_of, any_of, either, inside, negated
from bulkhead.doubt.smt.traveller import Spot, TransitDoor, Traveller, spot_of
from bulkhead.network import (
    AttachmentKind,
    Network,
    Route,
    TargetKind,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
)

Follow = Callable[[Traveller, Spot, Route], Formula]
"""By a route that does not lead to local, out of a spot."""


def transit_gateway(traveller: Traveller, spot: Spot, id_: str, follow: Follow) -> Formula:
    """In at the attachment of the VPC, by a subnet of it in the zone of the packet."""
    network, trail = traveller.network, traveller.trail
    gateway = next((each for each in network.transit_gateways if each.id == id_), None)
    attachment = next(
        (
            each
            for each in network.transit_attachments
            if (each.gateway, each.kind, each.resource) == (id_, AttachmentKind.VPC, spot.vpc)
        ),
        None,
    )
    if gateway is None or attachment is None:
        return traveller.vanishes()
    refer = (
        gateway.references
        and attachment.references
        and not trail.over_transit
        and gateway.region == network.vpc[spot.vpc].region
    )
    inside_it = traveller.after(
        replace(
            trail,
            over_transit=True,
            egress_references=False,
            ingress_references=trail.ingress_references and refer,
        )
    )
    known = [network.subnet[each] for each in attachment.subnets if each in network.subnet]
    way: Formula = traveller.vanishes() if len(known) < len(attachment.subnets) else False
    entry = next((each for each in known if each.zone == spot.zone), None)
    if entry is not None:
        way = all_of(
            (
                traveller.passes_into(entry.id),
                cross(inside_it, attachment, spot.zone, follow),
            )
        )
    way = attachment.available and way
    return traveller.unless_in_doubt(id_, traveller.unless_in_doubt(attachment.id, way))


@remembered
def cross(
    traveller: Traveller, attachment: TransitAttachment, zone: str, follow: Follow
) -> Formula:
    """Through the gateway, by the table of the attachment that the packet came in by.

    `zone`: where it came from, '' where that is of no consequence.
    """
    door = TransitDoor(attachment.gateway, attachment.id)
    if door in traveller.trail.entered or attachment.table is None:
        return False
    tables = traveller.network.transit_route_tables
    table = next((each for each in tables if each.id == attachment.table), None)
    if table is None:
        return traveller.vanishes()
    trail = replace(traveller.trail, entered=traveller.trail.entered | {door})
    way = _by_table(traveller.after(trail), table, door.gateway, zone, follow)
    return traveller.unless_in_doubt(table.id, way)


def _by_table(
    traveller: Traveller, table: TransitRouteTable, gateway: str, zone: str, follow: Follow
) -> Formula:
    version = traveller.encoding.version
    address = traveller.header.destination
    way: Formula = False
    routes = sorted(
        (each for each in table.routes if each.destination.version == version),
        # What is written last into the chain wins: the longest, the static, the one that lives.
        key=lambda each: (each.destination.prefixlen, not each.propagated, not each.blackhole),
    )

    def led_by(route: TransitRoute) -> Formula:
        return not route.blackhole and traveller.by_any(
            _out_by(traveller, gateway, each, zone, follow) for each in route.attachments
        )

    for route in routes:
        if route.certain:
            way = either(inside(address, route.destination), led_by(route), way)
    for route in routes:
        if not route.certain:
            # It may be longer than any but a static one for a single address.
            first = (
                negated(inside(address, each.destination))
                for each in routes
                if each.certain and each.destination.prefixlen == each.destination.max_prefixlen
                if route.propagated and not each.propagated
            )
            taken = all_of((inside(address, route.destination), *first))
            way = either(taken, traveller.by_any((way, led_by(route))), way)
    return way


def _out_by(traveller: Traveller, gateway: str, id_: str, zone: str, follow: Follow) -> Formula:
    """By one attachment that a route names."""
    there = _attachment(traveller.network, gateway, id_)
    if there is None:
        return traveller.vanishes()
    way: Formula = False
    if there.available:
        match there.kind:
            case AttachmentKind.VPC:
                way = _into_vpc(traveller, there, zone, follow)
            case AttachmentKind.VPN:
                way = _to_connection(traveller, there)
            case AttachmentKind.PEERING:
                way = _into_other_gateway(traveller, there, follow)
            case _:
                way = traveller.vanishes()
    return traveller.unless_in_doubt(id_, way)


def _attachment(network: Network, gateway: str, id_: str) -> TransitAttachment | None:
    return next(
        (each for each in network.transit_attachments if (each.gateway, each.id) == (gateway, id_)),
        None,
    )


def _to_connection(traveller: Traveller, there: TransitAttachment) -> Formula:
    connection = traveller.network.vpn_connection.get(there.resource)
    if connection is None:
        return traveller.vanishes()
    return into_tunnel(traveller, connection)


def _into_other_gateway(traveller: Traveller, there: TransitAttachment, follow: Follow) -> Formula:
    far = next(
        (
            each
            for each in traveller.network.transit_attachments
            if each.id == there.resource
            and each.gateway == (there.peer_gateway or each.gateway)
            and each.gateway != there.gateway
        ),
        None,
    )
    if far is None:
        return traveller.vanishes()
    across = traveller.after(traveller.trail.unreferable())
    way = far.available and cross(across, far, "", follow)
    return traveller.unless_in_doubt(far.gateway, traveller.unless_in_doubt(far.id, way))


def _into_vpc(traveller: Traveller, there: TransitAttachment, zone: str, follow: Follow) -> Formula:
    """By the attachment's subnets, or by the one in the packet's own zone."""
    network, trail = traveller.network, traveller.trail
    vpc = network.vpc.get(there.resource)
    if vpc is None:
        return traveller.vanishes()
    region = next(
        (each.region for each in network.transit_gateways if each.id == there.gateway), ""
    )
    refer = trail.ingress_references and there.references and vpc.region == region
    arrived = traveller.after(replace(trail, ingress_references=refer))
    exits = list(there.subnets)
    if zone and not there.appliance_mode:
        in_zone = [
            each for each in exits if each in network.subnet and network.subnet[each].zone == zone
        ]
        exits = in_zone[:1] or exits
    if there.appliance_mode:
        # (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html)
        own = {name for *at, name in traveller.way.kept_to if at == [there.gateway, there.id]}
        exits = [each for each in exits if each in own] or exits
    return traveller.by_any(
        _out_of(_kept(arrived, there, each), each, there.gateway, follow)
        if each in network.subnet
        else traveller.vanishes()
        for each in exits
    )


def _kept(traveller: Traveller, there: TransitAttachment, subnet: str) -> Traveller:
    if traveller.way.answering or not there.appliance_mode:
        return traveller
    known = traveller.trail.kept_to | {(there.gateway, there.id, subnet)}
    return traveller.after(replace(traveller.trail, kept_to=known))


def _out_of(traveller: Traveller, subnet: str, gateway: str, follow: Follow) -> Formula:
    """Out of a subnet of an attachment: to a host in it no ACL is asked."""
    spot = spot_of(traveller.network, subnet)
    passes = traveller.passes_out_of(spot)
    here = traveller.is_for_subnet(subnet)

    def outcome(route: Route | None) -> Formula:
        if route is None or (route.target is TargetKind.LOCAL and not route.blackhole):
            away = all_of((negated(here), passes, traveller.delivered_in(spot.vpc)))
            return any_of((all_of((here, traveller.arrives())), away))
        if (route.target, route.target_id) == (TargetKind.TRANSIT_GATEWAY, gateway):
            return False
        return all_of((passes, follow(traveller, spot, route)))

    led = routed(traveller, spot.table, spot.vpc, outcome)
    return all_of((any_of((here, passes)), led))
