"""Whose requests arrive: within a VPC all senders at once, by gateways standing by standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from operator import and_, or_

from bulkhead.ends.prefixes import Prefix
from bulkhead.prove.sets.by_port import ALWAYS, NEVER, ByPort, change, combine
from bulkhead.prove.sets.reading import Reading, where
from bulkhead.prove.sets.rules import as_ipv6, past_nat64
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.ways.passage import Candidates, GroupReferences, Passage


@dataclass(frozen=True, slots=True)
class _Arrival:
    """How a packet reaches the receiver's groups. The default: not at all."""

    references: GroupReferences = GroupReferences.NONE
    translated: Prefix | None = None
    """The address that a NAT gateway gave it."""
    known: bool = True
    """Whether anybody knows that it does."""
    from_ipv6: bool = False
    """Whether it was one of IPv6 before."""
    receiver: int | None = None
    """Then the standing of whom it reaches; None: of somebody in doubt."""


_Bundle = tuple[tuple[_Arrival, ByPort], ...]
"""Candidates, each with the senders whose packets get that far."""


class Requests:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._arriving: dict[tuple[int, int], ByPort] = {}
        self._bundles: dict[tuple[int, int], tuple[_Bundle, ...]] = {}

    def after(self, reading: Reading, touched: Touched) -> Requests:
        """The requests after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir._reading = reading
        heir._arriving = {
            key: kept for key, kept in self._arriving.items() if not touched.requests >> key[0] & 1
        }
        heir._bundles = {} if touched.acls else dict(self._bundles)
        return heir

    def arriving(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets arrive."""
        key = (destination, protocol)
        if key not in self._arriving:
            self._arriving[key] = self._filtered(destination, protocol)
        return self._arriving[key]

    def in_transit(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets would arrive if no security group held them back."""
        survey = self._reading.survey
        standing = self._reading.ways.standings.of[destination]
        arriving = self._locally(standing, protocol)
        for bundle in self._bundles_to(standing, protocol):
            decided = self._reading.decided([senders for _, senders in bundle])
            arriving = combine(arriving, decided, or_)
        family = survey.ipv6 if survey.ipv6 >> destination & 1 else ~survey.ipv6
        return change(arriving, lambda bits: bits & family & survey.everyone)

    def _filtered(self, destination: int, protocol: int) -> ByPort:
        survey, layers = self._reading.survey, self._reading.layers
        if survey.deaf >> destination & 1:
            return NEVER
        standing = self._reading.ways.standings.of[destination]
        arriving = self._locally(standing, protocol)
        arriving = combine(arriving, layers.groups.egress(destination, protocol), and_)
        arriving = combine(arriving, layers.groups.ingress(destination, protocol), and_)
        arriving = combine(arriving, layers.listeners.taken(destination, protocol), and_)
        for bundle in self._bundles_to(standing, protocol):
            received = [
                _received(self._reading, destination, protocol, arrival, senders)
                for arrival, senders in bundle
            ]
            arriving = combine(arriving, self._reading.decided(received), or_)
        family = survey.ipv6 if survey.ipv6 >> destination & 1 else ~survey.ipv6
        return change(arriving, lambda bits: bits & family & survey.everyone & ~survey.mute)

    def _locally(self, standing: int, protocol: int) -> ByPort:
        """Whose packets local routes lead there, past the NACLs."""
        local = self._reading.local.to(standing)
        leaving, entering = self._reading.layers.acls.requests(standing, protocol)
        return change(combine(leaving, entering, and_), lambda bits: bits & local)

    def _bundles_to(self, standing: int, protocol: int) -> tuple[_Bundle, ...]:
        """Everybody who reaches the standing by a gateway, with what is asked of them there."""
        key = (standing, protocol)
        if key not in self._bundles:
            gathered: dict[_Bundle, int] = defaultdict(int)
            for members, ways in self._reading.far.to(standing):
                for candidates in ways:
                    passing = tuple(_arrivals(self._reading, candidates, standing, protocol))
                    if any(passes != NEVER for _, passes in passing):
                        gathered[passing] |= members
            self._bundles[key] = tuple(_together(gathered))
        return self._bundles[key]


def _together(gathered: Mapping[_Bundle, int]) -> Iterator[_Bundle]:
    """Those who can come one way only, and arrive alike, are one crowd."""
    crowds: dict[_Arrival, ByPort] = {}
    for passing, members in gathered.items():
        senders = tuple((arrival, where(passes, members)) for arrival, passes in passing)
        if len(senders) == 1:
            ((arrival, some),) = senders
            crowds[arrival] = combine(crowds.get(arrival, NEVER), some, or_)
        else:
            yield senders
    for crowd in crowds.items():
        yield (crowd,)


def _arrivals(
    reading: Reading, candidates: Candidates, standing: int, protocol: int
) -> Iterator[tuple[_Arrival, ByPort]]:
    for each in candidates:
        if each is None:
            yield _Arrival(), NEVER
        else:
            arrival = _Arrival(
                each.references,
                each.source if each.nat else None,
                each.known,
                each.from_ipv6,
                each.receiver,
            )
            passes = reading.passes(each, protocol)
            if not each.known and passes != NEVER:
                passes = combine(passes, _let_in(reading, each, standing, protocol), and_)
            yield arrival, passes


def _let_in(reading: Reading, packet: Passage, standing: int, protocol: int) -> ByPort:
    """Per port: whether the NACL at the end lets in somebody of those who may come."""
    acls = reading.layers.acls
    if not packet.from_ipv6:
        return acls.from_anyone(standing, protocol)
    if packet.receiver is None:
        return ALWAYS
    return as_ipv6(acls.from_anyone(packet.receiver, past_nat64(protocol)), protocol)


def _received(
    reading: Reading, destination: int, protocol: int, arrival: _Arrival, senders: ByPort
) -> ByPort:
    """Of some who came by a gateway: whom the groups of both ends and the listeners pass."""
    groups = reading.layers.groups
    direct = arrival.references is GroupReferences.BOTH or not arrival.known
    sent = combine(senders, groups.egress(destination, protocol, direct=direct), and_)
    if arrival.from_ipv6:
        return combine(sent, _received_as_ipv4(reading, destination, protocol, arrival), and_)
    if arrival.known:
        received = groups.ingress(
            destination,
            protocol,
            referenced=arrival.references is not GroupReferences.NONE,
            translated=arrival.translated,
        )
    else:
        # What nobody knows may change how the packet looks to the layers behind it.
        received = groups.from_anyone(destination, protocol)
    received = combine(received, reading.layers.listeners.taken(destination, protocol), and_)
    return combine(sent, received, and_)


def _received_as_ipv4(
    reading: Reading, destination: int, protocol: int, arrival: _Arrival
) -> ByPort:
    """Whom the end of IPv4 lets in that the destination stands for (NAT64)."""
    survey, groups, asked = reading.survey, reading.layers.groups, past_nat64(protocol)
    place = _end_of_ipv4(reading, destination, arrival)
    if place is None:
        return ((0, survey.everyone),)
    if survey.deaf >> place & 1:
        return NEVER
    if arrival.known:
        received = groups.ingress(place, asked, referenced=False, translated=arrival.translated)
    else:
        received = groups.from_anyone(place, asked, from_ipv6=True)
    heard = reading.layers.listeners.taken(place, asked)
    return as_ipv6(combine(received, heard, and_), protocol)


def _end_of_ipv4(reading: Reading, destination: int, arrival: _Arrival) -> int | None:
    of, standing = reading.ways.standings.of, arrival.receiver
    places = reading.survey.classes.ipv4[destination]
    return next((each for each in places if of[each] == standing), None)
