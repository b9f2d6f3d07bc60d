"""The verdict, and what led to it."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.text import Text

from bulkhead.network import Network
from bulkhead.plan import Plan
from bulkhead.prove import Finding, Judgement
from bulkhead.report.comparison import Comparison

MOST_SHOWN = 20


def print_judgement(
    console: Console, plan: Plan, network: Network, judgement: Judgement, *, on: str | None
) -> None:
    """Every finding with its rules, then one sentence."""
    print_findings(console, judgement)
    print_unmodelled(console, network)
    where = f"what {on} holds" if on else "the plan"
    flows = f"{judgement.flows} declared flows" if judgement.flows != 1 else "1 declared flow"
    if judgement.ok:
        console.print(
            Text.assemble(
                ("PROVED ", "bold green"),
                f"{where} is exactly what {plan.topology} declares: {flows} open, nothing else",
            )
        )
    else:
        counted = ", ".join(f"{number} {kind}" for kind, number in sorted(judgement.counts.items()))
        console.print(
            Text.assemble(
                ("NOT AS DECLARED ", "bold red"),
                f"{where} is not what {plan.topology} declares: {counted}",
            )
        )
    if judgement.residue:
        ports = sum(len(each) for each in judgement.residue)
        console.print(
            Text(
                f"residue: replies need {ports} ports open between "
                f"{len(judgement.residue)} pairs of NACLs; security groups close them",
                "dim",
            )
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
    """Whether the kernel agrees with the proof."""
    if comparison.drill is None:
        console.print(Text.assemble(("PROVED, NOT DRILLED ", "bold yellow"), comparison.reason))
        return
    for note in comparison.drill.notes:
        console.print(Text(f"note: {note}", "dim"))
    for each in comparison.disagreements[:MOST_SHOWN]:
        console.print(Text(f"  {each}", "red"))
    seconds = f"{comparison.drill.seconds:.1f} s"
    if comparison.undetermined:
        console.print(
            Text(f"{comparison.undetermined} measured cells are undetermined in the proof")
        )
    if comparison.ok:
        console.print(
            Text.assemble(
                ("DRILLED ", "bold green"),
                f"{comparison.agreed} connections tried in {seconds}, each as proved",
            )
        )
    else:
        console.print(
            Text.assemble(
                ("DISAGREE ", "bold red"),
                f"{len(comparison.disagreements)} of "
                f"{len(comparison.disagreements) + comparison.agreed} connections did not do "
                "what was proved: the prover or the twin is wrong",
            )
        )
