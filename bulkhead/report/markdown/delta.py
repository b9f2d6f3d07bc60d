"""What differs between two networks as one comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.compare import Change, Delta
from bulkhead.report.delta import details, headline, outcome, surprises, verdict
from bulkhead.report.markdown.budget import COMMENT_LIMIT, Budget
from bulkhead.report.markdown.escaping import escaped

MARKER: Final = "<!-- bulkhead-diff -->"
"""Invisible: by it a workflow finds the comment of an earlier run and replaces it."""


def delta(before: str, after: str, found: Delta, limit: int = COMMENT_LIMIT) -> str:
    """A comment within the limit: the sentence always, then the table, then the details.

    What does not fit is left out from the end and counted: details first, then
    rows of the table, never the verdict.
    """
    head = [MARKER, f"**{escaped(verdict(before, after, found))}**", ""]
    head += [f"{escaped(line)}\n" for line in surprises(found)]
    if found.same:
        return "\n".join(head).rstrip() + "\n"
    between = [each for each in found.changes if not each.past_groups]
    strangers = [each for each in found.changes if each.past_groups]
    budget = Budget(limit - 400)
    body = budget.take(head)
    body += budget.table(_HEADER, list(map(_row, between)), "Flows")
    details = [line for each in between for line in _folded(each)]
    body += budget.fold("Rules responsible", details)
    if strangers:
        title = "What NACLs and routes alone let pass, for hosts in no security group"
        body += budget.fold(title, [*_HEADER, *map(_row, strangers)])
    return "\n".join(body).rstrip() + "\n"


_HEADER = ("| | from | to | traffic | was | is |", "| --- | --- | --- | --- | --- | --- |")


def _row(change: Change) -> str:
    cells = (
        f"**{change.kind}**",
        escaped(change.source.name),
        escaped(change.to),
        escaped(change.traffic),
        str(change.before),
        outcome(change),
    )
    return f"| {' | '.join(cells)} |"


def _folded(change: Change) -> Iterator[str]:
    yield f"- {escaped(headline(change))}"
    for line in details(change):
        yield f"  - {escaped(line)}"
