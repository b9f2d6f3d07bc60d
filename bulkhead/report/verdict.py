"""The verdict, and what led to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from bulkhead.agree import Comparison, Conclusion, Drilled
from bulkhead.judge import Finding, FindingKind, Judgement, Residue, ResidueKind
from bulkhead.network import Network
from bulkhead.network.traffic import traffic
from bulkhead.report.unmodelled import print_unmodelled
from bulkhead.report.words import MOST_SHOWN, count


def print_judgement(console: Console, network: Network, judgement: Judgement) -> None:
    """What led to the verdict: every finding with its rules, what is unknown, the residue."""
    print_findings(console, judgement)
    print_unmodelled(console, network)
    for what in judgement.unknown:
        console.print(Text(f"not known: {what}", "magenta"))
    for line in _residue(judgement.residue):
        console.print(Text(f"residue: {line}", "dim"))


def _residue(residue: Iterable[Residue]) -> Iterator[str]:
    residue = tuple(residue)
    replies = [each for each in residue if each.kind is ResidueKind.REPLIES]
    if replies:
        yield (
            f"replies need {count(sum(map(len, replies)), 'port')} open between "
            f"{count(len(replies), 'pair')} of NACLs; security groups close them"
        )
    told = {
        (each.source, each.destination) for each in residue if each.kind is ResidueKind.TOO_LARGE
    }
    if told:
        yield (
            f"NACLs let {count(len(told), 'pair')} tell each other that a packet is too large for "
            "the way; security groups let that in for connections that they track, and no other"
        )
    unnamed = [each for each in residue if each.kind is ResidueKind.UNNAMED]
    if unnamed:
        yield (
            "NACLs name no prefix list, and so let everybody what services of AWS need: "
            f"{count(sum(map(len, unnamed)), 'port')} between {count(len(unnamed), 'pair')} of "
            "them and what is outside; security groups and routes close them"
        )
    if pairs := {
        (each.source, each.destination) for each in residue if each.kind is ResidueKind.OPEN
    }:
        places = sorted({end for pair in pairs for end in pair})
        yield (
            f"isolation: none: NACLs let everything pass between {', '.join(places)}, "
            "and security groups alone keep them apart"
        )
    if pairs := {
        (each.source, each.destination) for each in residue if each.kind is ResidueKind.OTHERS
    }:
        places = sorted({end for pair in pairs for end in pair})
        yield (
            "NACLs of others, in whose subnets segments stand, let more than declared pass between "
            f"{', '.join(places)}; security groups alone keep ours apart there"
        )
    guests = [each for each in residue if each.kind is ResidueKind.BESIDE]
    if guests:
        between = sorted({(each.source, each.destination) for each in guests})
        yield (
            "a segment stands in subnets in which others have hosts, and NACLs name no hosts: "
            + "; ".join(f"{a} reaches {b}" for a, b in between[:MOST_SHOWN])
            + "…" * (len(between) > MOST_SHOWN)
            + " if no security group holds the one that is ours, and theirs let it"
        )
    wide = [each for each in residue if each.kind is ResidueKind.WIDENED]
    if wide:
        between = sorted({(each.source, each.destination) for each in wide})
        yield (
            "nacl-overflow: widen: exact entries of NACLs do not fit, so these alone let "
            f"{count(sum(map(len, wide)), 'port')} more than declared between "
            f"{count(len(between), 'pair')} of them "
            f"({', '.join(f'{a} to {b}' for a, b in between[:MOST_SHOWN])}"
            f"{'…' * (len(between) > MOST_SHOWN)}); security groups alone close them"
        )
    for pair in sorted(
        {
            tuple(sorted((each.source, each.destination)))
            for each in residue
            if each.kind is ResidueKind.RELAYED
        }
    ):
        yield (
            f"{' and '.join(pair)} may reach each other: AWS may hand on what one sends the other "
            "at their VPN gateway, and only their own firewalls are asked"
        )
    for each in residue:
        if each.kind is ResidueKind.CLUSTER:
            yield (
                f"EKS lets the interfaces of {each.source} exchange anything with one another, by "
                "the group that it makes for its cluster"
            )
    others = (each for each in residue if each.kind is ResidueKind.ANY_HOST)
    for ends, group in groupby(others, lambda each: (each.source, each.destination, each.protocol)):
        what = traffic(ends[2], [each.ports for each in group])
        yield (
            f"{ends[0]} reaches {ends[1]} on {what} if no security group holds it: "
            "NACLs do not tell hosts apart"
        )


def print_verdict(console: Console, subject: str, judgement: Judgement) -> None:
    """The answer in one sentence: as declared or not, over all packets."""
    headline = _Headline("AS DECLARED") if judgement.ok else _Headline("NOT AS DECLARED", "red")
    _say(console, headline, [verdict_of(subject, judgement)])


def verdict_of(subject: str, judgement: Judgement) -> str:
    """The same without its headline: 'the plan is exactly what shop declares: …; proved …'."""
    return f"{_declared(subject, judgement)}; {_proved(judgement)}"


def print_drill_verdict(console: Console, subject: str, drilled: Drilled[Judgement]) -> None:
    """The answer in one sentence: as declared or not, proved, and drilled or why not."""
    _say(console, _HEADLINES[drilled.conclusion], [drill_verdict_of(subject, drilled)])


def drill_verdict_of(subject: str, drilled: Drilled[Judgement]) -> str:
    """The same without its headline."""
    parts = [_declared(subject, drilled.judgement)] if drilled.judgement else []
    return "; ".join([*parts, _measured(drilled.comparison)])


class _Headline(NamedTuple):
    words: str
    style: str = "green"


_HEADLINES: Final[Mapping[Conclusion, _Headline]] = {
    Conclusion.NOT_AS_PROVED: _Headline("PROOF AND DRILL DISAGREE", "red"),
    Conclusion.NOT_AS_DECLARED: _Headline("NOT AS DECLARED", "red"),
    Conclusion.DRILL_MISSED: _Headline("NOT DRILLED", "red"),
    Conclusion.AS_DECLARED: _Headline("AS DECLARED"),
    Conclusion.AS_PROVED: _Headline("AS PROVED"),
    Conclusion.NOT_DRILLED: _Headline("NOT DRILLED", "yellow"),
}


def _say(console: Console, headline: _Headline, parts: Sequence[str]) -> None:
    console.print(Text.assemble((headline.words, f"bold {headline.style}"), " ", "; ".join(parts)))


def _declared(subject: str, judgement: Judgement) -> str:
    if judgement.ok:
        flows = f"{judgement.flows} flow{'' if judgement.flows == 1 else 's'}"
        if judgement.unknown:
            return (
                f"{subject} is what {judgement.topology} declares as far as it was observed: "
                f"{flows} open; of {len(judgement.unknown)} things it is not known"
            )
        return (
            f"{subject} is exactly what {judgement.topology} declares: {flows} open, nothing else"
        )
    counted = ", ".join(kind.counted(number) for kind, number in sorted(judgement.counts.items()))
    return f"{subject} is not what {judgement.topology} declares: {counted}"


def _proved(judgement: Judgement) -> str:
    """What stays undetermined is not proved, whatever was."""
    if judgement.undetermined:
        return "proved over all packets but those that are undetermined"
    return "proved over all packets"


def _measured(comparison: Comparison) -> str:
    if comparison.drill is None:
        return f"proved, not drilled: {comparison.reason}"
    tried = comparison.agreed + len(comparison.disagreements)
    beside = ""
    if comparison.by_proof_alone:
        pairs = f"{comparison.by_proof_alone:,} pairs of ends over IPv6"
        beside = f"; of {pairs} none was tried: the twin has no IPv6, the proof alone speaks of it"
    if comparison.disagreements:
        return (
            f"{len(comparison.disagreements)} of {tried} connections did not do what was proved: "
            f"the prover or the twin is wrong{beside}"
        )
    seconds = f"{comparison.drill.seconds:.1f} s"
    return f"proved, and drilled: {tried} connections in {seconds}, each as proved{beside}"


def print_findings(console: Console, judgement: Judgement) -> None:
    """Under headings, each with why it matters and the rules responsible."""
    print_found(console, judgement.findings)


def print_found(console: Console, several: Iterable[Finding]) -> None:
    """Findings under headings, the causes first."""
    for heading, group in groupby(several, key=_heading):
        findings = list(group)
        console.print(Text(f"{heading} ({len(findings)})", "bold red"))
        for finding in findings[:MOST_SHOWN]:
            _print_finding(console, finding)
        if len(findings) > MOST_SHOWN:
            console.print(f"  and {len(findings) - MOST_SHOWN} more (--json lists all)")
        console.print()


_OF_THE_PLAN: Final = (FindingKind.UNPLANNED, FindingKind.LACKING, FindingKind.DIFFERS)


def _heading(finding: Finding) -> str:
    """What differs from the plan stays in one order, by what it does, whatever its kind."""
    return "not as planned" if finding.kind in _OF_THE_PLAN else str(finding.kind)


def _print_finding(console: Console, finding: Finding, indent: str = "  ") -> None:
    """With what follows from it underneath."""
    place = f"{finding.place}: " if finding.file else ""
    console.print(Text(f"{indent}{place}{finding.message}"))
    console.print(Text(f"{indent}    {finding.why}", "dim"))
    for told in finding.path or finding.rules:
        console.print(Text(f"{indent}    {told}", "dim"))
    if finding.mend:
        console.print(Text(f"{indent}    to mend it: {finding.mend}", "dim"))
    for effect in finding.effects[:MOST_SHOWN]:
        _print_effect(console, effect, f"{indent}  ")
    if len(finding.effects) > MOST_SHOWN:
        more = len(finding.effects) - MOST_SHOWN
        console.print(f"{indent}  and {more} more effects (--json lists all)")


def _print_effect(console: Console, effect: Finding, indent: str) -> None:
    """In one line: its cause is above it, and says why it matters."""
    place = f"{effect.place}: " if effect.file else ""
    console.print(Text(f"{indent}{effect.kind}: {place}{effect.message}"))


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
