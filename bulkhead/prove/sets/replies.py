"""To whom replies return: a reply is a packet of its own, from who answers to who asked."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from functools import partial
from operator import and_, or_

from bulkhead.network import NAT_PORTS, Direction, PortRange, has_ports, has_types
from bulkhead.prove.sets.by_port import NEVER, ByPort, change, combine, ranges, throughout
from bulkhead.prove.sets.reading import Reading, either, where
from bulkhead.prove.sets.rules import returned
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.ways.passage import AclCheck, Exit, Options, Passage, SentOn


class Replies:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._answered: dict[tuple[int, int], ByPort] = {}
        self._lost: dict[tuple[int, int, int, PortRange], tuple[PortRange, ...]] = {}

    def after(self, reading: Reading, touched: Touched) -> Replies:
        """The replies after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir._reading = reading
        heir._answered = {
            key: kept for key, kept in self._answered.items() if not touched.replies >> key[0] & 1
        }
        heir._lost = {
            key: kept for key, kept in self._lost.items() if not touched.replies >> key[0] & 1
        }
        return heir

    def answered(self, destination: int, protocol: int) -> ByPort:
        """Per port: to whom every reply returns, whatever client port the request came from."""
        standing = self._reading.ways.standings.of[destination]
        key = (standing, protocol)
        if key not in self._answered:
            self._answered[key] = _answered(self._reading, standing, protocol)
        return self._answered[key]

    def lost(self, source: int, destination: int, protocol: int) -> tuple[PortRange, ...]:
        """The client ports from which no reply returns."""
        standing_of, in_doubt = self._reading.ways.standings.of, self._reading.survey.in_doubt
        origin, target = standing_of[source], standing_of[destination]
        if (in_doubt >> origin | in_doubt >> target) & 1:
            return ()
        asking = self._reading.survey.endpoints[source].client_ports
        key = (target, origin, protocol, asking)
        if key not in self._lost:
            back = _reply(self._reading, origin, target, protocol)
            self._lost[key] = tuple(
                shared
                for ports, passes in ranges(back)
                if not passes and (shared := ports.overlap(asking))
            )
        return self._lost[key]


def _answered(reading: Reading, target: int, protocol: int) -> ByPort:
    """Whoever is led both ways by local routes at once; all others standing by standing."""
    standings = reading.ways.standings
    local = reading.local.to(target)
    direct = local & reading.local.back(target)
    crooked = local & ~direct & ~reading.survey.in_doubt
    pairs = [
        (crooked & members, origin)
        for origin, members in standings.members.items()
        if crooked & members
    ]
    pairs += [
        (members, standings.of[(members & -members).bit_length() - 1])
        for members, _ in reading.far.to(target)
    ]
    gathered: dict[ByPort, int] = defaultdict(int)
    chosen = []
    for members, origin in pairs:
        if not local >> origin & 1 and len(reading.ways.request(origin, target)) > 1:
            chosen.append(_by_one_way(reading, (origin, members), target, protocol))
        else:
            gathered[_reply(reading, origin, target, protocol)] |= members
    locally = change(_past_acls(reading, target, protocol), lambda bits: bits & direct)
    answered = _per_request(reading, locally, protocol)
    for back, members in gathered.items():
        answered = combine(answered, _per_request(reading, where(back, members), protocol), or_)
    for returning in chosen:
        answered = combine(answered, returning, or_)
    return answered


def _by_one_way(reading: Reading, asking: tuple[int, int], target: int, protocol: int) -> ByPort:
    """Per port of a request: to whom of a standing, and some who stand there, every reply
    returns, by a way that lets the request pass."""
    origin, members = asking
    passing, back = NEVER, []
    for place, candidates in enumerate(reading.ways.request(origin, target)):
        arrives = reading.decided([_passes(reading, each, protocol) for each in candidates])
        passing = combine(passing, where(arrives, 1 << place), or_)
        answers = [_answer(reading, each, origin, target, protocol) for each in candidates]
        back.append(reading.decided(answers))
    found = NEVER
    for some in {bits for _, bits in passing} - {0}:
        returning = either(each for place, each in enumerate(back) if some >> place & 1)
        here = change(passing, partial(_if_same, members, some))
        back_to = _per_request(reading, where(returning, members), protocol)
        found = combine(found, combine(here, back_to, and_), or_)
    return found


def _if_same(members: int, one: int, other: int) -> int:
    return members if one == other else 0


def _passes(reading: Reading, request: Passage | None, protocol: int) -> ByPort:
    return NEVER if request is None else reading.passes(request, protocol)


def _per_request(reading: Reading, back: ByPort, protocol: int) -> ByPort:
    """From sets per client port to sets per port of the request: who gets every reply."""
    if has_types(protocol):
        return returned(back, protocol)
    if not has_ports(protocol):
        return ((0, back[0][1]),)
    everyone = 0
    for ports, members in reading.survey.clients.items():
        everyone |= throughout(back, ports) & members
    return ((0, everyone),)


def _past_acls(reading: Reading, target: int, protocol: int) -> ByPort:
    """Per client port: to whom the NACLs let replies of the target pass."""
    leaving, entering = reading.layers.acls.replies(target, protocol)
    return combine(leaving, entering, and_)


def _reply(reading: Reading, origin: int, target: int, protocol: int) -> ByPort:
    """Per client port: whether a reply returns to a standing (0 or 1)."""
    if reading.local.to(target) >> origin & 1:
        if reading.local.back(target) >> origin & 1:
            passing = _past_acls(reading, target, protocol)
            return change(passing, lambda bits: bits >> origin & 1)
        ways = reading.ways.reply(target, origin)
        return _by_routes(reading, ways, frozenset(), protocol)
    return either(
        reading.decided([_answer(reading, each, origin, target, protocol) for each in candidates])
        for candidates in reading.ways.request(origin, target)
    )


def _answer(
    reading: Reading, request: Passage | None, origin: int, target: int, protocol: int
) -> ByPort:
    """What comes back to a request that came one way."""
    if request is None:
        return NEVER
    if not request.known:
        return reading.unknown
    if request.nat is not None:
        return _translated_back(reading, request, request.nat, (origin, target), protocol)
    if request.exit is Exit.GATEWAY_ENDPOINT:
        if request.firewalls:
            return reading.unknown
        subnet = reading.survey.endpoints[origin].subnet or ""
        return _back_from_service(reading, subnet, target, protocol)
    ways = reading.ways.reply(
        target, origin, request.exit, behind=request.behind, held=request.held
    )
    return _by_routes(reading, ways, request.firewalls, protocol)


def _back_from_service(
    reading: Reading, subnet: str, target: int, protocol: int, *, from_ipv6: bool = False
) -> ByPort:
    """What comes back by the very gateway that it left by: the NACL alone is asked."""
    nacl, home = reading.survey.network.subnet[subnet].nacl, reading.survey.classes.grounds[target]
    coming_back = AclCheck(nacl, Direction.INGRESS, home, from_ipv6)
    return reading.layers.check(coming_back, protocol, reply=True)


def _by_routes(reading: Reading, ways: Options, firewalls: frozenset[str], protocol: int) -> ByPort:
    """A reply that finds its own way back, by routes alone."""
    return either(
        reading.decided([_under_way(reading, each, firewalls, protocol) for each in candidates])
        for candidates in ways
    )


def _under_way(
    reading: Reading, reply: Passage | None, firewalls: frozenset[str], protocol: int
) -> ByPort:
    if reply is None:
        return NEVER
    if reply.firewalls != firewalls:
        # What a stateful inspection that saw one direction only does, nobody knows.
        reply = reply.uninspected().unknown()
    return reading.passes(reply, protocol)


def _translated_back(
    reading: Reading, request: Passage, nat: SentOn, ends: tuple[int, int], protocol: int
) -> ByPort:
    """First to the NAT gateway, on any of its own ports, then on to the client."""
    origin, target = ends
    home = reading.survey.classes.grounds[target]
    onward = reading.ways.reply_from_nat(nat, home, origin, request.held)
    six = request.from_ipv6
    # Who answers over IPv4 is who has the address that the client calls by one of IPv6.
    answering = target if request.receiver is None else request.receiver
    if request.exit is Exit.GATEWAY_ENDPOINT:
        subnet = reading.ways.carriers.nat_gateway[nat.gateway].subnet or ""
        back = _back_from_service(reading, subnet, answering, protocol, from_ipv6=six)
        first = _throughout_nat(back, protocol)
        return reading.decided(
            [
                combine(first, _under_way(reading, each, request.firewalls, protocol), and_)
                for each in onward
            ]
        )
    return either(
        reading.decided(
            [
                _both_stretches(reading, one, other, request.firewalls, protocol)
                for one in candidates
                for other in onward
            ]
        )
        for candidates in reading.ways.reply_to_nat(
            answering, nat, request.behind, from_ipv6=six, held=request.held
        )
    )


def _both_stretches(
    reading: Reading,
    inward: Passage | None,
    onward: Passage | None,
    firewalls: frozenset[str],
    protocol: int,
) -> ByPort:
    if inward is None or (onward is None and inward.known):
        return NEVER
    if onward is None or not inward.known:
        # Nothing is asked beyond what nobody knows: it may never come to the gateway.
        inward = inward if inward.firewalls == firewalls else inward.uninspected()
        return _throughout_nat(reading.passes(inward, protocol), protocol)
    if inward.firewalls | onward.firewalls != firewalls:
        inward, onward = inward.uninspected().unknown(), onward.uninspected().unknown()
    to_gateway = _throughout_nat(reading.passes(inward, protocol), protocol)
    return combine(to_gateway, reading.passes(onward, protocol), and_)


def _throughout_nat(passing: ByPort, protocol: int) -> ByPort:
    """Whether every port passes that a NAT gateway may have chosen."""
    return ((0, throughout(passing, NAT_PORTS)),) if has_ports(protocol) else passing
