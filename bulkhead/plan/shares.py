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
from itertools import count, islice
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import Direction, GroupRule, Interface
from bulkhead.network.quotas import Quotas
from bulkhead.plan.allot import Allotment, allot
from bulkhead.plan.groups import group_id
from bulkhead.plan.lock import Lock
from bulkhead.plan.shared_groups import Rules, SharedGroups
from bulkhead.plan.shared_so_far import STRIDE


@dataclass(frozen=True, slots=True)
class Shares:
    """By service the rules of each of its groups, by the number of that: the first, 0, first."""

    of: Mapping[str, Mapping[int, tuple[GroupRule, ...]]]
    remembered: Mapping[str, Allotment]

    def groups(self, service: str) -> tuple[str, ...]:
        """What the groups of a service are called in a plan."""
        return tuple(group_id(service, number) for number in self.of[service])

    def held(self, interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
        """The interfaces, with all groups of their services."""
        return tuple(
            replace(each, security_groups=self.groups(each.service))
            if each.service and each.service in self.of
            else each
            for each in interfaces
        )


def shared_out(
    topology: Topology,
    rules: tuple[Rules, Rules],
    shared: SharedGroups,
    have: Quotas,
    lock: Lock,
) -> Shares:
    """The second of these rules, which are let now, over as many groups as the first need, which
    are declared: while a service is in quarantine those are more, and what is remembered is theirs.
    There is to be room for the groups that are `shared`. Each service's rules are in order.
    """
    declared, now = rules
    found: dict[str, Mapping[int, tuple[GroupRule, ...]]] = {}
    remembered: dict[str, Allotment] = {}
    there = {name.rpartition("-")[0] for each in lock.hosts.values() for name in each.taken}
    for service in topology.interfaces:
        known = {each: _Families.known(lock, f"{service}/{each}") for each in Direction}
        few = len(declared.get(service, ())) <= have.rules_per_group // 2
        if few and not any(each.taken for each in known.values()):
            found[service] = {0: tuple(now.get(service, ()))}
            continue
        wanted = {
            way: sorted(
                (each for each in declared.get(service, ()) if each.direction is way),
                key=lambda each: (_is_new(topology, each, there), each.id),
            )
            for way in Direction
        }
        most = have.groups_per_interface - shared.places.get(service, 0)
        numbers = _numbers(known.values(), most)
        if (goes := shared.cleared.get(service, 0)) in numbers[1:]:
            comes = 1 + max(*numbers, *(each.last for each in known.values()))
            numbers = tuple(sorted({*numbers, comes} - {goes}))
            known = {
                way: each.in_another(goes, comes, {*map(_key, wanted[way])})
                for way, each in known.items()
            }
        slots = {way: _slots(wanted[way], known[way], numbers, have, lock) for way in Direction}
        for way, given in slots.items():
            if given.counts > have.rules_per_group // 2 or given.last:
                remembered |= given.remembered(f"{service}/{way}")
        last = max(each.last for each in slots.values())
        parts: dict[int, list[GroupRule]] = {each: [] for each in numbers if each <= last}
        for each in now.get(service, ()):
            parts[_share(each, slots[each.direction], parts)].append(each)
        found[service] = {number: tuple(several) for number, several in parts.items()}
    return Shares(found, remembered)


def _numbers(known: Iterable[_Families], most: int) -> tuple[int, ...]:
    """Of as many groups as there may be: of those that stand, and then of others."""
    used = {0, *(slot // STRIDE for each in known for slot in each.taken.values())}
    if len(used) >= most or max(used) >= most:
        free = (each for each in count() if each not in used)
        return tuple(sorted([*sorted(used)[:most], *islice(free, max(0, most - len(used)))]))
    return tuple(range(most))


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

    def in_another(self, old: int, new: int, kept: Collection[str]) -> _Families:
        """What is kept of one group, in another."""

        def moved(slots: Mapping[str, int]) -> Mapping[str, int]:
            return {
                key: slot + STRIDE * (new - old) if slot // STRIDE == old else slot
                for key, slot in slots.items()
                if slot // STRIDE != old or key in kept
            }

        return _Families(moved(self.of_both), moved(self.of_ipv6))

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


def _slots(
    rules: Sequence[GroupRule],
    before: _Families,
    numbers: Iterable[int],
    have: Quotas,
    lock: Lock,
) -> _Families:
    """The slot of each. What was given back is avoided once: in one update the new rule comes
    before the old one is gone, and then there is room again."""
    room = tuple(
        range(number * STRIDE, number * STRIDE + have.rules_per_group) for number in numbers
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


def _share(rule: GroupRule, slots: _Families, parts: Mapping[int, Sequence[GroupRule]]) -> int:
    """In which group a rule is. One that is there in a quarantine alone, of what is left of a run
    of ports, is where there are fewest."""
    slot = slots.taken.get(_key(rule))
    if slot is not None:
        return slot // STRIDE
    counts = {
        number: sum(each.direction is rule.direction for each in some)
        for number, some in parts.items()
    }
    return min(counts, key=lambda number: (counts[number], number))


def _is_new(topology: Topology, rule: GroupRule, there: Iterable[str]) -> bool:
    """Whether a rule can be none that stands: its peer has no interface yet."""
    peer = rule.peer.group.removeprefix(group_id("")) if rule.peer.kind == "group" else ""
    end = topology.interfaces.get(peer)
    if end is None or topology.services[end.service].comes_and_goes:
        return False
    return peer not in there
