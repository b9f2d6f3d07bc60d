"""Into VPCs from outside by gateways of their own, and past a gateway's own table."""

from __future__ import annotations

from bulkhead.doubt.bdd.flood import Wave
from bulkhead.doubt.bdd.internet import (
    closed_to_internet,
    inspected,
    unknown_to_internet,
)
from bulkhead.doubt.bdd.longest_prefix import is_local, routed
from bulkhead.doubt.bdd.middleboxes import to_firewall
from bulkhead.doubt.bdd.neighbours import to_interface
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.within import deliver_in
from bulkhead.network import Network, TargetKind


def enter_from_internet(wave: Wave) -> None:
    """To each VPC by its internet gateway.

    Replies to what left by an egress-only gateway come back by that.
    """
    space, roles = wave.space, wave.roles
    if wave.flood.asked_by is TargetKind.EGRESS_ONLY_GATEWAY:
        for vpc in wave.network.vpcs:
            deliver_in(wave.only(space.in_vpc(roles.end, vpc.id)), vpc.id)
        return wave.without(space.in_any_subnet(roles.end)).lose()
    welcome = _welcome(wave)
    for vpc in wave.network.vpcs:
        into = wave.only(space.in_vpc(roles.end, vpc.id))
        wave = wave.without(into.packets)
        into = into.keep(welcome & ~space.of_vpc(roles.source, vpc.id))
        gateways = wave.network.internet_gateways
        gateway = next((each for each in gateways if each.vpc == vpc.id), None)
        if gateway is not None:
            watched = inspected(space, roles.end)
            into.only(watched).drift()
            past_edge(into.without(watched), gateway.id, vpc.id)
        elif _names_absent_gateway(wave.network, vpc.id):
            into.drift()
        else:
            into.lose()
    return wave.lose()


def _welcome(wave: Wave) -> PacketSet:
    """Packets to public addresses that VPC Block Public Access lets in."""
    space, roles, nat = wave.space, wave.roles, wave.flood.home
    if nat is not None:
        return space.universe.known(nat.public_address is not None)
    welcome = ~space.once(unknown_to_internet, roles.end, roles.destination)
    return welcome if wave.flood.reply else welcome & ~closed_to_internet(space, roles.end)


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


def past_edge(wave: Wave, gateway: str, vpc: str) -> None:
    """Into a VPC by one of its gateways, and by the edge table of that if it has one."""
    wave = wave.unless_noted(gateway)
    table = next((each for each in wave.network.route_tables if each.gateway == gateway), None)
    if table is None:
        return deliver_in(wave, vpc)
    for route, portion in routed(wave, table.id, vpc):
        if route is None or is_local(route):
            deliver_in(portion, vpc)
        elif route.blackhole:
            portion.lose()
        elif route.target is TargetKind.UNMODELLED:
            portion.drift()
        elif route.target is TargetKind.INTERFACE:
            to_interface(portion, vpc, route.target_id)
        elif route.target is TargetKind.FIREWALL:
            to_firewall(portion, vpc, None, route.target_id)
        else:
            portion.lose()
    return None
