"""In from the internet to what has a public address here: the second leg, for sets of senders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import and_, or_
from typing import Final

from bulkhead.ends.public import PublicAddress
from bulkhead.network import ICMP, ICMP6, PortRange, Verdict, icmp_range
from bulkhead.prove.internet import Internet
from bulkhead.prove.masks import Masks
from bulkhead.prove.sets.by_port import NEVER, ByPort, change, combine, side_by_side, union
from bulkhead.prove.sets.rules import ECHO_REQUEST, ECHO_REQUEST6, as_ipv6, past_nat64

Senders = ByPort
Said = ByPort
"""What several cells say: a bit for each verdict that one of them has."""
BIT: Final = {
    Verdict.ALLOWED: 1,
    Verdict.HALF_OPEN: 2,
    Verdict.UNDETERMINED: 4,
    Verdict.DENIED: 8,
}
UNKNOWN: Final[Said] = ((0, BIT[Verdict.UNDETERMINED]),)
SHUT: Final[Said] = ((0, BIT[Verdict.DENIED]),)


class Inward:
    """The second leg: from ends of the internet to what has the address here."""

    def __init__(self, internet: Internet, public: PublicAddress) -> None:
        self._internet = internet
        self._behind = tuple(internet.reach.index(each) for each in public.behind)
        self._replies_only = BIT[Verdict.DENIED] if public.nats else 0
        self._from_ipv6 = public.end.version == 6

    def said(self, clients: PortRange, protocol: int) -> Mapping[Said, int]:
        """All that is said, with the ends of the internet to which it is (bits)."""
        found: dict[Said, int] = defaultdict(int)
        for alike in self._alike(clients, self._inward(protocol)):
            some = (alike & -alike).bit_length() - 1
            found[self.said_at(some, clients, protocol)] |= alike
        return found

    def _inward(self, protocol: int) -> int:
        """As which protocol it comes in."""
        return past_nat64(protocol) if self._from_ipv6 else protocol

    def said_at(self, place: int | None, clients: PortRange, protocol: int) -> Said:
        """What is said to one end of the internet."""
        if place is None:
            return UNKNOWN
        if self._from_ipv6:
            said = self._said_at(place, clients, past_nat64(protocol))
            return _requests(as_ipv6(said, protocol), protocol)
        return self._said_at(place, clients, protocol)

    def _said_at(self, place: int, clients: PortRange, protocol: int) -> Said:
        found: Said = ((0, self._replies_only),)
        for masks in self._masks(clients, protocol):
            denied = change(_anybody(masks), lambda bits: ~bits)
            for bit, steps in zip(BIT.values(), (*masks.sets, denied), strict=True):
                found = combine(found, _whether(steps, place, bit), or_)
        return found

    def out_of_sight(self, senders: Senders, protocol: int) -> Iterator[tuple[Senders, Said]]:
        """What is said to those of whom nobody knows whether they come, nor as who."""
        if self._replies_only:
            yield senders, SHUT
        for behind in self._behind:
            let_in = self._from_anyone(
                behind, past_nat64(protocol) if self._from_ipv6 else protocol
            )
            if self._from_ipv6:
                let_in = _requests(as_ipv6(let_in, protocol), protocol)
            yield combine(senders, let_in, and_), UNKNOWN
            yield combine(senders, let_in, lambda some, passing: some & ~passing), SHUT

    def _from_anyone(self, behind: int, protocol: int) -> Senders:
        """Whose packets an end may let in, whatever they look like."""
        reading = self._internet.reach.possibly.reading(protocol)
        survey, layers = reading.survey, reading.layers
        if survey.deaf >> behind & 1:
            return NEVER
        if survey.in_doubt >> behind & 1:
            return ((0, survey.everyone),)
        standing = reading.ways.standings.of[behind]
        acl = layers.acls.from_anyone(standing, protocol)
        passing = change(acl, lambda passes: passes * survey.everyone)
        groups = layers.groups.from_anyone(behind, protocol, from_ipv6=self._from_ipv6)
        passing = combine(passing, groups, and_)
        return combine(passing, layers.listeners.taken(behind, protocol), and_)

    def lost(
        self, place: int | None, clients: PortRange, protocol: int, port: int
    ) -> list[PortRange]:
        """Client ports to which something behind the address sends no reply."""
        if place is None:
            return []
        if self._from_ipv6 and protocol == ICMP6:
            protocol, port = ICMP, (port - (ECHO_REQUEST6 - ECHO_REQUEST) * 256) % 65536
        reach = self._internet.reach.answering(clients)
        ends = reach.endpoints
        return [
            ports
            for behind in self._behind
            if reach.verdict_at(place, behind, protocol, port) is Verdict.HALF_OPEN
            for ports in reach.lost(ends[place], ends[behind], protocol)
        ]

    def _masks(self, clients: PortRange, protocol: int) -> Iterator[Masks]:
        reach = self._internet.reach.answering(clients)
        for each in self._behind:
            yield reach.masks(each, protocol)

    def _alike(self, clients: PortRange, protocol: int) -> list[int]:
        """The ends of the internet, by what cannot be told apart here."""
        groups = [self._internet.everybody] if self._internet.everybody else []
        for masks in self._masks(clients, protocol):
            for bits in {bits for steps in masks.sets for _, bits in steps}:
                parts = (part for each in groups for part in (each & bits, each & ~bits))
                groups = [part for part in parts if part]
        return groups


def _requests(steps: ByPort, protocol: int) -> ByPort:
    """Of icmpv6 an echo request alone opens something past a NAT gateway."""
    if protocol != ICMP6:
        return steps
    echo = icmp_range(ECHO_REQUEST6, None)
    return union((ports, bits) for ports, (bits,) in side_by_side((steps,), echo))


def _anybody(masks: Masks) -> ByPort:
    """Who gets in, or may."""
    found = NEVER
    for steps in masks.sets:
        found = combine(found, steps, or_)
    return found


def _whether(steps: ByPort, place: int, bit: int) -> Said:
    """The bit of a verdict, at the ports where it is that of one sender."""
    return change(steps, lambda bits: bit if bits >> place & 1 else 0)
