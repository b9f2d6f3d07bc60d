"""What three opinions say about a proof: on a terminal, and as a part of a JSON document."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bulkhead.doubt import Contradiction, Doubts, Opinion
from bulkhead.network import protocol_name
from bulkhead.report.documents_parts import Document

MOST_SHOWN = 20


def print_doubts(console: Console, doubts: Doubts) -> None:
    """One line for each opinion, every packet on which one differs, and the verdict."""
    for opinion in doubts.opinions:
        console.print(Text(_said(opinion)))
    for each in doubts.contradictions[:MOST_SHOWN]:
        console.print(Text(f"  {each}", "red"))
    if len(doubts.contradictions) > MOST_SHOWN:
        console.print(f"  and {len(doubts.contradictions) - MOST_SHOWN} more (--json lists all)")
    headline, style, words = _verdict(doubts)
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


def _verdict(doubts: Doubts) -> tuple[str, str, str]:
    if not doubts.ok:
        return "DOUBTED", "red", "the proof or an opinion is wrong: see the packets above"
    if not doubts.complete:
        return "NOT CONTRADICTED", "yellow", "no packet contradicts the proof; not all was asked"
    return "CONFIRMED", "green", "no packet contradicts the proof"


def doubted(doubts: Doubts) -> Document:
    """`doubt` of `bulkhead.prove/1`: what was asked, what was left out, and each difference."""
    headline, _, _ = _verdict(doubts)
    return {
        "verdict": headline.lower(),
        "opinions": [
            {
                "name": each.name,
                "questions": each.questions,
                "cells": each.cells,
                "over_all_packets": each.exhaustive,
                "left_out": each.left_out or None,
                "seconds": round(each.seconds, 3),
            }
            for each in doubts.opinions
        ],
        "disagreements": [_difference(each) for each in doubts.contradictions],
    }


def _difference(each: Contradiction) -> Document:
    witness = each.witness
    return {
        "opinion": each.opinion,
        "question": each.question,
        "from": each.source,
        "to": each.destination,
        "packet": {
            "source": str(witness.source_address),
            "destination": str(witness.destination_address),
            "protocol": protocol_name(witness.protocol),
            "port": witness.port,
            "client_port": witness.client_port,
        },
        "proved": each.proved,
        "found": each.found,
    }
