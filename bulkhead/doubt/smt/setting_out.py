"""Where a packet sets out: in a subnet, on the internet, at a site, or nobody knows where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bulkhead.doubt.claims import LocationKind
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.entering import from_internet, past_edge
from bulkhead.doubt.smt.in_doubt import in_doubt, is_in_doubt
from bulkhead.doubt.smt.inhabitants import prefixes_of
from bulkhead.doubt.smt.leaving import follow, leave
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.neighbours import carries
from bulkhead.doubt.smt.sites import connections_to, sites_of
from bulkhead.doubt.smt.terms import Formula, Header, all_of, among, any_of, either, negated, same
from bulkhead.doubt.smt.transit import cross
from bulkhead.doubt.smt.traveller import Spot, Traveller, Way, spot_of
from bulkhead.network import (
    AttachmentKind,
    Network,
    PublicAccess,
    TransitAttachment,
    VpnConnection,
)


def from_anywhere(traveller: Traveller) -> Formula:
    """From wherever the header says."""
    encoding, header = traveller.encoding, traveller.header
    within = same(header.origin, header.target)
    neighbours = all_of((within, traveller.arrives()))
    ways = []
    for spot in _spots(traveller.network):
        here = among(header.origin, map(encoding.subnet, spot.subnets))
        ways.append(all_of((here, either(within, neighbours, leave(traveller, spot)))))
    for location, number in encoding.numbers.items():
        match location.kind:
            case LocationKind.SUBNET:
                continue
            case LocationKind.SITE:
                way = _from_site(traveller, location.id)
            case LocationKind.INTERNET:
                way = _from_outside(traveller, _from_internet)
            case LocationKind.ELSEWHERE:
                way = _from_outside(traveller, _from_elsewhere)
        ways.append(all_of((same(header.origin, number), way)))
    return any_of(ways)


def _spots(network: Network) -> Iterable[Spot]:
    alike: dict[tuple[str, str, str, PublicAccess, bool], set[str]] = defaultdict(set)
    for each in network.subnets:
        place = each.vpc, each.zone, each.route_table, each.public_access, each.inspected
        alike[place].add(each.id)
    for (vpc, zone, table, access, inspected), subnets in alike.items():
        yield Spot(frozenset(subnets), vpc, zone, table, access, inspected)


def _from_outside(traveller: Traveller, usual: Callable[[Traveller], Formula]) -> Formula:
    """The usual way, or out of any tunnel: nobody there asks whose address the sender has.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    if traveller.way.behind:
        return _from_site(traveller, traveller.way.behind)
    if traveller.way.answering:
        return usual(traveller)
    network, encoding = traveller.network, traveller.encoding
    ways = [usual(traveller)]
    for kind, site in encoding.numbers:
        if kind is not LocationKind.SITE:
            continue
        coming = traveller.after(replace(traveller.trail.unreferable(), behind=site))
        tunnelled = any_of(
            _by_connection(coming, each)
            for each in connections_to(network, site)
            if carries(encoding, each)
        )
        used = any(carries(encoding, each) for each in connections_to(network, site))
        lost = used and coming.vanishes()
        doubt = is_in_doubt(encoding, site, traveller.header.cell)
        ways.append(
            all_of(
                (
                    among(traveller.header.target, encoding.subnets()),
                    negated(encoding.within(traveller.header.source, prefixes_of(network, site))),
                    _is_honest(traveller),
                    either(doubt, lost, tunnelled),
                )
            )
        )
    return any_of(ways)


def _from_internet(traveller: Traveller) -> Formula:
    """By internet gateways, or by what leads out of AWS and nobody observed."""
    usual = from_internet(traveller, follow)
    if traveller.way.answering:
        return usual
    beyond = any_of(
        all_of(
            (
                traveller.is_for_vpc(vpc.id),
                negated(traveller.is_from_vpc(vpc.id)),
                _door_to_nowhere(traveller, vpc.id),
                traveller.vanishes(),
            )
        )
        for vpc in traveller.network.vpcs
    )
    return any_of((usual, beyond))


def _door_to_nowhere(traveller: Traveller, vpc: str) -> Formula:
    """Whether the VPC is joined to what may lead anywhere: Direct Connect, Connect, a far peer."""
    encoding, network, protocol = traveller.encoding, traveller.network, traveller.header.cell
    known = {(each.gateway, each.id) for each in network.transit_attachments}
    here = {each.id for each in network.transit_gateways}
    doors: list[Formula] = [
        in_doubt(encoding, each.id, protocol) for each in network.vpn_gateways if each.vpc == vpc
    ]
    for own in network.transit_attachments:
        if own.kind is not AttachmentKind.VPC or own.resource != vpc or not own.available:
            continue
        doors.extend(in_doubt(encoding, each, protocol) for each in (own.gateway, own.id))
        doors.append(own.gateway not in here)
        doors.extend(
            each.kind is AttachmentKind.OTHER
            or (
                each.kind is AttachmentKind.PEERING
                and (each.peer_gateway, each.resource) not in known
            )
            for each in network.transit_attachments
            if each.gateway == own.gateway
        )
    return any_of(doors)


# From a site


def _from_site(traveller: Traveller, site: str) -> Formula:
    away = negated(traveller.is_for_sites((site,)))
    ways = [
        _by_connection(traveller, each)
        for each in connections_to(traveller.network, site)
        if carries(traveller.encoding, each)
    ]
    return all_of((_is_honest(traveller), away, any_of(ways)))


def _is_honest(traveller: Traveller) -> Formula:
    """Whether the sender's address is none of the VPC's own that the packet is for."""
    return all_of(
        any_of((negated(traveller.is_for_vpc(vpc.id)), negated(traveller.is_from_vpc(vpc.id))))
        for vpc in traveller.network.vpcs
    )


def _by_connection(traveller: Traveller, connection: VpnConnection) -> Formula:
    """In at whatever the connection ends at."""
    network = traveller.network
    attachments = [
        each
        for each in network.transit_attachments
        if each.kind is AttachmentKind.VPN and each.resource == connection.id
    ]
    gateways = [each for each in network.vpn_gateways if each.id == connection.vpn_gateway]
    if not attachments and not gateways:
        return traveller.vanishes()
    ways = [_by_attachment(traveller, each) for each in attachments]
    for gateway in gateways:
        hub = all_of((_shares(traveller, gateway.id), traveller.vanishes()))
        into = all_of(
            (
                traveller.is_for_vpc(gateway.vpc),
                past_edge(traveller, gateway.id, gateway.vpc, follow),
            )
        )
        ways.append(traveller.unless_in_doubt(gateway.id, any_of((hub, into))))
    return any_of(ways)


def _by_attachment(traveller: Traveller, attachment: TransitAttachment) -> Formula:
    trail = replace(traveller.trail.unreferable(), over_transit=True)
    way = attachment.available and cross(traveller.after(trail), attachment, "", follow)
    known = traveller.unless_in_doubt(attachment.id, way)
    return traveller.unless_in_doubt(attachment.gateway, known)


def _shares(traveller: Traveller, gateway: str) -> Formula:
    """Whether the target is a site behind the same VPN gateway (CloudHub)."""
    others = {
        site
        for each in traveller.network.vpn_connections
        if each.vpn_gateway == gateway and each.available
        for site in sites_of(traveller.network, each)
    }
    return traveller.is_for_sites(others)


# From elsewhere


def _from_elsewhere(traveller: Traveller) -> Formula:
    """Somebody's packets: where something that nobody observed may let them in."""
    if not traveller.way.unknown:
        return False
    astray = all_of((_may_be_let_in(traveller.encoding, traveller.header), traveller.vanishes()))
    return any_of((astray, *_from_unseen_peers(traveller)))


def _from_unseen_peers(traveller: Traveller) -> Iterator[Formula]:
    """Out of a peer that nobody observed it comes as itself, past the layers here."""
    network = traveller.network
    for peering in network.peerings:
        across = traveller
        if peering.requester.region != peering.accepter.region:
            across = traveller.after(traveller.trail.unreferable())
        for near in (peering.requester.vpc, peering.accepter.vpc):
            far = peering.other(near)
            if not peering.active or near not in network.vpc or far is None:
                continue
            if far.vpc not in network.vpc:
                theirs = traveller.encoding.within(traveller.header.source, far.cidrs)
                yield all_of((theirs, across.delivered_in(near)))


@remembered
def _may_be_let_in(encoding: Encoding, header: Header) -> Formula:
    """By a door that was not seen, or where a route back ends in the unknown."""
    network = encoding.network
    routes = Way(encoding, arrival=lambda *_: False, unknown=True, filtered=False)
    back = Traveller(routes, header.turned())
    return any_of(
        all_of(
            (
                among(header.target, encoding.in_vpc(vpc.id)),
                any_of(
                    (
                        _unseen_door(encoding, header, vpc.id),
                        *(
                            leave(back, spot_of(network, subnet.id))
                            for subnet in network.subnets
                            if subnet.vpc == vpc.id
                        ),
                    )
                ),
            )
        )
        for vpc in network.vpcs
    )


def _unseen_door(encoding: Encoding, header: Header, vpc: str) -> Formula:
    """Whether something that nobody observed may bring the packet into the VPC."""
    network = encoding.network

    def doubt(scope: str) -> Formula:
        return in_doubt(encoding, scope, header.cell)

    opened: list[Formula] = [doubt(each.id) for each in network.vpn_gateways if each.vpc == vpc]
    for peering in network.peerings:
        if peering.other(vpc) is not None and peering.active:
            opened.append(doubt(peering.id))
    for own in network.transit_attachments:
        if own.kind is AttachmentKind.VPC and own.resource == vpc and own.available:
            opened += (doubt(own.gateway), doubt(own.id), _has_unseen_side(network, own.gateway))
    return any_of(opened)


def _has_unseen_side(network: Network, gateway: str) -> bool:
    """Whether a transit gateway is not here, or something at it is not."""
    known = {(each.gateway, each.id) for each in network.transit_attachments}
    return all(each.id != gateway for each in network.transit_gateways) or any(
        each.kind is AttachmentKind.OTHER
        or (each.kind is AttachmentKind.VPC and each.resource not in network.vpc)
        or (each.kind is AttachmentKind.PEERING and (each.peer_gateway, each.resource) not in known)
        for each in network.transit_attachments
        if each.gateway == gateway
    )
