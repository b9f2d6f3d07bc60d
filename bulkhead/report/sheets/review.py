"""`review` as a sheet: the conditions of --fail-on, and what makes each of them hold.

What meets no condition that was asked about is a note: that a declared flow opens is what
changes are for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.compare import ChangeKind
from bulkhead.cost import CostStep
from bulkhead.lint import Severity
from bulkhead.network.provenance import Provenance
from bulkhead.report.cost import cost_line
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.check import FindingEntries
from bulkhead.report.sheets.diff import SAME, change_entry
from bulkhead.report.sheets.stable import StableNames
from bulkhead.review import (
    DEFAULT,
    FailOn,
    Headroom,
    Replacement,
    ResidueStep,
    Review,
    ReviewedFlow,
    Untold,
    Version,
    failing,
)

_MEANS: Final = {
    FailOn.FROM_UNTRUSTED: "An untrusted place reaches something new",
    FailOn.FROM_INTERNET: "The internet reaches something new",
    FailOn.OPENED: "A flow opens",
    FailOn.CLOSED: "A flow closes",
    FailOn.HALF_BROKEN: "A flow loses its replies",
    FailOn.UNDETERMINED: "What becomes of a flow cannot be told",
    FailOn.UNDECLARED: "A flow opens that nobody declared",
    FailOn.WEAKENED: "NACLs and routes alone let more pass",
    FailOn.WEAKER_MECHANISM: "A flow is encrypted less, or who connects is no longer asked",
    FailOn.INTERRUPTS: "Something is replaced, which interrupts",
    FailOn.POLICY: "A test fails, or the network is not what was planned",
    FailOn.RESIDUE: "More ports are open for replies",
    FailOn.QUOTA: "A quota of AWS is exceeded",
}
_FROM_OUTSIDE: Final = {FailOn.FROM_UNTRUSTED, FailOn.FROM_INTERNET}
CONDITIONS: Final = {
    each: EntryKind(
        id=f"fail-on-{each}",
        title=_MEANS[each],
        describes="A condition of --fail-on holds: the change is not to pass without a word.",
        remedy="See what makes it hold, or leave the condition out of --fail-on.",
        severity=Severity.MEDIUM,
        sums_up=True,
    )
    for each in FailOn
}
REPLACED: Final = EntryKind(
    id="resource-replaced",
    title="Something is replaced",
    describes="It is not changed in place: it goes, and another comes.",
    remedy="Change it in a maintenance window, or in steps of which each leaves a way.",
    severity=Severity.MEDIUM,
)
QUOTA: Final = EntryKind(
    id="quota-near",
    title="A quota of AWS is nearly taken, or exceeded",
    describes="Four fifths of a default quota of AWS or more are taken after the change.",
    remedy="Merge rules, or ask AWS for more before it is applied.",
    severity=Severity.MEDIUM,
)
COST: Final = EntryKind(
    id="cost-changed",
    title="A month costs more, or less",
    describes="AWS charges for more of something, or for less of it: list prices, less the volume.",
    remedy="Ask whoever pays for it.",
    severity=Severity.NOTE,
)
RESIDUE: Final = EntryKind(
    id="residue-grown",
    title="More ports are open for replies",
    describes="A network ACL knows no connections, and must leave more ports open for replies.",
    remedy="Name the client ports (`client-ports`), or put the two into one segment.",
    severity=Severity.LOW,
)
WIDENED: Final = EntryKind(
    id="nacl-widened",
    title="NACLs let more than declared: exact entries do not fit",
    describes="Security groups alone deny it (`nacl-overflow: widen`).",
    remedy="Join ports or segments until exact entries fit, or have the quota raised.",
    severity=Severity.LOW,
)
UNTOLD: Final = EntryKind(
    id="change-untold",
    title="What a change does here cannot be told",
    describes="Something is not known or not modelled after the change, and was before.",
    remedy="Make known what decides it: read all of the account, or write the rule out.",
    severity=Severity.NOTE,
    undecided=True,
)
SCALED: Final = EntryKind(
    id="flow-scaled",
    title="More or fewer hosts have a flow",
    describes="Replicas came or went; between the two the flow is as it was.",
    severity=Severity.NOTE,
)
TRUST: Final = EntryKind(
    id="trust-changed",
    title="A site is trusted otherwise",
    describes="What comes from an untrusted site is told first; of a trusted one it is not.",
    remedy="Ask whoever answers for the site.",
    severity=Severity.NOTE,
)
SECRECY: Final = EntryKind(
    id="secrecy-changed",
    title="Sockets secure a flow otherwise",
    describes="Another mechanism, or ZAP no longer or newly asked: no packet shows it.",
    remedy="Put the mechanism back, unless it is encrypted more than before.",
    severity=Severity.NOTE,
)
WORDS: Final = EntryKind(
    id="words-changed",
    title="A purpose, an owner, a class of data or a reason is another",
    describes="What people say of a part of the topology is another; no packet depends on it.",
    remedy="Ask whoever answers for it, the one before and the one after.",
    severity=Severity.NOTE,
)
TEST_DROPPED: Final = EntryKind(
    id="test-dropped",
    title="A test of the topology is dropped",
    describes="Nobody asks any more whether this socket is reached, or is not.",
    remedy="Put the test back, unless what it asked about is gone for good.",
    severity=Severity.NOTE,
)
ALL_KINDS: Final = (
    *CONDITIONS.values(),
    *(REPLACED, QUOTA, COST, RESIDUE, WIDENED, UNTOLD, SCALED, TRUST, SECRECY, WORDS, TEST_DROPPED),
)


def review(
    found: Review,
    sides: tuple[Version, Version],
    conditions: Collection[FailOn] = DEFAULT,
    *,
    provenance: Provenance | None = None,
) -> Sheet:
    """What the change does, the most telling first, then the conditions that were asked about."""
    whole = sides[1].origins.whole
    told = _Reviewed(found, sides, conditions).entries()
    return sheet(
        "review",
        whole.file if whole and whole.file else found.head,
        (replace(each, origin=each.origin or whole) for each in told),
        verdict=found.verdict,
        ok=not failing(found, conditions),
        notes=found.notes,
        provenance=provenance,
    )


class _Reviewed:
    """What is asked of each part: would a review of it alone fail?"""

    def __init__(
        self, found: Review, sides: tuple[Version, Version], conditions: Collection[FailOn]
    ) -> None:
        self._found = found
        self._conditions = conditions
        self._alone = Review(base=found.base, head=found.head)
        base, head = sides
        self._shadows = {id(each) for each in found.shadows}
        self._names = StableNames(base.network, head.network)
        declared = [each.declaration.origins for each in (head, base) if each.declaration]
        self._findings = FindingEntries(self._names, (head.origins, *declared))

    def entries(self) -> Iterator[Entry]:
        found = self._found
        untrusted = [each for each in found.untrusted if each in found.unexplained]
        yield from map(self._flow, untrusted)
        for finding in found.findings:
            alone = replace(self._alone, findings=(finding,))
            yield self._graded(self._findings.entry(finding), alone)
        yield from (self._flow(each) for each in found.unexplained if each not in untrusted)
        yield from map(self._past_groups, found.past_groups)
        yield from map(self._replacement, found.replacements)
        yield from map(self._quota, found.headroom)
        if found.cost:
            yield _cost(found.cost)
        yield from (self._residue(each) for each in found.residue if each.grown > 0)
        if found.residue_untold:
            yield Entry(
                kind=UNTOLD,
                outcome=Outcome.NOT_DECIDED,
                message=f"residue: {found.residue_untold}",
                subject="residue",
                identity=("residue",),
            )
        yield from map(self._untold, found.untold)
        yield from map(self._scaled, found.scaled)
        yield from self._declared()
        if found.nothing:
            yield Entry(
                kind=SAME,
                outcome=Outcome.PASS,
                message=found.verdict,
                subject=f"{found.base} -> {found.head}",
                identity=("all of it",),
            )
        yield from self._asked()

    def _asked(self) -> Iterator[Entry]:
        held = failing(self._found, self._conditions)
        for each in FailOn:
            if each in self._conditions:
                holds = each in held
                yield Entry(
                    kind=CONDITIONS[each],
                    outcome=Outcome.FAIL if holds else Outcome.PASS,
                    message=f"{each}: {'holds' if holds else 'does not hold'}",
                    subject=str(each),
                    identity=(str(each),),
                )

    def _graded(self, entry: Entry, alone: Review) -> Entry:
        """As bad as it is where it makes a condition hold that was asked about; else a note."""
        return entry if failing(alone, self._conditions) else _noted(entry)

    def _flow(self, flow: ReviewedFlow) -> Entry:
        return self._graded(self._change(flow), replace(self._alone, flows=(flow,)))

    def _past_groups(self, flow: ReviewedFlow) -> Entry:
        """Beside a host that untrusted places reach it is no more than that: a shadow of it."""
        alone = replace(self._alone, past_groups=(flow,))
        if id(flow) not in self._shadows:
            return self._graded(self._change(flow), alone)
        entry = change_entry(flow.change, self._names)
        entry = replace(
            entry,
            origin=next(iter(flow.origins), None),
            evidence=tuple(map(str, flow.reasons)) or entry.evidence,
        )
        held = failing(alone, self._conditions)
        return entry if set(held) - _FROM_OUTSIDE else _noted(entry)

    def _change(self, flow: ReviewedFlow) -> Entry:
        entry = change_entry(flow.change, self._names)
        said = "nobody declared it" if flow.undeclared and flow.kind is ChangeKind.OPENED else ""
        grave = flow.untrusted and flow.reached and entry.outcome is Outcome.FAIL
        return replace(
            entry,
            severity=Severity.HIGH if grave else entry.severity,
            why="; ".join(filter(None, (said, entry.why))),
            origin=next(iter(flow.origins), None),
            evidence=tuple(map(str, flow.reasons)) or entry.evidence,
        )

    def _scaled(self, flow: ReviewedFlow) -> Entry:
        return replace(
            self._change(flow), kind=SCALED, outcome=Outcome.FAIL, severity=Severity.NOTE
        )

    def _replacement(self, each: Replacement) -> Entry:
        entry = Entry(
            kind=REPLACED,
            severity=Severity.HIGH if each.loud else None,
            message=each.what,
            why=each.means,
            subject=f"{each.kind} {each.name}",
            identity=(each.kind, self._names.of(each.name), self._names.text(each.why)),
            origin=each.origin,
            evidence=(each.page,) if each.page else (),
        )
        return self._graded(entry, replace(self._alone, replacements=(each,)))

    def _quota(self, each: Headroom) -> Entry:
        if not each.near:
            return Entry(
                kind=UNTOLD,
                outcome=Outcome.NOT_DECIDED,
                message=f"{each}: nobody says how many entries a prefix list may have",
                subject=each.of,
                identity=("quota", self._names.text(each.of), each.quota),
                origin=each.origin,
            )
        entry = Entry(
            kind=QUOTA,
            message=str(each),
            subject=each.of,
            identity=(self._names.text(each.of), each.quota),
            origin=each.origin,
            evidence=(each.page,) if each.page else (),
        )
        return self._graded(entry, replace(self._alone, headroom=(each,)))

    def _residue(self, each: ResidueStep) -> Entry:
        entry = Entry(
            kind=WIDENED if each.widened else RESIDUE,
            message=str(each),
            subject=f"{each.source} -> {each.destination}",
            identity=tuple(map(self._names.text, (each.source, each.destination))),
        )
        return self._graded(entry, replace(self._alone, residue=(each,)))

    def _untold(self, each: Untold) -> Entry:
        return Entry(
            kind=UNTOLD,
            outcome=Outcome.NOT_DECIDED,
            message=str(each),
            subject=f"{each.kind} {each.name}",
            identity=(each.kind, self._names.of(each.name), self._names.text(each.why)),
            origin=each.origin,
        )

    def _declared(self) -> Iterator[Entry]:
        for each in self._found.declared.trust:
            yield Entry(
                kind=TRUST,
                message=str(each),
                subject=f"site {each.site}",
                identity=(each.site, "trusted" if each.after else "not trusted"),
                origin=each.origin,
            )
        for secured in self._found.declared.secrecy:
            yield Entry(
                kind=SECRECY,
                message=str(secured),
                subject=f"{secured.flow.client} -> {secured.flow.server.name}",
                identity=(str(secured.flow), secured.after),
                origin=secured.origin,
            )
        for step in self._found.declared.words:
            yield Entry(
                kind=WORDS,
                message=str(step),
                subject=f"{step.kind} {step.name}",
                identity=(step.kind, step.name, step.what),
                origin=step.origin,
            )
        for test in self._found.declared.tests_dropped:
            word = "accept" if test.accept else "deny"
            yield Entry(
                kind=TEST_DROPPED,
                message=f"{test}: {word} is no longer asked",
                subject=f"{test.client} -> {test.server.name}",
                identity=(
                    *((test.name,) if test.name else ()),
                    test.client,
                    test.server.name if test.server.socket else str(test.server),
                    word,
                ),
                origin=test.origin,
            )


def _cost(step: CostStep) -> Entry:
    prices = [each.price for each in step.counted if each.price]
    return Entry(
        kind=COST,
        message=cost_line(step),
        subject="cost",
        identity=tuple(f"{each.charged} in {each.region}" for each in step.counted)
        or (*step.gained, *step.lost),
        evidence=tuple(dict.fromkeys(each.source.page for each in prices)),
    )


def _noted(entry: Entry) -> Entry:
    return replace(entry, severity=Severity.NOTE, under=tuple(map(_noted, entry.under)))
