"""To what stands beside a VPC: sites behind a VPN gateway, peers, interfaces as appliances."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.sites import sites_of
from bulkhead.doubt.smt.terms import Formula, all_of, among, any_of, either, inside, negated
from bulkhead.doubt.smt.traveller import Spot, Traveller
from bulkhead.network import IPNetwork, VpnConnection


def vpn_gateway(traveller: Traveller, spot: Spot, id_: str) -> Formula:
    """By the connection whose routes hold the destination by the longest prefix."""
    found = [each for each in traveller.network.vpn_gateways if each.id == id_]
    if not found:
        return traveller.vanishes()
    header = traveller.header
    tunnels: dict[IPNetwork, list[VpnConnection]] = defaultdict(list)
    for connection in traveller.network.vpn_connections:
        for prefix in connection.routes if connection.vpn_gateway == id_ else ():
            if prefix.version == traveller.encoding.version:
                tunnels[prefix].append(connection)
    way: Formula = False
    for prefix in sorted(tunnels, key=lambda each: each.prefixlen):
        led = _by_tunnels(traveller, tunnels[prefix])
        way = either(inside(header.destination, prefix), led, way)
    # What was learned and is not known may be longer than all of them.
    learned = [
        into_tunnel(traveller, each)
        for each in traveller.network.vpn_connections
        if each.vpn_gateway == id_ and each.learns
    ]
    way = traveller.by_any((way, *learned))
    through = all_of(
        (
            found[0].vpc == spot.vpc,
            traveller.is_from_vpc(spot.vpc),
            negated(among(header.target, traveller.encoding.subnets())),
            way,
        )
    )
    return traveller.unless_in_doubt(id_, through)


def _by_tunnels(traveller: Traveller, tunnels: list[VpnConnection]) -> Formula:
    """Several connections of one site are one end; of several sites nobody knows which."""
    sites = {site for each in tunnels for site in sites_of(traveller.network, each)}
    there = traveller.is_for_sites(sites)
    if len(sites) > 1:
        return all_of((there, traveller.vanishes()))
    usable = any(carries(traveller.encoding, each) for each in tunnels)
    return all_of((usable, there, traveller.arrives()))


def carries(encoding: Encoding, tunnel: VpnConnection) -> bool:
    """Whether a connection is there for this address family."""
    return tunnel.available and tunnel.version in (None, encoding.version)


def into_tunnel(traveller: Traveller, tunnel: VpnConnection) -> Formula:
    """To its site, or if it may have announced more than is known, to anybody outside."""
    if not carries(traveller.encoding, tunnel):
        return False
    sites = sites_of(traveller.network, tunnel)
    arrived = [all_of((traveller.is_for_sites(sites), traveller.arrives()))]
    if tunnel.learns and traveller.way.unknown and not traveller.way.answering:
        for site in sites:
            there = traveller.after(replace(traveller.trail, behind=site))
            arrived.append(all_of((traveller.is_for_outside(), there.arrives())))
    return any_of(arrived)


def peering(traveller: Traveller, spot: Spot, id_: str) -> Formula:
    """To the VPC on the other side, and no further."""
    found = [each for each in traveller.network.peerings if each.id == id_]
    if not found:
        return traveller.vanishes()
    far = found[0].other(spot.vpc)
    if far is None or not found[0].active:
        return traveller.unless_in_doubt(id_, False)
    across = traveller
    if found[0].requester.region != found[0].accepter.region:
        across = traveller.after(traveller.trail.unreferable())
    # What an unseen peer sends back by the peering is itself asked about: see `setting_out`.
    arrives = traveller.way.filtered and traveller.vanishes()
    if far.vpc in traveller.network.vpc:
        arrives = across.delivered_in(far.vpc)
    through = all_of(
        (
            traveller.is_from_vpc(spot.vpc),
            traveller.encoding.within(traveller.header.destination, far.cidrs),
            arrives,
        )
    )
    return traveller.unless_in_doubt(id_, through)


def interface(traveller: Traveller, spot: Spot, id_: str) -> Formula:
    """To the interface itself, or to what it forwards to if nobody checks its destinations."""
    found = traveller.network.interface.get(id_)
    if found is None:
        return traveller.vanishes()
    encoding, header = traveller.encoding, traveller.header
    own = encoding.is_one_of((found,), header.target, header.destination)
    delivered = all_of((own, traveller.delivered_in(spot.vpc)))
    forwarded: Formula = False
    if not found.source_dest_check:
        addressed = encoding.is_held((found,), header.destination)
        forwarded = all_of((negated(addressed), traveller.vanishes()))
    return traveller.unless_in_doubt(id_, any_of((delivered, forwarded)))
