"""Zones that are said by their ids, and were said by their names before, or the other way round.

Which name is which id the account alone knows, so a lock cannot tell: `was:` does, or every
subnet would be made anew beside the one that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bulkhead.intent import Topology
from bulkhead.network.zones import is_zone_id
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_facts import line_of
from bulkhead.problems import Problem


def zones_now(topology: Topology, lock: Lock) -> Mapping[str, str]:
    """What the lock calls a zone -> what it is called now, of those that are called otherwise."""
    return {
        was: zone
        for zone, was in topology.zones_were.items()
        if was in lock.zones.taken and zone not in lock.zones.taken
    }


def nobody_knows_which(topology: Topology, lock: Lock) -> Iterator[Problem]:
    """Each zone of the lock, as `with_new_names` leaves it, that could be one of the topology's."""
    ours = is_zone_id(topology.zones[0])
    of_either = ("names", "ids") if ours else ("ids", "names")
    for zone in sorted(lock.zones.taken):
        if is_zone_id(zone) is ours:
            continue
        name = f"zone {zone}"
        example = topology.zones[0]
        yield Problem(
            lock.file,
            line_of(lock.text, name),
            f"{name!r} is of zones by their {of_either[0]}, and zones: has their {of_either[1]}: "
            f"which of these is {zone} the account alone knows ('aws ec2 "
            "describe-availability-zones'), and any other answer would replace every subnet",
            f"say which it is, as in zones: {{ {example}: {{ was: {zone} }} }}; where nothing is "
            "built, delete the line",
        )
