"""The reply to a request: judged the same way, by the boxes that have seen the request."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from bulkhead.doubt.smt.acls import acl, acl_of_end
from bulkhead.doubt.smt.inspection import answers
from bulkhead.doubt.smt.leaving import follow, from_subnet
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.middleboxes import firewalls_by_endpoint
from bulkhead.doubt.smt.regional import back_out_of_region
from bulkhead.doubt.smt.round_trip import RoundTrip
from bulkhead.doubt.smt.setting_out import from_anywhere
from bulkhead.doubt.smt.terms import Formula, Header, all_of, answer_to
from bulkhead.doubt.smt.traveller import Inspected, Leg, SentOn, Trail, Traveller, Way
from bulkhead.network import Direction, TargetKind


def reply_returns(trip: RoundTrip, asked: Trail, *, unknown: bool) -> Formula:
    """The reply returns to a request that has been through this."""
    return _returns(
        trip,
        asked.nat,
        asked.left_by,
        asked.inspected,
        ipv4=asked.ipv4,
        behind=asked.behind,
        kept_to=asked.kept_to,
        unknown=unknown,
    )


@remembered
def _returns(
    trip: RoundTrip,
    sent_on: SentOn | None,
    left_by: TargetKind | None,
    inspected: frozenset[Inspected],
    *,
    ipv4: Header | None,
    behind: str | None,
    kept_to: frozenset[tuple[str, str, str]],
    unknown: bool,
) -> Formula:
    encoding = trip.encoding
    nats = encoding.network.nat_gateways
    nat = next((each for each in nats if sent_on and each.id == sent_on.gateway), None)
    headers = {Leg.CLIENT: trip.reply, Leg.FAR: trip.reply}
    if nat is not None and sent_on is not None and nat.subnet and sent_on.address:
        headers[Leg.FAR] = _to_nat(trip, nat.subnet, sent_on.address, ipv4)
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
        on = Traveller(home, trip.reply, trail)
        if nat.subnet is None:
            return back_out_of_region(on, nat, sent_on.zone if sent_on else "", follow)
        return from_subnet(on, nat.subnet)

    home = Way(encoding, judged, unknown, answering=True, kept_to=kept_to)
    arrival = judged if nat is None else from_nat
    if nat is not None and nat.subnet is None:
        # It stands in no subnet: what comes back to it from the internet meets nothing.
        return arrival(first, Trail())
    if left_by is TargetKind.GATEWAY_ENDPOINT:
        passes = (
            acl_of_end(encoding, Direction.INGRESS, first, unknown=unknown)
            if nat is None
            else acl(far, Direction.INGRESS, nat.subnet or "", first, unknown=unknown)
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
        kept_to=kept_to,
        towards=nat,
        let_in=let_in,
        leg=leg,
    )
    return from_anywhere(Traveller(back, first))


def _to_nat(trip: RoundTrip, subnet: str, address: IPv4Address, ipv4: Header | None) -> Header:
    """As it comes to the NAT gateway that the request has left by.

    `ipv4`: what the gateway had made of the request, if that was one of IPv6.
    """
    to = {"target": trip.encoding.subnet(subnet), "destination": int(address)}
    if ipv4 is None:
        port = answer_to(trip.reply.protocol, trip.request.port, trip.middle)
        return replace(trip.reply, port=port, **to)
    return Header(
        origin=ipv4.target,
        source=ipv4.destination,
        protocol=ipv4.protocol,
        port=answer_to(ipv4.protocol, ipv4.port, trip.middle),
        own=ipv4.port,
        said=ipv4.said,
        **to,
    )
