"""The entries of every NACL with their numbers, also while a service is in quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import AclEntry, Direction
from bulkhead.network.widened import WidenedAcl
from bulkhead.plan.acl_needs import AclNeeds
from bulkhead.plan.acl_turns import has_room
from bulkhead.plan.acls import OF_QUARANTINE, SIZES, numbered
from bulkhead.plan.allot import Allotment
from bulkhead.plan.allowed import quotas_of
from bulkhead.plan.ids import acl_name
from bulkhead.plan.lock import Lock
from bulkhead.plan.quarantine import Quarantined
from bulkhead.plan.side_by_side import JOINED
from bulkhead.plan.units import Unit, made
from bulkhead.plan.widening import AclWay, Widened, fitted

Slots = Mapping[str, Allotment]


@dataclass(frozen=True, slots=True)
class PlannedEntries:
    """By the name of a unit the entries of its NACL; what the lock must remember of them; and
    where they are wider than what is let through."""

    by_unit: Mapping[str, tuple[AclEntry, ...]]
    remembered: Slots
    widened: tuple[WidenedAcl, ...]
    turns: Mapping[str, int]
    """By unit which NACL it is that stands before it."""


_MEANWHILE: Final = "-meanwhile"
"""What stands behind a band in the lock for entries that are there in a quarantine alone: what is
left of a run of ports, say, of which a part is cut."""


def entries_of(
    units: Sequence[Unit], needs: AclNeeds, quarantined: Quarantined, lock: Lock
) -> PlannedEntries:
    """The entries of each unit's NACL.

    While a service is in quarantine it remembers the numbers of all that was let before: they are
    what it goes back to.
    """
    declared = needs.by_unit(quarantined.flows)
    stay = needs.by_unit(quarantined.stay) if quarantined else declared
    have = quotas_of(quarantined.topology, lock.quotas)
    most = have.entries_of_ours
    turns: dict[str, int] = {}
    renewals = max(0, have.acls_per_vpc - len(made(units)) - 1)
    widen = quarantined.topology.nacl_overflow == "widen"
    wider: list[WidenedAcl] = []
    found: dict[str, tuple[AclEntry, ...]] = {}
    remembered: dict[str, Allotment] = {}
    known = _with_those_of_meanwhile(lock)
    for unit in units:
        if unit.standing:
            found[unit.name] = ()
            continue
        stands = _standing(unit, known)
        needed, ways = fitted(declared.get(unit.name, ()), most, widen=widen, standing=stands)
        entries, slots = numbered(unit.name, needed, known)
        slots = dict(_without_traces(slots, lock))
        remembered |= slots
        if quarantined:
            now = replace(known, first=False, acl_rules=dict(_as_before(slots, known)))
            needed, ways = fitted(stay.get(unit.name, ()), most, widen=widen, standing=stands)
            kept, numbers = numbered(unit.name, needed, now)
            remembered.update(_meanwhile(numbers, slots))
            first, numbers = _first_of_all(unit, (entries, kept), quarantined, lock)
            remembered |= numbers
            entries = tuple(sorted((*first, *kept), key=lambda each: (each.direction, each.number)))
        found[unit.name] = entries
        turns[unit.name] = turn = lock.nacls.get(unit.name, 1)
        if not quarantined and renewals and not has_room(unit, entries, lock, most):
            turns[unit.name], renewals = turn + 1, renewals - 1
        wider += _said(replace(unit, turn=turns[unit.name]), ways)
    return PlannedEntries(found, remembered, tuple(sorted(wider)), turns)


def _standing(unit: Unit, known: Lock) -> Mapping[Direction, frozenset[str]]:
    """What the entries of a unit say that hold a number by now."""
    bands = {each: [f"{unit.name}/{each}/{band}" for band in JOINED] for each in Direction}
    return {
        each: frozenset(key for name in names for key in known.acl_rules.get(name, _NOBODY).taken)
        for each, names in bands.items()
    }


_NOBODY: Final = Allotment()


def _said(unit: Unit, ways: Mapping[AclWay, Widened]) -> Iterator[WidenedAcl]:
    for (direction, version), each in ways.items():
        yield WidenedAcl(
            nacl=acl_name(unit),
            direction=direction,
            version=version,
            exact=each.exact,
            entries=len(each.needs),
            pairs=each.pairs,
            least=each.least,
        )


def _with_those_of_meanwhile(lock: Lock) -> Lock:
    """What was let in a quarantine keeps its number where it is let without one, too."""
    added = {name for name in lock.acl_rules if name.endswith(_MEANWHILE)}
    if not added:
        return lock
    rules = {name: each for name, each in lock.acl_rules.items() if name not in added}
    for name in added:
        band = name.removesuffix(_MEANWHILE)
        rules[band] = _beside(rules.get(band, Allotment()), lock.acl_rules[name])
    return replace(lock, acl_rules=rules)


def _beside(first: Allotment, other: Allotment) -> Allotment:
    """What the first holds, and what the other does in slots that are free there."""
    held = set(first.taken.values())
    more = {
        key: slot
        for key, slot in other.taken.items()
        if key not in first.taken and slot not in held
    }
    return Allotment({**first.taken, **more}, first.gone - set(more.values()))


def _without_traces(slots: Slots, lock: Lock) -> Iterator[tuple[str, Allotment]]:
    """A quarantine that is over leaves nothing in the lock: not even that it gave a slot back."""
    for name, each in slots.items():
        meanwhile = lock.acl_rules.get(name + _MEANWHILE, Allotment())
        before = lock.acl_rules.get(name, Allotment())
        own = set(meanwhile.taken.values()) - {*before.taken.values(), *before.gone}
        yield name, Allotment(each.taken, each.gone - own)


def _as_before(slots: Slots, known: Lock) -> Iterator[tuple[str, Allotment]]:
    """What is kept has the number that it had, also where all that is declared needs it no more."""
    for name, each in slots.items():
        yield name, _beside(each, known.acl_rules.get(name, Allotment()))


def _meanwhile(numbers: Slots, slots: Slots) -> Iterator[tuple[str, Allotment]]:
    """What is let in a quarantine alone, for the lock."""
    for name, each in numbers.items():
        known = slots.get(name, Allotment()).taken
        if more := {key: slot for key, slot in each.taken.items() if key not in known}:
            yield name + _MEANWHILE, Allotment(more)


def _first_of_all(
    unit: Unit,
    before_and_after: tuple[tuple[AclEntry, ...], tuple[AclEntry, ...]],
    quarantined: Quarantined,
    lock: Lock,
) -> tuple[tuple[AclEntry, ...], Mapping[str, Allotment]]:
    """What a quarantine puts before the entries of a NACL; nothing where that has no room for it
    beside what is let now: no emergency waits for a quota."""
    declared, kept = before_and_after
    needs = quarantined.needs(unit, kept)
    room = quotas_of(quarantined.topology, lock.quotas).entries_of_ours
    beside = {*declared, *kept}
    for way in Direction:
        wanted = [each for each in needs if each.direction is way]
        numbers = Counter(each.band for each in wanted)
        taken = Counter(each.cidr.version for each in beside if each.direction is way)
        taken.update(each.cidr.version for each in wanted)
        if any(count > room for count in taken.values()) or any(
            numbers[band] > SIZES[band] for band in OF_QUARANTINE
        ):
            return (), {}
    entries, slots = numbered(unit.name, needs, lock, OF_QUARANTINE)
    # What held a number in a quarantine that is over holds it no more: the lock is as it was.
    return entries, {where: each for where, each in slots.items() if each.taken}
