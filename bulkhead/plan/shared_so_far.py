"""Who shares groups so far, and what rules that leaves to each service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulkhead.network import Direction
from bulkhead.network.quotas import RULES_PER_INTERFACE, Quotas
from bulkhead.plan.crowds import PeerCrowd, said_of
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


def key_of(run: Traffic, label: str) -> str:
    """What the lock calls a rule."""
    return f"{said_of(*run)}/{label}"


_NOTHING: frozenset[Traffic] = frozenset()


class SharedSoFar:
    """What is shared by now; and how many groups that leaves to the interfaces of each service."""

    def __init__(self, wanted: RulesWanted, have: Quotas, standing: StandingRules) -> None:
        self.rules, self.most = have.rules_per_group, have.groups_per_interface
        self.standing = standing
        self.services = tuple(dict.fromkeys(name for name, _ in wanted))
        self.counts = {way: each.count for way, each in wanted.items()}
        """Rules of each service in either direction."""
        self.shared: dict[PeerCrowd, set[str]] = {}
        self.alone: dict[RuleWay, dict[str, frozenset[Traffic]]] = {}
        """For what each peer has rules of its own. Those of a service for itself are left: they
        cost less than a group of its interfaces."""
        self.held: dict[str, set[PeerCrowd]] = {each: set() for each in self.services}
        for way, demand in wanted.items():
            peers = self.alone[way] = {}
            peers.update(each for each in demand.of_services() if each[0] != way[0])
        for crowd, members in standing.shared.items():
            for each in sorted(members):
                if self.could_share(crowd, each):
                    self.share(crowd, each)

    @property
    def left(self) -> Mapping[str, int]:
        return {name: self._fuller(name) for name in self.over()}

    def over(self) -> list[str]:
        return [name for name in self.services if self.spare(name) < 0]

    def _fuller(self, name: str) -> int:
        return max(self.counts[name, each] for each in Direction)

    def own_groups(self, name: str) -> int:
        return max(1, -(-self._fuller(name) // self.rules))

    def spare(self, name: str) -> int:
        """How many groups more its interfaces may hold."""
        return self.most - self.own_groups(name) - len(self.held[name])

    def could_share(self, crowd: PeerCrowd, peer: str) -> bool:
        """Whether it has rules of its own for all that a group stands for."""
        alone = self.alone.get(crowd[:2], {}).get(peer)
        return alone is not None and alone.issuperset(crowd[2])

    def share(self, crowd: PeerCrowd, peer: str) -> None:
        members = self.shared.setdefault(crowd, set())
        self.counts[crowd[:2]] -= len(crowd[2]) * bool(members)
        members.add(peer)
        alone = self.alone[crowd[:2]]
        same = alone[peer] == crowd[2]
        alone[peer] = _NOTHING if same else alone[peer] - crowd[2]
        self.held[peer].add(crowd)

    def keep(self, crowd: PeerCrowd, peer: str) -> None:
        """It has rules of its own again."""
        self.shared[crowd].discard(peer)
        self.counts[crowd[:2]] += len(crowd[2]) * bool(self.shared[crowd])
        self.alone[crowd[:2]][peer] |= crowd[2]
        self.held[peer].discard(crowd)

    def too_many(self, way: RuleWay, spare: int) -> bool:
        """Whether there are more rules than so many free groups leave room for."""
        return self.counts[way] > self.rules * (self.most - len(self.held[way[0]]) - spare)

    def takes(self, way: RuleWay, more: int) -> bool:
        """Whether it has room for so many rules more."""
        return self.counts[way] + more <= self.rules * (self.most - len(self.held[way[0]]))
