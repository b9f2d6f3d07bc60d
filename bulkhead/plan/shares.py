"""The rules of one service over several groups, where one group holds fewer than it needs.

All its interfaces hold them all, and the rules of all groups of an interface count together
(docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html): so the same packets pass as
by one group. Others name the first of them alone, so for them nothing changes.

Which of the groups a rule is in is remembered, as soon as there are more than half of what one
holds: a new rule then moves none that stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import Direction, GroupRule, Interface
from bulkhead.network.quotas import RULES_PER_INTERFACE, Quotas
from bulkhead.plan.allot import Allotment, allot
from bulkhead.plan.groups import group_id
from bulkhead.plan.lock import Lock

STRIDE: Final = RULES_PER_INTERFACE
"""Slots of the lock that are each group's: 1007 is the eighth of the second, whatever one holds."""

Rules = Mapping[str, Sequence[GroupRule]]
"""By what flows call a service."""


@dataclass(frozen=True, slots=True)
class Shares:
    """By service the rules of each of its groups, the first first."""

    of: Mapping[str, tuple[tuple[GroupRule, ...], ...]]
    remembered: Mapping[str, Allotment]

    def groups(self, service: str) -> tuple[str, ...]:
        """What the groups of a service are called in a plan."""
        return tuple(group_id(service, number) for number in range(len(self.of[service])))

    def held(self, interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
        """The interfaces, with all groups of their services."""
        return tuple(
            replace(each, security_groups=self.groups(each.service))
            if each.service and each.service in self.of
            else each
            for each in interfaces
        )


def shared_out(topology: Topology, declared: Rules, now: Rules, have: Quotas, lock: Lock) -> Shares:
    """The rules of `now` over as many groups as all that are `declared` need: while a service is
    in quarantine those are more, and what is remembered is theirs."""
    found: dict[str, tuple[tuple[GroupRule, ...], ...]] = {}
    remembered: dict[str, Allotment] = {}
    there = {name.rpartition("-")[0] for each in lock.hosts.values() for name in each.taken}
    for service in topology.interfaces:
        slots: dict[Direction, _Families] = {}
        for direction in Direction:
            rules = [each for each in declared.get(service, ()) if each.direction is direction]
            rules.sort(key=lambda each: (_is_new(topology, each, there), each.id))
            where = f"{service}/{direction}"
            before = _Families.known(lock, where)
            given = _slots(rules, before, have, lock)
            if given.counts > have.rules_per_group // 2 or given.last:
                remembered |= given.remembered(where)
            slots[direction] = given
        groups = 1 + max(each.last for each in slots.values())
        parts: list[list[GroupRule]] = [[] for _ in range(groups)]
        for each in sorted(now.get(service, ()), key=lambda rule: rule.id):
            parts[_share(each, slots[each.direction], parts)].append(each)
        found[service] = tuple(map(tuple, parts))
    return Shares(found, remembered)


@dataclass(frozen=True, slots=True)
class _Families:
    """The slots of rules that count against the quota of IPv4, and of those that do not: a
    reference to a group counts in both, and so shares a slot with nobody
    (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""

    of_both: Mapping[str, int]
    of_ipv6: Mapping[str, int]
    references: int = 0

    @classmethod
    def known(cls, lock: Lock, where: str) -> _Families:
        """What a lock says of a service and direction."""
        both = lock.groups.get(where, Allotment())
        return cls(both.taken, lock.groups.get(f"{where}{_IPV6}", Allotment()).taken)

    def remembered(self, where: str) -> Mapping[str, Allotment]:
        """The same for the lock."""
        several = {where: self.of_both, f"{where}{_IPV6}": self.of_ipv6}
        return {name: Allotment(slots) for name, slots in several.items() if slots}

    @property
    def taken(self) -> Mapping[str, int]:
        return {**self.of_both, **self.of_ipv6}

    @property
    def counts(self) -> int:
        """How many there are in the fuller of the two sets."""
        return max(len(self.of_both), self.references + len(self.of_ipv6))

    @property
    def last(self) -> int:
        """The number of the last group that holds some."""
        return max(self.taken.values(), default=0) // STRIDE


_IPV6: Final = "-ipv6"


def _slots(rules: Sequence[GroupRule], before: _Families, have: Quotas, lock: Lock) -> _Families:
    """The slot of each. What was given back is avoided once: in one update the new rule comes
    before the old one is gone, and then there is room again."""
    room = tuple(
        range(number * STRIDE, number * STRIDE + have.rules_per_group)
        for number in range(have.groups_per_interface)
    )

    first = [_key(each) for each in rules if _counts_for_ipv4(each)]
    known = Allotment(before.of_both, frozenset(before.of_ipv6.values()))
    of_both = allot(first, known, room, first=lock.first).taken
    references = {of_both[_key(each)] for each in rules if each.peer.kind == "group"}
    then = [_key(each) for each in rules if not _counts_for_ipv4(each)]
    free = tuple(_without(room, references))
    of_ipv6 = allot(then, Allotment(before.of_ipv6), free, first=lock.first).taken
    return _Families(of_both, of_ipv6, references=len(references))


def _counts_for_ipv4(rule: GroupRule) -> bool:
    return rule.peer.kind == "group" or rule.peer.cidr.version == 4


def _without(room: Iterable[range], taken: Collection[int]) -> Iterator[range]:
    """What is left of a room, in order."""
    for part in room:
        start = part.start
        for each in (*sorted(slot for slot in taken if slot in part), part.stop):
            if start < each:
                yield range(start, each)
            start = each + 1


def _key(rule: GroupRule) -> str:
    """What a rule says: 'tcp-5561/momentum'."""
    return rule.id.partition(f"/{rule.direction}/")[2]


def _share(rule: GroupRule, slots: _Families, parts: Sequence[Sequence[GroupRule]]) -> int:
    """In which group a rule is. One that is there in a quarantine alone, of what is left of a run
    of ports, is where there are fewest."""
    slot = slots.taken.get(_key(rule))
    if slot is not None:
        return slot // STRIDE
    counts = [sum(each.direction is rule.direction for each in some) for some in parts]
    return counts.index(min(counts))


def _is_new(topology: Topology, rule: GroupRule, there: Iterable[str]) -> bool:
    """Whether a rule can be none that stands: its peer has no interface yet."""
    peer = rule.peer.group.removeprefix(group_id("")) if rule.peer.kind == "group" else ""
    end = topology.interfaces.get(peer)
    if end is None or topology.services[end.service].comes_and_goes:
        return False
    return peer not in there
