"""Where no group of a service has room for the rules that name a shared one: which of them goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bulkhead.network import Direction
from bulkhead.plan.crowds import PeerCrowd
from bulkhead.plan.shared_so_far import STRIDE, RuleWay, SharedSoFar, key_of


class Clearing:
    """Of services all whose groups are full."""

    def __init__(self, so_far: SharedSoFar) -> None:
        self._now = so_far

    def clear(self) -> Iterator[tuple[str, int]]:
        """Of services all whose groups are full that whose rules are to go, as a whole: all that
        can share do, and what is left of it moves with it. Never the first, which others name."""
        for name in self._now.services:
            opened = [
                crowd for crowd, several in self._now.shared.items() if crowd[0] == name and several
            ]
            if all(crowd in self._now.standing.shared for crowd in opened) or not self._is_full(
                name
            ):
                continue
            if number := self._best_to_go(name, opened):
                for crowd in opened:
                    for peer in self._able(crowd, number):
                        self._now.share(crowd, peer)
                yield name, number

    def _is_full(self, name: str) -> bool:
        """Whether what stands and what comes have no room beside each other."""
        room = self._now.rules * (self._now.most - len(self._now.held[name]))
        for direction in Direction:
            slots = self._now.standing.slots.get((name, direction), {})
            if slots and len(slots) + self._new_rules((name, direction)) > room:
                return True
        return False

    def _new_rules(self, way: RuleWay) -> int:
        slots = self._now.standing.slots.get(way, {})
        named = sum(
            len(crowd[2])
            for crowd, several in self._now.shared.items()
            if crowd[:2] == way and several and crowd not in self._now.standing.shared
        )
        return named + sum(
            key_of(run, peer) not in slots
            for peer, runs in self._now.alone[way].items()
            for run in runs
        )

    def _able(self, crowd: PeerCrowd, number: int) -> list[str]:
        """Who has a rule of its own in a group, and could share instead."""
        return [
            peer
            for peer in sorted(self._now.alone[crowd[:2]])
            if self._now.could_share(crowd, peer)
            and number in self._now.standing.numbers(crowd, peer)
            and self._now.spare(peer) > 0
        ]

    def _best_to_go(self, name: str, opened: Iterable[PeerCrowd]) -> int:
        """That of which most can be shared, if what is left and what comes fits into one."""
        there: dict[Direction, Counter[int]] = {
            each: Counter(
                slot // STRIDE for slot in self._now.standing.slots.get((name, each), {}).values()
            )
            for each in Direction
        }
        best, most = 0, 0
        for number in sorted({*there[Direction.INGRESS], *there[Direction.EGRESS]}, reverse=True):
            going: Counter[Direction] = Counter()
            for crowd in opened:
                for peer in {*self._able(crowd, number), *self._now.shared[crowd]}:
                    going[crowd[1]] += self._now.standing.numbers(crowd, peer).count(number)
            fits = all(
                there[each][number] - going[each] + self._new_rules((name, each)) <= self._now.rules
                for each in Direction
            )
            if number and fits and going.total() > most:
                best, most = number, going.total()
        return best
