"""Services that have too many rules are relieved one after the other: others share what they need.

What makes room for one may take it from another: who shares holds a group more, and has the fewer
rules of its own. So whoever shares may first have to be relieved himself, or to share less of
others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bulkhead.network import Direction
from bulkhead.plan.crowds import PeerCrowd, in_order
from bulkhead.plan.shared_so_far import RuleWay, SharedSoFar
from bulkhead.plan.wiring import Traffic

_MOST_ROUNDS = 8
"""What makes room for one may take it from another, who is then looked at once more."""
_DEEPEST = 4
"""Of so many services in a row one makes room so that the next may."""
_MOST_TRIED = 8_000
"""So many are looked at for that: of thousands that share nobody tries every order."""


@dataclass(frozen=True, slots=True)
class SharingManner:
    """How groups are chosen. `whole`: also for all that a peer needs of a service, and not only for
    one run of ports. `bold`: who has no room yet himself shares too, for others may relieve him."""

    whole: bool = True
    bold: bool = False


class Relief:
    """Chooses, in one manner."""

    def __init__(self, so_far: SharedSoFar, manner: SharingManner) -> None:
        self._now, self._manner = so_far, manner
        self._tried = 0

    def settle(self) -> None:
        """Shares until all fit, or nothing helps any more."""
        self._join()
        before = -1
        for _ in range(_MOST_ROUNDS):
            over, shared = self._now.over(), sum(map(len, self._now.shared.values()))
            if not over or shared == before:
                break
            before = shared
            for name in over:
                self._relieve(name, 0, frozenset())
        self._join()

    def _join(self) -> None:
        """Newcomers share what others do."""
        opened = [each for each, members in self._now.shared.items() if members]
        for crowd in sorted(opened, key=lambda each: (-len(each[2]), in_order(each))):
            for peer in sorted(self._now.alone[crowd[:2]]):
                stands = self._now.standing.numbers(crowd, peer)
                if not stands and self._now.could_share(crowd, peer) and self._now.spare(peer) > 0:
                    self._now.share(crowd, peer)

    def _may_hold_more(self, name: str) -> bool:
        spare = self._now.spare(name)
        return spare > 0 or (self._manner.bold and spare < 0)

    def _relieve(self, name: str, spare: int, asked: frozenset[str]) -> bool:
        """Lets others share what they need of it, until so many groups are to spare: at first
        newcomers, all that need the same, then of those that stand as few as will do."""
        ways = sorted(((name, each) for each in Direction), key=lambda way: -self._now.counts[way])
        for way, stands, unwilling in product(ways, (False, True), (False, True)):
            while self._now.too_many(way, spare):
                best = self._best(way, stands=stands, unwilling=unwilling)
                if best is None:
                    break
                crowd, peers = best
                for peer in sorted(peers, key=lambda each: self._in_turn(crowd, each)):
                    if not stands or self._now.too_many(way, spare):
                        self._now.share(crowd, peer)
        for way in ways:
            for crowd, peer in self._all_that_could(way) if self._now.too_many(way, spare) else ():
                if not self._now.too_many(way, spare):
                    break
                if self._now.could_share(crowd, peer) and self._make_room(peer, asked | {name}):
                    self._now.share(crowd, peer)
        if self._now.spare(name) < spare:
            self._drop_one(name, asked | {name})
        return self._now.spare(name) >= spare

    def _in_turn(self, crowd: PeerCrowd, peer: str) -> tuple[int, str]:
        """Of who stands first whose rules are in the last group: if one goes, it is that."""
        return -max(self._now.standing.numbers(crowd, peer), default=0), peer

    def _best(
        self, way: RuleWay, *, stands: bool, unwilling: bool
    ) -> tuple[PeerCrowd, list[str]] | None:
        """By which group most is saved, for as few as hold it; None where none saves anything."""
        able: dict[frozenset[Traffic], list[str]] = {}
        for peer, runs in sorted(self._now.alone[way].items()):
            if not runs or not self._may_hold_more(peer):
                continue
            if (peer in self._now.standing.unwilling) is not unwilling:
                continue
            if bool(self._now.standing.numbers((*way, runs), peer)) is stands:
                able.setdefault(runs, []).append(peer)
        sizes: Counter[frozenset[Traffic]] = Counter()
        for runs, peers in able.items():
            if self._manner.whole:
                sizes[runs] += len(peers)
            for run in runs if len(runs) > 1 or not self._manner.whole else ():
                sizes[frozenset((run,))] += len(peers)
        best: tuple[float, int, list[Traffic]] | None = None
        for some, size in sizes.items():
            saved = len(some) * (size - (not self._now.shared.get((*way, some))))
            if saved > 0 and (best is None or saved * saved / size >= best[0]):
                worth = saved * saved / size, -len(some), sorted(some)
                best = worth if best is None else max(best, worth)
        if best is None:
            return None
        chosen = frozenset(best[2])
        whole = chosen in able and self._manner.whole
        found = (
            peers for runs, peers in able.items() if runs == chosen or (not whole and runs > chosen)
        )
        return (*way, chosen), sorted(each for peers in found for each in peers)

    def _all_that_could(self, way: RuleWay) -> Iterator[tuple[PeerCrowd, str]]:
        """Who could share what, where most share it first."""
        if self._is_tired(len(self._now.alone[way])):
            return
        sizes: Counter[frozenset[Traffic]] = Counter()
        for runs, size in Counter(self._now.alone[way].values()).items():
            sizes[runs] += size
            for run in runs if len(runs) > 1 else ():
                sizes[frozenset((run,))] += size
        opened = {each for each, several in self._now.shared.items() if each[:2] == way and several}
        for each in opened:
            sizes[each[2]] += len(self._now.shared[each])
        crowds: list[PeerCrowd] = sorted(
            ((*way, runs) for runs, size in sizes.items() if size > 1 and runs),
            key=lambda each: (
                each not in opened,
                -len(each[2]) * (sizes[each[2]] - 1),
                in_order(each),
            ),
        )
        for crowd in crowds:
            if self._is_tired(len(self._now.alone[way])):
                return
            for peer in sorted(self._now.alone[way]):
                if self._now.could_share(crowd, peer):
                    yield crowd, peer

    def _make_room(self, peer: str, asked: frozenset[str]) -> bool:
        """That a peer may hold one group more: it has rules of its own elsewhere again, or others
        share out of its rules."""
        if self._now.spare(peer) > 0:
            return True
        if peer in asked or len(asked) > _DEEPEST or self._is_tired(1):
            return False
        if self._drop_one(peer, asked | {peer}):
            return True
        more = sum(len(self._now.alone[peer, each]) for each in Direction)
        if self._now.own_groups(peer) == 1 or self._is_tired(more):
            return False
        return self._relieve(peer, 1, asked | {peer})

    def _drop_one(self, peer: str, asked: frozenset[str]) -> bool:
        """That a peer holds one group less; never one that it holds by now."""
        for crowd in sorted(self._now.held[peer], key=in_order):
            name, way = crowd[0], crowd[:2]
            if name in asked or peer in self._now.standing.shared.get(crowd, ()):
                continue
            more = len(crowd[2])
            if self._now.takes(way, more) or self._shares_others(way, more, asked | {name}):
                self._now.keep(crowd, peer)
                return True
        return False

    def _shares_others(self, way: RuleWay, more: int, asked: frozenset[str]) -> bool:
        """That it has, because other peers share instead."""
        if self._is_tired(len(self._now.alone[way])):
            return False
        opened = [each for each, several in self._now.shared.items() if each[:2] == way and several]
        for crowd in opened:
            for peer in sorted(self._now.alone[way]):
                if self._now.could_share(crowd, peer) and self._make_room(peer, asked):
                    self._now.share(crowd, peer)
                    if self._now.takes(way, more):
                        return True
        return False

    def _is_tired(self, more: int) -> bool:
        """Whether enough was tried by now; so many are looked at next."""
        self._tried += more
        return self._tried > _MOST_TRIED
