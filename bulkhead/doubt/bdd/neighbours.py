"""To what stands beside a VPC: sites behind a VPN gateway, peers, interfaces as appliances."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.flood import Wave
from bulkhead.doubt.bdd.internet import attached
from bulkhead.doubt.bdd.sites import sites_of
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.doubt.bdd.within import deliver_in
from bulkhead.network import Subnet, VpnConnection


def to_vpn_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """By the connection whose routes hold the destination by the longest prefix."""
    space, network = wave.space, wave.network
    known = {each.id: each.vpc for each in network.vpn_gateways}
    wave = attached(wave, known, here.vpc, id_)
    wave = wave.keep(space.of_vpc(wave.roles.source, here.vpc))
    wave = wave.keep(~space.in_any_subnet(wave.roles.end))
    tunnels = [each for each in network.vpn_connections if each.vpn_gateway == id_]
    for each in tunnels:
        # What was learned and is not known may be longer than all that is.
        if each.learns:
            into_tunnel(wave, each)
    prefixes = {cidr for each in tunnels for cidr in each.routes}
    for prefix in sorted(prefixes, key=lambda each: -each.prefixlen):
        block = space.block(wave.roles.destination, prefix)
        chosen = [each for each in tunnels if prefix in each.routes]
        sites = {site for each in chosen for site in sites_of(network, each)}
        led = wave.only(block)
        led = led.keep(led.for_sites(sites))
        if len(sites) > 1:
            led.drift()
        else:
            led.keep_if(any(carries(space, each) for each in chosen)).deliver()
        wave = wave.without(block)
    wave.lose()


def carries(space: PacketSpace, tunnel: VpnConnection) -> bool:
    """Whether a connection is there for this address family."""
    return tunnel.available and tunnel.version in (None, space.version)


def into_tunnel(wave: Wave, tunnel: VpnConnection) -> None:
    """To its site; to anybody outside only if it has announced more than is known."""
    wave = wave.keep_if(carries(wave.space, tunnel))
    sites = sites_of(wave.network, tunnel)
    if tunnel.learns and not wave.flood.reply:
        outside = wave.only(wave.space.outside(wave.roles.end))
        wave = wave.without(outside.packets)
        for site in sites:
            outside.after(replace(wave.past, sure=False, behind=site)).deliver()
    wave.keep(wave.for_sites(sites)).deliver()


def to_peer(wave: Wave, here: Subnet, id_: str) -> None:
    """To the VPC on the other side of a peering, and no further."""
    space, roles = wave.space, wave.roles
    link = next((each for each in wave.network.peerings if each.id == id_), None)
    if link is None:
        return wave.drift()
    wave = wave.unless_noted(id_)
    sides = {link.requester.vpc: link.accepter, link.accepter.vpc: link.requester}
    if not link.active or here.vpc not in sides:
        return wave.lose()
    far = sides[here.vpc]
    wave = wave.keep(space.of_vpc(roles.source, here.vpc))
    wave = wave.keep(space.blocks(roles.destination, far.cidrs))
    if link.requester.region != link.accepter.region:
        wave = wave.after(wave.past.unreferable())
    if far.vpc not in wave.network.vpc:
        # What it sends back by this peering is itself asked about: see `setting_out`.
        return wave.drift() if wave.flood.filtered else wave.lose()
    return deliver_in(wave, far.vpc)


def to_interface(wave: Wave, vpc: str, id_: str) -> None:
    """To the interface itself, or to what it forwards to if nobody checks its destinations."""
    space, roles = wave.space, wave.roles
    box = wave.network.interface.get(id_)
    if box is None:
        return wave.drift()
    wave = wave.unless_noted(id_)
    addressed = space.held_by(box, roles.destination)
    mine = space.in_subnet(roles.end, box.subnet)
    deliver_in(wave.only(addressed).keep(mine), vpc)
    wave = wave.without(addressed)
    if box.source_dest_check:
        return wave.lose()
    return wave.after(wave.past.unreferable()).drift()
