"""Slots given out once and remembered.

Whoever holds a slot keeps it, whatever comes or goes beside it. A slot that was given back is
not given out again while others are free: in one `pulumi up` the new holder is created before
the old one is gone, and AWS would refuse two subnets, addresses or rule numbers in one place.

The first plan counts from 0. Later newcomers get a slot that follows from what they are called, so
that two branches that each add something rarely want the same one, and their locks merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256


class NoRoomError(Exception):
    """More keys than slots."""

    def __init__(self, wanted: int, room: int) -> None:
        self.wanted, self.room = wanted, room
        super().__init__(f"{wanted} wanted, room for {room}")


@dataclass(frozen=True, slots=True)
class Allotment:
    """Which key holds which slot, and which slots were given back."""

    taken: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()


def allot(wanted: Iterable[str], before: Allotment, room: int, *, first: bool = False) -> Allotment:
    """Slots 0 to `room` - 1 for the wanted keys: holders stay, newcomers find a free one.

    `first` where nothing was ever given out: then they are counted off.
    Raises NoRoomError when there are more keys than slots.
    """
    keys = list(dict.fromkeys(wanted))
    if len(keys) > room:
        raise NoRoomError(len(keys), room)
    taken = {key: before.taken[key] for key in keys if before.taken.get(key, room) < room}
    held = set(taken.values())
    gone = {slot for slot in (*before.gone, *before.taken.values()) if slot < room} - held
    avoided = held | gone
    following = 0
    for key in keys:
        if key in taken:
            continue
        if len(avoided) == room:
            avoided = set(taken.values())
        start = following if first else _usual(key, room)
        following = taken[key] = next(each for each in _from(start, room) if each not in avoided)
        avoided.add(taken[key])
    return Allotment(taken, frozenset(gone.difference(taken.values())))


def _usual(key: str, room: int) -> int:
    """Where one looks first for a slot for a key: anywhere, and always there."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) % room


def _from(start: int, room: int) -> Iterator[int]:
    yield from range(start, room)
    yield from range(start)
