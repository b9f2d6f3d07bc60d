"""What lint found, for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.explain import RuleRef
from bulkhead.lint import Severity, Smell, SmellKind, Smells
from bulkhead.lint.smell import said
from bulkhead.network import Origins
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN

_STYLES: Final = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "yellow",
    Severity.NOTE: "bold dim",
}


def verdict(source: str, smells: Smells, *, part: bool = False) -> str:
    """The answer in one sentence; `part` where only some of the source was asked about."""
    if smells.clean:
        asked = " that was asked about" if part or smells.left_out else ""
        return f"No rule of {source}{asked} is known to be idle, stale or too wide."
    graded = Counter(each.severity for each in smells.faults)
    told = ", ".join(f"{graded[each]} {each}" for each in Severity if graded[each])
    counted = Counter(each.kind for each in smells.faults)
    kinds = ", ".join(f"{counted[kind]} {kind}" for kind in SmellKind if counted[kind])
    idle = sum(each.fault for each in smells.idle)
    can_go = f"; {idle} can go without changing the fate of one packet" if idle else ""
    return f"{source}: {told} ({kinds}){can_go}."


def print_smells(
    console: Console,
    source: str,
    smells: Smells,
    origins: Origins | None = None,
    *,
    part: bool = False,
) -> None:
    """The worst first, by kind: the rule, why, by which others, and what to do.

    With `origins`, where each is written; `part` where only some of the source was asked about.
    """
    for severity in Severity:
        for kind in SmellKind:
            found = [each for each in smells.graded(severity) if each.kind is kind]
            if found:
                console.print(Text(f"{severity}: {kind} ({len(found)})", _STYLES[severity]))
                _print_each(console, found, origins or Origins())
    for each in smells.left_out:
        console.print(Text(f"left out: {each}", "dim"))
    said = verdict(source, smells, part=part)
    console.print(Text(said, "bold green" if smells.clean else "bold"))


def _print_each(console: Console, found: list[Smell], origins: Origins) -> None:
    for alike in _alike(found[:MOST_SHOWN]):
        for smell in alike:
            rule = f": {smell.rule}" if smell.rule else ""
            print_indented(console, 2, Text(f"{smell.name}{rule}"))
            if written := origins.first(smell.component, smell.rules):
                print_indented(console, 6, Text(f"at {written}", "dim"))
        print_indented(console, 6, Text(alike[0].why, "dim"))
        for each in by(alike[0])[:MOST_SHOWN]:
            print_indented(console, 6, Text(f"by {each}", "dim"))
        if alike[0].fault:
            print_indented(console, 6, Text(alike[0].remedy, "dim"))
    if len(found) > MOST_SHOWN:
        console.print(f"  and {len(found) - MOST_SHOWN} more (--json lists all)")
    console.print()


def _alike(found: Iterable[Smell]) -> Iterable[list[Smell]]:
    """Those of which the same is said, together: it is said once."""
    together: dict[object, list[Smell]] = defaultdict(list)
    for each in found:
        together[each.why, tuple(by(each)), each.remedy].append(each)
    return together.values()


def by(smell: Smell) -> list[str]:
    """What makes it so: rules as written, with what holds them where not all are its own."""
    refs = [each for each in smell.by if isinstance(each, RuleRef)]
    own = all(each.component == smell.component for each in refs)
    return [
        said(each.rule) if own and isinstance(each, RuleRef) else str(each) for each in smell.by
    ]
