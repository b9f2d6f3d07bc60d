"""What three opinions say about a proof, for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bulkhead.doubt import Doubts, Opinion
from bulkhead.report.words import MOST_SHOWN


def print_doubts(console: Console, doubts: Doubts) -> None:
    """One line for each opinion, every packet on which one differs, and the verdict."""
    for opinion in doubts.opinions:
        console.print(Text(_said(opinion)))
    for each in doubts.contradictions[:MOST_SHOWN]:
        console.print(Text(f"  {each}", "red"))
    if len(doubts.contradictions) > MOST_SHOWN:
        console.print(f"  and {len(doubts.contradictions) - MOST_SHOWN} more (--json lists all)")
    headline, style, words = verdict(doubts)
    console.print(Text.assemble((headline, f"bold {style}"), " ", words))


def _said(opinion: Opinion) -> str:
    over = (
        f"all packets, {opinion.cells} cells, {opinion.questions} questions"
        if opinion.exhaustive
        else f"{opinion.questions} packets at the edges of rules"
    )
    differs = len(opinion.contradictions)
    said = "agrees" if not differs else f"differs on {differs} packet{'s' if differs > 1 else ''}"
    left = f"; not asked or not answered: {opinion.left_out}" if opinion.left_out else ""
    return f"{opinion.name}: {said}, {over}, {opinion.seconds:.1f} s{left}"


def verdict(doubts: Doubts) -> tuple[str, str, str]:
    """The headline, its style, and what it means."""
    if not doubts.ok:
        return "DOUBTED", "red", "the proof or an opinion is wrong: see the packets above"
    if not doubts.complete:
        return "NOT CONTRADICTED", "yellow", "no packet contradicts the proof; not all was asked"
    return "CONFIRMED", "green", "no packet contradicts the proof"
