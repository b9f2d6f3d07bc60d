"""A network, read with every unknown taken one way.

Every layer is monotone: passing more at one layer never passes less in the end.
So what is unknown needs no third truth value inside: the relation is computed
once with every unknown shut and once with every unknown open, and what differs
is undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import and_, or_

from bulkhead.ends.prefixes import is_ipv6
from bulkhead.network import ICMP, ICMP6, TCP, UDP, icmp_range
from bulkhead.prove.sets.by_port import ALWAYS, NEVER, ByPort, combine, union
from bulkhead.prove.sets.far import Far
from bulkhead.prove.sets.layers.together import Layers
from bulkhead.prove.sets.local import Local
from bulkhead.prove.sets.rules import ECHO_REQUEST, ECHO_REQUEST6
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.ways.passage import Exit, Passage
from bulkhead.prove.sets.ways.travel import Ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What requests and replies are computed from. `unknown_passes`: shut, or open."""

    survey: Survey
    ways: Ways
    layers: Layers
    local: Local
    far: Far
    unknown_passes: bool

    @property
    def unknown(self) -> ByPort:
        """What becomes of a packet of which nobody knows."""
        return ALWAYS if self.unknown_passes else NEVER

    def decided(self, candidates: Sequence[ByPort]) -> ByPort:
        """All must pass to be sure; one is enough to be possible."""
        join = or_ if self.unknown_passes else and_
        decided = candidates[0]
        for each in candidates[1:]:
            decided = combine(decided, each, join)
        return decided

    def passes(self, packet: Passage, protocol: int) -> ByPort:
        """Per port: whether everything on the way lets the packet through (0 or 1)."""
        if not (packet.known and packet.sure) and not self.unknown_passes:
            return NEVER
        passing = _carried(packet, protocol)
        for check in packet.checks:
            passing = combine(passing, self.layers.check(check, protocol, reply=packet.reply), and_)
        return passing


def read(ways: Ways, *, unknown_passes: bool) -> Reading:
    """Take what is unknown for shut, or for open."""
    survey = ways.survey
    local = Local(survey, unknown_passes=unknown_passes)
    return Reading(
        survey=survey,
        ways=ways,
        layers=Layers(survey, unknown_passes=unknown_passes),
        local=local,
        far=Far(ways, local),
        unknown_passes=unknown_passes,
    )


def _carried(packet: Passage, protocol: int) -> ByPort:
    """Per port: what gateways on the way carry at all."""
    if packet.nat and packet.from_ipv6 and protocol not in (TCP, UDP):
        return union([(icmp_range(ECHO_REQUEST6, None), 1)]) if protocol == ICMP6 else NEVER
    if packet.exit is Exit.GATEWAY_ENDPOINT and protocol != TCP:
        four = (ICMP, ECHO_REQUEST)
        echo, asks = (ICMP6, ECHO_REQUEST6) if is_ipv6(packet.source) else four
        return union([(icmp_range(asks, None), 1)]) if protocol == echo else NEVER
    if packet.nat and protocol not in (TCP, UDP, ICMP):
        return NEVER
    return ALWAYS


def where(passing: ByPort, members: int) -> ByPort:
    """The members at each port that passes (0 or 1)."""
    return tuple((first, members * passes) for first, passes in passing)


def either(several: Iterable[ByPort]) -> ByPort:
    """One is enough."""
    found = NEVER
    for each in several:
        found = combine(found, each, or_)
    return found
