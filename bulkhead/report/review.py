"""What a change does, for people: what matters most comes first, the verdict last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.compare import ChangeKind
from bulkhead.network import Expectation, Origin
from bulkhead.report.cost import cost_line
from bulkhead.report.delta import details, headline
from bulkhead.report.quarantine import outlasting_line, summary_line
from bulkhead.report.verdict import print_found
from bulkhead.report.words import MOST_SHOWN, count
from bulkhead.review import (
    DeclaredStep,
    FailOn,
    Replacement,
    ResidueStep,
    Review,
    ReviewedFlow,
    Untold,
)

MOST_OF_A_LINE: Final = 4
"""Pairs that one line of `tests:` means and that are told each."""
BY_PLACE: Final = (
    "More differs than can be told host by host: a line is all that fares so between two "
    "places, and its rules are those of a few of its pairs."
)
SCALED: Final = "as before, with more hosts or fewer"
PAST_GROUPS: Final = "any host that somebody starts there, in no security group"
"""Shadows of rules, until somebody does."""
_STYLE: Final = {
    ChangeKind.OPENED: "red",
    ChangeKind.HALF_BROKEN: "red",
    ChangeKind.UNDETERMINED: "magenta",
    ChangeKind.CLOSED: "yellow",
    ChangeKind.MENDED: "green",
    ChangeKind.KNOWN: "cyan",
}
_FEW: Final = 3


def print_review(console: Console, review: Review, failed: Sequence[FailOn]) -> None:
    """Who of the untrusted gets in, what differs from the plan, the flows, what is replaced."""
    _print_flows(console, "reached from untrusted places", review.untrusted, "red")
    print_found(console, review.findings)
    _print_explained(console, review)
    rest = review.others
    for kind, style in _STYLE.items():
        of_kind = [each for each in rest if each.kind is kind]
        _print_flows(console, str(kind), of_kind, style)
    _print_replacements(console, review.replacements)
    _print_folded(console, SCALED, review.scaled)
    _print_folded(console, PAST_GROUPS, review.shadows)
    for line in asides(review):
        console.print(Text(line, "dim"))
    for line in surprises(review):
        console.print(Text(line))
    console.print(Text(review.verdict, "bold green" if review.nothing else "bold"))
    if failed:
        console.print(Text(f"fails on: {', '.join(failed)}", "bold red"))


def _print_flows(console: Console, title: str, flows: Sequence[ReviewedFlow], style: str) -> None:
    if not flows:
        return
    console.print(Text(f"{title} ({len(flows)})", f"bold {style}"))
    for flow in flows[:MOST_SHOWN]:
        console.print(Text.assemble("  ", (headline(flow.change), "bold")))
        for line in flow_details(flow):
            console.print(Text(f"      {line}", "dim"))
    _print_more(console, len(flows))
    console.print()


def _print_more(console: Console, number: int) -> None:
    if number > MOST_SHOWN:
        console.print(f"  and {number - MOST_SHOWN} more (--json lists all)")


def flow_details(flow: ReviewedFlow, *, rules: bool = True) -> Iterator[str]:
    """Where it is written, whether anybody asked for it, its rules, its connections."""
    if flow.origin:
        yield f"declared at {flow.origin}" if flow.declared else str(flow.origin)
    if flow.undeclared and flow.kind is ChangeKind.OPENED:
        yield "nobody declared it"
    yield from details(flow.change, tuple(map(str, flow.reasons)) if rules else ())


def _print_replacements(console: Console, several: Sequence[Replacement]) -> None:
    if not several:
        return
    console.print(Text(f"replaced ({len(several)})", "bold yellow"))
    for each in several[:MOST_SHOWN]:
        console.print(Text(f"  {each.kind} {each.name}: {each.why}", "bold red" * each.loud))
        console.print(Text(f"      {each.means}", "red" if each.loud else "dim"))
        for line in (each.origin and str(each.origin), each.page):
            if line:
                console.print(Text(f"      {line}", "dim"))
    _print_more(console, len(several))
    console.print()


def _print_explained(console: Console, review: Review) -> None:
    """Of flows whose cause is told: where they are declared, and what becomes of connections."""
    unexplained = set(map(id, review.unexplained))
    told = [each for each in review.flows if id(each) not in unexplained]
    if not told:
        return
    console.print(Text(f"flows of these ({len(told)})", "bold red"))
    for flow in told[:MOST_SHOWN]:
        console.print(Text.assemble("  ", (headline(flow.change), "bold")))
        for line in flow_details(flow, rules=False):
            console.print(Text(f"      {line}", "dim"))
    _print_more(console, len(told))
    console.print()


def _print_folded(console: Console, title: str, flows: Sequence[ReviewedFlow]) -> None:
    """A line each, and few."""
    if not flows:
        return
    console.print(Text(f"{title} ({len(flows)})", "bold dim"))
    for each in flows[:_FEW]:
        console.print(Text(f"  {each.kind}: {headline(each.change)}", "dim"))
    if len(flows) > _FEW:
        console.print(Text(f"  and {len(flows) - _FEW} more (--json lists all)", "dim"))
    console.print()


def asides(review: Review) -> Iterator[str]:
    """What the topology says otherwise, the residue, quotas, what nobody can tell, what is new."""
    yield from _declared(review)
    yield from _tests(review.declared)
    yield from (f"residue: {said}" for said in residue(review))
    if review.residue_untold:
        yield f"residue: {review.residue_untold}"
    for quota in review.headroom:
        over = "OVER THE QUOTA: " if quota.over else ""
        yield f"quota: {over}{quota}{_at(quota.origin)}"
    for line in untold(review.untold):
        yield f"cannot tell: {line}"
    for name, ends in (("new", review.appeared), ("gone", review.vanished)):
        if ends:
            yield f"{name}: {_some(ends)}"


def _declared(review: Review) -> Iterator[str]:
    """Flows that are declared or no longer, and fare as before; words and trust."""
    declared = review.declared
    told = {each.declared for each in review.flows}
    for sign, flows in (("+", declared.flows_added), ("-", declared.flows_dropped)):
        lines = [f"{sign} {flow}{_at(origin)}" for flow, origin in flows if flow not in told]
        yield from (f"declared: {each}" for each in _first(lines))
    for step in declared.words[:MOST_SHOWN]:
        yield f"{step}{_at(step.origin)}"
    if (more := len(declared.words) - MOST_SHOWN) > 0:
        yield f"and {more} more purposes, owners, reasons and the like (--json lists all)"
    lines = [f"{each}{_at(each.origin)}" for each in declared.secrecy]
    yield from (f"secured: {each}" for each in _first(lines))
    for each in declared.trust:
        words = ("untrusted", "trusted")
        yield f"site {each.site}: {words[each.before]} -> {words[each.after]}{_at(each.origin)}"


def _tests(declared: DeclaredStep) -> Iterator[str]:
    for sign, tests in (("+", declared.tests_added), ("-", declared.tests_dropped)):
        by_line: dict[tuple[str, str, bool], list[Expectation]] = defaultdict(list)
        for test in tests:
            by_line[str(test.origin), test.name, test.accept].append(test)
        lines = [f"{sign} {each}" for several in by_line.values() for each in _of_a_line(several)]
        yield from (f"test: {each}" for each in _first(lines))
    if number := declared.still_failing:
        fails = "fails" if number == 1 else "fail"
        yield f"{count(number, 'test')} of the topology failed before, and still {fails}"


def _of_a_line(tests: Sequence[Expectation]) -> Iterator[str]:
    """What one line of `tests:` means, each for itself where it is little."""
    word = "accept" if tests[0].accept else "deny"
    where = f"{f', {tests[0].name!r}' if tests[0].name else ''} ({tests[0].origin})"
    if len(tests) > MOST_OF_A_LINE:
        yield f"{word} in {len(tests)} pairs of a client and what it reaches{where}"
        return
    for each in tests:
        to = each.server.name if each.server.socket else str(each.server)
        yield f"{each.client} {word} {to}{where}"


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        yield f"{lines[-1][:1]} {len(lines) - MOST_SHOWN} more"


def _at(origin: Origin | None) -> str:
    return f" ({origin})" if origin else ""


def residue(review: Review) -> Iterator[str]:
    """'56,464 more ports are open for replies: a -> b 0 -> 28,232, …', and the same of those that
    are open because exact entries of NACLs do not fit."""
    for widened, why in ((False, "for replies"), (True, "because exact entries do not fit")):
        several = [each for each in review.residue if each.widened is widened]
        if several:
            yield f"{_more_ports(several)} are open {why}: {_some(_ports(several), _FEW)}"


def _more_ports(several: Iterable[ResidueStep]) -> str:
    grown = sum(each.grown for each in several)
    number = f"{abs(grown):,} {'more' if grown > 0 else 'fewer'}" if grown else "as many"
    return f"{number} ports"


def _ports(several: Iterable[ResidueStep]) -> list[str]:
    return [
        f"{each.source} -> {each.destination} {each.before:,} -> {each.after:,}" for each in several
    ]


def untold(several: Iterable[Untold]) -> Iterator[str]:
    """By reason; how many where they are not all named."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for each in several:
        by_reason[each.why].append(f"{each.kind} {each.name}".strip())
    for why, things in by_reason.items():
        yield f"{_some(things, _FEW)}: {why}"


def surprises(review: Review) -> Iterator[str]:
    """What a reviewer would not guess from the flows."""
    yield from (f"note: {each}" for each in review.notes)
    if review.cost:
        yield cost_line(review.cost)
    if review.by_place:
        yield BY_PLACE
    for each in review.declared.cut_off:
        yield f"{summary_line(each)}{_at(each.origin)}"
        yield from (f"not cut at once: {outlasting_line(one)}" for one in each.lives_on)
    for each in review.declared.released:
        yield f"{each.service} is in quarantine no more: {count(len(each.cut), 'flow')} back"
    staying = len(review.living_on)
    if staying:
        yield (
            f"{count(staying, 'closed flow')} {'is' if staying == 1 else 'are'} cut for new "
            "connections only: established ones live on until they are idle."
        )


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
