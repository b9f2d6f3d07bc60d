"""What flow logs showed, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.discover.flows import FlowsHeld, FlowsSeen
from bulkhead.report.flows import details, notes, sections, traffic_said, verdict
from bulkhead.report.markdown.proof import code, prose

_HEADING = ("| client | server | traffic | records |", "|---|---|---|---|")
_MOST = 200
"""Rows of a table: a comment takes no more."""


def flows(seen: FlowsSeen, held: FlowsHeld | None = None) -> str:
    """A table for each kind of answer, the worst first."""
    parts = [f"### Flow logs: {prose(verdict(seen, held))}"]
    for title, _, edges in sections(seen, held):
        if edges:
            parts.append(f"#### {title[0].upper()}{title[1:]} ({len(edges)})")
            rows = [
                f"| {code(each.client.name)} | {code(each.server.name)} | {traffic_said(each)} "
                f"| {prose(details(each, seen.days))} |"
                for each in edges[:_MOST]
            ]
            parts.append(
                "\n".join(["| client | server | traffic | records |", "|---|---|---|---|", *rows])
            )
            if len(edges) > _MOST:
                parts.append(f"And {len(edges) - _MOST} more.")
    parts += _missing(held) if held else ()
    parts.append("\n".join(f"- {prose(each)}" for each in notes(seen, held)))
    return "\n\n".join(parts) + "\n"


def _missing(held: FlowsHeld) -> Iterator[str]:
    for title, flows_ in (
        ("Declared, never seen", held.never),
        ("Declared, and nobody can tell", held.unrecorded),
    ):
        if flows_:
            yield f"#### {title} ({len(flows_)})"
            yield "\n".join(
                f"- {code(str(each.flow))}{f': {prose(each.why)}' if each.why else ''}"
                for each in flows_[:_MOST]
            )
