"""Security groups (docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from operator import or_

from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Direction, GroupRule
from bulkhead.prove.sets.by_port import ByPort, combine, union
from bulkhead.prove.sets.rules import covers_ports, speaks_of
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched


class GroupLayer:
    """Who may send, and who is let in; each answer is kept for all ends that share it."""

    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._unknown_passes = unknown_passes
        self._ingress: dict[tuple[tuple[str, ...], int, object], ByPort] = {}
        self._to_group: dict[tuple[str, int], ByPort] = {}
        self._to_home: dict[tuple[Prefix, int], ByPort] = {}

    def after(self, survey: Survey, touched: Touched) -> GroupLayer:
        """The layer after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir._survey = survey
        chain = survey.classes.tree.chain
        heir._ingress = {
            key: kept
            for key, kept in self._ingress.items()
            if touched.ingress_of.isdisjoint(key[0])
        }
        heir._to_group = {
            key: kept
            for key, kept in self._to_group.items()
            if key[0] not in touched.egress_to_groups
        }
        heir._to_home = {
            key: kept
            for key, kept in self._to_home.items()
            if touched.egress_to_prefixes.isdisjoint(chain(key[0]))
        }
        return heir

    def egress(self, destination: int, protocol: int, *, direct: bool = True) -> ByPort:
        """Per port: whose own security groups let them send there."""
        survey = self._survey
        found = self._senders_to(survey.classes.homes[destination], protocol)
        groups: Iterable[str] = survey.groups[destination] if direct else ()
        if direct and self._unknown_passes and _may_hold_any(survey) >> destination & 1:
            groups = survey.egress_to_group
        for group in groups:
            found = combine(found, self._referring_to(group, protocol), or_)
        return found

    def _senders_to(self, home: Prefix, protocol: int) -> ByPort:
        """Whose rules speak of a prefix, or of any around it; and whom none holds back."""
        key = (home, protocol)
        if key not in self._to_home:
            own = self._survey.egress_to_prefix.get(home, ())
            around = self._survey.classes.tree.chain(home)[1:2]
            outer = self._senders_to(around[0], protocol) if around else ((0, self._unheld),)
            self._to_home[key] = combine(outer, self._senders(own, protocol), or_) if own else outer
        return self._to_home[key]

    def _referring_to(self, group: str, protocol: int) -> ByPort:
        """Whose rules refer to a group."""
        key = (group, protocol)
        if key not in self._to_group:
            rules = self._survey.egress_to_group.get(group, ())
            self._to_group[key] = self._senders(rules, protocol)
        return self._to_group[key]

    def _senders(self, rules: Iterable[tuple[str, GroupRule]], protocol: int) -> ByPort:
        return union(
            (covers_ports(rule, protocol), self._survey.holding.get(group, 0))
            for group, rule in rules
            if speaks_of(rule, protocol) and self._counts(group, rule)
        )

    @property
    def _unheld(self) -> int:
        """Whom no group holds back, or maybe none."""
        survey = self._survey
        found = survey.unfiltered
        if self._unknown_passes:
            found |= survey.bare | survey.in_doubt
            for group in survey.unknowns.groups:
                found |= survey.holding.get(group, 0)
        return found

    def ingress(
        self,
        destination: int,
        protocol: int,
        *,
        referenced: bool = True,
        translated: Prefix | None = None,
    ) -> ByPort:
        """Per port: whom the destination's security groups let in."""
        survey = self._survey
        if survey.unfiltered >> destination & 1:
            return ((0, survey.everyone),)
        groups = survey.groups[destination]
        doubtful = survey.in_doubt >> destination & 1
        key = (groups, protocol, (translated or referenced, doubtful))
        if key not in self._ingress:
            in_doubt = doubtful or not groups or not survey.unknowns.groups.isdisjoint(groups)
            self._ingress[key] = union(
                (
                    (
                        covers_ports(rule, protocol),
                        _peer(survey, rule, referenced, translated) | self._doubtful_peers(rule),
                    )
                    for rule in self._rules(groups, protocol)
                ),
                survey.everyone if in_doubt and self._unknown_passes else 0,
            )
        return self._ingress[key]

    def from_anyone(self, destination: int, protocol: int, *, from_ipv6: bool = False) -> ByPort:
        """Per port: for whose packets some group rule of the destination may be, whatever
        became of them on a way that nobody knows.

        `from_ipv6`: a NAT gateway made packets of IPv4 of them; no rule means who sent them.
        """
        survey = self._survey
        groups = survey.groups[destination]
        unfiltered = (survey.unfiltered | survey.in_doubt) >> destination & 1
        if unfiltered or not groups or not survey.unknowns.groups.isdisjoint(groups):
            return ((0, survey.everyone),)
        key = (groups, protocol, ("anyone", from_ipv6))
        if key not in self._ingress:
            meant = _anyone_by_nat64 if from_ipv6 else _anyone
            self._ingress[key] = union(
                (covers_ports(rule, protocol), meant(survey, rule))
                for rule in self._rules(groups, protocol)
            )
        return self._ingress[key]

    def _rules(self, groups: tuple[str, ...], protocol: int) -> Iterator[GroupRule]:
        known = self._survey.network.security_group
        for group in groups:
            for rule in known[group].towards(Direction.INGRESS) if group in known else ():
                if speaks_of(rule, protocol) and self._counts(group, rule):
                    yield rule

    def _counts(self, group: str, rule: GroupRule) -> bool:
        """Whether a rule lets pass, for sure or maybe; none of a group in doubt is sure."""
        if self._unknown_passes:
            return True
        return rule.certain and group not in self._survey.unknowns.groups

    def _doubtful_peers(self, rule: GroupRule) -> int:
        """Senders in doubt come by a way that nobody knows."""
        survey = self._survey
        return _anyone(survey, rule) & survey.in_doubt if self._unknown_passes else 0


def _anyone(survey: Survey, rule: GroupRule) -> int:
    """Of whom a rule may speak when they come out of the unknown, with any address."""
    if rule.peer.kind == "cidr":
        return survey.ipv6 if rule.peer.cidr.version == 6 else survey.everyone & ~survey.ipv6
    if rule.peer.group in survey.carried or _may_hold_any(survey):
        return survey.everyone
    return survey.holding.get(rule.peer.group, 0)


def _anyone_by_nat64(survey: Survey, rule: GroupRule) -> int:
    """The same where they come as packets of IPv4 that a NAT gateway sent."""
    if rule.peer.kind == "cidr":
        return survey.everyone if rule.peer.cidr.version == 4 else 0
    carried = rule.peer.group in survey.carried or _may_hold_any(survey)
    return survey.everyone if carried else 0


def _may_hold_any(survey: Survey) -> int:
    """Interfaces of which nobody knows which groups they hold."""
    return survey.in_doubt & survey.interfaces


def _peer(survey: Survey, rule: GroupRule, referenced: bool, translated: Prefix | None) -> int:
    """Whom the peer of a rule means, where they come with the address that they come with."""
    if rule.peer.kind == "cidr":
        prefix = as_prefix(rule.peer.cidr)
        if translated is not None:
            return survey.everyone if prefix in survey.classes.tree.chain(translated) else 0
        return survey.inside.get(prefix, 0)
    if translated is not None or not referenced:
        return 0
    return survey.holding.get(rule.peer.group, 0)
