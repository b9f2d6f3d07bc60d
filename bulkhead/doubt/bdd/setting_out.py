"""Where packets set out: in subnets, on the internet, at sites, or nobody knows where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bulkhead.doubt.bdd.entering import enter_from_internet, past_edge
from bulkhead.doubt.bdd.flood import Flood, Past, SubnetRouter, TransitTable, Wave
from bulkhead.doubt.bdd.inhabitants import prefixes_of
from bulkhead.doubt.bdd.neighbours import carries
from bulkhead.doubt.bdd.pushing import push
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.sites import sites_of, tunnels_of
from bulkhead.doubt.bdd.space import PacketSpace, Roles
from bulkhead.doubt.bdd.unmodelled import noted, site_noted
from bulkhead.doubt.bdd.within import deliver_in
from bulkhead.doubt.claims import Location, LocationKind
from bulkhead.network import (
    AttachmentKind,
    IPNetwork,
    Network,
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
    space, start = flood.space, flood.roles_of(first).start
    inside, internet = space.in_any_subnet(start), space.on_internet(start)
    elsewhere = space.elsewhere(start)
    for subnet in space.network.subnets:
        flood.wave(first, space.in_subnet(start, subnet.id)).from_subnet(subnet.id)
    if flood.behind is None:
        enter_from_internet(flood.wave(first, internet))
        _from_elsewhere(flood.wave(first, elsewhere))
        inside |= internet | elsewhere
    push(flood)
    yield Departure(inside, flood)
    if not flood.reply:
        yield _from_beyond(make(), first, internet)
    for location in space.numbers:
        if location.kind is LocationKind.SITE:
            there = space.at(start, location)
            if flood.behind == location.id:
                there |= internet | elsewhere
            for pushed in _from_site(make, flood.wave(first, there), location):
                yield Departure(there, pushed)
            if not flood.reply:
                yield from _out_of_tunnels(make, flood.wave(first, internet | elsewhere), location)


def _from_beyond(flood: Flood, first: Past, internet: PacketSet) -> Departure:
    """From the internet by what leads out of AWS and nobody observed: Direct Connect, say."""
    space, roles = flood.space, flood.roles_of(first)
    found = space.universe.none
    for vpc in space.network.vpcs:
        into = space.in_vpc(roles.end, vpc.id) & ~space.of_vpc(roles.source, vpc.id)
        found |= internet & into & _way_out(space, vpc.id)
    flood.wave(first, found).drift()
    return Departure(found, flood)


def _way_out(space: PacketSpace, vpc: str) -> PacketSet:
    network = space.network
    found = noted(space, *(each.id for each in network.vpn_gateways if each.vpc == vpc))
    sides = {(each.gateway, each.id) for each in network.transit_attachments}
    for own in network.transit_attachments:
        if (own.kind, own.resource, own.available) == (AttachmentKind.VPC, vpc, True):
            found |= noted(space, own.gateway, own.id)
            at_it = [each for each in network.transit_attachments if each.gateway == own.gateway]
            lost = all(each.id != own.gateway for each in network.transit_gateways)
            odd = any(each.kind is AttachmentKind.OTHER for each in at_it)
            far = any(
                each.kind is AttachmentKind.PEERING
                and (each.peer_gateway, each.resource) not in sides
                for each in at_it
            )
            found |= space.universe.known(lost or odd or far)
    return found


def _out_of_tunnels(make: Callable[[], Flood], wave: Wave, site: Location) -> Iterator[Departure]:
    """From addresses that are no site's: nobody at a tunnel asks whose the sender's is.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    space, roles = wave.space, wave.roles
    own = space.blocks(roles.source, prefixes_of(space.network, site.id))
    wave = wave.only(space.in_any_subnet(roles.end)).without(own)
    wave = wave.after(replace(wave.past.unreferable(), behind=site.id))
    doubtful = space.once(site_noted, site.id)
    for pushed in _from_site(make, wave.without(doubtful), site):
        yield Departure(wave.packets & ~doubtful, pushed)
    if any(carries(space, each) for each in tunnels_of(space.network, site.id)):
        flood = make()
        lost = _without_forged(flood.wave(wave.past, wave.packets & doubtful))
        lost.drift()
        yield Departure(wave.packets & doubtful, flood)


def requests_of(space: PacketSpace, roles: Roles) -> Callable[[Past], Roles]:
    """The roles of a request: behind a NAT gateway it comes from there."""
    addresses = {one for each in space.network.nat_gateways for one in each.addresses}
    translated = {each: roles.sent_by(each) for each in addresses}
    beyond = space.universe.beyond

    def roles_of(past: Past) -> Roles:
        if not past.nat:
            return roles
        sent = translated[past.nat.address] if past.nat.address else roles
        return sent.as_ipv4(beyond) if past.as_ipv4 else sent

    return roles_of


# From elsewhere


def _from_elsewhere(wave: Wave) -> None:
    let_in = wave.space.once(_let_in, wave.roles)
    wave.only(let_in).drift()
    wave = wave.without(let_in)
    for vpc in wave.network.vpcs:
        for cidrs, referable in _unseen_peers(wave.network, vpc.id):
            theirs = wave.space.blocks(wave.roles.source, cidrs)
            past = replace(wave.past if referable else wave.past.unreferable(), sure=False)
            into = wave.only(theirs & wave.space.in_vpc(wave.roles.end, vpc.id)).after(past)
            deliver_in(into, vpc.id)
    wave.lose()


def _unseen_peers(network: Network, vpc: str) -> Iterator[tuple[tuple[IPNetwork, ...], bool]]:
    """Per peering with a VPC that nobody observed: its blocks, and whether groups may be named."""
    known = {each.id for each in network.vpcs}
    for peering in network.peerings:
        one_region = peering.requester.region == peering.accepter.region
        sides = (peering.requester, peering.accepter)
        for near, far in (sides, sides[::-1]):
            if near.vpc == vpc and peering.active and far.vpc not in known:
                yield far.cidrs, one_region


def _let_in(space: PacketSpace, roles: Roles) -> PacketSet:
    """Packets that something nobody observed may let in.

    Where the VPC of their end has a route for their sender that ends in the
    unknown, or a door that nobody saw.
    """
    found = space.universe.none
    back = requests_of(space, roles.turned())
    for vpc in space.network.vpcs:
        into = space.elsewhere(roles.start) & space.in_vpc(roles.end, vpc.id)
        probe = Flood(space, back, filtered=False)
        for subnet in space.network.subnets:
            if subnet.vpc == vpc.id:
                probe.wave(Past(), into).wait(SubnetRouter(subnet.id))
        push(probe)
        found |= space.universe.union(list(probe.adrift.values()))
        found |= into & _unseen_door(space, vpc.id)
    return found


def _unseen_door(space: PacketSpace, vpc: str) -> PacketSet:
    """Packets that something nobody observed may bring into the VPC."""
    network = space.network
    found = noted(space, *(each.id for each in network.vpn_gateways if each.vpc == vpc))
    for peering in network.peerings:
        if vpc in (peering.requester.vpc, peering.accepter.vpc) and peering.active:
            found |= noted(space, peering.id)
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


def _from_site(make: Callable[[], Flood], wave: Wave, site: Location) -> Iterator[Flood]:
    """One flood for each gateway that some connection of the site ends at."""
    space, roles = wave.space, wave.roles
    wave = _without_forged(wave.without(space.at(roles.end, site)))
    for tunnel in tunnels_of(space.network, site.id):
        if carries(space, tunnel):
            for entering in _by_tunnel(make, wave, tunnel):
                push(entering)
                yield entering


def _without_forged(wave: Wave) -> Wave:
    """Less what claims an address of the very VPC that it is for."""
    space, roles = wave.space, wave.roles
    for vpc in space.network.vpcs:
        forged = space.in_vpc(roles.end, vpc.id) & space.of_vpc(roles.source, vpc.id)
        wave = wave.without(forged)
    return wave


def _by_tunnel(make: Callable[[], Flood], wave: Wave, tunnel: VpnConnection) -> Iterator[Flood]:
    network = wave.network
    doors = [
        each
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == tunnel.id
    ]
    gateways = [each for each in network.vpn_gateways if each.id == tunnel.vpn_gateway]
    for door in doors:
        if door.available:
            flood = make()
            _by_transit(flood.wave(wave.past, wave.packets), door)
            yield flood
    for gateway in gateways:
        flood = make()
        _by_vpn_gateway(flood.wave(wave.past, wave.packets), gateway)
        yield flood
    if not doors and not gateways:
        flood = make()
        flood.wave(wave.past, wave.packets).drift()
        yield flood


def _by_transit(wave: Wave, door: TransitAttachment) -> None:
    wave = wave.unless_noted(door.id, door.gateway)
    past = replace(wave.past.unreferable(), over_transit=True)
    wave.after(past).wait(TransitTable(door.gateway, door.id, zone=""))


def _by_vpn_gateway(wave: Wave, gateway: VpnGateway) -> None:
    """To its VPC; to other sites behind it only if it is a hub, which nobody knows (CloudHub)."""
    space, end = wave.space, wave.roles.end
    wave = wave.unless_noted(gateway.id)
    wave.only(space.at_sites(end, _sites_at(wave.network, gateway.id))).drift()
    past_edge(wave.only(space.in_vpc(end, gateway.vpc)), gateway.id, gateway.vpc)


def _sites_at(network: Network, gateway: str) -> list[str]:
    return [
        site
        for each in network.vpn_connections
        if each.vpn_gateway == gateway and each.available
        for site in sites_of(network, each)
    ]
