"""What is uncalled for now and was not before: by cells, which words join otherwise each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bulkhead.ends.classes import Endpoint
from bulkhead.judge.undeclared import Undeclared
from bulkhead.network import PortRange
from bulkhead.network.traffic import merge
from bulkhead.prove.sets.by_port import NEVER, bits_of, change, minus, ranges

Since = Mapping[int, Sequence[PortRange]]


def since(before: Undeclared, now: Undeclared) -> Since:
    """By protocol the ports on which somebody reaches somebody now, and did not before.

    An end that was not there before had nothing.
    """
    was, are = [_key(each) for each in before.ends], [_key(each) for each in now.ends]
    place = {key: index for index, key in enumerate(was)}
    there = {key: index for index, key in enumerate(are)}
    moved = [there.get(key) for key in was]
    found: dict[int, list[PortRange]] = defaultdict(list)
    for (index, protocol), steps in now.open.items():
        if all(not bits for _, bits in steps):
            continue
        at = place.get(are[index])
        had = before.open.get((at, protocol), NEVER) if at is not None else NEVER
        if was != are:
            had = change(had, lambda bits: _moved(bits, moved))
        more = minus(steps, had, -1)
        found[protocol] += [ports for ports, bits in ranges(more) if bits]
    return {protocol: tuple(merge(several)) for protocol, several in found.items() if several}


_Key = tuple[object, ...]


def _key(end: Endpoint) -> _Key:
    """Which addresses of what it is; what else is said of it changes with the calls."""
    return end.kind, end.id, end.ranges


def _moved(bits: int, to: Sequence[int | None]) -> int:
    """The same senders, by their places among the ends that there are now."""
    places = (to[each] for each in bits_of(bits))
    return sum(1 << each for each in places if each is not None)
