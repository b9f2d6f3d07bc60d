"""Through transit gateways, by their tables, and out of them into VPCs and tunnels."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.flood import TransitExit, TransitTable, Wave
from bulkhead.doubt.bdd.neighbours import into_tunnel
from bulkhead.doubt.bdd.within import into
from bulkhead.network import (
    AttachmentKind,
    Network,
    Subnet,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitRouteTable,
)


def to_transit_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """In at the attachment of the VPC, by a subnet of it in the zone of the packets."""
    network = wave.network
    hub, ours = _gateway(network, id_), _attachment_of(network, id_, here.vpc)
    if hub is None or ours is None:
        return wave.drift()
    wave = wave.unless_noted(id_, ours.id)
    if not ours.available:
        return wave.lose()
    known = [network.subnet[each] for each in ours.subnets if each in network.subnet]
    entries = [each.id for each in known if each.zone == here.zone]
    if not entries:
        return wave.drift() if len(known) != len(ours.subnets) else wave.lose()
    counts = (
        wave.past.ingress_references
        and not wave.past.over_transit
        and hub.references
        and ours.references
        and network.vpc[here.vpc].region == hub.region
    )
    for passed in into(wave, entries[0]):
        past = replace(
            passed.past, over_transit=True, egress_references=False, ingress_references=counts
        )
        passed.after(past).wait(TransitTable(id_, ours.id, here.zone))
    return None


def cross(wave: Wave, stop: TransitTable) -> None:
    """Through a transit gateway, by the table of the attachment that packets came in by."""
    came = _attachment(wave.network, stop.gateway, stop.attachment)
    mark = replace(stop, zone="")
    if came is None or came.table is None or mark in wave.past.visited:
        return wave.lose()
    wave = wave.after(replace(wave.past, visited=wave.past.visited | {mark}))
    tables = [each for each in wave.network.transit_route_tables if each.id == came.table]
    if not tables:
        return wave.drift()
    wave = wave.unless_noted(tables[0].id)
    _cross_perhaps(wave, stop, tables[0])
    for route in sorted((each for each in tables[0].routes if each.certain), key=_rank):
        block = wave.space.block(wave.roles.destination, route.destination)
        _by_route(wave.only(block), stop, route)
        wave = wave.without(block)
    return wave.lose()


def _cross_perhaps(wave: Wave, stop: TransitTable, table: TransitRouteTable) -> None:
    """What a route that may not be there might take goes by it as well.

    That is longer than all but a static one for a single address.
    """
    space, destination = wave.space, wave.roles.destination
    hosts = [
        each.destination
        for each in table.routes
        if each.certain
        and not each.propagated
        and each.destination.prefixlen == each.destination.max_prefixlen
    ]
    for route in table.routes:
        if not route.certain:
            going = wave.only(space.block(destination, route.destination))
            if route.propagated:
                going = going.without(space.blocks(destination, hosts))
            _by_route(going, stop, route)


def _by_route(wave: Wave, stop: TransitTable, route: TransitRoute) -> None:
    if wave.empty:
        return
    if route.blackhole or not route.attachments:
        wave.lose()
    else:
        for each in route.attachments:
            _out_by(wave, stop, each)


def _rank(route: TransitRoute) -> tuple[int, bool, bool]:
    return -route.destination.prefixlen, route.propagated, route.blackhole


def _out_by(wave: Wave, stop: TransitTable, id_: str) -> None:
    """By one attachment that a route names."""
    door = _attachment(wave.network, stop.gateway, id_)
    if door is None:
        return wave.drift()
    wave = wave.unless_noted(id_).keep_if(door.available)
    match door.kind:
        case AttachmentKind.VPC:
            _into_vpc(wave, door, stop.zone)
        case AttachmentKind.VPN:
            _to_connection(wave, door.resource)
        case AttachmentKind.PEERING:
            _to_other_gateway(wave, door)
        case _:
            wave.drift()
    return None


def _to_connection(wave: Wave, connection: str) -> None:
    tunnel = wave.network.vpn_connection.get(connection)
    if tunnel is None:
        return wave.drift()
    return into_tunnel(wave, tunnel)


def _to_other_gateway(wave: Wave, door: TransitAttachment) -> None:
    for each in wave.network.transit_attachments:
        meant = door.peer_gateway is None or each.gateway == door.peer_gateway
        if each.id == door.resource and each.gateway != door.gateway and meant:
            wave = wave.unless_noted(each.gateway, each.id)
            if not each.available:
                return wave.lose()
            across = wave.after(wave.past.unreferable())
            return across.wait(TransitTable(each.gateway, each.id, zone=""))
    return wave.drift()


def _into_vpc(wave: Wave, door: TransitAttachment, zone: str) -> None:
    """By the attachment's subnets, or by the one in the packets' own zone."""
    network = wave.network
    vpc, hub = network.vpc.get(door.resource), _gateway(network, door.gateway)
    if vpc is None:
        return wave.drift()
    if not door.references or hub is None or vpc.region != hub.region:
        wave = wave.after(replace(wave.past, ingress_references=False))
    exits: tuple[str, ...] = door.subnets
    if zone and not door.appliance_mode:
        near = [
            each for each in exits if each in network.subnet and network.subnet[each].zone == zone
        ]
        exits = tuple(near[:1]) or exits
    if not exits:
        return wave.lose()
    if not door.appliance_mode:
        return _come_out(wave, door, exits)
    # A flow keeps to one subnet, both ways
    # (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html).
    by = {each: (door.id, TransitExit(each, door.gateway)) for each in exits}
    if wave.flood.reply:
        own = tuple(each for each in exits if by[each] in wave.flood.exits)
        return _come_out(wave, door, own or exits)
    for each in exits:
        used = replace(wave.past, exits=wave.past.exits | {by[each]})
        _come_out(wave.after(used), door, (each,))
    return None


def _come_out(wave: Wave, door: TransitAttachment, exits: tuple[str, ...]) -> None:
    for each in exits:
        if each in wave.network.subnet:
            wave.wait(TransitExit(each, door.gateway))
        else:
            wave.drift()


def _gateway(network: Network, id_: str) -> TransitGateway | None:
    return next((each for each in network.transit_gateways if each.id == id_), None)


def _attachment(network: Network, gateway: str, id_: str) -> TransitAttachment | None:
    for each in network.transit_attachments:
        if (each.gateway, each.id) == (gateway, id_):
            return each
    return None


def _attachment_of(network: Network, gateway: str, vpc: str) -> TransitAttachment | None:
    for each in network.transit_attachments:
        if (each.gateway, each.kind, each.resource) == (gateway, AttachmentKind.VPC, vpc):
            return each
    return None
