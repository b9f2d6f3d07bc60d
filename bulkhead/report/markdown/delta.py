"""What differs between two networks as one comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bulkhead.compare import Change, Delta
from bulkhead.report.delta import details, headline, outcome, surprises, verdict
from bulkhead.report.markdown.escaping import escaped

COMMENT_LIMIT: Final = 65_536
"""Characters that GitHub takes in one comment
(github.com/orgs/community/discussions/27190)."""

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
    budget = _Budget(limit - 400)
    body = budget.take(head)
    body += budget.table(between, "Flow")
    details = [line for each in between for line in _folded(each)]
    body += budget.fold("Rules responsible", details)
    if strangers:
        title = "What NACLs and routes alone let pass, for hosts in no security group"
        body += budget.fold(title, [*_HEADER, *map(_row, strangers)])
    return "\n".join(body).rstrip() + "\n"


_HEADER = ("| | from | to | traffic | was | is |", "| --- | --- | --- | --- | --- | --- |")


class _Budget:
    """What is left of the characters of a comment."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def take(self, lines: Sequence[str]) -> list[str]:
        """As many of the lines as fit, from the first."""
        taken = []
        for line in lines:
            if len(line) + 1 > self.left:
                break
            self.left -= len(line) + 1
            taken.append(line)
        return taken

    def table(self, changes: Sequence[Change], what: str) -> list[str]:
        if not changes:
            return []
        rows = [_row(each) for each in changes]
        # A third stays for the details: a row without its rules explains nothing.
        reserve = self.left // 3
        self.left -= reserve
        taken = self.take([*_HEADER, *rows])
        self.left += reserve
        missing = len(rows) + len(_HEADER) - len(taken)
        if missing:
            taken.append(f"\n{what}s left out for want of space: {missing}.")
        return [*taken, ""]

    def fold(self, title: str, lines: Sequence[str]) -> list[str]:
        """A folded section with as much as fits; nothing where not even a line does."""
        opening = [f"<details><summary>{title}</summary>", ""]
        frame = sum(len(line) + 1 for line in opening) + len("</details>") + 80
        if not lines or self.left < frame + len(lines[0]):
            return []
        self.left -= frame
        taken = self.take(lines)
        if len(taken) < len(lines):
            taken.append(f"\n{len(lines) - len(taken)} lines left out for want of space.")
        return [*opening, *taken, "", "</details>", ""]


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
