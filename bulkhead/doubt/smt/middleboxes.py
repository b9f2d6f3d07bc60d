"""Through boxes that stand in a subnet of their own: NAT gateways and Network Firewalls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.claims import Interval, Location
from bulkhead.doubt.smt.clients import clients
from bulkhead.doubt.smt.encoding import NAT64, Encoding
from bulkhead.doubt.smt.in_doubt import end_in_doubt
from bulkhead.doubt.smt.inhabitants import calls
from bulkhead.doubt.smt.inspection import inspects
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.regional import into_region, zones_for
from bulkhead.doubt.smt.terms import (
    Formula,
    Header,
    all_of,
    among,
    any_of,
    between,
    either,
    inside,
    same,
)
from bulkhead.doubt.smt.traveller import Inspected, Leg, SentOn, Spot, Traveller, Way
from bulkhead.doubt.smt.unseen import lets_anyone_in
from bulkhead.network import ICMP, ICMP6, TCP, UDP, Firewall, NatGateway, Network

ECHO_REQUESTS = Interval(8 * 256, 8 * 256 + 255)
ECHO_REQUESTS6 = Interval(128 * 256, 128 * 256 + 255)
NAT_PORTS = Interval(1024, 65535)

Onward = Callable[[Traveller, str], Formula]
"""On from a subnet, the subnet itself included."""


def nat_gateway(traveller: Traveller, spot: Spot, id_: str, onward: Onward) -> Formula:
    """(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""
    encoding, header, trail = traveller.encoding, traveller.header, traveller.trail
    nat = next((each for each in traveller.network.nat_gateways if each.id == id_), None)
    subnet = (nat.subnet if nat else None) or ""
    if nat is None or (nat.subnet and subnet not in traveller.network.subnet):
        return traveller.vanishes()
    if traveller.way.answering or trail.nat or id_ in trail.entered:
        return traveller.unless_in_doubt(id_, False)
    past = replace(trail.unreferable(), entered=trail.entered | {id_})
    sent = [replace(traveller, trail=replace(past, nat=each)) for each in _sent_on(nat, spot)]
    beyond: Formula
    if encoding.version == 4:
        served = among(header.protocol, (ICMP, TCP, UDP))
        beyond = traveller.by_any(
            _on(replace(each, header=_sent_by(encoding, each.trail.nat, header)), nat, onward)
            for each in sent
        )
    else:
        echo = all_of((same(header.protocol, ICMP6), between(header.port, *ECHO_REQUESTS6)))
        served = all_of(
            (
                any_of((echo, among(header.protocol, (TCP, UDP)))),
                inside(header.destination, NAT64),
                traveller.is_for_outside(),
            )
        )
        # Where nothing passes anyway nobody asks what would be made of it.
        asked = encoding.translates and traveller.way.filtered
        beyond = asked and any_of(
            _as_ipv4(sent, traveller, where, lambda one: _on(one, nat, onward))
            for where in encoding.numbers
        )
    through = all_of(
        (
            nat.available and nat.vpc == spot.vpc,
            served,
            trail.over_transit or among(header.origin, encoding.in_vpc(spot.vpc)),
            not subnet or traveller.passes_on_into(subnet, spot),
            beyond,
        )
    )
    return traveller.unless_in_doubt(id_, through)


def _sent_on(nat: NatGateway, spot: Spot) -> list[SentOn]:
    """With any of its addresses; by a regional one in any zone that it may do it in, or in none."""
    if nat.subnet is not None:
        return [SentOn(nat.id, each) for each in nat.addresses]
    return [SentOn(nat.id, None, each) for each in zones_for(nat, spot.zone) or ("",)]


def _on(traveller: Traveller, nat: NatGateway, onward: Onward) -> Formula:
    """From where the gateway stands."""
    if nat.subnet is None:
        return into_region(traveller, nat)
    return onward(traveller, nat.subnet)


def _as_ipv4(
    sent: list[Traveller],
    traveller: Traveller,
    where: Location,
    on: Callable[[Traveller], Formula],
) -> Formula:
    """As a packet of IPv4, to whoever has the address there that IPv6 calls by its own.

    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)
    """
    encoding, header = traveller.encoding, traveller.header
    lives = calls(encoding, where, header.destination)
    if lives is False:
        return False
    ways = []
    for each in sent:
        four = _made_ipv4(encoding, each.trail.nat, where, header)
        doubt = end_in_doubt(encoding.ipv4, four.target, four.destination, header.protocol)
        way, trail = _way_of_ipv4(each.way, four), replace(each.trail, ipv4=four)
        led = on(replace(each, way=way, header=four, trail=trail))
        ways.append(either(doubt, traveller.vanishes(), led))
    return all_of((lives, traveller.by_any(ways)))


@remembered
def _made_ipv4(
    encoding: Encoding, sent_on: SentOn | None, where: Location, header: Header
) -> Header:
    """An echo request is another message there (RFC 7915)."""
    echo = header.protocol == ICMP6
    address = sent_on.address if sent_on else None
    return Header(
        origin=header.origin,
        source=int(address) if address else 0,
        target=encoding.numbers[where],
        destination=z3.Extract(31, 0, header.destination),
        protocol=z3.If(echo, z3.BitVecVal(ICMP, 8), header.protocol),
        port=z3.If(echo, header.port - (ECHO_REQUESTS6.first - ECHO_REQUESTS.first), header.port),
        own=header.own,
        said=header.protocol,
    )


@remembered
def _way_of_ipv4(way: Way, four: Header) -> Way:
    """The same way on, where what the receiver says is said of the packet of IPv4.

    No rule of its groups means who sent it: that is the NAT gateway now.
    """
    encoding = way.encoding.ipv4
    unsent = replace(four, origin=encoding.internet)
    out_of_sight = all_of((way.out_of_sight, lets_anyone_in(encoding, unsent)))
    return replace(way, encoding=encoding, out_of_sight=out_of_sight, made={})


@remembered
def _sent_by(_: Encoding, sent_on: SentOn | None, header: Header) -> Header:
    """With that address, if one is shown; one header for all ways that lead there."""
    if sent_on is None or sent_on.address is None:
        return header
    return replace(header, source=int(sent_on.address))


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
                not subnet or traveller.passes_on_into(subnet, spot),
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
