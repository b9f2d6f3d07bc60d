"""Through boxes that stand in a subnet of their own: NAT gateways and Network Firewalls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv6Network

from bulkhead.doubt.claims import Interval
from bulkhead.doubt.smt.clients import clients
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.inspection import inspects
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.terms import Formula, Header, all_of, among, any_of, inside
from bulkhead.doubt.smt.traveller import Inspected, Leg, Spot, Traveller
from bulkhead.network import ICMP, ICMP6, TCP, UDP, Firewall, NatGateway, Network

NAT64 = IPv6Network("64:ff9b::/96")
"""(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""
NAT_PORTS = Interval(1024, 65535)

Onward = Callable[[Traveller, str], Formula]
"""On from a subnet, the subnet itself included."""


def nat_gateway(traveller: Traveller, spot: Spot, id_: str, onward: Onward) -> Formula:
    """(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""
    encoding, header, trail = traveller.encoding, traveller.header, traveller.trail
    nat = next((each for each in traveller.network.nat_gateways if each.id == id_), None)
    if nat is None or nat.subnet not in traveller.network.subnet:
        return traveller.vanishes()
    if traveller.way.answering or trail.nat or id_ in trail.entered:
        return traveller.unless_in_doubt(id_, False)
    behind = replace(
        traveller,
        header=_sent_by(encoding, nat, header),
        trail=replace(trail.unreferable(), nat=id_, entered=trail.entered | {id_}),
    )
    beyond: Formula
    if encoding.version == 4:
        served = among(header.protocol, (ICMP, TCP, UDP))
        beyond = onward(behind, nat.subnet)
    else:
        # What it makes of IPv6 that calls a host of IPv4 nobody follows.
        icmp = among(header.protocol, (ICMP6, TCP, UDP))
        served = all_of((icmp, inside(header.destination, NAT64)))
        beyond = traveller.vanishes()
    through = all_of(
        (
            nat.available and nat.vpc == spot.vpc,
            served,
            trail.over_transit or among(header.origin, encoding.in_vpc(spot.vpc)),
            traveller.passes_on_into(nat.subnet, spot),
            beyond,
        )
    )
    return traveller.unless_in_doubt(id_, through)


@remembered
def _sent_by(_: Encoding, nat: NatGateway, header: Header) -> Header:
    """With the address of the gateway; one header for all ways that lead there."""
    return replace(header, source=int(nat.address))


def firewall(traveller: Traveller, spot: Spot, id_: str, onward: Onward) -> Formula:
    """In at an endpoint, past the rules, out of the subnet of the endpoint."""
    network = traveller.network
    box, subnet = firewalls_by_endpoint(network).get(id_, (None, ""))
    if box is None or subnet not in network.subnet:
        return traveller.vanishes()
    through: Formula = False
    if id_ not in traveller.trail.entered:
        through = all_of(
            (
                network.subnet[subnet].vpc == spot.vpc,
                traveller.passes_on_into(subnet, spot),
                _inspects(traveller, box),
                onward(_inspected(traveller, id_), subnet),
            )
        )
    return traveller.unless_in_doubt(id_, traveller.unless_in_doubt(box.id, through))


def firewalls_by_endpoint(network: Network) -> dict[str, tuple[Firewall, str]]:
    """The firewall of each endpoint, and the subnet of the endpoint."""
    return {
        endpoint: (each, subnet)
        for each in network.firewalls
        for endpoint, subnet in each.endpoints
    }


def _inspected(traveller: Traveller, endpoint: str) -> Traveller:
    trail = traveller.trail
    leg = traveller.way.leg
    if not traveller.way.answering:
        leg = Leg.FAR if trail.nat else Leg.CLIENT
    seen = replace(
        trail.unreferable(),
        entered=trail.entered | {endpoint},
        inspected=trail.inspected | {Inspected(endpoint, leg)},
    )
    return traveller.after(seen)


def _inspects(traveller: Traveller, box: Firewall) -> Formula:
    """A reply is judged at the end, when it is known what else its request has passed."""
    if traveller.way.answering or not traveller.way.filtered:
        return True
    encoding, header, unknown = traveller.encoding, traveller.header, traveller.way.unknown
    if traveller.trail.nat:
        return inspects(encoding, box, header, NAT_PORTS, unknown=unknown)
    asking = clients(encoding, header.origin, header.source)
    return any_of(
        all_of((users, inspects(encoding, box, header, ports, unknown=unknown)))
        for ports, users in asking.items()
    )
