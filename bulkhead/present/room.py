"""How many rules the groups of a service would need, computed and not tried.

A rule names one peer and one run of ports: of a service its group, of a site each network. The
groups of an interface count together
(docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import pairwise
from typing import Final

from bulkhead.network import Direction, PortRange
from bulkhead.network.ports import has_types
from bulkhead.network.quotas import DEFAULTS
from bulkhead.network.traffic import runs
from bulkhead.plan.allowed import MoreRules
from bulkhead.present.flows import words
from bulkhead.present.named import PresentParty, PresentSite
from bulkhead.present.opening import PresentOpening

ROOM: Final = DEFAULTS.rules_per_group * DEFAULTS.groups_per_interface
"""Rules of one direction for one interface, where nobody asked AWS for more."""

_Way = tuple[str, Direction]
"""A service, and a direction: what a quota is of."""
_Peer = tuple[str, int]
"""A service or site, and a protocol."""


@dataclass(slots=True)
class RuleRoom:
    """What the groups hold so far. `add` and `take` change it."""

    _open: dict[_Way, dict[_Peer, list[tuple[PortRange, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _sites: dict[str, PresentSite] = field(default_factory=dict)
    _counts: dict[_Way, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, openings: Iterable[PresentOpening]) -> RuleRoom:
        """All of them, whether there is room or not."""
        found = cls()
        for each in openings:
            for way, peer, at in found._rules(each):
                found._open[way][peer].append((each.ports, at))
        for way, peers in found._open.items():
            found._counts[way] = sum(found._count(*item) for item in peers.items())
        return found

    @property
    def counts(self) -> Mapping[_Way, int]:
        """Rules by service and direction."""
        return self._counts

    @property
    def full(self) -> Mapping[_Way, int]:
        """Those that need more than an interface can hold."""
        return {way: count for way, count in self._counts.items() if count > ROOM}

    def take(self, opening: PresentOpening) -> bool:
        """Add an opening where both ends have room for it."""
        wanted = list(self._rules(opening))
        before = {way: self._counts[way] for way, _, _ in wanted}
        for way, peer, at in wanted:
            several = self._open[way][peer]
            self._counts[way] -= self._count(peer, several)
            several.append((opening.ports, at))
            self._counts[way] += self._count(peer, several)
        if all(self._counts[way] <= max(ROOM, before[way]) for way in before):
            return True
        for way, peer, _ in wanted:
            self._open[way][peer].pop()
        self._counts.update(before)
        return False

    def _rules(self, opening: PresentOpening) -> Iterable[tuple[_Way, _Peer, int]]:
        """Of whose groups it needs rules, for whom; of a site also for which of its ends."""
        both: tuple[tuple[PresentParty, PresentParty, Direction], ...] = (
            (opening.client, opening.server, Direction.EGRESS),
            (opening.server, opening.client, Direction.INGRESS),
        )
        for one, other, way in both:
            if one.service is not None:
                if other.site is not None:
                    self._sites[other.name] = other.site
                yield (one.name, way), (other.name, opening.protocol), other.at

    def _count(self, peer: _Peer, several: Sequence[tuple[PortRange, int]]) -> int:
        name, protocol = peer
        site = self._sites.get(name)
        if site is None:
            return _runs(protocol, [ports for ports, _ in several])
        edges = {each.first for each, _ in several} | {each.last + 1 for each, _ in several}
        by_network: dict[IPv4Network, list[PortRange]] = defaultdict(list)
        for first, after in pairwise(sorted(edges)):
            if places := {at for ports, at in several if first in ports}:
                whole = len(places) == len(site.places)
                for network in site.cidrs if whole else site.at(places):
                    by_network[network].append(PortRange(first, after - 1))
        return sum(_runs(protocol, ranges) for ranges in by_network.values())


def _runs(protocol: int, ranges: Iterable[PortRange]) -> int:
    """How many rules say it: of ICMP one for each message that is named."""
    found = runs(protocol, ranges)
    return sum(len(words(protocol, each)) for each in found) if has_types(protocol) else len(found)


def with_room(
    openings: Sequence[PresentOpening],
) -> tuple[list[PresentOpening], list[tuple[PresentOpening, str]]]:
    """Those for which groups have room, the first ones first; the others, each with why not."""
    needed = RuleRoom.of(openings).counts
    by_name: dict[str, int] = {}
    for (name, _), count in needed.items():
        by_name[name] = max(count, by_name.get(name, 0))
    more = MoreRules.of(DEFAULTS, by_name)
    room = RuleRoom()
    kept: list[PresentOpening] = []
    waiting = list(openings)
    while waiting:
        # What joins two runs of ports makes room for one that had none.
        late: list[PresentOpening] = []
        for each in waiting:
            (kept if room.take(each) else late).append(each)
        if len(late) == len(waiting):
            break
        waiting = late
    return kept, [(each, _why(each, needed, more)) for each in waiting]


def _why(opening: PresentOpening, needed: Mapping[_Way, int], more: MoreRules) -> str:
    ways = (opening.client.name, Direction.EGRESS), (opening.server.name, Direction.INGRESS)
    name, direction = max(ways, key=lambda way: needed.get(way, 0))
    count = needed[name, direction]
    return (
        f"{name} needs {count} {direction} rules for all that is allowed, and {ROOM} fit into the "
        f"groups of an interface{more.advice(name)}"
    )
