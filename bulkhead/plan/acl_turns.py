"""Which NACL it is that stands before a unit: the first, or one in the place of another.

What is new stands beside what is old for a moment, and where a NACL has no room for both AWS
refuses what is over the quota. Then another NACL is made, with all that is new; each subnet goes
over to it by one call, from one moment to the next
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html); and the old
one goes. So nothing is broken, and no NACL holds more than it may. The lock remembers how many
there were (`"nacl feed": 2`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from bulkhead.network import AclEntry, Action, Direction, IPNetwork, PortRange, Subnet
from bulkhead.plan.acls import BANDS, DENYING, OF_QUARANTINE, Need, need_said, spare
from bulkhead.plan.ids import acl_id
from bulkhead.plan.lock import Lock
from bulkhead.plan.units import Unit

_Said = tuple[Action, int, PortRange, IPNetwork]
"""What makes an entry: with another number it is the same one, as its component has it."""


def has_room(unit: Unit, entries: Sequence[AclEntry], lock: Lock, most: int) -> bool:
    """Whether what a unit's NACL held by the lock and what it is to hold fit into one, so many
    entries of each direction and family."""
    held = {
        (direction, band): slots.taken
        for direction, band in product(Direction, (*BANDS, *OF_QUARANTINE))
        if (slots := lock.acl_rules.get(f"{unit.name}/{direction}/{band}"))
    }
    if len(entries) + sum(map(len, held.values())) <= most:
        return True
    if any(band in OF_QUARANTINE for _, band in held):
        return True  # What comes and goes in a quarantine leaves no trace.
    old: dict[tuple[Direction, int], set[_Said]] = defaultdict(set)
    new: dict[tuple[Direction, int], set[_Said]] = defaultdict(set)
    for each in _standing(held):
        old[each.direction, each.cidr.version].add(_said(each))
    for entry in entries:
        said = entry.action, entry.protocol, entry.ports, entry.cidr
        new[entry.direction, entry.cidr.version].add(said)
    return not any(said - old[way] and len(said | old[way]) > most for way, said in new.items())


def _standing(held: Mapping[tuple[Direction, str], Iterable[str]]) -> Iterator[Need]:
    """The entries of some bands; less those that others let as well, whose numbers are kept."""
    said = (
        need_said(key, band, direction) for (direction, band), keys in held.items() for key in keys
    )
    every = [each for each in said if each is not None]
    left_out = spare(every)
    return (each for each in every if each not in left_out)


def _said(need: Need) -> _Said:
    action = Action.DENY if need.band in DENYING else Action.ALLOW
    return action, need.protocol, need.ports, need.cidr


def behind(units: Iterable[Unit], subnets: Iterable[Subnet]) -> Iterator[Subnet]:
    """The subnets, behind the NACL that stands before their unit now."""
    now = {acl_id(replace(each, turn=1)): acl_id(each) for each in units}
    yield from (replace(each, nacl=now.get(each.nacl, each.nacl)) for each in subnets)
