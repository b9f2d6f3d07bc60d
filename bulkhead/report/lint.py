"""What lint found, for people (console) and for programs (JSON)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from bulkhead.explain import RuleRef
from bulkhead.lint import IDLE, Smell, SmellKind
from bulkhead.lint.smell import said

MOST_SHOWN: Final = 20
"""Findings of one kind on a console."""


def verdict(source: str, smells: Sequence[Smell]) -> str:
    """The answer in one sentence."""
    counted = Counter(each.kind for each in smells if each.fault)
    if not counted:
        return f"No rule of {source} is idle, stale or wide open."
    told = ", ".join(f"{counted[kind]} {kind}" for kind in SmellKind if counted[kind])
    idle = sum(number for kind, number in counted.items() if kind in IDLE)
    can_go = f"; {idle} can go without changing the fate of one packet" if idle else ""
    return f"{source}: {told}{can_go}."


def print_smells(console: Console, source: str, smells: Sequence[Smell]) -> None:
    """Grouped by kind: the rule, why, by which others, and what to do."""
    for kind, group in groupby(smells, key=lambda each: each.kind):
        found = list(group)
        style = "bold yellow" if found[0].fault else "bold dim"
        console.print(Text(f"{kind} ({len(found)})", style))
        for smell in found[:MOST_SHOWN]:
            console.print(Text(f"  {smell.name}{': ' + smell.rule if smell.rule else ''}"))
            console.print(Text(f"      {smell.why}", "dim"))
            for rule in by(smell)[:MOST_SHOWN]:
                console.print(Text(f"      by {rule}", "dim"))
            if smell.fault:
                console.print(Text(f"      {smell.remedy}", "dim"))
        if len(found) > MOST_SHOWN:
            console.print(f"  and {len(found) - MOST_SHOWN} more (--json lists all)")
        console.print()
    clean = not any(each.fault for each in smells)
    console.print(Text(verdict(source, smells), "bold green" if clean else "bold"))


def by(smell: Smell) -> list[str]:
    """What makes it so: rules as written, with what holds them where not all are its own."""
    refs = [each for each in smell.by if isinstance(each, RuleRef)]
    own = all(each.component == smell.component for each in refs)
    return [
        said(each.rule) if own and isinstance(each, RuleRef) else str(each) for each in smell.by
    ]


def document(source: str, smells: Sequence[Smell]) -> dict[str, Any]:
    """`bulkhead.lint/1`: every rule that does nothing, hides something or stands wide open."""
    return {
        "schema": "bulkhead.lint/1",
        "source": source,
        "verdict": "faults" if any(each.fault for each in smells) else "no fault",
        "counts": {str(kind): sum(each.kind is kind for each in smells) for kind in SmellKind},
        "findings": [
            {
                "kind": str(each.kind),
                "fault": each.fault,
                "component": each.component,
                "name": each.name,
                "rule": each.rule or None,
                "why": each.why,
                "remedy": each.remedy,
                "by": by(each),
            }
            for each in smells
        ],
    }
