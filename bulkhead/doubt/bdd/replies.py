"""Replies pushed back, for requests with the same past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.doubt.bdd.acls import acl_into
from bulkhead.doubt.bdd.flood import Flood, Part, Past, Seen, Stretch
from bulkhead.doubt.bdd.inspection import answer
from bulkhead.doubt.bdd.internet import nat_gateway
from bulkhead.doubt.bdd.middleboxes import firewalls_by_endpoint
from bulkhead.doubt.bdd.pushing import push
from bulkhead.doubt.bdd.setting_out import Departure, departures
from bulkhead.doubt.bdd.space import PacketSpace, Sieve
from bulkhead.doubt.claims import subnet_at
from bulkhead.network import TargetKind

LETS_REPLIES_IN = (TargetKind.EGRESS_ONLY_GATEWAY, TargetKind.GATEWAY_ENDPOINT)
"""Exits by which the reply to a request comes back, and nothing else."""


def reply_to(space: PacketSpace, asked: Past) -> Sieve:
    """To which ports the reply returns, for requests with this past."""
    return space.once(_pushed_back, asked.nat, asked.exit, asked.seen_by)


def _pushed_back(
    space: PacketSpace, asked_by_nat: str | None, exit_: TargetKind | None, asked: frozenset[Seen]
) -> Sieve:
    u = space.universe
    nat = nat_gateway(space, asked_by_nat)
    layouts = {Stretch.CLIENT: space.replies, Stretch.FAR: space.replies}
    if nat is not None:
        layouts[Stretch.FAR] = replace(
            space.replies,
            end=space.numbers[subnet_at(nat.subnet)],
            destination=int(nat.address),
            port=u.middle,
        )
    first = Past(stretch=Stretch.CLIENT if nat is None else Stretch.FAR)

    def make() -> Flood:
        return Flood(space, lambda past: layouts[past.stretch], reply=True, home=nat)

    only_in = exit_ in LETS_REPLIES_IN
    may, sure = u.none, u.none
    for departure in _straight_in(make(), first) if only_in else departures(make, first):
        flood = departure.flood
        returned, failed = u.none, flood.lost
        for past, packets in flood.delivered.items():
            judged = _judged(flood.part(past, packets), asked)
            returned |= packets & judged.may
            failed |= packets & ~judged.sure if past.sure else packets
        for packets in flood.adrift.values():
            returned |= packets
            failed |= packets
        may |= returned
        sure |= departure.start & returned & ~failed
    return Sieve(sure=sure, may=may)


def _straight_in(flood: Flood, first: Past) -> Iterator[Departure]:
    """From the exit to where the request came from."""
    every = flood.space.universe.all
    part = flood.part(first, every)
    for passed in part.sieved(acl_into(flood.space, part.layout)):
        passed.deliver()
    push(flood)
    yield Departure(every, flood)


def _judged(part: Part, asked: frozenset[Seen]) -> Sieve:
    """By the firewalls on the way, if they are those that have seen the request."""
    u, past = part.space.universe, part.past
    if {each.endpoint for each in past.seen_by} != {each.endpoint for each in asked}:
        return Sieve(sure=u.none, may=u.all)
    firewalls = firewalls_by_endpoint(part.network)
    judged = Sieve(sure=u.all, may=u.all)
    for seen in past.seen_by:
        layout = part.flood.layout_of(replace(past, stretch=seen.stretch))
        one = answer(part.space, firewalls[seen.endpoint][0], layout)
        judged = Sieve(sure=judged.sure & one.sure, may=judged.may & one.may)
    return judged
