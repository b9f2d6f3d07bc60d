"""Some NACL entries are kept and others are chosen anew: where that lets less, and so that what
stands goes on standing where something else lets no less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import Final

from bulkhead.network import IPNetwork
from bulkhead.network.addresses import in_order
from bulkhead.plan.acl_ground import AclGround, WideEntry, weighed
from bulkhead.plan.acl_search import SearchSteps, SpentError, least

_TOGETHER: Final = (3, 4, 6)
"""So many entries side by side are chosen anew."""
_EACH_TIME: Final = 1_500
"""Steps that are spent on it, each time."""

Entries = tuple[WideEntry, ...]


def mended(grounds: Sequence[AclGround], found: Entries, most: int, steps: SearchSteps) -> Entries:
    """The same, or what lets less: what a few entries are there for is let as cheaply as so many
    can beside all others, for as long as that helps anywhere."""
    better: Entries | None = found
    while better is not None:
        found = better
        pairs = weighed(grounds, found)
        rests = ([each for each in found if each not in some] for some in _few_of(found))
        anew = (_completed(grounds, rest, most, pairs, steps) for rest in rests)
        better = next((each for each in anew if each is not None), None)
    return found


def _few_of(found: Entries) -> Iterator[Sequence[WideEntry]]:
    """Some that are near one another: in their networks, in their ports; and any two."""
    by_network = sorted(found, key=lambda each: (each.protocol, in_order(each.cidr), each.block))
    by_ports = sorted(
        found, key=lambda each: (each.protocol, each.block & -each.block, in_order(each.cidr))
    )
    for size, several in product(_TOGETHER, (by_network, by_ports)):
        for at in range(max(1, len(several) - size + 1)):
            yield several[at : at + size]
    yield from combinations(by_network, 2)


def keeping(
    grounds: Sequence[AclGround], found: Entries, standing: Entries, most: int, steps: SearchSteps
) -> Entries:
    """Of all that let no more than what was found: with what stands, one after the other, wherever
    the rest can be chosen so."""
    kept = tuple(each for each in standing if each in found)
    for each in standing:
        if each not in kept:
            pairs = weighed(grounds, found)
            with_it = _completed(grounds, (*kept, each), most, pairs + 1, steps)
            if with_it is not None:
                kept, found = (*kept, each), with_it
    return found


def _completed(
    grounds: Sequence[AclGround],
    some: Sequence[WideEntry],
    most: int,
    below: int,
    steps: SearchSteps,
) -> Entries | None:
    """Some entries and others, together `most` at the most, that let all that is needed and less
    than `below` besides; None also where that is not known in so many steps."""
    room = most - len(some)
    by_itself = weighed(grounds, some)
    if room < 0 or by_itself >= below or steps.left <= 0:
        return None
    beside = [_beside(each, some) for each in grounds]
    mine = SearchSteps(min(_EACH_TIME, steps.left))
    steps.left -= mine.left
    try:
        others = least(beside, room, below - by_itself, mine)
    except SpentError:
        return None
    steps.left += mine.left
    return None if others is None else (*some, *others[1])


def _beside(ground: AclGround, some: Iterable[WideEntry]) -> AclGround:
    let: dict[IPNetwork, int] = defaultdict(int)
    for each in some:
        if each.protocol == ground.protocol:
            let[each.cidr] |= each.block
    return AclGround(ground.protocol, ground.columns, ground.rows, let)
