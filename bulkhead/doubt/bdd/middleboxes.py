"""Through boxes that stand in a subnet of their own: NAT gateways and Network Firewalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bulkhead.doubt.bdd.acls import spoken_of
from bulkhead.doubt.bdd.clients import clients
from bulkhead.doubt.bdd.flood import NatSide, Seen, SentOn, Wave
from bulkhead.doubt.bdd.inhabitants import inhabited
from bulkhead.doubt.bdd.inspection import inspection
from bulkhead.doubt.bdd.internet import nat_gateway, out_of_region
from bulkhead.doubt.bdd.longest_prefix import is_local, routed
from bulkhead.doubt.bdd.space import Sieve, last_32
from bulkhead.doubt.bdd.unmodelled import end_noted
from bulkhead.doubt.bdd.within import on_into
from bulkhead.doubt.claims import Interval
from bulkhead.network import (
    ICMP,
    ICMP6,
    TCP,
    UDP,
    Firewall,
    NatGateway,
    Network,
    PortRange,
    Subnet,
    TargetKind,
)

ECHO_REQUESTS6: Final = PortRange(128 * 256, 128 * 256 + 255)
NAT_PORTS: Final = Interval(1024, 65535)
"""Those that a NAT gateway may choose
(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""


def to_nat_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """Requests of tcp, udp and icmp, once on their way; of IPv6 those for hosts of IPv4."""
    space, universe = wave.space, wave.space.universe
    nat = nat_gateway(space, id_)
    if nat is None or (nat.subnet and nat.subnet not in wave.network.subnet):
        return wave.drift()
    wave = wave.unless_noted(id_)
    if wave.flood.reply or wave.past.nat:
        return wave.lose()
    if not nat.available or nat.vpc != here.vpc:
        return wave.lose()
    icmp = universe.is_(universe.protocol, ICMP)
    if space.version == 6:
        icmp = spoken_of(space, ICMP6, ECHO_REQUESTS6, wave.roles.port)
        wave = wave.keep(space.called(wave.roles.destination) & space.outside(wave.roles.end))
    wave = wave.keep(universe.one_of(universe.protocol, (TCP, UDP)) | icmp)
    if not wave.past.over_transit:
        wave = wave.keep(space.in_vpc(wave.roles.start, here.vpc))
    if nat.subnet is None:
        return _into_region(wave, nat, here.zone)
    for passed in on_into(wave, nat.subnet, here):
        for address in nat.addresses:
            sent_on = SentOn(id_, address)
            past = replace(passed.past.unreferable(), nat=sent_on, side=NatSide.FAR)
            for on in _as_ipv4(passed.after(past)):
                on.from_subnet(nat.subnet)
    return None


def _as_ipv4(wave: Wave) -> Iterator[Wave]:
    """Of IPv6 what becomes of it: packets to everybody whom the address may call.

    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)
    """
    if wave.space.version == 4:
        yield wave
    elif wave.flood.filtered:
        space, end = wave.space.as_ipv4, wave.space.universe.beyond
        address = last_32(wave.roles.destination)
        doubt = space.once(end_noted, end, address)
        there = wave.only(space.once(inhabited, end, address))
        untold = replace(wave.past, nat=None, side=NatSide.CLIENT)
        there.only(doubt).after(untold).drift()
        yield there.without(doubt).after(replace(wave.past, as_ipv4=True))


def _into_region(wave: Wave, nat: NatGateway, zone: str) -> None:
    """By the gateway's own table, in the zone; or in any other, if it is yet to come to this one.

    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
    """
    if not wave.flood.filtered:
        return wave.lose()  # Nobody gets in by a NAT gateway, wherever it leads.
    served = {each for each, _ in nat.zones}
    serving = [zone] if zone in served else sorted(served) if nat.expands else []
    for each in serving or [""]:
        sent_on = SentOn(nat.id, None, each)
        past = replace(wave.past.unreferable(), nat=sent_on, side=NatSide.FAR)
        for on in _as_ipv4(wave.after(past)):
            if serving:
                _by_own_table(on, nat)
            else:
                on.drift()
    return None


def _by_own_table(wave: Wave, nat: NatGateway) -> None:
    for route, portion in routed(wave, nat.route_table or "", nat.vpc):
        if is_local(route):
            portion.keep(portion.space.in_vpc(portion.roles.end, nat.vpc)).drift()
        elif route is None or route.blackhole:
            portion.lose()
        elif route.target is TargetKind.INTERNET_GATEWAY:
            out_of_region(portion, nat, route.target_id)
        else:
            portion.drift()  # No private address of it is shown, which others would see.


def to_firewall(wave: Wave, vpc: str, here: Subnet | None, id_: str) -> None:
    """In at an endpoint, past the rules, out of the subnet of the endpoint.

    `here`: the subnet that the packets leave, None at the edge of a VPC.
    """
    firewall, subnet = firewalls_by_endpoint(wave.network).get(id_, (None, ""))
    if firewall is None or subnet not in wave.network.subnet:
        return wave.drift()
    wave = wave.unless_noted(firewall.id, id_)
    if id_ in wave.past.visited or wave.network.subnet[subnet].vpc != vpc:
        return wave.lose()
    for passed in on_into(wave, subnet, here):
        for inspected in _inspected(passed, firewall, id_):
            visited = inspected.past.visited | {id_}
            inspected.after(replace(inspected.past, visited=visited)).from_subnet(subnet)
    return None


def firewalls_by_endpoint(network: Network) -> dict[str, tuple[Firewall, str]]:
    """The firewall of each endpoint, and the endpoint's subnet."""
    found = {}
    for each in network.firewalls:
        for endpoint, subnet in each.endpoints:
            found[endpoint] = each, subnet
    return found


def _inspected(wave: Wave, firewall: Firewall, endpoint: str) -> Iterator[Wave]:
    """The rules judge a request here, and a reply when its whole way is known."""
    past = wave.past
    seen_by = past.seen_by | {Seen(endpoint, past.side)}
    wave = wave.after(replace(past.unreferable(), seen_by=seen_by))
    if wave.flood.reply:
        yield wave
    else:
        yield from wave.sieved(_asked(wave, firewall))


def _asked(wave: Wave, firewall: Firewall) -> Sieve:
    """By requests from the NAT gateway's own ports, or from those of whoever sent them."""
    space, universe = wave.space, wave.space.universe
    if wave.past.nat:
        return inspection(space, firewall, wave.roles, NAT_PORTS)
    sure, may = universe.none, universe.none
    for ports, users in clients(space).items():
        judged = inspection(space, firewall, wave.roles, ports)
        sure |= users & judged.sure
        may |= users & judged.may
    return Sieve(sure=sure, may=may)
