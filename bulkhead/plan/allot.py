"""Slots given out once and remembered.

Whoever holds a slot keeps it, whatever comes or goes beside it, and a slot
that was given back is not given out again while unused ones remain: in one
`pulumi up` the new holder is created before the old one is gone, and AWS would
refuse two subnets, addresses or rule numbers in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class NoRoomError(Exception):
    """More keys than slots."""

    def __init__(self, wanted: int, room: int) -> None:
        self.wanted, self.room = wanted, room
        super().__init__(f"{wanted} wanted, room for {room}")


@dataclass(frozen=True, slots=True)
class Allotment:
    """Which key holds which slot, and the first slot that was never used."""

    taken: Mapping[str, int] = field(default_factory=dict)
    next: int = 0


def allot(wanted: Iterable[str], before: Allotment, room: int) -> Allotment:
    """Slots 0 to `room` - 1 for the wanted keys: holders stay, newcomers come after.

    Raises NoRoomError when there are more keys than slots.
    """
    keys = list(dict.fromkeys(wanted))
    if len(keys) > room:
        raise NoRoomError(len(keys), room)
    taken = {key: before.taken[key] for key in keys if before.taken.get(key, room) < room}
    following = before.next
    # Once every slot has been used, the ones given back longest ago serve again.
    given_back = (slot for slot in range(room) if slot not in set(taken.values()))
    for key in keys:
        if key in taken:
            continue
        if following < room:
            taken[key] = following
            following += 1
        else:
            taken[key] = next(given_back)
    return Allotment(taken, following)
