"""What an audit found, for people: what fails first, then what nobody can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulkhead.audit import Answer, Assessed, Audit, Check, Coverage, Outcome
from bulkhead.lint import Severity
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN

_STYLES: Final = {
    Outcome.FAIL: "bold red",
    Outcome.NOT_DECIDED: "bold yellow",
    Outcome.SUPPRESSED: "bold magenta",
}
_SAID: Final = {
    Outcome.FAIL: "fail",
    Outcome.NOT_DECIDED: "not decided",
    Outcome.SUPPRESSED: "suppressed",
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "not applicable",
}
_SEVERITIES: Final = tuple(Severity)


def verdict(source: str, audited: Audit) -> str:
    """The answer in one sentence: what is not decided is never called a pass."""
    counts = audited.counts()
    total = len(audited.assessed)
    told = ", ".join(
        f"{counts[each]} {_SAID[each]}"
        for each in _SAID
        if counts[each] and each is not Outcome.FAIL
    )
    first = (
        f"{counts[Outcome.FAIL]} of {total} controls fail"
        if not audited.ok
        else (f"none of {total} controls fails")
    )
    return f"{source}: {first}{f'; {told}' if told else ''}."


def print_audit(console: Console, source: str, audited: Audit) -> None:
    """What fails, what is not decided, what is suppressed, how much was covered, the counts."""
    _print_outcome(console, audited, Outcome.FAIL)
    _print_undecided(console, audited)
    _print_outcome(console, audited, Outcome.SUPPRESSED)
    _print_suppressions(console, audited)
    _print_coverage(console, audited.coverage)
    _print_counts(console, audited)
    console.print(Text(verdict(source, audited), "bold green" if audited.ok else "bold"))


def _print_outcome(console: Console, audited: Audit, outcome: Outcome) -> None:
    """By check, the gravest first; each resource once, whatever controls it is a part of.

    Rules that fail several checks are shown, with what mends them, under the first of them.
    """
    shown: dict[object, str] = {}
    found: dict[str, dict[object, Answer]] = defaultdict(dict)
    controls: dict[str, list[Assessed]] = defaultdict(list)
    for assessed in audited.assessed:
        its = assessed.of(outcome)
        for answer in its:
            found[answer.check.id].setdefault(answer.checked, answer)
        for check_id in dict.fromkeys(each.check.id for each in its):
            controls[check_id].append(assessed)
    every = [list(each.values()) for each in found.values()]
    for answers in sorted(every, key=lambda each: _SEVERITIES.index(each[0].check.severity)):
        check = answers[0].check
        _print_heading(console, outcome, check, controls[check.id])
        for alike in _alike(answers)[:MOST_SHOWN]:
            _print_alike(console, alike, under=shown.setdefault(_cause(alike), check.id))
        if len(_alike(answers)) > MOST_SHOWN:
            console.print(f"  and {len(_alike(answers)) - MOST_SHOWN} more (--json lists all)")
        console.print()


def _print_heading(
    console: Console, outcome: Outcome, check: Check, controls: Iterable[Assessed]
) -> None:
    grave = f" {check.severity}" if outcome is Outcome.FAIL else ""
    names = ", ".join(each.control.name for each in controls)
    head = Text(f"{outcome.upper()}{grave}: {check.title}", _STYLES[outcome])
    console.print(Text.assemble(head, Text(f"  [{check.id}: {names}]", "dim")))


def _alike(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Those of which the same is said, and for which one answers, together: it is said once."""
    together: dict[object, list[Answer]] = defaultdict(list)
    for each in answers:
        checked = each.checked
        said = checked.message, checked.evidence, checked.rules, checked.said
        together[said, each.suppression].append(each)
    return list(together.values())


def _cause(alike: Sequence[Answer]) -> object:
    """What two checks have in common where one thing fails both."""
    first = alike[0]
    if not first.checked.rules:
        return first.check.id, first.checked
    about = tuple((each.checked.resource, each.checked.remedy) for each in alike)
    return about, first.checked.rules, first.checked.evidence, first.suppression


def _print_alike(console: Console, alike: Sequence[Answer], *, under: str) -> None:
    """`under`: the check where its cause is shown, which may be this one."""
    checked = alike[0].checked
    names = ", ".join(_named(each) for each in alike[:MOST_SHOWN])
    more = f" and {len(alike) - MOST_SHOWN} more" if len(alike) > MOST_SHOWN else ""
    print_indented(console, 2, Text(f"{names}{more}: {checked.message}"))
    if checked.said:
        print_indented(console, 6, Text(str(checked.said), "dim"))
    if under != alike[0].check.id:
        print_indented(console, 6, Text(f"by what is shown under {under}", "dim"))
        return
    for rule in checked.rules[:MOST_SHOWN]:
        print_indented(console, 6, Text(f"by {rule}", "dim"))
    for each in checked.evidence[:MOST_SHOWN]:
        print_indented(console, 6, Text(each, "dim"))
    remedies = tuple(dict.fromkeys(each.checked.remedy for each in alike if each.checked.remedy))
    for remedy in remedies[:MOST_SHOWN]:
        print_indented(console, 6, Text(f"do: {remedy}", "dim"))
    if len(remedies) > MOST_SHOWN:
        console.print(f"      and {len(remedies) - MOST_SHOWN} more (--json lists all)")
    if suppression := alike[0].suppression:
        expired = "" if checked.outcome is Outcome.SUPPRESSED else "no longer "
        said = f"{expired}suppressed {suppression} ({suppression.place})"
        print_indented(console, 6, Text(said, "dim"))


def _named(answer: Answer) -> str:
    checked = answer.checked
    if not checked.resource or checked.resource in checked.name:
        return checked.name
    return f"{checked.name} ({checked.resource})"


def _print_undecided(console: Console, audited: Audit) -> None:
    """Each reason once, with the controls that wait for it, and what would tell."""
    reasons: dict[tuple[str, tuple[str, ...]], dict[str, Assessed]] = defaultdict(dict)
    for assessed in audited.of(Outcome.NOT_DECIDED):
        for answer in assessed.of(Outcome.NOT_DECIDED):
            said = _without_name(answer), answer.checked.evidence
            reasons[said][assessed.control.name] = assessed
        for need in assessed.needs:
            reasons[f"it also needs {need}", ()][assessed.control.name] = assessed
    if not reasons:
        return
    console.print(Text("NOT DECIDED, and what would decide it", _STYLES[Outcome.NOT_DECIDED]))
    for (why, evidence), waiting in reasons.items():
        print_indented(console, 2, Text.assemble(why, Text(f"  [{', '.join(waiting)}]", "dim")))
        for each in evidence[:MOST_SHOWN]:
            print_indented(console, 6, Text(each, "dim"))
        if len(evidence) > MOST_SHOWN:
            console.print(f"      and {len(evidence) - MOST_SHOWN} more (--json lists all)")
    console.print()


def _without_name(answer: Answer) -> str:
    """What is said of a kind of things names it already."""
    checked = answer.checked
    return f"{_named(answer)}: {checked.message}" if checked.resource else checked.message


def _print_suppressions(console: Console, audited: Audit) -> None:
    for each in audited.expired:
        said = f"expired on {each.expires}: the suppression of {each.about} ({each.place})"
        console.print(Text(f"{said}; {each.owner} has to renew it, or mend what it is about"))
    for each in audited.unmatched:
        console.print(Text(f"no finding matches the suppression of {each.about} ({each.place})"))


def coverage_lines(of: Coverage) -> tuple[str, ...]:
    """How much the answer is worth, in three sentences: read, modelled, decided."""
    read = (
        f"{of.calls - len(of.unanswered)} of {of.calls} calls answered in {', '.join(of.regions)}"
        if of.calls
        else "nothing was asked of AWS: this is what is planned, or what an engine holds"
    )
    sure = of.pairs - of.undetermined
    return (
        f"read: {read}",
        f"modelled: {of.things} things, {of.unmodelled} not modelled or not seen; "
        f"{sure:,} of {of.pairs:,} pairs of ends decided over all packets",
        f"decided: {of.decided} of {of.controls} controls",
    )


def _print_coverage(console: Console, of: Coverage) -> None:
    for line in coverage_lines(of):
        console.print(Text(line, "dim"))
    for each in of.unanswered[:MOST_SHOWN]:
        print_indented(
            console, 2, Text(f"not read: {each.call} ({each.region}): {each.why}", "dim")
        )
    if len(of.unanswered) > MOST_SHOWN:
        console.print(f"  and {len(of.unanswered) - MOST_SHOWN} more (--json lists all)")
    console.print()


def _print_counts(console: Console, audited: Audit) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("framework")
    for each in _SAID.values():
        table.add_column(each, justify="right")
    for framework in audited.frameworks:
        counts = audited.counts(framework)
        table.add_row(framework.heading, *(str(counts[each]) for each in _SAID))
    console.print(table)
    console.print()
