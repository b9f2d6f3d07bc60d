"""Replies pushed back, for requests with the same past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.doubt.bdd.acls import acl_into
from bulkhead.doubt.bdd.flood import Flood, NatSide, OwnTable, Past, Seen, Wave
from bulkhead.doubt.bdd.inspection import answer
from bulkhead.doubt.bdd.internet import nat_gateway
from bulkhead.doubt.bdd.middleboxes import firewalls_by_endpoint
from bulkhead.doubt.bdd.pushing import push
from bulkhead.doubt.bdd.setting_out import Departure, departures
from bulkhead.doubt.bdd.space import PacketSpace, Sieve, last_32
from bulkhead.doubt.claims import subnet_at
from bulkhead.network import TargetKind


def reply_to(space: PacketSpace, asked: Past) -> Sieve:
    """To which ports the reply returns, for requests with this past."""
    matters = Past(
        nat=asked.nat,
        seen_by=asked.seen_by,
        exit=asked.exit,
        behind=asked.behind,
        exits=asked.exits,
        as_ipv4=asked.as_ipv4,
    )
    return space.once(_pushed_back, matters)


def _pushed_back(space: PacketSpace, asked: Past) -> Sieve:
    universe = space.universe
    sent_on = asked.nat
    nat = nat_gateway(space, sent_on.gateway) if sent_on else None
    roles_on = {NatSide.CLIENT: space.replies, NatSide.FAR: space.replies}
    region = OwnTable(nat.id, sent_on.zone) if nat and sent_on and nat.subnet is None else None
    if nat is not None and nat.subnet and sent_on and sent_on.address:
        roles_on[NatSide.FAR] = replace(
            space.replies,
            end=space.numbers[subnet_at(nat.subnet)],
            destination=int(sent_on.address),
            port=universe.middle,
        )
        if asked.as_ipv4:
            far = roles_on[NatSide.FAR]
            roles_on[NatSide.FAR] = replace(far, start=universe.beyond, source=last_32(far.source))
    first = Past(side=NatSide.CLIENT if nat is None else NatSide.FAR, as_ipv4=asked.as_ipv4)

    def make() -> Flood:
        return Flood(
            space,
            lambda past: roles_on[past.side],
            reply=True,
            home=nat,
            region=region,
            asked_by=asked.exit,
            behind=asked.behind,
            exits=asked.exits,
        )

    only_in = asked.exit is TargetKind.GATEWAY_ENDPOINT or region is not None
    may, sure = universe.none, universe.none
    for departure in _straight_in(make(), first) if only_in else departures(make, first):
        flood = departure.flood
        returned, failed = universe.none, flood.lost
        for past, packets in flood.delivered.items():
            judged = _judged(flood.wave(past, packets), asked.seen_by, as_ipv4=asked.as_ipv4)
            returned |= packets & judged.may
            failed |= packets & ~judged.sure if past.sure else packets
        for packets in flood.adrift.values():
            returned |= packets
            failed |= packets
        may |= returned
        sure |= departure.start & returned & ~failed
    return Sieve(sure=sure, may=may)


def _straight_in(flood: Flood, first: Past) -> Iterator[Departure]:
    """From the exit to where the request came from; a regional NAT gateway has no ACL there."""
    every = flood.space.universe.all
    wave = flood.wave(first, every)
    for passed in [wave] if flood.region else wave.sieved(acl_into(wave.space, wave.roles)):
        passed.deliver()
    push(flood)
    yield Departure(every, flood)


def _judged(wave: Wave, asked: frozenset[Seen], *, as_ipv4: bool) -> Sieve:
    """By the firewalls on the way, if they are those that have seen the request."""
    universe, past = wave.space.universe, wave.past
    if {each.endpoint for each in past.seen_by} != {each.endpoint for each in asked}:
        return Sieve(sure=universe.none, may=universe.all)
    firewalls = firewalls_by_endpoint(wave.network)
    judged = Sieve(sure=universe.all, may=universe.all)
    for seen in past.seen_by:
        there = replace(past, side=seen.side, as_ipv4=as_ipv4 and seen.side is NatSide.FAR)
        box, flood = firewalls[seen.endpoint][0], wave.flood
        one = answer(flood.space_of(there), box, flood.roles_of(there))
        judged = Sieve(sure=judged.sure & one.sure, may=judged.may & one.may)
    return judged
