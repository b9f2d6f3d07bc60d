"""Which peers of a service carry a group that they share, where its rules do not fit otherwise.

A rule that names a group admits whoever holds it. So where many services need the same ports of
one, they hold a group beside their own that stands for 'clients of it at these ports', and one
rule names that: the same packets, and one rule instead of one for each of them. Mirrored for a
service that connects to many. What it costs is one of the groups that an interface may hold, at
each of those that share it.

Nothing is shared where rules fit without. Whatever shares a group goes on doing so (the lock says
so), and whoever comes later joins: nothing that stands moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from bulkhead.network import Direction
from bulkhead.network.quotas import RULES_PER_INTERFACE, Quotas
from bulkhead.plan.crowds import PeerCrowd, in_order, said_of
from bulkhead.plan.demand import RuleDemand
from bulkhead.plan.wiring import Traffic

RuleWay = tuple[str, Direction]
"""The rules of a service in one direction."""
RulesWanted = Mapping[RuleWay, RuleDemand]
STRIDE = RULES_PER_INTERFACE
"""Slots of the lock that are each group's: 1007 is the eighth of the second, whatever one holds."""


@dataclass(frozen=True, slots=True)
class StandingRules:
    """What is known of rules that were there before."""

    shared: Mapping[PeerCrowd, frozenset[str]] = field(default_factory=dict)
    """Who shares which group."""
    slots: Mapping[RuleWay, Mapping[str, int]] = field(default_factory=dict)
    """Of rules ('tcp-5561/momentum'), where there are many."""
    unwilling: frozenset[str] = frozenset()
    """Services whose interfaces somebody else makes: they share what has to be shared alone."""

    def numbers(self, crowd: PeerCrowd, peer: str) -> list[int]:
        """The groups of a service in which a peer has rules of its own for that."""
        slots = self.slots.get(crowd[:2], {})
        keys = (key_of(run, peer) for run in sorted(crowd[2])) if slots else ()
        return [slots[key] // STRIDE for key in keys if key in slots]


@dataclass(frozen=True, slots=True)
class WhoShares:
    """`members` of each shared group, and whom it does not help: `left` rules of a service that
    has no room for them.

    `cleared`: the group of a service that goes, because all its groups are full and another takes
    its place, with the rule for those that share.
    """

    members: Mapping[PeerCrowd, frozenset[str]] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    """By service, in the fuller direction."""
    counts: Mapping[RuleWay, int] = field(default_factory=dict)
    """Rules that a service then has, one for each shared group among them."""
    cleared: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.members)

    def by_member(self) -> Mapping[str, tuple[PeerCrowd, ...]]:
        """The shared groups that each service's interfaces hold, in order."""
        found: dict[str, list[PeerCrowd]] = {}
        for crowd in sorted(self.members, key=in_order):
            for each in self.members[crowd]:
                found.setdefault(each, []).append(crowd)
        return {name: tuple(several) for name, several in found.items()}


def key_of(run: Traffic, label: str) -> str:
    """What the lock calls a rule."""
    return f"{said_of(*run)}/{label}"


def sharing(wanted: RulesWanted, have: Quotas, standing: StandingRules) -> WhoShares:
    """Who shares which groups, so that all fit that can."""
    most = have.rules_per_group * have.groups_per_interface
    counts = {way: each.count for way, each in wanted.items()}
    if not standing.shared and all(count <= most for count in counts.values()):
        return WhoShares(counts=counts)
    if have.groups_per_interface == 1:  # everybody's own
        return WhoShares(counts=counts, left=_beyond(counts, most))
    tried: list[_Choice] = []
    for manner in _MANNERS if sum(counts.values()) <= _FEW else _MANNERS[:1]:
        tried.append(_Choice(wanted, counts, have, standing, manner))
        tried[-1].settle()
        if not tried[-1].left:
            break
    found = min(tried, key=lambda each: len(each.left))
    cleared = dict(found.clear())
    return WhoShares(
        members={crowd: frozenset(several) for crowd, several in found.shared.items() if several},
        left=found.left,
        counts=found.counts,
        cleared=cleared,
    )


def _beyond(counts: Mapping[RuleWay, int], most: int) -> Mapping[str, int]:
    """By service the rules of the fuller direction, where they are more."""
    left: dict[str, int] = {}
    for (name, _), count in counts.items():
        if count > most:
            left[name] = max(count, left.get(name, 0))
    return left


@dataclass(frozen=True, slots=True)
class _Manner:
    """How groups are chosen. `whole`: also for all that a peer needs of a service, and not only for
    one run of ports. `bold`: who has no room yet himself shares too, for others may relieve him."""

    whole: bool = True
    bold: bool = False


_MANNERS = (_Manner(), _Manner(whole=False), _Manner(bold=True), _Manner(whole=False, bold=True))
"""In this order: the first by which all fit."""
_FEW = 3_000
"""Of more rules than these in all, the first is tried alone."""


_MOST_ROUNDS = 8
"""What makes room for one may take it from another, who is then looked at once more."""
_DEEPEST = 4
"""Of so many services in a row one makes room so that the next may."""
_MOST_TRIED = 8_000
"""So many are looked at for that: of thousands that share nobody tries every order."""


_NOTHING: frozenset[Traffic] = frozenset()


class _Choice:
    """What is shared so far."""

    def __init__(
        self,
        wanted: RulesWanted,
        counts: Mapping[RuleWay, int],
        have: Quotas,
        standing: StandingRules,
        manner: _Manner,
    ) -> None:
        self._manner = manner
        self._tried = 0
        self._rules, self._most = have.rules_per_group, have.groups_per_interface
        self._standing = standing
        self._services = tuple(dict.fromkeys(name for name, _ in wanted))
        self.counts = dict(counts)
        self.shared: dict[PeerCrowd, set[str]] = {}
        self._alone: dict[RuleWay, dict[str, frozenset[Traffic]]] = {}
        """For what each peer has rules of its own. Those of a service for itself are left: they
        cost less than a group of its interfaces."""
        self._held: dict[str, set[PeerCrowd]] = {each: set() for each in self._services}
        for way, demand in wanted.items():
            peers = self._alone[way] = {}
            peers.update(each for each in demand.of_services() if each[0] != way[0])
        for crowd, members in standing.shared.items():
            for each in sorted(members):
                if self._could_share(crowd, each):
                    self._share(crowd, each)

    @property
    def left(self) -> Mapping[str, int]:
        return {name: self._fuller(name) for name in self._over()}

    def settle(self) -> None:
        """Shares until all fit, or nothing helps any more."""
        self._join()
        before = -1
        for _ in range(_MOST_ROUNDS):
            over, shared = self._over(), sum(map(len, self.shared.values()))
            if not over or shared == before:
                break
            before = shared
            for name in over:
                self._relieve(name, 0, frozenset())
        self._join()

    def _join(self) -> None:
        """Newcomers share what others do."""
        opened = [each for each, members in self.shared.items() if members]
        for crowd in sorted(opened, key=lambda each: (-len(each[2]), in_order(each))):
            for peer in sorted(self._alone[crowd[:2]]):
                stands = self._standing.numbers(crowd, peer)
                if not stands and self._could_share(crowd, peer) and self._spare(peer) > 0:
                    self._share(crowd, peer)

    def _over(self) -> list[str]:
        return [name for name in self._services if self._spare(name) < 0]

    def _fuller(self, name: str) -> int:
        return max(self.counts[name, each] for each in Direction)

    def _own_groups(self, name: str) -> int:
        return max(1, -(-self._fuller(name) // self._rules))

    def _spare(self, name: str) -> int:
        """How many groups more its interfaces may hold."""
        return self._most - self._own_groups(name) - len(self._held[name])

    def _may_hold_more(self, name: str) -> bool:
        spare = self._spare(name)
        return spare > 0 or (self._manner.bold and spare < 0)

    def _could_share(self, crowd: PeerCrowd, peer: str) -> bool:
        """Whether it has rules of its own for all that a group stands for."""
        alone = self._alone.get(crowd[:2], {}).get(peer)
        return alone is not None and alone.issuperset(crowd[2])

    def _share(self, crowd: PeerCrowd, peer: str) -> None:
        members = self.shared.setdefault(crowd, set())
        self.counts[crowd[:2]] -= len(crowd[2]) * bool(members)
        members.add(peer)
        alone = self._alone[crowd[:2]]
        same = alone[peer] == crowd[2]
        alone[peer] = _NOTHING if same else alone[peer] - crowd[2]
        self._held[peer].add(crowd)

    def _keep(self, crowd: PeerCrowd, peer: str) -> None:
        """It has rules of its own again."""
        self.shared[crowd].discard(peer)
        self.counts[crowd[:2]] += len(crowd[2]) * bool(self.shared[crowd])
        self._alone[crowd[:2]][peer] |= crowd[2]
        self._held[peer].discard(crowd)

    def _too_many(self, way: RuleWay, spare: int) -> bool:
        """Whether there are more rules than so many free groups leave room for."""
        return self.counts[way] > self._rules * (self._most - len(self._held[way[0]]) - spare)

    def _relieve(self, name: str, spare: int, asked: frozenset[str]) -> bool:
        """Lets others share what they need of it, until so many groups are to spare: at first
        newcomers, all that need the same, then of those that stand as few as will do."""
        ways = sorted(((name, each) for each in Direction), key=lambda way: -self.counts[way])
        for way, stands, unwilling in product(ways, (False, True), (False, True)):
            while self._too_many(way, spare):
                best = self._best(way, stands=stands, unwilling=unwilling)
                if best is None:
                    break
                crowd, peers = best
                for peer in sorted(peers, key=lambda each: self._in_turn(crowd, each)):
                    if not stands or self._too_many(way, spare):
                        self._share(crowd, peer)
        for way in ways:
            for crowd, peer in self._all_that_could(way) if self._too_many(way, spare) else ():
                if not self._too_many(way, spare):
                    break
                if self._could_share(crowd, peer) and self._make_room(peer, asked | {name}):
                    self._share(crowd, peer)
        if self._spare(name) < spare:
            self._drop_one(name, asked | {name})
        return self._spare(name) >= spare

    def _in_turn(self, crowd: PeerCrowd, peer: str) -> tuple[int, str]:
        """Of who stands first whose rules are in the last group: if one goes, it is that."""
        return -max(self._standing.numbers(crowd, peer), default=0), peer

    def _best(
        self, way: RuleWay, *, stands: bool, unwilling: bool
    ) -> tuple[PeerCrowd, list[str]] | None:
        """By which group most is saved, for as few as hold it; None where none saves anything."""
        able: dict[frozenset[Traffic], list[str]] = {}
        for peer, runs in sorted(self._alone[way].items()):
            if not runs or not self._may_hold_more(peer):
                continue
            if (peer in self._standing.unwilling) is not unwilling:
                continue
            if bool(self._standing.numbers((*way, runs), peer)) is stands:
                able.setdefault(runs, []).append(peer)
        sizes: Counter[frozenset[Traffic]] = Counter()
        for runs, peers in able.items():
            if self._manner.whole:
                sizes[runs] += len(peers)
            for run in runs if len(runs) > 1 or not self._manner.whole else ():
                sizes[frozenset((run,))] += len(peers)
        best: tuple[float, int, list[Traffic]] | None = None
        for some, size in sizes.items():
            saved = len(some) * (size - (not self.shared.get((*way, some))))
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
        if self._is_tired(len(self._alone[way])):
            return
        sizes: Counter[frozenset[Traffic]] = Counter()
        for runs, size in Counter(self._alone[way].values()).items():
            sizes[runs] += size
            for run in runs if len(runs) > 1 else ():
                sizes[frozenset((run,))] += size
        opened = {each for each, several in self.shared.items() if each[:2] == way and several}
        for each in opened:
            sizes[each[2]] += len(self.shared[each])
        crowds: list[PeerCrowd] = sorted(
            ((*way, runs) for runs, size in sizes.items() if size > 1 and runs),
            key=lambda each: (
                each not in opened,
                -len(each[2]) * (sizes[each[2]] - 1),
                in_order(each),
            ),
        )
        for crowd in crowds:
            if self._is_tired(len(self._alone[way])):
                return
            for peer in sorted(self._alone[way]):
                if self._could_share(crowd, peer):
                    yield crowd, peer

    def _make_room(self, peer: str, asked: frozenset[str]) -> bool:
        """That a peer may hold one group more: it has rules of its own elsewhere again, or others
        share out of its rules."""
        if self._spare(peer) > 0:
            return True
        if peer in asked or len(asked) > _DEEPEST or self._is_tired(1):
            return False
        if self._drop_one(peer, asked | {peer}):
            return True
        more = sum(len(self._alone[peer, each]) for each in Direction)
        if self._own_groups(peer) == 1 or self._is_tired(more):
            return False
        return self._relieve(peer, 1, asked | {peer})

    def _drop_one(self, peer: str, asked: frozenset[str]) -> bool:
        """That a peer holds one group less; never one that it holds by now."""
        for crowd in sorted(self._held[peer], key=in_order):
            name, way = crowd[0], crowd[:2]
            if name in asked or peer in self._standing.shared.get(crowd, ()):
                continue
            more = len(crowd[2])
            if self._takes(way, more) or self._shares_others(way, more, asked | {name}):
                self._keep(crowd, peer)
                return True
        return False

    def _takes(self, way: RuleWay, more: int) -> bool:
        """Whether it has room for so many rules more."""
        return self.counts[way] + more <= self._rules * (self._most - len(self._held[way[0]]))

    def _shares_others(self, way: RuleWay, more: int, asked: frozenset[str]) -> bool:
        """That it has, because other peers share instead."""
        if self._is_tired(len(self._alone[way])):
            return False
        opened = [each for each, several in self.shared.items() if each[:2] == way and several]
        for crowd in opened:
            for peer in sorted(self._alone[way]):
                if self._could_share(crowd, peer) and self._make_room(peer, asked):
                    self._share(crowd, peer)
                    if self._takes(way, more):
                        return True
        return False

    def _is_tired(self, more: int) -> bool:
        """Whether enough was tried by now; so many are looked at next."""
        self._tried += more
        return self._tried > _MOST_TRIED

    # Where no group has room for the rules that name a new one

    def clear(self) -> Iterator[tuple[str, int]]:
        """Of services all whose groups are full that whose rules are to go, as a whole: all that
        can share do, and what is left of it moves with it. Never the first, which others name."""
        for name in self._services:
            opened = [
                crowd for crowd, several in self.shared.items() if crowd[0] == name and several
            ]
            if all(crowd in self._standing.shared for crowd in opened) or not self._is_full(name):
                continue
            if number := self._best_to_go(name, opened):
                for crowd in opened:
                    for peer in self._able(crowd, number):
                        self._share(crowd, peer)
                yield name, number

    def _is_full(self, name: str) -> bool:
        """Whether what stands and what comes have no room beside each other."""
        room = self._rules * (self._most - len(self._held[name]))
        for direction in Direction:
            slots = self._standing.slots.get((name, direction), {})
            if slots and len(slots) + self._new_rules((name, direction)) > room:
                return True
        return False

    def _new_rules(self, way: RuleWay) -> int:
        slots = self._standing.slots.get(way, {})
        named = sum(
            len(crowd[2])
            for crowd, several in self.shared.items()
            if crowd[:2] == way and several and crowd not in self._standing.shared
        )
        return named + sum(
            key_of(run, peer) not in slots
            for peer, runs in self._alone[way].items()
            for run in runs
        )

    def _able(self, crowd: PeerCrowd, number: int) -> list[str]:
        """Who has a rule of its own in a group, and could share instead."""
        return [
            peer
            for peer in sorted(self._alone[crowd[:2]])
            if self._could_share(crowd, peer)
            and number in self._standing.numbers(crowd, peer)
            and self._spare(peer) > 0
        ]

    def _best_to_go(self, name: str, opened: Iterable[PeerCrowd]) -> int:
        """That of which most can be shared, if what is left and what comes fits into one."""
        there: dict[Direction, Counter[int]] = {
            each: Counter(
                slot // STRIDE for slot in self._standing.slots.get((name, each), {}).values()
            )
            for each in Direction
        }
        best, most = 0, 0
        for number in sorted({*there[Direction.INGRESS], *there[Direction.EGRESS]}, reverse=True):
            going: Counter[Direction] = Counter()
            for crowd in opened:
                for peer in {*self._able(crowd, number), *self.shared[crowd]}:
                    going[crowd[1]] += self._standing.numbers(crowd, peer).count(number)
            fits = all(
                there[each][number] - going[each] + self._new_rules((name, each)) <= self._rules
                for each in Direction
            )
            if number and fits and going.total() > most:
                best, most = number, going.total()
        return best
