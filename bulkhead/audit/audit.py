"""Every control of some frameworks, each decided by its checks: the whole answer of an audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from bulkhead.audit.check import Check, Checked, Evidence, Outcome, Setting
from bulkhead.audit.checks import ALL_CHECKS
from bulkhead.audit.controls import Control, Framework
from bulkhead.audit.coverage import Coverage, coverage
from bulkhead.audit.suppressions import Suppression

Settings = Mapping[str, Mapping[str, Setting]]
"""What checks are told, by their ids."""

_WORST_FIRST = (Outcome.FAIL, Outcome.NOT_DECIDED, Outcome.SUPPRESSED, Outcome.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check says of a resource, as a part of a control."""

    check: Check
    checked: Checked
    suppression: Suppression | None = None
    """Which speaks of it; it counts where the outcome is SUPPRESSED, and has expired elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A control, how it is, and what every check of it says. `needs`: what would decide it."""

    control: Control
    outcome: Outcome
    answers: tuple[Answer, ...]
    needs: tuple[str, ...] = ()

    def of(self, outcome: Outcome) -> tuple[Answer, ...]:
        return tuple(each for each in self.answers if each.checked.outcome is outcome)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Controls in the order of their frameworks, and how much it is worth.

    `unmatched` are suppressions of which nothing here is about, `expired` those that would
    still be needed.
    """

    assessed: tuple[Assessed, ...]
    coverage: Coverage
    unmatched: tuple[Suppression, ...] = ()
    expired: tuple[Suppression, ...] = ()

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        return tuple(dict.fromkeys(each.control.framework for each in self.assessed))

    def of(self, outcome: Outcome) -> tuple[Assessed, ...]:
        return tuple(each for each in self.assessed if each.outcome is outcome)

    def counts(self, framework: Framework | None = None) -> Mapping[Outcome, int]:
        return Counter(
            each.outcome for each in self.assessed if framework in (None, each.control.framework)
        )

    def findings(self, outcome: Outcome) -> Mapping[tuple[str, Checked], tuple[Assessed, ...]]:
        """What checks say with an outcome, each once, with the controls that it is a part of."""
        found: dict[tuple[str, Checked], list[Assessed]] = {}
        for each in self.assessed:
            for answer in each.of(outcome):
                found.setdefault((answer.check.id, answer.checked), []).append(each)
        return {key: tuple(dict.fromkeys(several)) for key, several in found.items()}

    @property
    def ok(self) -> bool:
        """Whether no control fails. What is not decided is no failure, and no pass."""
        return not self.of(Outcome.FAIL)


def audit(
    evidence: Evidence,
    controls: Iterable[Control],
    *,
    settings: Settings | None = None,
    suppressions: Sequence[Suppression] = (),
) -> Audit:
    """Decide each control; every check is run once, however many controls it decides."""
    told = settings or {}
    by_id = {each.id: each for each in ALL_CHECKS}

    @cache
    def run(check: str) -> tuple[Checked, ...]:
        return tuple(
            replace(each, said=said) if (said := evidence.said_about.of(each.resource)) else each
            for each in by_id[check](evidence, **told.get(check, {}))
        )

    every = tuple(controls)
    register = _Register(suppressions, evidence.today)
    assessed = tuple(
        _assessed(
            each,
            evidence,
            [(by_id[check], checked) for check in each.checks for checked in run(check)],
            register,
        )
        for each in every
    )
    asked = [(control, by_id[check]) for control in every for check in control.checks]
    return Audit(
        assessed=assessed,
        coverage=coverage(evidence, Counter(each.outcome for each in assessed)),
        unmatched=tuple(
            each
            for each in suppressions
            if each not in register.used and any(each.speaks_of(*pair) for pair in asked)
        ),
        expired=register.expired,
    )


def _assessed(
    control: Control,
    evidence: Evidence,
    found: Iterable[tuple[Check, Checked]],
    register: _Register,
) -> Assessed:
    answers = tuple(register.answer(control, check, checked) for check, checked in found)
    said = {each.checked.outcome for each in answers}
    outcome = next((each for each in _WORST_FIRST if each in said), Outcome.NOT_APPLICABLE)
    needs: list[str] = []
    # What a plan shows of this is what ought to be, and not what is.
    if control.live and not evidence.stands and outcome is not Outcome.FAIL:
        needs.append("what stands there: the account itself, or its describe-* answers")
    if control.outside and outcome is not Outcome.FAIL:
        needs.append(control.outside)
    if needs:
        outcome = Outcome.NOT_DECIDED
    return Assessed(control=control, outcome=outcome, answers=answers, needs=tuple(needs))


class _Register:
    """The suppressions of a file, and which of them were needed."""

    def __init__(self, suppressions: Sequence[Suppression], today: date) -> None:
        self._suppressions = suppressions
        self._today = today
        self.used: dict[Suppression, None] = {}
        self._lacking: dict[Suppression, None] = {}

    def answer(self, control: Control, check: Check, checked: Checked) -> Answer:
        """What fails, and somebody answers for: shown as that, until the day that he named."""
        if checked.outcome is not Outcome.FAIL:
            return Answer(check=check, checked=checked)
        matching = [each for each in self._suppressions if each.matches(control, check, checked)]
        self.used.update(dict.fromkeys(matching))
        if not matching:
            return Answer(check=check, checked=checked)
        last = max(matching, key=lambda each: each.expires)
        if last.expired(self._today):
            self._lacking.update(dict.fromkeys(matching))
        else:
            checked = replace(checked, outcome=Outcome.SUPPRESSED)
        return Answer(check=check, checked=checked, suppression=last)

    @property
    def expired(self) -> tuple[Suppression, ...]:
        """Those of which a finding counts again: none that another has taken over since."""
        return tuple(self._lacking)
