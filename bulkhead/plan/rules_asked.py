"""How many rules each service needs, who shares a group for that, and which quota would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from bulkhead.network import Direction
from bulkhead.network.quotas import RULES_PER_INTERFACE, Quotas
from bulkhead.plan.allowed import MoreRules, given_to_anybody
from bulkhead.plan.aws_needs import is_endpoint
from bulkhead.plan.demand import rules_wanted
from bulkhead.plan.lock import Lock
from bulkhead.plan.shared_so_far import RulesWanted, StandingRules
from bulkhead.plan.sharing import WhoShares, sharing
from bulkhead.plan.wiring import Wiring


@dataclass(frozen=True)
class RulesAsked:
    """What the wiring asks of the groups of services."""

    wiring: Wiring
    wanted: RulesWanted
    have: Quotas
    standing: StandingRules
    alone: bool = False
    """Whether nobody shares a group: it is of one VPC, and who would share it of several."""

    @cached_property
    def shared(self) -> WhoShares:
        """Who shares which groups."""
        return self.with_quotas(self.have)

    def with_quotas(self, have: Quotas) -> WhoShares:
        """The same under other quotas."""
        return sharing(self.wanted, have, self.standing, alone=self.alone)

    @cached_property
    def more(self) -> MoreRules:
        """The least by which all fits that AWS gives anybody room for."""
        if not self.shared.left:
            return MoreRules({})
        beyond = frozenset(
            name for name, fewest in self._fewest.items() if fewest > RULES_PER_INTERFACE
        )
        found = MoreRules.least(self.have, partial(self._fits, but=beyond), beyond)
        if found is None:
            hopeless = beyond.union(self._never_relieved())
            found = MoreRules.least(self.have, partial(self._fits, but=hopeless), hopeless)
        if found is None:
            found = MoreRules({}, beyond.union(self.shared.left))
        return replace(
            found, surely=self._nothing_less_does(found), in_doubt=found.hopeless - beyond
        )

    def _never_relieved(self) -> frozenset[str]:
        """Services that have too many rules under all quotas that AWS gives anybody."""
        return frozenset(self.shared.left).intersection(
            *(self.with_quotas(each).left for each in given_to_anybody(self.have))
        )

    def _nothing_less_does(self, more: MoreRules) -> bool:
        """Whether with one less of the quota that is raised somebody has no room, even if all share
        that could."""
        if len(more.raised) != 1:
            return False
        less = replace(self.have, **{field: most - 1 for field, most in more.raised.items()})
        room = less.rules_per_group * less.groups_per_interface
        alone = less.groups_per_interface == 1
        return any(
            count > room
            for (name, _), demand in self.wanted.items()
            for count in (demand.count if alone else self._fewest[name],)
            if name not in more.hopeless
        )

    def _fits(self, have: Quotas, but: frozenset[str]) -> bool:
        room = have.rules_per_group * have.groups_per_interface
        if any(fewest > room for name, fewest in self._fewest.items() if name not in but):
            return False
        return self.with_quotas(have).left.keys() <= but

    @cached_property
    def _fewest(self) -> Mapping[str, int]:
        """Of each service how many rules it needs, whoever shares what: of all that services need
        of it in one direction each once, and all others."""
        found: dict[str, int] = {}
        for (name, _), demand in self.wanted.items():
            by_peer = [runs for peer, runs in demand.of_services() if peer != name]
            once = len(frozenset().union(*frozenset(by_peer)))
            fewest = demand.count - sum(map(len, by_peer)) + once
            found[name] = max(fewest, found.get(name, 0))
        return found

    def groups(self) -> int:
        """Groups of all services, several of one whose rules are too many for one, and those that
        are shared; once they fit."""
        have = replace(self.have, **self.more.raised)
        chosen = self.with_quotas(have)
        services = {name for name, _ in self.wanted}
        own = sum(
            max(1, -(-max(chosen.counts[name, each] for each in Direction) // have.rules_per_group))
            for name in services
        )
        return own + len(chosen.members)


def asked_of(wiring: Wiring, have: Quotas, lock: Lock) -> RulesAsked:
    """What a topology asks, and what stands by the lock."""
    topology = wiring.topology
    slots: dict[tuple[str, Direction], Mapping[str, int]] = {}
    for where, each in lock.groups.items():
        name, _, way = where.rpartition("/")
        if way in tuple(Direction):
            slots[name, Direction(way)] = each.taken
    unwilling = frozenset(
        each.name
        for each in topology.interfaces.values()
        if topology.services[each.service].comes_and_goes or is_endpoint(each.service)
    )
    return RulesAsked(
        wiring=wiring,
        wanted=rules_wanted(topology, wiring.meetings),
        have=have,
        standing=StandingRules(shared=lock.shared, slots=slots, unwilling=unwilling),
        alone=bool(topology.vpcs),
    )
