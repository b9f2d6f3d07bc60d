"""The four verdicts as sets of packets: requests pushed there, and their replies pushed back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulkhead.doubt.bdd.acls import acl_into, acl_out_of
from bulkhead.doubt.bdd.clients import clients
from bulkhead.doubt.bdd.flood import Flood, Past
from bulkhead.doubt.bdd.groups import groups
from bulkhead.doubt.bdd.inhabitants import deaf, from_or_to_unable, inhabited
from bulkhead.doubt.bdd.middleboxes import NAT_PORTS
from bulkhead.doubt.bdd.replies import reply_to
from bulkhead.doubt.bdd.sets import Field, PacketSet
from bulkhead.doubt.bdd.setting_out import Departure, departures, requests_of
from bulkhead.doubt.bdd.space import PacketSpace, last_32
from bulkhead.doubt.bdd.unmodelled import end_noted
from bulkhead.doubt.bdd.unseen import acl_for_anyone, received_from_anyone
from bulkhead.network import ICMP, ICMP6, TCP, UDP, Direction

ANSWERS: Final = {ICMP: ((8, 0), (13, 14), (15, 16), (17, 18)), ICMP6: ((128, 129),)}
"""Which message asks, and which answers (RFC 792, RFC 950, RFC 4443)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """Requests, by what happens to them and to their replies."""

    may_arrive: PacketSet
    surely_arrives: PacketSet
    may_return: PacketSet
    """With the client port of the reply, and that of a NAT gateway in the middle."""
    surely_returns: PacketSet
    legal: PacketSet
    """Replies to ports that a client, and a NAT gateway, may own."""
    translated: PacketSet
    """Those that some way leads through a NAT gateway."""
    allowed: PacketSet
    half_open: PacketSet
    undetermined: PacketSet


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    """How the requests of one departure end, and their replies."""

    may_arrive: PacketSet
    surely_arrives: PacketSet
    may_return: PacketSet
    surely_returns: PacketSet
    translated: PacketSet


def judge(space: PacketSpace) -> Verdicts:
    """Push every request, and the reply to it."""
    universe = space.universe
    roles_of = requests_of(space, space.requests)
    ended = [_ended(each) for each in departures(lambda: Flood(space, roles_of), Past())]
    able = ~from_or_to_unable(space)
    sender = end_noted(space, universe.origin, universe.source)
    receiver = end_noted(space, universe.target, universe.destination)
    known = able & ~sender & ~receiver
    there, back = _past_the_other_end(space, sender, receiver)
    called = space.called(universe.destination)
    beyond = space.as_ipv4.once(inhabited, universe.beyond, last_32(universe.destination))

    def to_somebody(several: list[PacketSet]) -> PacketSet:
        """Of some who may have one address of IPv4, one who is reached is enough (NAT64)."""
        found = known & universe.union(several)
        if not space.translates:
            return found
        return (found & (~called | beyond)).exists(universe.cube(universe.beyond))

    may_arrive = to_somebody([each.may_arrive for each in ended]) | able & there
    surely_arrives = to_somebody([each.surely_arrives for each in ended])
    may_return = to_somebody([each.may_return for each in ended]) | able & there & back
    surely_returns = to_somebody([each.surely_returns for each in ended])
    legal, ports = _legal(space), universe.cube(universe.client, universe.middle)
    allowed = surely_arrives & ~(legal & ~surely_returns).exists(ports)
    half_open = surely_arrives & (legal & ~may_return).exists(ports)
    return Verdicts(
        may_arrive=may_arrive,
        surely_arrives=surely_arrives,
        may_return=may_return,
        surely_returns=surely_returns,
        legal=legal,
        translated=to_somebody([each.translated for each in ended]),
        allowed=allowed,
        half_open=half_open,
        undetermined=may_arrive & ~allowed & ~half_open,
    )


def _ended(departure: Departure) -> _Ended:
    flood = departure.flood
    space, universe = flood.space, flood.space.universe
    may, failed, translated = universe.none, flood.lost, universe.none
    returned, unreturned = universe.none, universe.none
    for past, packets in flood.delivered.items():
        sends = groups(space, Direction.EGRESS, space.requests, references=past.egress_references)
        there, roles = flood.space_of(past), flood.roles_of(past)
        receives = groups(there, Direction.INGRESS, roles, references=past.ingress_references)
        reply = reply_to(space, past)
        able = ~deaf(there, roles)
        here = packets & sends.may & receives.may & able
        may |= here
        failed |= packets & ~(sends.sure & receives.sure & able) if past.sure else packets
        returned |= here & reply.may
        unreturned |= packets & ~reply.sure
        if past.nat:
            translated |= packets
    sends = groups(space, Direction.EGRESS, space.requests, references=True)
    for past, packets in flood.adrift.items():
        there = flood.space_of(past)
        let_in = received_from_anyone(there) & acl_for_anyone(there)
        let_in &= ~deaf(there, flood.roles_of(past))
        failed |= packets
        may |= packets & sends.may & let_in
        returned |= packets & sends.may & let_in
    sure = departure.start & may & ~failed
    return _Ended(may, sure, returned, sure & ~unreturned, translated)


def _past_the_other_end(
    space: PacketSpace, sender: PacketSet, receiver: PacketSet
) -> tuple[PacketSet, PacketSet]:
    """Requests from or to an end in doubt, and their replies: only the other end denies."""
    universe = space.universe
    sends = groups(space, Direction.EGRESS, space.requests, references=True)
    received = received_from_anyone(space)
    neighbours = universe.union(
        [
            space.in_subnet(universe.origin, each.id) & space.in_subnet(universe.target, each.id)
            for each in space.network.subnets
        ]
    )
    there = (sender | receiver) & (sender | sends.may) & (receiver | received)
    there &= neighbours | (sender | acl_out_of(space, space.requests).may) & (
        receiver | acl_for_anyone(space)
    )
    back = (receiver | acl_out_of(space, space.replies).may) & (
        sender | acl_into(space, space.replies).may
    )
    return there, neighbours | back


def _legal(space: PacketSpace) -> PacketSet:
    """The ports that a reply may come to, by protocol."""
    universe = space.universe
    found = universe.one_of(universe.protocol, (TCP, UDP))
    found &= universe.union(
        [users & universe.span(universe.client, *ports) for ports, users in clients(space).items()]
    )
    found &= universe.span(universe.middle, *NAT_PORTS)
    for protocol, pairs in ANSWERS.items():
        answers = _answers(space, pairs, universe.client) & _answers(space, pairs, universe.middle)
        found |= universe.is_(universe.protocol, protocol) & answers
    return found | ~universe.one_of(universe.protocol, (TCP, UDP, *ANSWERS))


def _answers(space: PacketSpace, pairs: tuple[tuple[int, int], ...], reply: Field) -> PacketSet:
    """Messages beside what answers them: a query by its answer, the rest by their like."""
    universe = space.universe
    kind, answer = universe.port.part(0, 8), reply.part(0, 8)
    found, other = universe.none, universe.all
    for asks, answers in pairs:
        found |= universe.is_(kind, asks) & universe.is_(answer, answers)
        other &= ~universe.is_(kind, asks)
    found |= other & universe.equal(kind, answer)
    return found & universe.equal(universe.port.part(8, 16), reply.part(8, 16))
