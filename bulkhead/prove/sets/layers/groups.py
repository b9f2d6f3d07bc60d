"""Security groups (docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)."""

from __future__ import annotations

from copy import copy

from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Direction, GroupRule
from bulkhead.prove.sets.by_port import ByPort, union
from bulkhead.prove.sets.rules import counts, covers_ports, speaks_of
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched


class GroupLayer:
    """Who may send, and who is let in; each answer is kept for all ends that share it."""

    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._unknown_passes = unknown_passes
        self._ingress: dict[tuple[tuple[str, ...], int, object], ByPort] = {}
        self._egress: dict[tuple[tuple[str, ...], Prefix, int, bool], ByPort] = {}

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
        heir._egress = {
            key: kept
            for key, kept in self._egress.items()
            if touched.egress_to_groups.isdisjoint(key[0])
            and touched.egress_to_prefixes.isdisjoint(chain(key[1]))
        }
        return heir

    def egress(self, destination: int, protocol: int, *, direct: bool = True) -> ByPort:
        """Per port: whose own security groups let them send there."""
        survey = self._survey
        groups = survey.groups[destination] if direct else ()
        home = survey.classes.homes[destination]
        key = (groups, home, protocol, direct)
        if key not in self._egress:
            self._egress[key] = self._senders(groups, home, protocol)
        return self._egress[key]

    def _senders(self, groups: tuple[str, ...], home: Prefix, protocol: int) -> ByPort:
        survey = self._survey
        rules: list[tuple[str, GroupRule]] = []
        for group in groups:
            rules.extend(survey.egress_to_group.get(group, ()))
        for prefix in survey.classes.tree.chain(home):
            rules.extend(survey.egress_to_prefix.get(prefix, ()))
        base = survey.unfiltered
        if self._unknown_passes:
            base |= survey.bare | survey.in_doubt
            for group in survey.unknowns.groups:
                base |= survey.holding.get(group, 0)
        return union(
            (
                (covers_ports(rule, protocol), survey.holding.get(group, 0))
                for group, rule in rules
                if speaks_of(rule, protocol) and counts(rule, unknown_passes=self._unknown_passes)
            ),
            base,
        )

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
            known = survey.network.security_group
            self._ingress[key] = union(
                (
                    (covers_ports(rule, protocol), _peer(survey, rule, referenced, translated))
                    for group in groups
                    if group in known
                    for rule in known[group].towards(Direction.INGRESS)
                    if speaks_of(rule, protocol)
                    and counts(rule, unknown_passes=self._unknown_passes)
                ),
                survey.everyone if in_doubt and self._unknown_passes else 0,
            )
        return self._ingress[key]


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
