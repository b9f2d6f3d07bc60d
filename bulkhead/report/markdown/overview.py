"""A proof that no table can hold, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulkhead.judge import Judgement
from bulkhead.network import Network
from bulkhead.prove.overview import Overview
from bulkhead.report.markdown.proof import code, not_modelled, prose
from bulkhead.report.overview import sections


def overview(
    subject: str, network: Network, found: Overview, judgement: Judgement | None = None
) -> str:
    """What is open from place to place and to the internet, what is undetermined, and how to
    ask for the rest."""
    parts = [f"### What can reach what: {code(subject)}"]
    if judgement:
        said = ", ".join(kind.counted(number) for kind, number in sorted(judgement.counts.items()))
        parts.append("**As declared**." if judgement.ok else f"**Not as declared**: {said}.")
    for title, heading, lines, rest in sections(subject, found):
        parts.append(f"#### {prose(title)}")
        if lines:
            parts.append("\n".join(_table(heading, lines)))
        parts += map(prose, rest)
    return "\n\n".join([*parts, *not_modelled(network)]) + "\n"


def _table(heading: Sequence[str], lines: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{' --- |' * len(heading)}"
    for line in lines:
        cells = (
            code(cell) if column in ("from", "to") else prose(cell)
            for column, cell in zip(heading, line, strict=True)
        )
        yield f"| {' | '.join(cells)} |"
