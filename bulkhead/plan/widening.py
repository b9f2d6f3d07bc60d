"""NACL entries beyond the quota, as few as fit: what lets least besides.

Where no set of entries that is exact fits, some have to name more than was declared. What that
costs is measured: the pairs of an address and a port (of icmp a message) that are let in or out
and that nobody declared, each counted once. Security groups go on denying them.

At first entries are joined two by two (`acl_joining`); then the least of all is looked for
(`acl_search`), and where that is not found in as many steps as are spent on it, what was joined is
mended piece by piece, and it is told below which number none can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from bulkhead.network import ANY_PROTOCOL, Direction, within
from bulkhead.plan.acl_ground import entries_of, exact_of, grounds_of, weighed, written
from bulkhead.plan.acl_joining import joined
from bulkhead.plan.acl_mending import keeping, mended
from bulkhead.plan.acl_search import SearchSteps, SpentError, least
from bulkhead.plan.acls import Need, need_said
from bulkhead.plan.side_by_side import JOINED, kept, told_by_everybody, within_quota

MOST_WIDENED: Final = 150
"""Of more entries of one direction nobody looks for fewer."""
_SEARCHED: Final = 40_000
"""Steps of the search for the least; then the best that was found is taken."""
_MENDED: Final = 20_000
"""And of mending that."""
_KEPT: Final = 10_000
"""And of asking which of what stands can stay."""
_FIRST_ASKED: Final = 4096
"""It is first asked for what lets so many times less than what was joined."""


@dataclass(frozen=True, slots=True)
class Widened:
    """Entries that fit, and how many pairs of an address and a port they let besides; `exact` is
    how many there would be that let none.

    `least`: no entries of that form let fewer; the same as `pairs` where the search came to its
    end.
    """

    needs: tuple[Need, ...]
    exact: int
    pairs: int
    least: int


@lru_cache(maxsize=256)
def widened(
    needs: tuple[Need, ...], most: int, standing: frozenset[str] = frozenset()
) -> Widened | None:
    """These needs of one direction and family in `most` entries; None where even what is widest
    does not fit, or there are too many to look at.

    `standing`: what entries say (`Need.key`) that are there by now; of what lets no more than
    another they are preferred.
    """
    if len(needs) > MOST_WIDENED:
        return None
    stand = _still_of_use(needs, standing)
    grounds = grounds_of(needs, stand)
    found = joined(grounds, most)
    if found is None:
        return None
    pairs, bound, steps = weighed(grounds, found), 0, SearchSteps(_SEARCHED)
    asked = 1 + pairs // _FIRST_ASKED
    try:
        while bound < pairs:
            below = min(asked, pairs)
            if (better := least(grounds, most, below, steps)) is not None:
                bound, found = better
                pairs = bound
            else:
                bound, asked = below, below + below // 2 + 1
    except SpentError:
        found = mended(grounds, found, most, SearchSteps(_MENDED))
    if stand:
        found = keeping(grounds, found, tuple(entries_of(grounds, stand)), most, SearchSteps(_KEPT))
    pairs = weighed(grounds, found)
    return Widened(
        needs=tuple(written(needs, grounds, found)),
        exact=len(exact_of(grounds)),
        pairs=pairs,
        least=bound,
    )


def _still_of_use(needs: Sequence[Need], standing: Iterable[str]) -> tuple[Need, ...]:
    """What stands, as needs, in order; but for what says nothing that is needed."""
    stands = (need_said(each, "", needs[0].direction) for each in sorted(standing))
    return tuple(each for each in stands if each and any(_meet(each, need) for need in needs))


def _meet(one: Need, other: Need) -> bool:
    return (
        one.protocol == other.protocol
        and one.ports.overlap(other.ports) is not None
        and one.cidr.version == other.cidr.version
        and (within(one.cidr, other.cidr) or within(other.cidr, one.cidr))
    )


def would_fit(needs: Iterable[Need], most: int) -> bool:
    """Whether these needs of one direction and family could be widened into so many entries."""
    several = _few(needs)
    possible = len(several) <= MOST_WIDENED and can_widen(several)
    return possible and joined(grounds_of(several), most) is not None


def _few(needs: Iterable[Need]) -> tuple[Need, ...]:
    """What is widened: everybody may tell already that a packet is too large, as where less has
    no room."""
    return kept(map(told_by_everybody, needs))


AclWay = tuple[Direction, int]
"""A direction, and a family of addresses."""


def fitted(
    needs: Collection[Need],
    most: int,
    *,
    widen: bool,
    standing: Mapping[Direction, frozenset[str]] | None = None,
) -> tuple[Collection[Need], Mapping[AclWay, Widened]]:
    """What the NACL of a unit is to say in at most so many entries of each direction and family,
    and what was widened for it: nothing, unless that is asked for and exact ones do not fit.

    `standing`: what its entries of either direction say by now (`Need.key`).
    """
    exact = within_quota(needs, most)
    if not widen or not can_widen(needs):
        return exact, {}
    result: list[Need] = []
    found: dict[AclWay, Widened] = {}
    counts: Counter[AclWay] = Counter((each.direction, each.cidr.version) for each in kept(exact))
    for direction, version in product(Direction, (4, 6)):
        way = direction, version
        few = [each for each in exact if (each.direction, each.cidr.version) == way]
        if counts[way] > most:
            own = (each for each in needs if (each.direction, each.cidr.version) == way)
            wider = widened(_few(own), most, (standing or {}).get(direction, frozenset()))
            if wider is not None:
                found[way] = wider
                few = [*wider.needs]
        result += few
    return (result, found) if found else (exact, {})


def can_widen(needs: Iterable[Need]) -> bool:
    """Whether entries may be widened: not where everything of a network is let already, nor where
    an order decides."""
    return all(each.band in JOINED and each.protocol != ANY_PROTOCOL for each in needs)
