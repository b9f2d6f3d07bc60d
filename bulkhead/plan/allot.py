"""Slots given out once and remembered.

Whoever holds a slot keeps it, whatever comes or goes beside it. A slot that was given back is
not given out again while others are free: in one `pulumi up` the new holder is created before
the old one is gone, and AWS would refuse two subnets, addresses or rule numbers in one place.

The first plan counts from 0. Later newcomers get a slot that follows from what they are called, so
that two branches that each add something rarely want the same one, and their locks merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def allot(
    wanted: Iterable[str],
    before: Allotment,
    room: int | Sequence[range],
    *,
    first: bool = False,
) -> Allotment:
    """Slots 0 to `room` - 1 for the wanted keys: holders stay, newcomers find a free one.

    Of a room in several parts the next is begun when the one before it is full.
    `first` where nothing was ever given out: then they are counted off.
    Raises NoRoomError when there are more keys than slots.
    """
    parts = (range(room),) if isinstance(room, int) else tuple(room)
    keys, total = list(dict.fromkeys(wanted)), sum(map(len, parts))
    if len(keys) > total:
        raise NoRoomError(len(keys), total)
    known = {key: before.taken[key] for key in keys if key in before.taken}
    taken = {key: slot for key, slot in known.items() if _is_in(slot, parts)}
    held = set(taken.values())
    given_back = (slot for slot in (*before.gone, *before.taken.values()) if _is_in(slot, parts))
    gone = set(given_back) - held
    avoided = held | gone
    following = 0
    for key in keys:
        if key in taken:
            continue
        if len(avoided) == total:
            avoided = set(taken.values())
        order = _counted(following, parts) if first else _usual(key, parts)
        following = taken[key] = next(each for each in order if each not in avoided)
        avoided.add(taken[key])
    return Allotment(taken, frozenset(gone.difference(taken.values())))


def _is_in(slot: int, parts: Iterable[range]) -> bool:
    return any(slot in part for part in parts)


def _usual(key: str, parts: Iterable[range]) -> Iterator[int]:
    """Where one looks for a slot for a key: first anywhere in the first part, and always there."""
    number = int.from_bytes(sha256(key.encode()).digest()[:8])
    for part in parts:
        start = part.start + number % len(part)
        yield from range(start, part.stop)
        yield from range(part.start, start)


def _counted(start: int, parts: Sequence[range]) -> Iterator[int]:
    for part in parts:
        yield from range(max(start, part.start), part.stop)
    for part in parts:
        yield from range(part.start, min(start, part.stop))
