"""Through boxes that stand in a subnet of their own: NAT gateways and Network Firewalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv6Network
from typing import Final

from bulkhead.doubt.bdd.clients import clients
from bulkhead.doubt.bdd.flood import NatSide, Seen, Wave
from bulkhead.doubt.bdd.inspection import inspection
from bulkhead.doubt.bdd.internet import nat_gateway
from bulkhead.doubt.bdd.space import Sieve
from bulkhead.doubt.bdd.within import on_into
from bulkhead.doubt.claims import Interval
from bulkhead.network import ICMP, ICMP6, TCP, UDP, Firewall, Network, Subnet

NAT64: Final = IPv6Network((0x64FF9B << 96, 96))
"""(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""
NAT_PORTS: Final = Interval(1024, 65535)
"""Those that a NAT gateway may choose
(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""


def to_nat_gateway(wave: Wave, here: Subnet, id_: str) -> None:
    """Requests of tcp, udp and icmp, once on their way; of IPv6 those for hosts of IPv4."""
    space, universe = wave.space, wave.space.universe
    nat = nat_gateway(space, id_)
    if nat is None or nat.subnet not in wave.network.subnet:
        return wave.drift()
    wave = wave.unless_noted(id_)
    if wave.flood.reply or wave.past.nat:
        return wave.lose()
    if not nat.available or nat.vpc != here.vpc:
        return wave.lose()
    icmp = ICMP if space.version == 4 else ICMP6
    wave = wave.keep(universe.one_of(universe.protocol, (icmp, TCP, UDP)))
    if space.version == 6:
        wave = wave.keep(space.block(wave.roles.destination, NAT64))
    if not wave.past.over_transit:
        wave = wave.keep(space.in_vpc(wave.roles.start, here.vpc))
    for passed in on_into(wave, nat.subnet, here):
        if space.version == 6:
            passed.drift()  # What becomes of it as IPv4 nobody follows.
            continue
        past = replace(passed.past.unreferable(), nat=id_, side=NatSide.FAR)
        passed.after(past).from_subnet(nat.subnet)
    return None


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
