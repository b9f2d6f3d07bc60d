"""Which resource of the program answers for a thing or a rule of the network: by its URN."""

from __future__ import annotations

from bulkhead.audit import Checked
from bulkhead.explain import RuleRef
from bulkhead.observe.pulumi.handed import Stood


class Responsible:
    """URNs of a stack's resources, by what they made."""

    def __init__(self, stood: Stood) -> None:
        self._origins = stood.origins
        self._urns = {each.id: each.urn for each in reversed(stood.resources)}
        """Of what is no part of a network, too: flow logs, launch templates."""

    def of(self, checked: Checked) -> tuple[tuple[str, tuple[RuleRef, ...]], ...]:
        """The URNs that answer for a finding, each with its rules; that of the thing without any.

        '' is the stack as a whole.
        """
        found: dict[str, list[RuleRef]] = {}
        for ref in checked.rules:
            if urn := self._of_rule(ref):
                found.setdefault(urn, []).append(ref)
        if not found:
            found[self.thing(checked.resource)] = list(checked.rules)
        return tuple((urn, tuple(rules)) for urn, rules in found.items())

    def thing(self, known_as: str) -> str:
        """Of what has an id; what is inside of a thing is called by the thing's and a slash."""
        while True:
            if origin := self._origins.of(known_as):
                return origin.urn
            if known_as in self._urns:
                return self._urns[known_as]
            if "/" not in known_as:
                return ""
            known_as = known_as.rpartition("/")[0]

    def _of_rule(self, ref: RuleRef) -> str:
        """Its own resource's, where it is one; else that of what holds it."""
        origin = self._origins.of(ref.component, ref.rule)
        return origin.urn if origin else self.thing(ref.component)
