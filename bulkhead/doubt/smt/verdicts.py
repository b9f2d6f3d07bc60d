"""What is said of a packet: it arrives, it is answered. The unknown is read both ways."""

from __future__ import annotations

from bulkhead.doubt.smt.acls import acl_of_end
from bulkhead.doubt.smt.groups import receives, sends
from bulkhead.doubt.smt.in_doubt import end_in_doubt
from bulkhead.doubt.smt.inhabitants import are_able, is_end, is_one_host, is_past_here
from bulkhead.doubt.smt.replies import reply_returns
from bulkhead.doubt.smt.round_trip import RoundTrip
from bulkhead.doubt.smt.setting_out import from_anywhere
from bulkhead.doubt.smt.terms import Formula, Header, all_of, any_of, either, negated, same
from bulkhead.doubt.smt.traveller import Arrival, Trail, Traveller, Way
from bulkhead.doubt.smt.unseen import acl_for_anyone, lets_anyone_in, receives_from_anyone
from bulkhead.network import Direction


def is_cell(trip: RoundTrip) -> Formula:
    """Every packet for which there is a cell."""
    encoding, request = trip.encoding, trip.request
    return all_of(
        (
            is_end(encoding, request.origin, request.source),
            is_end(encoding, request.target, request.destination),
            negated(is_one_host(encoding, request)),
            negated(is_past_here(encoding, request)),
        )
    )


def arrives(trip: RoundTrip, *, unknown: bool) -> Formula:
    """A request gets from one end to the other. `unknown` is what the unknown counts as."""
    return _bounded(trip, _received(trip, unknown), unknown)


def is_answered(trip: RoundTrip, *, unknown: bool) -> Formula:
    """It does, and its reply to this client port (and middle port) returns."""
    received = _received(trip, unknown)

    def arrival(header: Header, trail: Trail) -> Formula:
        returns = reply_returns(trip, trail, unknown=unknown)
        return all_of((received(header, trail), returns))

    sender, receiver = _ends_in_doubt(trip)
    back = any_of(
        (negated(any_of((sender, receiver))), _past_acls(trip, trip.reply, receiver, sender))
    )
    return all_of((_bounded(trip, arrival, unknown), back))


def surely_returns(trip: RoundTrip) -> Formula:
    """The reply returns for sure, from a request that arrives for sure.

    What `is_answered` says beside `arrives`: for a request all of whose ways
    pass it is enough to ask for the reply, without the groups once more.
    """
    return _bounded(trip, lambda _, trail: reply_returns(trip, trail, unknown=False), False)


def is_untranslated(trip: RoundTrip) -> Formula:
    """No NAT gateway is on the way: a client port of the reply is the client's own."""
    way = Way(trip.encoding, lambda _, trail: not trail.nat, unknown=False)
    return from_anywhere(Traveller(way, trip.request))


def _bounded(trip: RoundTrip, arrival: Arrival, unknown: bool) -> Formula:
    encoding, request = trip.encoding, trip.request
    sent = sends(encoding, request, references=True, unknown=unknown)
    seen = lets_anyone_in(encoding, request) if unknown else False
    way = Way(encoding, arrival, unknown, out_of_sight=all_of((sent, seen)))
    led = from_anywhere(Traveller(way, request))
    bare = _past_the_other(trip) if unknown else False
    return all_of((are_able(encoding, request), either(any_of(_ends_in_doubt(trip)), bare, led)))


def _received(trip: RoundTrip, unknown: bool) -> Arrival:
    def arrival(header: Header, trail: Trail) -> Formula:
        out, into = trail.egress_references, trail.ingress_references
        far = trip.encoding.ipv4 if trail.ipv4 is not None else trip.encoding
        return all_of(
            (
                sends(trip.encoding, trip.request, references=out, unknown=unknown),
                receives(far, header, references=into, unknown=unknown),
            )
        )

    return arrival


def _ends_in_doubt(trip: RoundTrip) -> tuple[Formula, Formula]:
    """Whether the sender, and whether the receiver, is in doubt as a whole."""
    encoding, request = trip.encoding, trip.request
    return (
        end_in_doubt(encoding, request.origin, request.source, request.protocol),
        end_in_doubt(encoding, request.target, request.destination, request.protocol),
    )


def _past_the_other(trip: RoundTrip) -> Formula:
    """Of an end in doubt no layer of its own denies; those of the other end still do.

    What it sends comes by a way that nobody knows.
    """
    encoding, request = trip.encoding, trip.request
    sender, receiver = _ends_in_doubt(trip)
    accepted = receives_from_anyone(encoding, request)
    out = acl_of_end(encoding, Direction.EGRESS, request, unknown=True)
    between = all_of((any_of((sender, out)), any_of((receiver, acl_for_anyone(encoding, request)))))
    return all_of(
        (
            any_of((sender, sends(encoding, request, references=True, unknown=True))),
            any_of((receiver, accepted)),
            any_of((same(request.origin, request.target), between)),
        )
    )


def _past_acls(trip: RoundTrip, header: Header, starts: Formula, ends: Formula) -> Formula:
    """Past the ACL of either end, unless that end is in doubt; there is none in a subnet."""
    out = acl_of_end(trip.encoding, Direction.EGRESS, header, unknown=True)
    into = acl_of_end(trip.encoding, Direction.INGRESS, header, unknown=True)
    between = all_of((any_of((starts, out)), any_of((ends, into))))
    return any_of((same(header.origin, header.target), between))
