"""What a change does as one comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bulkhead.judge import Finding
from bulkhead.report.delta import headline, outcome
from bulkhead.report.markdown.budget import FRAMED, Budget
from bulkhead.report.markdown.escaping import escaped
from bulkhead.report.markdown.proof import code
from bulkhead.report.review import PAST_GROUPS, SCALED, asides, flow_details, surprises
from bulkhead.review import FailOn, Replacement, Review, ReviewedFlow

_HEADER: Final = (
    "| | from | to | traffic | was | is | written |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)
_KEPT: Final = 1_200
"""Characters for what stands around what is counted, and for who puts a marker before it."""
_LONGEST: Final = 500
_WIDEST: Final = 100
"""Characters of one line, and of one cell of a table: a name may have 255, and a line several."""


def review(found: Review, failed: Sequence[FailOn], limit: int = FRAMED) -> str:
    """A comment within the limit. The verdict always, then who of the untrusted gets in.

    What does not fit is left out from the end and counted: details first, then rows. There
    is no marker in it: who posts it puts its own before it.
    """
    budget = Budget(limit - _KEPT)
    body = budget.take([f"**{escaped(found.verdict)}**", ""])
    if failed:
        body += budget.take([f"Fails on {', '.join(f'`{each}`' for each in failed)}.", ""])
    body += budget.take([line for each in found.replacements if each.loud for line in _loud(each)])
    untrusted = found.untrusted
    if untrusted:
        body += budget.take([f"#### Reached from untrusted places ({len(untrusted)})", ""])
        body += budget.table(_HEADER, list(map(_row, untrusted)), "Flows from untrusted places")
    body += budget.take([line for each in surprises(found) for line in (escaped(each), "")])
    if found.findings:
        body += budget.take([f"#### Against the topology ({len(found.findings)})", ""])
        body += _findings(budget, found.findings)
    rest = found.others
    if rest:
        body += budget.take([f"#### Flows ({len(rest)})", ""])
        body += budget.table(_HEADER, list(map(_row, rest)), "Flows")
    every = dict.fromkeys(map(id, found.flows))
    more = [each for each in untrusted if id(each) not in every]
    told = [line for each in (*found.flows, *more) for line in _folded(each)]
    body += budget.fold("Rules responsible, and where they are written", told)
    quiet = [line for each in found.replacements if not each.loud for line in _replaced(each)]
    body += budget.fold("Replaced", quiet)
    body += budget.fold("Also", [f"- {_line(each)}" for each in asides(found)])
    for title, several in ((SCALED, found.scaled), (PAST_GROUPS, found.shadows)):
        rows = [*_HEADER, *map(_row, several)] if several else []
        body += budget.fold(f"{title[:1].upper()}{title[1:]} ({len(several)})", rows)
    if budget.dropped:
        body += [f"Left out for want of space: {', '.join(budget.dropped)}."]
    return "\n".join(body).rstrip() + "\n"


def _row(flow: ReviewedFlow) -> str:
    change = flow.change
    written = flow.origins
    cells = (
        f"**{flow.kind}**",
        _cell(change.source.name),
        _cell(change.to),
        _cell(change.traffic),
        str(change.before),
        outcome(change),
        _cell(str(written[0])) if written else "",
    )
    return f"| {' | '.join(cells)} |"


def _folded(flow: ReviewedFlow) -> Iterator[str]:
    yield f"- {_line(headline(flow.change))}"
    for line in flow_details(flow):
        yield f"  - {_line(line)}"


def _loud(replaced: Replacement) -> Iterator[str]:
    yield f"> **{_line(f'{replaced.kind} {replaced.name}')}**: {_line(replaced.means)}"
    yield f"> ({_line(replaced.why)}{_at(replaced)})"
    yield ""


def _at(replaced: Replacement) -> str:
    return f", {_line(str(replaced.origin))}" if replaced.origin else ""


def _replaced(replaced: Replacement) -> Iterator[str]:
    yield f"- {_line(f'{replaced.kind} {replaced.name}: {replaced.why}')}{_at(replaced)}"
    yield f"  - {_line(replaced.means)}"


def _findings(budget: Budget, several: Sequence[Finding]) -> list[str]:
    """Each with what it does and what mends it; a third stays for what comes behind."""
    reserve = budget.left // 3
    budget.left -= reserve
    lines = [line for each in several for line in _finding(each)]
    taken = budget.take(lines)
    budget.left += reserve
    if len(taken) < len(lines):
        taken.append(f"\n{len(lines) - len(taken)} lines left out for want of space.")
    return [*taken, ""]


def _finding(finding: Finding) -> Iterator[str]:
    place = f"{finding.place}: " if finding.file else ""
    yield f"- **{_line(place + finding.message)}** {_line(finding.why)}"
    for rule in finding.rules:
        yield f"  - {_line(str(rule))}"
    if finding.mend:
        yield f"  - to mend it: {code(finding.mend)}"
    for effect in finding.effects:
        yield f"  - {effect.kind}: {_line(effect.message)}"


def _cell(text: str) -> str:
    return _line(text, _WIDEST)


def _line(text: str, longest: int = _LONGEST) -> str:
    """Made harmless, and no longer than a line may be."""
    return escaped(text if len(text) <= longest else f"{text[:longest]}…")
