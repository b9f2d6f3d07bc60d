"""To what stands beside a VPC: sites behind a VPN gateway, peers, interfaces as appliances."""

from __future__ import annotations

from bulkhead.doubt.bdd.flood import Part
from bulkhead.doubt.bdd.internet import attached
from bulkhead.doubt.bdd.sites import sites_of
from bulkhead.doubt.bdd.within import deliver_in
from bulkhead.network import Subnet


def to_vpn_gateway(part: Part, here: Subnet, id_: str) -> None:
    """By the connection whose routes hold the destination by the longest prefix."""
    space, network = part.space, part.network
    known = {each.id: each.vpc for each in network.vpn_gateways}
    part = attached(part, known, here, id_)
    part = part.keep(space.of_vpc(part.layout.source, here.vpc))
    part = part.keep(~space.in_any_subnet(part.layout.end))
    tunnels = [each for each in network.vpn_connections if each.vpn_gateway == id_]
    prefixes = {cidr for each in tunnels for cidr in each.routes}
    for prefix in sorted(prefixes, key=lambda each: -each.prefixlen):
        block = space.block(part.layout.destination, prefix)
        chosen = [each for each in tunnels if prefix in each.routes]
        sites = {site for each in chosen for site in sites_of(network, each)}
        led = part.only(block).keep(space.at_sites(part.layout.end, sites))
        if len(sites) > 1:
            led.drift()
        else:
            led.keep_if(any(each.available for each in chosen)).deliver()
        part = part.without(block)
    part.lose()


def to_peer(part: Part, here: Subnet, id_: str) -> None:
    """To the VPC on the other side of a peering, and no further."""
    space, layout = part.space, part.layout
    link = next((each for each in part.network.peerings if each.id == id_), None)
    if link is None:
        return part.drift()
    part = part.unless_noted(id_)
    sides = {link.requester.vpc: link.accepter, link.accepter.vpc: link.requester}
    if not link.active or here.vpc not in sides:
        return part.lose()
    far = sides[here.vpc]
    part = part.keep(space.of_vpc(layout.source, here.vpc))
    part = part.keep(space.blocks(layout.destination, far.cidrs))
    if link.requester.region != link.accepter.region:
        part = part.after(part.past.unreferable())
    if far.vpc not in part.network.vpc:
        return part.drift()
    return deliver_in(part, far.vpc)


def to_interface(part: Part, vpc: str, id_: str) -> None:
    """To the interface itself, or to what it forwards to if nobody checks its destinations."""
    space, layout = part.space, part.layout
    box = part.network.interface.get(id_)
    if box is None:
        return part.drift()
    part = part.unless_noted(id_)
    addressed = space.universe.one_of(layout.destination, map(int, space.addresses_of(box)))
    mine = space.in_subnet(layout.end, box.subnet)
    deliver_in(part.only(addressed).keep(mine), vpc)
    part = part.without(addressed)
    if box.source_dest_check:
        return part.lose()
    return part.after(part.past.unreferable()).drift()
