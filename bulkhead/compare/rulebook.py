"""The rules of a network by what they say: without ids, NACL numbers and spelling of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bulkhead.explain.rules import RuleRef
from bulkhead.network import AclEntry, GroupRule, Network, Route

ComparedRule = GroupRule | AclEntry | Route


@dataclass(frozen=True, slots=True)
class Saying:
    """One rule: what it says, and the place that a successor of it would have."""

    component: str
    text: str
    meaning: tuple[object, ...]
    slots: frozenset[tuple[object, ...]]
    """A rule with another meaning and one of these in common is the same rule, changed."""
    rule: ComparedRule
    holder: str
    """The id of the component."""


class Rulebook:
    """What each rule of a network says, by the component that holds it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._names = {each.id: each.name for each in network.things}
        self._said: dict[str, dict[ComparedRule, Saying]] = {}
        self._components: Mapping[str, tuple[ComparedRule, ...]] = {
            **{each.id: each.rules for each in network.security_groups},
            **{each.id: each.entries for each in network.nacls},
            **{each.id: each.routes for each in network.route_tables},
        }
        self._called: dict[str, list[str]] = defaultdict(list)
        for each in self._components:
            self._called[self.name(each)].append(each)
        self._meanings: dict[str, frozenset[tuple[object, ...]]] = {}

    def name(self, id_: str) -> str:
        """What people call a thing."""
        return self._names.get(id_, id_)

    def said(self, component: str) -> Mapping[ComparedRule, Saying]:
        """All that a component says, by rule."""
        if component not in self._said:
            self._said[component] = {
                rule: self._saying(component, rule) for rule in self._components.get(component, ())
            }
        return self._said[component]

    def saying(self, ref: RuleRef) -> Saying | None:
        """What a rule says; None where it is none of a group's, a NACL's or a route table's own."""
        if not isinstance(ref.rule, GroupRule | AclEntry | Route):
            return None
        return self.said(ref.component).get(ref.rule)

    def holds(self, saying: Saying) -> bool:
        """Whether a component of the same name says the same."""
        called = saying.component
        if called not in self._meanings:
            self._meanings[called] = frozenset(
                each.meaning
                for component in self._called.get(called, ())
                for each in self.said(component).values()
            )
        return saying.meaning in self._meanings[called]

    def _saying(self, holder: str, rule: ComparedRule) -> Saying:
        if isinstance(rule, GroupRule):
            return self._group_rule(holder, rule)
        if isinstance(rule, AclEntry):
            return self._entry(holder, rule)
        return self._route(holder, rule)

    def _group_rule(self, holder: str, rule: GroupRule) -> Saying:
        peer = rule.peer.cidr if rule.peer.kind == "cidr" else self.name(rule.peer.group)
        way, traffic = rule.direction, (rule.protocol, rule.ports)
        return Saying(
            component=self.name(holder),
            text=rule.says(peer),
            meaning=(way, *traffic, str(peer), rule.certain),
            slots=frozenset({("peer", way, rule.protocol, str(peer)), ("ports", way, *traffic)}),
            rule=rule,
            holder=holder,
        )

    def _entry(self, holder: str, entry: AclEntry) -> Saying:
        way, family = entry.direction, entry.cidr.version
        return Saying(
            component=self.name(holder),
            text=str(entry),
            meaning=(
                *(way, entry.action, entry.protocol, entry.ports, entry.cidr),
                entry.certain,
            ),
            slots=frozenset({("number", way, family, entry.number)}),
            rule=entry,
            holder=holder,
        )

    def _route(self, holder: str, route: Route) -> Saying:
        target = self.name(route.target_id)
        state = " (blackhole)" if route.blackhole else ""
        return Saying(
            component=self.name(holder),
            text=f"{route.destination} -> {target}{state}",
            meaning=(route.destination, route.target, target, route.blackhole),
            slots=frozenset({("destination", route.destination)}),
            rule=route,
            holder=holder,
        )
