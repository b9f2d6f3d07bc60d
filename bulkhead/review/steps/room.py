"""Whether what stands in the middle of a change fits the quotas of the account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.network import Direction, Network
from bulkhead.network.quotas import Quotas


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A NACL or a group in which old and new have no room beside one another.

    `kind` is 'NACL' or 'security group', `holds` how many fit in a direction, `wanted` how many
    would stand at once.
    """

    kind: str
    of: str
    direction: Direction
    wanted: int
    holds: int

    def __str__(self) -> str:
        return f"{self.direction} of {self.kind} {self.of}: {self.wanted}, and {self.holds} fit"


def over_full(network: Network, quotas: Quotas) -> Iterator[Full]:
    """Whatever holds more than it may."""
    for acl in network.nacls:
        counts = Counter(each.direction for each in acl.entries)
        yield from _over("NACL", acl.name, counts, quotas.entries_of_ours)
    for group in network.security_groups:
        counts = Counter(each.direction for each in group.rules)
        yield from _over("security group", group.name, counts, quotas.rules_per_group)


def _over(kind: str, name: str, counts: Counter[Direction], holds: int) -> Iterator[Full]:
    for direction, wanted in counts.items():
        if wanted > holds:
            yield Full(kind=kind, of=name, direction=direction, wanted=wanted, holds=holds)
