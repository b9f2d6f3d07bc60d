"""`check` as a sheet: every declared flow, every test of the topology, each layer, the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from bulkhead.judge import Finding, FindingKind, Judgement
from bulkhead.lint import Severity
from bulkhead.network import (
    ANY_PROTOCOL,
    Declaration,
    Expectation,
    Flow,
    GroupRule,
    Network,
    Verdict,
)
from bulkhead.network.origins import Origin, Origins
from bulkhead.network.provenance import Provenance
from bulkhead.network.traffic import traffic
from bulkhead.problems import Problem
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.stable import StableNames
from bulkhead.report.unmodelled import unjudged
from bulkhead.report.verdict import verdict_of

_AS_PLANNED: Final = "Run `pulumi up --refresh`, or the command that the finding names."

KINDS: Final = {
    FindingKind.MISSING: EntryKind(
        id="flow-missing",
        title="A declared flow does not work",
        describes="A socket was declared to connect, and some layer drops its packets or replies.",
        remedy="Ask `bulkhead explain` for the smallest change that opens it.",
        severity=Severity.MEDIUM,
    ),
    FindingKind.UNTOLD: EntryKind(
        id="packets-too-large-untold",
        title="Nobody can tell a host that its packet is too large",
        describes="A network ACL drops the message: small packets arrive, and large ones vanish.",
        remedy="Put back the entry that lets it pass, as the plan has it.",
        severity=Severity.MEDIUM,
    ),
    FindingKind.EXTRA: EntryKind(
        id="flow-undeclared",
        title="Something is open that nobody declared",
        describes="Packets arrive between ends that no flow of the topology joins.",
        remedy="Take out the rules that let them pass, or declare the flow.",
        severity=Severity.MEDIUM,
    ),
    FindingKind.LAYER: EntryKind(
        id="layer-weakened",
        title="One layer alone would let through what nobody declared",
        describes="One layer would let through what nobody declared; another holds it back today.",
        remedy="Take out of that layer what no declared flow needs.",
        severity=Severity.LOW,
    ),
    FindingKind.EXPECTATION: EntryKind(
        id="expectation-failed",
        title="A test of the topology fails",
        describes="A line under `tests:` says accept or deny, and packets do the opposite.",
        remedy="Change the wiring, or the test if it is wrong.",
        severity=Severity.MEDIUM,
    ),
    FindingKind.UNDETERMINED: EntryKind(
        id="flow-undetermined",
        title="Whether something is open cannot be told",
        describes="Something undeclared may be open: what decides it is not known or not modelled.",
        remedy="Make known what decides it: read all of the account, or write the rule out.",
        severity=Severity.MEDIUM,
        undecided=True,
    ),
    FindingKind.UNPLANNED: EntryKind(
        id="not-planned",
        title="Something stands there that no plan has",
        describes="A resource or a rule stands in the account that the topology does not need.",
        remedy=_AS_PLANNED,
        severity=Severity.LOW,
    ),
    FindingKind.LACKING: EntryKind(
        id="lacking",
        title="Something that was planned is not there",
        describes="A resource or a rule that the topology needs is not in the account.",
        remedy=_AS_PLANNED,
        severity=Severity.LOW,
    ),
    FindingKind.DIFFERS: EntryKind(
        id="not-as-planned",
        title="Something is not as it was planned",
        describes="A resource is there, and says something else than the topology needs.",
        remedy=_AS_PLANNED,
        severity=Severity.LOW,
    ),
}
UNOBSERVED: Final = EntryKind(
    id="state-unobserved",
    title="Part of the plan was not observed",
    describes="Nobody read whether a part of the plan is in the account as it was planned.",
    remedy="Allow the calls of docs/observe.md, or give a source that lists it.",
    severity=Severity.NOTE,
    undecided=True,
)
WARNED: Final = EntryKind(
    id="topology-warning",
    title="What a topology says can be planned, and is dangerous",
    describes="It is no mistake, and seldom what somebody means: CURVE that admits any key, say.",
    remedy="Do as the message says, or leave it, knowingly.",
    severity=Severity.NOTE,
)
ALL_KINDS: Final = (*KINDS.values(), UNOBSERVED, WARNED)

_HOLDS: Final = {
    FindingKind.EXTRA: "nothing is open that nobody declared",
    FindingKind.LAYER: "each layer alone denies what nobody declared",
    FindingKind.UNPLANNED: "nothing stands there that no plan has",
    FindingKind.LACKING: "all that was planned is there",
    FindingKind.DIFFERS: "all that is there is as it was planned",
}
"""What is said of the whole where no finding is of that kind."""
_STATE: Final = (FindingKind.UNPLANNED, FindingKind.LACKING, FindingKind.DIFFERS)


def check(
    source: str,
    subject: str,
    network: Network,
    judgement: Judgement,
    declaration: Declaration,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
    warnings: Iterable[Problem] = (),
) -> Sheet:
    """Causes first, then what is not known, then what holds, then `warnings` of the topology.

    `source` is what was asked about, `subject` what a verdict calls it, `origins` those of
    the network. What was declared has those of the declaration.
    """
    return sheet(
        "check",
        source,
        chain(entries_of(network, judgement, declaration, origins=origins), map(_warned, warnings)),
        verdict=verdict_of(subject, judgement),
        ok=judgement.ok,
        notes=map(str, unjudged(network)),
        provenance=provenance,
    )


def _warned(warning: Problem) -> Entry:
    return Entry(
        kind=WARNED,
        message=warning.what,
        subject="the topology",
        identity=(warning.what,),
        remedy=warning.remedy,
        origin=Origin(file=warning.file, line=warning.line),
    )


def entries_of(
    network: Network,
    judgement: Judgement,
    declaration: Declaration,
    *,
    origins: Origins | None = None,
) -> Iterator[Entry]:
    """What a judgement says of everything that was asked: `drill` says it too."""
    planned = () if declaration.planned is None else (declaration.planned,)
    told = FindingEntries(StableNames(*planned, network), (origins, declaration.origins))
    for finding in judgement.findings:
        yield told.entry(finding)
    for unknown in judgement.unknown:
        yield told.unobserved(unknown)
    yield from told.passes(judgement, declaration)


class FindingEntries:
    """Findings as entries, by names that stay and with the place where each is written."""

    def __init__(self, names: StableNames, origins: Iterable[Origins | None]) -> None:
        self._names = names
        self._origins = [each for each in origins if each is not None]

    def entry(self, finding: Finding) -> Entry:
        """With what follows from it under it."""
        under = tuple(map(self.entry, finding.effects))
        return Entry(
            kind=KINDS[finding.kind],
            outcome=_outcome(finding),
            severity=_severity(finding, under),
            message=finding.message,
            why=finding.why,
            remedy=finding.mend,
            origin=self._origin(finding),
            subject=_subject(finding),
            identity=self._identity(finding),
            evidence=tuple(map(str, finding.path or finding.rules)),
            under=under,
        )

    def _identity(self, finding: Finding) -> tuple[str, ...]:
        if finding.about:
            kind, thing, *rest = finding.about
            return kind, self._names.of(thing), *map(self._names.text, rest)
        if not finding.source:
            return (self._names.text(finding.message),)
        ends = map(self._names.text, (finding.source, finding.destination))
        held = (each.component for each in finding.rules if isinstance(each.rule, GroupRule))
        layer = map(self._names.of, held) if finding.kind is FindingKind.LAYER else ()
        test = (finding.test,) if finding.test else ()
        return *test, *ends, traffic(finding.protocol, finding.ports), *layer

    def _origin(self, finding: Finding) -> Origin | None:
        """Its own line, else that of the first rule that does it, else that of an end."""
        if finding.file:
            return Origin(
                file=finding.file,
                line=finding.line,
                urn=self._urn(finding),
                revision=finding.revision,
            )
        for origins in self._origins:
            for each in finding.rules:
                if found := origins.of(each.component, each.rule):
                    return found
            names = (*finding.about[1:2], finding.destination, finding.source)
            for name in filter(None, names):
                if found := origins.named(name):
                    return found
        return next((each.whole for each in self._origins if each.whole), None)

    def _urn(self, finding: Finding) -> str:
        """Of the first resource of an engine that a rule of it is."""
        rules = ((each.component, each.rule) for each in finding.rules)
        found = (origins.of(*rule) for rule in rules for origins in self._origins)
        return next((each.urn for each in found if each and each.urn), "")

    def unobserved(self, what: str) -> Entry:
        """A part of the plan of which nobody knows whether it is so."""
        return Entry(
            kind=UNOBSERVED,
            outcome=Outcome.NOT_DECIDED,
            message=f"not known: {what}",
            why="It was planned, and nobody observed it.",
            subject=what,
            identity=(self._names.text(what),),
        )

    def passes(self, judgement: Judgement, declaration: Declaration) -> Iterator[Entry]:
        """Every flow and test that holds, and what holds of the whole."""
        every = list(_every(judgement.findings))
        broken = {_flow_asked(each) for each in every if each.kind is FindingKind.MISSING}
        failed = {
            (each.file, each.line, each.source, each.destination, each.protocol, each.ports)
            for each in every
        }
        for flow in declaration.flows:
            if (_client(flow), flow.server.name) not in broken:
                yield self._flow(flow)
        for each in declaration.expectations:
            protocol, server = _protocol(each), each.server
            asked = (each.file, each.line, each.client, server.name, protocol, (server.ports,))
            if asked not in failed:
                yield self._expectation(each)
        wrong = {each.kind for each in every}
        whole = [FindingKind.EXTRA, FindingKind.LAYER]
        if declaration.planned is not None and not judgement.unknown:
            whole += _STATE
        for kind in whole:
            # What may be open is no answer to whether nothing is.
            if kind not in wrong and FindingKind.UNDETERMINED not in wrong:
                yield _whole(kind, declaration)

    def _flow(self, flow: Flow) -> Entry:
        server = flow.server
        ports = traffic(server.protocol, (server.ports,))
        known = (each.flow(flow) for each in reversed(self._origins))
        return Entry(
            kind=KINDS[FindingKind.MISSING],
            outcome=Outcome.PASS,
            message=f"{flow}: open, and replies return",
            subject=f"{_client(flow)} -> {server.name}",
            identity=(_client(flow), server.name, ports),
            origin=next(filter(None, known), None),
        )

    def _expectation(self, each: Expectation) -> Entry:
        server, word = each.server, "allowed" if each.accept else "denied"
        called = (each.name,) if each.name else ()
        return Entry(
            kind=KINDS[FindingKind.EXPECTATION],
            outcome=Outcome.PASS,
            message=f"{each}: {word}, as the test says",
            subject=f"{each.client} -> {server.name}",
            identity=(*called, each.client, server.name, traffic(_protocol(each), (server.ports,))),
            origin=each.origin,
        )


def _protocol(test: Expectation) -> int | None:
    """Of a finding about it: None where all traffic is meant."""
    return None if test.server.protocol == ANY_PROTOCOL else test.server.protocol


def _whole(kind: FindingKind, declaration: Declaration) -> Entry:
    topology, but = declaration.topology, ""
    if kind is FindingKind.LAYER and declaration.widened:
        wide = sorted({each.nacl for each in declaration.widened})
        but = (
            f", but for NACLs whose exact entries do not fit, and that let more: {', '.join(wide)}"
        )
    return Entry(
        kind=KINDS[kind],
        outcome=Outcome.PASS,
        message=f"{topology}: {_HOLDS[kind]}{but}",
        subject=topology,
        identity=("all of it", topology),
    )


def _every(findings: Iterable[Finding]) -> Iterator[Finding]:
    for each in findings:
        yield each
        yield from _every(each.effects)


def _outcome(finding: Finding) -> Outcome:
    undecided = finding.kind is FindingKind.UNDETERMINED
    if undecided or finding.verdict is Verdict.UNDETERMINED:
        return Outcome.NOT_DECIDED
    return Outcome.FAIL


def _severity(finding: Finding, under: Iterable[Entry]) -> Severity:
    """What anybody on the internet reaches is worst; a cause is as bad as what it does."""
    own = KINDS[finding.kind].severity
    unmeant = finding.kind is FindingKind.EXTRA
    # A test that asks for access cannot fail where there is some.
    unmeant |= finding.kind is FindingKind.EXPECTATION and finding.verdict is Verdict.ALLOWED
    if unmeant and finding.source == "internet":
        own = Severity.HIGH
    grades = (own, *(each.grade for each in under))
    return min(grades, key=tuple(Severity).index)


def _subject(finding: Finding) -> str:
    if finding.source:
        return f"{finding.source} -> {finding.destination}"
    return " ".join(finding.about[:2]) or finding.message


def _client(flow: Flow) -> str:
    return flow.client_name


def _flow_asked(finding: Finding) -> tuple[str, str]:
    return finding.source, finding.destination
