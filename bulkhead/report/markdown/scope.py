"""What an answer does not cover because it was not asked about, below it in a comment."""

from __future__ import annotations

from bulkhead.network import Provenance
from bulkhead.report.markdown.proof import prose
from bulkhead.report.scope import scope_lines


def scope(*provenances: Provenance) -> str:
    """As a list after a blank line; '' where all of every source was asked about."""
    lines = [line for each in provenances for line in scope_lines(each.scope)]
    return "\n" + "".join(f"- {prose(line)}\n" for line in lines) if lines else ""
