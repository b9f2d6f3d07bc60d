"""The least that so many entries have to let besides, looked for from the whole network down.

At each node of the tree of networks it is chosen which ranges are let to all of it, given what is
let from further out; the rest is left to the nodes below. Nothing is looked at that lets as much as
is asked to be less than. So a small ask is answered fast: with the least of all there are, or with
a proof that none lets less than that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import Any, Final

from bulkhead.plan.acl_ground import AclGround, WideEntry
from bulkhead.plan.acl_tree import AclNode

ChosenEntries = tuple[Any, ...]
"""Entries, and such again."""
Costs = list[tuple[int, ChosenEntries] | None]
"""By how many entries what they let besides at the least, and which they are; None: not less than
was asked, or not less than fewer do."""
_NOTHING: Final[Costs] = [(0, ())]


class SpentError(Exception):
    """More steps than there were to spend."""


@dataclass(slots=True)
class SearchSteps:
    """How much may still be looked at: counted, so that the answer is the same everywhere."""

    left: int

    def spend(self, some: int = 1) -> None:
        """Raises SpentError."""
        self.left -= some
        if self.left < 0:
            raise SpentError


def least(
    grounds: Sequence[AclGround], most: int, below: int, steps: SearchSteps
) -> tuple[int, tuple[WideEntry, ...]] | None:
    """The entries, `most` at the most, that let least besides of all protocols together; None where
    none let less than `below`.

    Raises SpentError.
    """
    together: Costs = _NOTHING
    for ground in grounds:
        one = _Search(ground, below, steps).least(ground.tree, 0, most)
        together = _both(together, one, most, below)
    found = [each for each in together if each is not None]
    if not found:
        return None
    cost, chosen = min(found, key=lambda each: each[0])
    return cost, tuple(_flat(chosen))


def _flat(chosen: ChosenEntries) -> Iterator[WideEntry]:
    for each in chosen:
        if isinstance(each, WideEntry):
            yield each
        else:
            yield from _flat(each)


def _both(one: Costs, other: Costs, most: int, below: int) -> Costs:
    """What two cost together."""
    found: Costs = [None] * (most + 1)
    for number, here in enumerate(one):
        for more, there in enumerate(other[: most + 1 - number]) if here else ():
            if here and there and (cost := here[0] + there[0]) < below:
                known = found[number + more]
                if known is None or cost < known[0]:
                    found[number + more] = cost, (here[1], there[1])
    return found


@dataclass(frozen=True, slots=True)
class _Range:
    """A range that could be let to all of a node, as its columns and as a block of them.

    `below`: how many nodes below need something of it, but for the first of them.
    """

    first: int
    last: int
    block: int
    cost: int
    here: int
    """The cost of its addresses in no node below."""
    below: int


@dataclass(frozen=True, slots=True)
class _Pick:
    """Ranges let to a node, and the columns that are let to it then; the rest is added up."""

    let: int
    ranges: tuple[_Range, ...] = ()
    cost: int = 0
    here: int = 0
    below: int = 0

    def with_range(self, each: _Range) -> _Pick:
        return _Pick(
            self.let | each.block,
            (*self.ranges, each),
            self.cost + each.cost,
            self.here + each.here,
            self.below + each.below,
        )


class _Search:
    """Of one protocol."""

    def __init__(self, ground: AclGround, below: int, steps: SearchSteps) -> None:
        self._ground, self._below, self._steps = ground, below, steps
        self._known: dict[tuple[AclNode, int, int], Costs] = {}

    def least(self, node: AclNode, let: int, most: int) -> Costs:
        """What a node costs beyond what is let to all of it in any case."""
        asked = self._ground.asked[node] & ~let
        if not asked:
            return _NOTHING
        # What is let outside of the range around all that is asked changes nothing.
        key = node, asked, let & self._ground.columns.hull(asked)
        known = self._known.get(key)
        if known is None or len(known) <= most:
            alone = not node.kids and self._ground.columns.in_any_run
            looked_for = self._of_one if alone else self._of_several
            known = self._known[key] = looked_for(node, let, most)
        return known[: most + 1]

    def _of_one(self, node: AclNode, let: int, most: int) -> Costs:
        """Where all of a node needs the same, the smallest gaps between runs of it are closed."""
        asked, costs = self._ground.asked[node] & ~let, self._ground.costs[node]
        runs: list[list[int]] = []
        gaps: list[tuple[int, int]] = []
        since = 0
        for number in range(asked.bit_length()):
            if not asked >> number & 1:
                since += 0 if let >> number & 1 else costs[number]
                continue
            if runs and not since:
                runs[-1][1] = number
            else:
                gaps += [(since, len(runs))] if runs else []
                runs.append([number, number])
            since = 0
        self._steps.spend(len(runs))
        found: Costs = [None] * (most + 1)
        gaps.sort()
        for number in range(min(most, len(runs)), 0, -1):
            closed = gaps[: len(runs) - number]
            cost = sum(each for each, _ in closed)
            if cost < self._below:
                found[number] = cost, (*self._with_closed(node, runs, {at for _, at in closed}),)
        return found

    def _with_closed(
        self, node: AclNode, runs: Sequence[Sequence[int]], closed: Collection[int]
    ) -> Iterator[WideEntry]:
        ends = [number for number in range(len(runs)) if number + 1 not in closed]
        for before, end in pairwise((-1, *ends)):
            block = (2 << runs[end][1]) - (1 << runs[before + 1][0])
            yield WideEntry(self._ground.protocol, node.cidr, block)

    def _of_several(self, node: AclNode, let: int, most: int) -> Costs:
        found: Costs = [None] * (most + 1)
        kept = [self.least(kid, let, most) for kid in node.kids]
        at_least = cache(partial(_at_least, [_falling(each, self._below) for each in kept], most))
        for pick in self._picks(node, let, most):
            self._steps.spend()
            # Each range that is let from here would be an entry more of every node below.
            if pick.here + at_least(most + pick.below) >= self._below:
                continue
            entries = (
                WideEntry(self._ground.protocol, node.cidr, each.block) for each in pick.ranges
            )
            costs: Costs = [None] * len(pick.ranges)
            costs.append((pick.cost, tuple(entries)))
            for kid, before in zip(node.kids, kept, strict=True):
                left = most - len(pick.ranges)
                more = self.least(kid, pick.let, left) if pick.ranges else before
                costs = _both(costs, more, most, self._below)
            for number, each in enumerate(costs):
                known = found[number]
                if each is not None and (known is None or each[0] < known[0]):
                    found[number] = each
        return _where_it_falls(found)

    def _picks(self, node: AclNode, let: int, most: int) -> Iterator[_Pick]:
        """Each choice of ranges that are to be let to all of a node: all that its own addresses
        need, and else what several parts of it do."""
        ranges = list(self._ranges(node, let))
        starts = [each.first for each in ranges]
        own = self._ground.here[node]
        apart = 2 if self._ground.columns.in_any_run else 1

        def picks(pick: _Pick, at: int) -> Iterator[_Pick]:
            lacking = own & ~pick.let
            if not lacking:
                yield pick
            if len(pick.ranges) == most:
                return
            latest = (lacking & -lacking).bit_length() - 1 if lacking else len(own_costs)
            for number in range(bisect_left(starts, at), bisect_right(starts, latest)):
                each = ranges[number]
                if pick.cost + each.cost < self._below:
                    yield from picks(pick.with_range(each), each.last + apart)

        own_costs = self._ground.own_costs[node]
        return picks(_Pick(let), 0)

    def _ranges(self, node: AclNode, let: int) -> Iterator[_Range]:
        """Those that cost less than is asked, and that more than one part of a node needs: else it
        would be let to that part alone."""
        ground = self._ground
        asked = ground.asked[node] & ~let
        below = [ground.asked[kid] & ~let for kid in node.kids]
        own = ground.here[node] & ~let
        costs = _added_up(ground.costs[node], let)
        here = _added_up(ground.own_costs[node], let)
        for block in ground.columns.ranges(asked):
            first, after = (block & -block).bit_length() - 1, block.bit_length()
            held = sum(bool(block & each) for each in below)
            cost = costs[after] - costs[first]
            if cost < self._below and (held + bool(block & own) > 1 or not below):
                more = here[after] - here[first]
                yield _Range(first, after - 1, block, cost, more, max(0, held - 1))


def _added_up(costs: Sequence[int], let: int) -> list[int]:
    """What the first so many columns cost that are not let."""
    paid = (0 if let >> number & 1 else each for number, each in enumerate(costs))
    return [0, *accumulate(paid)]


def _falling(costs: Costs, below: int) -> list[int]:
    """What so many entries, or fewer, cost at the least."""
    return list(accumulate((below if each is None else each[0] for each in costs), min))


def _at_least(parts: Sequence[Sequence[int]], most: int, entries: int) -> int:
    """What some parts cost at the least by so many entries in all; of more than `most` in one
    nobody knows, so that they may cost nothing."""
    if not parts:
        return 0
    first, *others = parts

    def cost(number: int) -> int:
        return 0 if number > most else first[min(number, len(first) - 1)]

    if not others:
        return cost(entries)
    return min(cost(n) + _at_least(others, most, entries - n) for n in range(entries + 1))


def _where_it_falls(costs: Costs) -> Costs:
    """Without what costs no less than fewer entries do."""
    found: Costs = []
    lowest: int | None = None
    for each in costs:
        falls = each is not None and (lowest is None or each[0] < lowest)
        found.append(each if falls else None)
        lowest = each[0] if each is not None and falls else lowest
    return found
