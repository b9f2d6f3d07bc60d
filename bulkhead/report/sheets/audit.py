"""`audit` as a sheet: what each check says of each resource, and how each control is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bulkhead.audit import (
    ALL_CHECKS,
    Answer,
    Assessed,
    Audit,
    Check,
    Checked,
    Evidence,
    Outcome,
)
from bulkhead.lint import Severity
from bulkhead.network.origins import Origin
from bulkhead.network.provenance import Provenance
from bulkhead.report.audit import coverage_lines
from bulkhead.report.audit import verdict as verdict_of
from bulkhead.report.sheet import Entry, EntryKind, Sheet, sheet
from bulkhead.report.sheets.stable import StableNames

_WORST_FIRST = (Outcome.FAIL, Outcome.NOT_DECIDED, Outcome.SUPPRESSED, Outcome.PASS)


def audit(
    source: str,
    audited: Audit,
    evidence: Evidence,
    *,
    ok: bool | None = None,
    provenance: Provenance | None = None,
) -> Sheet:
    """Each answer once, with all controls that it is a part of, then the controls; the worst first.

    `ok`: what the exit code says, where that asks for more than that no control fails.
    """
    told = _Told(evidence)
    entries = [told.entry(*each) for each in grouped(audited)]
    entries += map(told.control, audited.assessed)
    return sheet(
        "audit",
        source,
        sorted(entries, key=_order),
        verdict=verdict_of(source, audited),
        ok=audited.ok if ok is None else ok,
        notes=(
            *coverage_lines(audited.coverage),
            *(f"suppression of {each.about} has expired" for each in audited.expired),
            *(f"nothing matches the suppression of {each.about}" for each in audited.unmatched),
        ),
        provenance=provenance,
    )


def grouped(audited: Audit) -> Iterator[tuple[Answer, tuple[Assessed, ...]]]:
    """Each answer once, with the controls that it is a part of."""
    found: dict[object, tuple[Answer, dict[str, Assessed]]] = {}
    for assessed in audited.assessed:
        for answer in assessed.answers:
            key = answer.check.id, answer.checked
            _, controls = found.setdefault(key, (answer, {}))
            controls[assessed.control.slug] = assessed
    for answer, controls in found.values():
        yield answer, tuple(controls.values())


def subject(checked: Checked) -> str:
    """Whom it is about, told from others that people call the same."""
    if checked.resource and checked.resource not in checked.name:
        return f"{checked.name} ({checked.resource})"
    return checked.name


def said_of(checked: Checked) -> tuple[str, ...]:
    """What people say of it, in one line, if anybody says something."""
    return (str(checked.said),) if checked.said else ()


def _order(entry: Entry) -> tuple[int, int]:
    outcomes = (*_WORST_FIRST, Outcome.NOT_APPLICABLE)
    return outcomes.index(entry.outcome), tuple(Severity).index(entry.grade)


class _Told:
    """Answers as entries, by names that stay, with the place where each is written."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._names = StableNames(evidence.network)

    def entry(self, answer: Answer, controls: Sequence[Assessed]) -> Entry:
        checked, names = answer.checked, self._names
        excused = answer.suppression
        said = checked.outcome is Outcome.FAIL or checked.outcome is Outcome.SUPPRESSED
        return Entry(
            kind=_kind(answer.check, controls),
            outcome=checked.outcome,
            message=str(checked),
            why=f"suppressed {excused}" if excused else answer.check.risk if said else "",
            remedy=checked.remedy,
            origin=self._origin(answer),
            subject=subject(checked),
            identity=(
                names.home(checked.resource),
                names.text(checked.resource) if checked.resource else checked.name,
                *(names.rule(each.rule) for each in checked.rules),
            ),
            evidence=(*map(str, checked.rules), *checked.evidence, *said_of(checked)),
        )

    def _origin(self, answer: Answer) -> Origin | None:
        """Of the first rule that decides it, of the resource, or of an end of the flow."""
        origins, checked = self._evidence.origins, answer.checked
        for each in checked.rules:
            if found := origins.of(each.component, each.rule):
                return found
        names = (checked.resource, *checked.resource.split(" -> "))
        for name in filter(None, names):
            if found := origins.of(name) or origins.named(name):
                return found
        return origins.whole

    def control(self, assessed: Assessed) -> Entry:
        """How a control is, and what it asks for beside what is checked.

        Where its checks decide it alone, it sums up what they say one by one.
        """
        control = assessed.control
        failed = [each.check.severity for each in assessed.of(Outcome.FAIL)]
        return Entry(
            kind=EntryKind(
                id=f"control-{control.slug.lower()}",
                title=f"{control.name}: {control.requires}",
                describes=f"{control.framework.heading} {control.version}".strip(),
                severity=Severity.NOTE,
                controls=(control.slug,),
                undecided=bool(assessed.needs),
                sums_up=not assessed.needs,
            ),
            outcome=assessed.outcome,
            severity=min(failed, key=tuple(Severity).index, default=None),
            message=f"{control.name}: {control.requires}",
            why=f"it also needs {'; '.join(assessed.needs)}" if assessed.needs else "",
            subject=control.name,
            identity=(control.slug,),
        )


def _kind(check: Check, controls: Sequence[Assessed]) -> EntryKind:
    return EntryKind(
        id=check.id,
        title=check.title,
        describes=check.risk,
        remedy=check.remedy,
        severity=check.severity,
        controls=tuple(each.control.slug for each in controls),
    )


ALL_KINDS: Final = tuple(_kind(each, ()) for each in ALL_CHECKS)
"""Those of the checks; the controls have the ids of their frameworks."""
