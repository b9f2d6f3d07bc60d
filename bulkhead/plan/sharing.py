"""Which peers of a service carry a group that they share, where its rules do not fit otherwise.

A rule that names a group admits whoever holds it. So where many services need the same ports of
one, they hold a group beside their own that stands for 'clients of it at these ports', and one
rule names that: the same packets, and one rule instead of one for each of them. Mirrored for a
service that connects to many. What it costs is one of the groups that an interface may hold, at
each of those that share it.

Nothing is shared where rules fit without. Whatever shares a group goes on doing so (the lock says
so), and whoever comes later joins: nothing that stands moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulkhead.network.quotas import Quotas
from bulkhead.plan.crowds import PeerCrowd, in_order
from bulkhead.plan.shared_so_far import RulesWanted, RuleWay, SharedSoFar, StandingRules
from bulkhead.plan.sharing_cleared import Clearing
from bulkhead.plan.sharing_relief import Relief, SharingManner


@dataclass(frozen=True, slots=True)
class WhoShares:
    """`members` of each shared group, and whom it does not help: `left` rules of a service that
    has no room for them.

    `cleared`: the group of a service that goes, because all its groups are full and another takes
    its place, with the rule for those that share.
    """

    members: Mapping[PeerCrowd, frozenset[str]] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    """By service, in the fuller direction."""
    counts: Mapping[RuleWay, int] = field(default_factory=dict)
    """Rules that a service then has, one for each shared group among them."""
    cleared: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.members)

    def by_member(self) -> Mapping[str, tuple[PeerCrowd, ...]]:
        """The shared groups that each service's interfaces hold, in order."""
        found: dict[str, list[PeerCrowd]] = {}
        for crowd in sorted(self.members, key=in_order):
            for each in self.members[crowd]:
                found.setdefault(each, []).append(crowd)
        return {name: tuple(several) for name, several in found.items()}


_MANNERS = (
    SharingManner(),
    SharingManner(whole=False),
    SharingManner(bold=True),
    SharingManner(whole=False, bold=True),
)
"""In this order: the first by which all fit."""
_FEW = 10_000
"""Of more rules than these in all, the first is tried alone."""


def sharing(
    wanted: RulesWanted, have: Quotas, standing: StandingRules, *, alone: bool = False
) -> WhoShares:
    """Who shares which groups, so that all fit that can; where each is `alone`, nobody."""
    most = have.rules_per_group * have.groups_per_interface
    counts = {way: each.count for way, each in wanted.items()}
    if not standing.shared and all(count <= most for count in counts.values()):
        return WhoShares(counts=counts)
    if alone or have.groups_per_interface == 1:  # everybody's own
        return WhoShares(counts=counts, left=_beyond(counts, most))
    tried: list[SharedSoFar] = []
    for manner in _MANNERS if sum(counts.values()) <= _FEW else _MANNERS[:1]:
        tried.append(SharedSoFar(wanted, have, standing))
        Relief(tried[-1], manner).settle()
        if not tried[-1].left:
            break
    found = min(tried, key=lambda each: len(each.left))
    cleared = dict(Clearing(found).clear())
    return WhoShares(
        members={crowd: frozenset(several) for crowd, several in found.shared.items() if several},
        left=found.left,
        counts=found.counts,
        cleared=cleared,
    )


def _beyond(counts: Mapping[RuleWay, int], most: int) -> Mapping[str, int]:
    """By service the rules of the fuller direction, where they are more."""
    left: dict[str, int] = {}
    for (name, _), count in counts.items():
        if count > most:
            left[name] = max(count, left.get(name, 0))
    return left
