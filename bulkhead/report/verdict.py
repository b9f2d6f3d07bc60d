"""The verdict, and what led to it."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.text import Text

from bulkhead.agree.comparison import Comparison
from bulkhead.judge import Finding, Judgement
from bulkhead.network import Network
from bulkhead.plan import Plan

MOST_SHOWN = 20


def print_judgement(console: Console, network: Network, judgement: Judgement) -> None:
    """What led to the verdict: every finding with its rules, what is unknown, the residue."""
    print_findings(console, judgement)
    print_unmodelled(console, network)
    if judgement.residue:
        ports = sum(len(each) for each in judgement.residue)
        console.print(
            Text(
                f"residue: replies need {ports} ports open between "
                f"{len(judgement.residue)} pairs of NACLs; security groups close them",
                "dim",
            )
        )


def print_verdict(
    console: Console,
    subject: str,
    plan: Plan | None,
    judgement: Judgement | None,
    comparison: Comparison | None = None,
) -> None:
    """The answer in one sentence: as declared or not, proved, and drilled or why not."""
    headline, style = _headline(judgement, comparison)
    parts = []
    if judgement and plan:
        parts.append(_declared(subject, plan, judgement))
    if comparison is None:
        parts.append("proved over all packets")
    elif comparison.drill is None:
        parts.append(f"proved, not drilled: {comparison.reason}")
    else:
        parts.append(_drilled(comparison))
    console.print(Text.assemble((headline, f"bold {style}"), " ", "; ".join(parts)))


def _headline(judgement: Judgement | None, comparison: Comparison | None) -> tuple[str, str]:
    if comparison and not comparison.ok:
        return "PROOF AND DRILL DISAGREE", "red"
    if judgement:
        return ("AS DECLARED", "green") if judgement.ok else ("NOT AS DECLARED", "red")
    if comparison and comparison.drill is None:
        return "NOT DRILLED", "yellow"
    return "AS PROVED", "green"


def _declared(subject: str, plan: Plan, judgement: Judgement) -> str:
    if judgement.ok:
        flows = f"{judgement.flows} flow{'' if judgement.flows == 1 else 's'}"
        return f"{subject} is exactly what {plan.topology} declares: {flows} open, nothing else"
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(judgement.counts.items()))
    return f"{subject} is not what {plan.topology} declares: {counted}"


def _drilled(comparison: Comparison) -> str:
    tried = comparison.agreed + len(comparison.disagreements)
    seconds = f"{comparison.drill.seconds:.1f} s" if comparison.drill else ""
    if comparison.ok:
        return f"proved, and drilled: {tried} connections in {seconds}, each as proved"
    return (
        f"{len(comparison.disagreements)} of {tried} connections did not do what was proved: "
        "the prover or the twin is wrong"
    )


def print_unmodelled(console: Console, network: Network) -> None:
    """What was met and cannot be judged."""
    for each in network.unmodelled:
        console.print(Text(f"not modelled: {each.kind} {each.id}: {each.why}", "magenta"))


def print_findings(console: Console, judgement: Judgement) -> None:
    """Grouped by kind, each with why it matters and the rules responsible."""
    for kind, group in groupby(judgement.findings, key=lambda each: each.kind):
        findings = list(group)
        console.print(Text(f"{kind} ({len(findings)})", "bold red"))
        for finding in findings[:MOST_SHOWN]:
            _print_finding(console, finding)
        if len(findings) > MOST_SHOWN:
            console.print(f"  and {len(findings) - MOST_SHOWN} more (--json lists all)")
        console.print()


def _print_finding(console: Console, finding: Finding) -> None:
    place = f"{finding.file}:{finding.line}: " if finding.file else ""
    console.print(Text(f"  {place}{finding.message}"))
    console.print(Text(f"      {finding.why}", "dim"))
    for rule in finding.rules:
        console.print(Text(f"      {rule}", "dim"))


def print_comparison(console: Console, comparison: Comparison) -> None:
    """What the drill has to say beside its matrix: notes, and where it contradicts the proof."""
    if comparison.drill is None:
        return
    for note in comparison.drill.notes:
        console.print(Text(f"note: {note}", "dim"))
    if comparison.undetermined:
        console.print(
            Text(f"{comparison.undetermined} measured cells are undetermined in the proof")
        )
    for each in comparison.disagreements[:MOST_SHOWN]:
        console.print(Text(f"  {each}", "red"))
