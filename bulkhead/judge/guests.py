"""What others have in subnets that our services stand in, and any host of ours that no group holds.

A NACL names subnets, never hosts: where it lets a declared flow through to a service of ours in a
subnet of others, it lets the same through to whatever else is there. Groups of ours hold ours. What
theirs let in, and a host that somebody starts in a segment of ours in no group, is held by nobody:
that is told, and no finding, because no rule could say it narrower.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Residue, ResidueKind
from bulkhead.network import PortRange
from bulkhead.network.traffic import merge
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, bits_of, combine, ranges


class BesideGuests:
    """Who such others are, and our hosts in no group, as bits."""

    def __init__(self, reach: Reach, declared: Declared) -> None:
        self._reach, self._declared = reach, declared
        ends = reach.endpoints
        self._homes = {ends[each].subnet for each in bits_of(declared.guests)}
        self._others = self._strangers = 0
        for index, end in enumerate(ends if self._homes else ()):
            others = is_of_others(reach.network, end)
            self._others |= (others and end.subnet in self._homes) << index
            self._strangers |= (not others and end.kind is EndpointKind.STRANGER) << index

    def let(self, index: int, protocol: int) -> ByPort:
        """Whom NACLs have to let through to an end, for declared flows or their replies, though
        nobody declared it of the two."""
        pairs = 0
        if self._strangers >> index & 1:
            pairs = self._others
        elif self._others >> index & 1:
            pairs = self._strangers
        if not pairs:
            return NEVER
        unit, let = self._declared.unit_of[index], NEVER
        for each in (
            self._declared.into_unit(unit, protocol),
            self._declared.replies_into(unit, protocol),
            self._declared.told_too_large(unit, protocol),
        ):
            let = combine(let, each, int.__or__)
        return combine(let, ((0, pairs),), int.__and__)

    def residue(self) -> Iterator[Residue]:
        """All of it that is open."""
        reach = self._reach
        found: dict[tuple[str, str, int], list[PortRange]] = defaultdict(list)
        for index in bits_of(self._others | self._strangers):
            asked = reach.senders(index)
            for protocol in reach.protocols:
                let = combine(
                    self.let(index, protocol), reach.surely.requests(index, protocol), int.__and__
                )
                for ports, bits in ranges(let):
                    for name in {self._called(each) for each in bits_of(bits & asked)}:
                        found[name, self._called(index), protocol].append(ports)
        for (source, to, protocol), several in sorted(found.items()):
            for ports in merge(several):
                yield Residue(
                    source=source,
                    destination=to,
                    protocol=protocol,
                    ports=ports,
                    kind=ResidueKind.BESIDE,
                )

    def _called(self, index: int) -> str:
        end = self._reach.endpoints[index]
        return f"others in {end.subnet}" if self._others >> index & 1 else label(end)
