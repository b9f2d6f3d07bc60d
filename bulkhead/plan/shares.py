"""The rules of one service over several groups, where one group holds fewer than it needs.

All its interfaces hold them all, and the rules of all groups of an interface count together
(docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html): so the same packets pass as
by one group. Others name the first of them alone, so for them nothing changes.

Which of the groups a rule is in is remembered, as soon as there are more than half of what one
holds: a new rule then moves none that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        slots: dict[Direction, Allotment] = {}
        for direction in Direction:
            rules = [each for each in declared.get(service, ()) if each.direction is direction]
            rules.sort(key=lambda each: (_is_new(topology, each, there), each.id))
            where = f"{service}/{direction}"
            slots[direction] = _slots(rules, lock.groups.get(where, Allotment()), have, lock)
            if len(rules) > have.rules_per_group // 2 or _last(slots[direction]):
                remembered[where] = slots[direction]
        groups = 1 + max(map(_last, slots.values()))
        parts: list[list[GroupRule]] = [[] for _ in range(groups)]
        for each in sorted(now.get(service, ()), key=lambda rule: rule.id):
            parts[_share(each, slots[each.direction], parts)].append(each)
        found[service] = tuple(map(tuple, parts))
    return Shares(found, remembered)


def _slots(rules: Sequence[GroupRule], before: Allotment, have: Quotas, lock: Lock) -> Allotment:
    """The slot of each. What was given back is avoided once: in one update the new rule comes
    before the old one is gone, and then there is room again."""
    room = tuple(
        range(number * STRIDE, number * STRIDE + have.rules_per_group)
        for number in range(have.groups_per_interface)
    )
    given = allot(map(_key, rules), Allotment(before.taken), room, first=lock.first)
    return Allotment(given.taken)


def _key(rule: GroupRule) -> str:
    """What a rule says: 'tcp-5561/momentum'."""
    return rule.id.partition(f"/{rule.direction}/")[2]


def _last(slots: Allotment) -> int:
    """The number of the last group that holds some."""
    return max(slots.taken.values(), default=0) // STRIDE


def _share(rule: GroupRule, slots: Allotment, parts: Sequence[Sequence[GroupRule]]) -> int:
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
