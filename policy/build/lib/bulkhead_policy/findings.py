"""The network that a stack's resources make, built once, and what each check says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from bulkhead.audit import Check, Checked, Evidence, Outcome
from bulkhead.audit.check import Setting
from bulkhead.network import Declaration
from bulkhead.network.inventory import KINDS
from bulkhead.observe.pulumi.handed import Presented, Stood, handed
from bulkhead.observe.pulumi.inventory import OTHERS
from bulkhead.observe.pulumi.unlisted import OTHER_STACKS
from bulkhead.problems import UnusableError
from bulkhead_policy.handing import region
from bulkhead_policy.own import StackEvidence
from bulkhead_policy.responsible import Responsible

_OF_A_STACK = (OTHERS.why, OTHER_STACKS)
"""What is never known of one stack, and no news: others may have more."""


@dataclass
class Findings:
    """Of one state of one stack: what every check that was asked says of it."""

    resources: tuple[Presented, ...]
    said: dict[str, tuple[Checked, ...]] = field(default_factory=dict)
    """Check -> what it said; of those that were asked, which a disabled policy is not."""

    @cached_property
    def stood(self) -> Stood:
        return handed(self.resources, region=region())

    @cached_property
    def evidence(self) -> Evidence:
        return StackEvidence(
            network=self.stood.network,
            inventory=self.stood.inventory,
            resources=self.stood.resources,
        )

    @cached_property
    def responsible(self) -> Responsible:
        return Responsible(self.stood)

    def of(
        self,
        check: Check,
        settings: Mapping[str, Setting],
        declaration: Declaration | None = None,
    ) -> Iterator[Checked]:
        """What fails by a check. Raises UnusableError where there is nothing to ask it of."""
        if self.stood.lost:
            raise UnusableError(self.stood.lost)
        evidence = self.evidence
        if declaration is not None:
            evidence = replace(evidence, declaration=declaration)
        found = check(evidence, **settings)
        if not frozenset(KINDS).isdisjoint(check.about):
            found = tuple(map(self._unless_of_others, found))
        self.said[check.id] = found
        return (each for each in found if each.outcome is Outcome.FAIL)

    def _unless_of_others(self, checked: Checked) -> Checked:
        """What a VPC lacks is known of one that this stack made: another's may have it there."""
        if checked.outcome is not Outcome.FAIL or checked.resource not in self._of_others:
            return checked
        why = f"another stack made it, and may have what is not here: {checked.message}"
        return replace(checked, outcome=Outcome.NOT_DECIDED, message=why, remedy="")

    @cached_property
    def _of_others(self) -> frozenset[str]:
        own = {each.id for each in self.stood.resources if not each.external}
        return frozenset(self.stood.network.vpc.keys() - own)

    def without_stand_ins(self, text: str) -> str:
        """A text in which no address is named that AWS is yet to choose."""
        return self._stand_in.sub("(not known yet)", text) if self.stood.stand_ins else text

    @cached_property
    def _stand_in(self) -> re.Pattern[str]:
        every = "|".join(map(re.escape, sorted(self.stood.stand_ins)))
        return re.compile(rf"(?<![\w.:])\(?(?:{every})\)?(?![\w/:]|\.\w)")

    def undecided(self) -> Iterator[tuple[str, Checked]]:
        """What the checks that were asked could not tell, with the check's id."""
        for check, found in self.said.items():
            for each in found:
                news = not any(why in each.message for why in _OF_A_STACK)
                if each.outcome is Outcome.NOT_DECIDED and news:
                    yield check, each


class Latest:
    """The findings of what was handed last: every policy is asked of the same resources."""

    def __init__(self) -> None:
        self._findings: Findings | None = None

    def of(self, resources: tuple[Presented, ...]) -> Findings:
        last = self._findings
        if last is None or (last.resources is not resources and last.resources != resources):
            self._findings = last = Findings(resources)
        return last
