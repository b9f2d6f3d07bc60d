"""The reply to a request: judged the same way, by the boxes that have seen the request."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.smt.acls import acl, acl_of_end
from bulkhead.doubt.smt.inspection import answers
from bulkhead.doubt.smt.leaving import from_subnet
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.middleboxes import firewalls_by_endpoint
from bulkhead.doubt.smt.round_trip import RoundTrip
from bulkhead.doubt.smt.setting_out import from_anywhere
from bulkhead.doubt.smt.terms import Formula, Header, all_of, answer_to
from bulkhead.doubt.smt.traveller import Inspected, Leg, Trail, Traveller, Way
from bulkhead.network import Direction, NatGateway, TargetKind


def reply_returns(trip: RoundTrip, asked: Trail, *, unknown: bool) -> Formula:
    """The reply returns to a request that has been through this."""
    return _returns(
        trip,
        asked.nat,
        asked.left_by,
        asked.inspected,
        ipv4=asked.ipv4,
        behind=asked.behind,
        unknown=unknown,
    )


@remembered
def _returns(
    trip: RoundTrip,
    asked_by_nat: str | None,
    left_by: TargetKind | None,
    inspected: frozenset[Inspected],
    *,
    ipv4: Header | None,
    behind: str | None,
    unknown: bool,
) -> Formula:
    encoding = trip.encoding
    nats = encoding.network.nat_gateways
    nat = next((each for each in nats if each.id == asked_by_nat), None)
    headers = {Leg.CLIENT: trip.reply, Leg.FAR: trip.reply}
    if nat is not None:
        headers[Leg.FAR] = _to_nat(trip, nat) if ipv4 is None else _ipv4_to_nat(trip, nat, ipv4)
    first = headers[Leg.FAR]
    far = encoding if ipv4 is None else encoding.ipv4
    families = {Leg.CLIENT: encoding, Leg.FAR: far}

    def judged(_: Header, trail: Trail) -> Formula:
        """The same endpoints must have seen both ways; then their rules judge the reply."""
        if {each.endpoint for each in trail.inspected} != {each.endpoint for each in inspected}:
            return unknown
        boxes = firewalls_by_endpoint(encoding.network)
        return all_of(
            answers(families[leg], boxes[endpoint][0], headers[leg], unknown=unknown)
            for endpoint, leg in sorted(trail.inspected, key=str)
        )

    def from_nat(_: Header, trail: Trail) -> Formula:
        assert nat is not None  # noqa: S101 - only used where there is one
        return from_subnet(Traveller(home, trip.reply, trail), nat.subnet)

    home = Way(encoding, judged, unknown, answering=True)
    arrival = judged if nat is None else from_nat
    if left_by is TargetKind.GATEWAY_ENDPOINT:
        passes = (
            acl_of_end(encoding, Direction.INGRESS, first, unknown=unknown)
            if nat is None
            else acl(far, Direction.INGRESS, nat.subnet, first, unknown=unknown)
        )
        return all_of((passes, arrival(first, Trail())))
    leg = Leg.CLIENT if nat is None else Leg.FAR
    let_in = left_by is TargetKind.EGRESS_ONLY_GATEWAY
    back = Way(
        far,
        arrival,
        unknown,
        answering=True,
        behind=behind,
        towards=nat,
        let_in=let_in,
        leg=leg,
    )
    return from_anywhere(Traveller(back, first))


def _to_nat(trip: RoundTrip, nat: NatGateway) -> Header:
    """As it comes to the NAT gateway that the request has left by."""
    return replace(
        trip.reply,
        target=trip.encoding.subnet(nat.subnet),
        destination=int(nat.address),
        port=answer_to(trip.reply.protocol, trip.request.port, trip.middle),
    )


def _ipv4_to_nat(trip: RoundTrip, nat: NatGateway, asked: Header) -> Header:
    """The same where the NAT gateway had made the request one of IPv4."""
    return Header(
        origin=asked.target,
        source=asked.destination,
        target=trip.encoding.subnet(nat.subnet),
        destination=int(nat.address),
        protocol=asked.protocol,
        port=answer_to(asked.protocol, asked.port, trip.middle),
        own=asked.port,
        said=asked.said,
    )
