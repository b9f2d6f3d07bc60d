"""Who reaches public addresses of what is here: out to the internet, and in again.

Two cells of the proof together, as docs/model.md says it ("Public addresses of what is
here"): what leaves for the address, and what comes in from the address by which the
internet knows the sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import or_

from bulkhead.ends.public import PublicAddress
from bulkhead.network import NAT_PORTS, PortRange, Verdict
from bulkhead.network.traffic import merge
from bulkhead.prove.cells import AskedTraffic
from bulkhead.prove.internet import Internet
from bulkhead.prove.inward import BIT, SHUT, UNKNOWN, Inward, Said, Senders
from bulkhead.prove.masks import Masks, anybody, verdicts
from bulkhead.prove.reach import Cell, Reach
from bulkhead.prove.sets.by_port import (
    NEVER,
    at,
    bits_of,
    change,
    combine,
    side_by_side,
)
from bulkhead.prove.sets.departures import Departure, departures
from bulkhead.prove.sets.ways.passage import Exit


class OverInternet:
    """What reaches one public address of what is here, also as IPv6 calls it (NAT64)."""

    def __init__(
        self, internet: Internet, public: PublicAddress, *, lines_of_their_own: bool = True
    ) -> None:
        """`lines_of_their_own`: whether who is outside may have another way to the internet."""
        self.public = public
        self._internet = internet
        self._lines_of_their_own = lines_of_their_own
        self._reach = internet.reach
        self._place = self._reach.index(public.end)
        self._masks: dict[int, Masks] = {}
        self._inward = Inward(internet, public)
        six = public.end.version == 6
        self.senders_of_its_family = internet.six if six else internet.four
        self._outside = internet.outside_six if six else internet.outside
        self._everybody = 0 if six else internet.everybody
        """The internet itself, which has no first leg."""

    def masks(self, protocol: int) -> Masks:
        """Every verdict, as sets of sources per port."""
        protocol = self._reach.protocol(protocol)
        if protocol not in self._masks:
            self._masks[protocol] = self._both_legs(protocol)
        return self._masks[protocol]

    def senders(self, traffic: AskedTraffic) -> tuple[int, int]:
        """Who surely gets in by some of the traffic, and who may, as bits."""
        surely = possibly = 0
        for protocol, ports in traffic:
            sure, may = anybody(self.masks(protocol).pieces(ports))
            surely, possibly = surely | sure, possibly | may
        own = self.senders_of_its_family
        return surely & own, possibly & own

    def cells(self, sources: int, traffic: AskedTraffic) -> Iterator[Cell]:
        """Every cell from some sources (bits), the denied ones too."""
        for protocol, ports in traffic:
            pieces = self.masks(protocol).pieces(ports)
            for source in bits_of(sources & self.senders_of_its_family):
                for some, verdict in verdicts(pieces, source):
                    yield self._cell(source, protocol, some, verdict)

    def _cell(self, source: int, protocol: int, ports: PortRange, verdict: Verdict) -> Cell:
        half = verdict is Verdict.HALF_OPEN
        return Cell(
            source=self._reach.endpoints[source],
            destination=self.public.end,
            protocol=protocol,
            ports=ports,
            verdict=verdict,
            lost=self._lost(source, protocol, ports.first) if half else (),
        )

    # Both legs

    def _both_legs(self, protocol: int) -> Masks:
        """Denied if one leg is, else undetermined if one is, else half-open if one is."""
        if not self.public.behind:
            return Masks(NEVER, NEVER, NEVER)
        outward = self._reach.masks(self._place, protocol)
        pairs = tuple(self._pairs(protocol))
        several = (*outward.sets, self._lines(protocol), *(each for pair in pairs for each in pair))
        allowed, half_open, undetermined = [], [], []
        for ports, (first, half, unsure, lines, *heard) in side_by_side(several):
            # Who is on the internet has no first leg.
            sure = first | self._everybody
            inward = _together(zip(heard[::2], heard[1::2], strict=True))
            live = (sure | half | unsure) & ~inward[Verdict.DENIED]
            decided = inward[Verdict.ALLOWED] | inward[Verdict.HALF_OPEN]
            doubtful = live & (unsure | ~decided)
            broken = live & ~doubtful & (half | inward[Verdict.HALF_OPEN])
            passing = live & ~doubtful & ~broken
            allowed.append((ports.first, passing))
            half_open.append((ports.first, broken & ~lines))
            undetermined.append((ports.first, doubtful | lines & ~passing))
        return Masks(*(change(tuple(each), int) for each in (allowed, half_open, undetermined)))

    def _pairs(self, protocol: int) -> Iterator[tuple[Senders, Said]]:
        """Senders, and what the second leg says to them; one may stand in several."""
        everybody = self._everybody
        for clients, members in self._internet.clients(everybody):
            for said, places in self._inward.said(clients, protocol).items():
                yield ((0, members & places),), said
        for departure, senders in self._departures(protocol).items():
            yield from self._as(departure, senders, protocol)
        in_doubt = self._reach.possibly.reading(protocol).survey.in_doubt
        yield from self._inward.out_of_sight(((0, in_doubt & ~everybody),), protocol)

    def _departures(self, protocol: int) -> Mapping[Departure, Senders]:
        reach = self._reach
        return departures(reach.surely, reach.possibly, self._place, protocol)

    def _as(
        self, departure: Departure, senders: Senders, protocol: int
    ) -> Iterator[tuple[Senders, Said]]:
        """Some who leave in one departure, by what the second leg says to it."""
        internet = self._internet
        if departure.exit is Exit.GATEWAY_ENDPOINT:
            yield senders, SHUT
        elif departure.exit is not Exit.INTERNET_GATEWAY:
            yield from self._inward.out_of_sight(senders, protocol)
        elif departure.nat is None and self.public.end.version == 6:
            # Whether somebody on the internet translates it, and as whose, nobody knows.
            yield from self._inward.out_of_sight(senders, protocol)
        elif departure.nat is not None:
            for place in self._nat(departure):
                yield senders, self._inward.said_at(place, NAT_PORTS, protocol)
        else:
            yield _among(senders, internet.unplaced), UNKNOWN
            for clients, members in internet.clients(internet.four):
                for said, places in self._inward.said(clients, protocol).items():
                    yield _among(senders, members & internet.known_at(places)), said

    def _nat(self, departure: Departure) -> Iterator[int | None]:
        """Where on the internet a NAT gateway is known: its packets may have any address of it.

        Those of a regional one have any of the zone.
        """
        for each in self._reach.network.nat_gateways:
            if each.id == departure.nat:
                here = (address for zone, address in each.zones if zone == departure.zone)
                addresses = each.public_addresses if each.subnet else here
                yield from map(self._internet.place, addresses)

    def _lines(self, protocol: int) -> Senders:
        """Whoever is outside, where somebody on the internet gets in, or may.

        They may have another way to the internet, of which nothing here knows.
        """
        found = NEVER
        outside = self._outside if self._lines_of_their_own else 0
        for clients, members in self._internet.clients(outside):
            for said in self._inward.said(clients, protocol):
                found = combine(found, _unless_denied(said, members), or_)
        return found

    # Client ports without a reply

    def _lost(self, source: int, protocol: int, port: int) -> tuple[PortRange, ...]:
        """Those of the sender's; a NAT gateway may map any of them to one without."""
        ends, internet = self._reach.endpoints, self._internet
        ((own, _),) = internet.clients(1 << source)
        lost = list(self._reach.lost(ends[source], ends[self._place], protocol))
        if self._everybody >> source & 1:
            lost = []
            lost += self._inward.lost(source, own, protocol, port)
            return merge(lost)
        for departure, senders in self._departures(protocol).items():
            if not at(senders, port) >> source & 1:
                continue
            if departure.nat is None:
                for place in bits_of(internet.everybody):
                    if internet.known_at(1 << place) >> source & 1:
                        lost += self._inward.lost(place, own, protocol, port)
            elif any(
                self._inward.lost(place, NAT_PORTS, protocol, port)
                for place in self._nat(departure)
            ):
                lost.append(own)
        return merge(lost)


def over_internet(reach: Reach, addresses: Iterable[PublicAddress]) -> Iterator[OverInternet]:
    """What reaches each of some public addresses."""
    internet = Internet(reach)
    return (OverInternet(internet, each) for each in addresses)


def _together(heard: Iterable[tuple[int, int]]) -> Mapping[Verdict, int]:
    """Who hears one verdict alone, at one port; whoever hears several knows none."""
    hears = dict.fromkeys(BIT, 0)
    for senders, said in heard:
        for verdict, bit in BIT.items():
            hears[verdict] |= senders if said & bit else 0
    once = several = 0
    for senders in hears.values():
        several |= once & senders
        once |= senders
    return {verdict: senders & ~several for verdict, senders in hears.items()}


def _unless_denied(said: Said, members: int) -> Senders:
    """Some senders, at the ports where something else than denied is said."""
    return change(said, lambda bits: members if bits & ~BIT[Verdict.DENIED] else 0)


def _among(senders: Senders, members: int) -> Senders:
    return change(senders, lambda bits: bits & members)
