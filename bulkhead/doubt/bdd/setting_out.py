"""Where packets set out: in subnets, on the internet, at sites, or nobody knows where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bulkhead.doubt.bdd.flood import AtRouter, Flood, InTransit, Part, Past
from bulkhead.doubt.bdd.internet import closed_to_internet, unknown_to_internet
from bulkhead.doubt.bdd.pushing import past_edge, push
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.sites import sites_of, tunnels_of
from bulkhead.doubt.bdd.space import Layout, PacketSpace
from bulkhead.doubt.bdd.unmodelled import noted
from bulkhead.doubt.claims import LocationKind, site_at
from bulkhead.network import (
    AttachmentKind,
    Network,
    TargetKind,
    TransitAttachment,
    VpnConnection,
    VpnGateway,
)


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """One way to set out, pushed to its ends. Of several, one that passes is enough."""

    start: PacketSet
    flood: Flood


def departures(make: Callable[[], Flood], first: Past) -> Iterator[Departure]:
    """All ways in which packets with this past can set out, each in a flood of its own."""
    flood = make()
    space, start = flood.space, flood.layout_of(first).start
    inside, internet = space.in_any_subnet(start), space.on_internet(start)
    elsewhere = space.elsewhere(start)
    for subnet in space.network.subnets:
        flood.part(first, space.in_subnet(start, subnet.id)).from_subnet(subnet.id)
    _from_internet(flood.part(first, internet))
    _from_elsewhere(flood.part(first, elsewhere))
    push(flood)
    yield Departure(inside | internet | elsewhere, flood)
    for location in space.numbers:
        if location.kind is LocationKind.SITE:
            there = space.at(start, location)
            for pushed in _from_site(make, location.id, first, there):
                yield Departure(there, pushed)


def requests_of(space: PacketSpace, layout: Layout) -> Callable[[Past], Layout]:
    """The layout of a request: behind a NAT gateway it comes from there."""
    translated = {each.id: layout.sent_by(each) for each in space.network.nat_gateways}
    return lambda past: translated[past.nat] if past.nat else layout


# From the internet


def _from_internet(part: Part) -> None:
    space, layout = part.space, part.layout
    welcome = _welcome(part)
    for vpc in part.network.vpcs:
        into = part.only(space.in_vpc(layout.end, vpc.id))
        part = part.without(into.packets)
        into = into.keep(welcome & ~space.of_vpc(layout.source, vpc.id))
        gateways = part.network.internet_gateways
        gateway = next((each for each in gateways if each.vpc == vpc.id), None)
        if gateway is not None:
            past_edge(into, gateway.id, vpc.id)
        elif _names_absent_gateway(part.network, vpc.id):
            into.drift()
        else:
            into.lose()
    part.lose()


def _welcome(part: Part) -> PacketSet:
    """Packets to public addresses that VPC Block Public Access lets in."""
    space, layout, nat = part.space, part.layout, part.flood.home
    if nat is not None:
        return space.universe.known(nat.public_address is not None)
    welcome = ~space.once(unknown_to_internet, layout.end, layout.destination)
    return welcome if part.flood.reply else welcome & ~closed_to_internet(space, layout.end)


def _names_absent_gateway(network: Network, vpc: str) -> bool:
    """Whether a route of the VPC leads to an internet gateway that is not here."""
    here = {each.id for each in network.internet_gateways}
    used = {each.route_table for each in network.subnets if each.vpc == vpc}
    for table in network.route_tables:
        if table.vpc != vpc and table.id not in used:
            continue
        for route in table.routes:
            foreign = route.target_id not in here and not route.blackhole
            if route.target is TargetKind.INTERNET_GATEWAY and foreign:
                return True
    return False


# From elsewhere


def _from_elsewhere(part: Part) -> None:
    let_in = part.space.once(_let_in, part.layout)
    part.only(let_in).drift()
    part.without(let_in).lose()


def _let_in(space: PacketSpace, layout: Layout) -> PacketSet:
    """Packets that something nobody observed may let in.

    Where the VPC of their end has a route for their sender that ends in the
    unknown, or a door that nobody saw.
    """
    found = space.universe.none
    back = requests_of(space, layout.turned())
    for vpc in space.network.vpcs:
        into = space.elsewhere(layout.start) & space.in_vpc(layout.end, vpc.id)
        probe = Flood(space, back, filtered=False)
        for subnet in space.network.subnets:
            if subnet.vpc == vpc.id:
                probe.part(Past(), into).wait(AtRouter(subnet.id))
        push(probe)
        found |= space.universe.union(list(probe.adrift.values()))
        found |= into & _unseen_door(space, vpc.id, layout)
    return found


def _unseen_door(space: PacketSpace, vpc: str, layout: Layout) -> PacketSet:
    """Packets that something nobody observed may bring into the VPC."""
    network = space.network
    found = noted(space, *(each.id for each in network.vpn_gateways if each.vpc == vpc))
    for peering in network.peerings:
        sides = (peering.requester, peering.accepter)
        for near, far in (sides, sides[::-1]):
            if near.vpc == vpc and peering.active:
                found |= noted(space, peering.id)
                if far.vpc not in network.vpc:
                    found |= space.blocks(layout.source, far.cidrs)
    for own in network.transit_attachments:
        if own.kind is AttachmentKind.VPC and own.resource == vpc and own.available:
            found |= noted(space, own.gateway, own.id)
            found |= space.universe.known(_out_of_sight(network, own))
    return found


def _out_of_sight(network: Network, own: TransitAttachment) -> bool:
    """Whether the gateway is not here, or something at it is not."""
    known = {(each.gateway, each.id) for each in network.transit_attachments}
    if all(each.id != own.gateway for each in network.transit_gateways):
        return True
    for each in network.transit_attachments:
        if each.gateway == own.gateway and (
            each.kind is AttachmentKind.OTHER
            or (each.kind is AttachmentKind.VPC and each.resource not in network.vpc)
            or (
                each.kind is AttachmentKind.PEERING
                and (each.peer_gateway, each.resource) not in known
            )
        ):
            return True
    return False


# From a site


def _from_site(
    make: Callable[[], Flood], site: str, first: Past, start: PacketSet
) -> Iterator[Flood]:
    """One flood for each gateway that some connection of the site ends at."""
    model = make()
    space, layout = model.space, model.layout_of(first)
    away = start & ~space.at(layout.end, site_at(site))
    for vpc in space.network.vpcs:
        forged = space.in_vpc(layout.end, vpc.id) & space.of_vpc(layout.source, vpc.id)
        away &= ~forged
    for tunnel in tunnels_of(space.network, site):
        if tunnel.available:
            for flood in _by_tunnel(make, tunnel, first, away):
                push(flood)
                yield flood


def _by_tunnel(
    make: Callable[[], Flood], tunnel: VpnConnection, first: Past, away: PacketSet
) -> Iterator[Flood]:
    network = make().space.network
    doors = [
        each
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == tunnel.id
    ]
    gateways = [each for each in network.vpn_gateways if each.id == tunnel.vpn_gateway]
    for door in doors:
        if door.available:
            flood = make()
            _by_transit(flood.part(first, away), door)
            yield flood
    for gateway in gateways:
        flood = make()
        _by_vpn_gateway(flood.part(first, away), gateway)
        yield flood
    if not doors and not gateways:
        flood = make()
        flood.part(first, away).drift()
        yield flood


def _by_transit(part: Part, door: TransitAttachment) -> None:
    part = part.unless_noted(door.id, door.gateway)
    past = replace(part.past.unreferable(), over_transit=True)
    part.after(past).wait(InTransit(door.gateway, door.id, zone=""))


def _by_vpn_gateway(part: Part, gateway: VpnGateway) -> None:
    """To its VPC; to other sites behind it only if it is a hub, which nobody knows (CloudHub)."""
    space, end = part.space, part.layout.end
    part = part.unless_noted(gateway.id)
    part.only(space.at_sites(end, _sites_at(part.network, gateway.id))).drift()
    past_edge(part.only(space.in_vpc(end, gateway.vpc)), gateway.id, gateway.vpc)


def _sites_at(network: Network, gateway: str) -> list[str]:
    return [
        site
        for each in network.vpn_connections
        if each.vpn_gateway == gateway and each.available
        for site in sites_of(network, each)
    ]
