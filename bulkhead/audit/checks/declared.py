"""What packets can do, held against what was declared: by the one judgement of `check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from bulkhead.audit.check import Check, Checked, Evidence, Outcome, fails, passes, undecided
from bulkhead.audit.outside import is_untrusted
from bulkhead.ends.labels import label
from bulkhead.judge import Finding, FindingKind
from bulkhead.lint import Severity
from bulkhead.network import Verdict

_FOR: Final = "name the topology that it was built for: --for TOPOLOGY"
_STATE: Final = frozenset({FindingKind.UNPLANNED, FindingKind.LACKING, FindingKind.DIFFERS})
_MOST: Final = 20
"""Flows that one line of evidence names."""
_OPENS: Final = frozenset({FindingKind.EXTRA})


class _Found(NamedTuple):
    """A finding, and the one that it would not be there without."""

    finding: Finding
    cause: Finding


Matters = Callable[[Finding], bool]


def everything(evidence: Evidence) -> Iterator[_Found]:
    """What the judgement found, causes and effects alike."""
    judgement = evidence.judgement
    for cause in judgement.findings if judgement else ():
        for each in (cause, *cause.effects):
            yield _Found(each, cause)


def _judged(
    evidence: Evidence,
    what: str,
    kinds: frozenset[FindingKind],
    matters: Matters = lambda _: True,
    well: str = "",
    *,
    also_undetermined: bool = True,
) -> Iterator[Checked]:
    """Each finding of some kinds that matters, or that there is none."""
    judgement = evidence.judgement
    if judgement is None:
        yield undecided("", what, "nobody said what is declared", _FOR)
        return
    found = False
    for finding, cause in everything(evidence):
        open_ = also_undetermined and finding.kind is FindingKind.UNDETERMINED
        if not (finding.kind in kinds or open_) or not matters(finding):
            continue
        found = True
        unsure = open_ or finding.verdict is Verdict.UNDETERMINED
        yield _checked(finding, cause, what, unsure=unsure)
    for each in evidence.reach.network.unlisted_runners:
        found = True
        yield undecided(each.name, what, f"which interfaces {each.kind} runs: {each.why}")
    if not found:
        yield passes(judgement.topology, what, well)


def _checked(finding: Finding, cause: Finding, what: str, *, unsure: bool) -> Checked:
    ends = f"{finding.source} -> {finding.destination}".strip()
    resource = ends if finding.source else _component(finding)
    because = [f"because {cause.message}"] if cause is not finding else []
    if unsure:
        return undecided(
            resource, what, finding.message, finding.why, *because, rules=finding.rules
        )
    return fails(
        resource,
        what,
        finding.message,
        cause.mend or finding.mend or "declare it, or take out the rules that let it through",
        finding.why,
        *because,
        rules=finding.rules or cause.rules,
    )


def _component(finding: Finding) -> str:
    """The thing that differs from the plan, by its name."""
    if finding.about:
        return finding.about[1]
    return finding.rules[0].component if finding.rules else finding.message


# Whom a finding is about


class NamedPlaces:
    """What the names of a judgement are: of untrusted places, of segments."""

    def __init__(self, evidence: Evidence) -> None:
        trusted = {site.name for site in evidence.network.sites if site.trusted}
        self._untrusted: set[str] = set()
        self._outside: set[str] = set()
        self._segments: dict[str, set[str]] = {}
        for end in evidence.reach.endpoints:
            name = label(end)
            if is_untrusted(end, trusted):
                self._untrusted.add(name)
            if end.external:
                self._outside.add(name)
            elif end.segment:
                self._segments.setdefault(name, set()).add(end.segment)
        for listener in evidence.network.listeners:
            if listener.owner in self._segments:
                self._segments[listener.name] = self._segments[listener.owner]
            if listener.owner in self._outside:
                self._outside.add(listener.name)

    def untrusted(self, name: str) -> bool:
        return name in self._untrusted or _whole(name) in self._untrusted

    def outside(self, name: str) -> bool:
        return name in self._outside or _whole(name) in self._outside

    def segments(self, name: str) -> set[str]:
        return self._segments.get(name, set())

    def apart(self, finding: Finding) -> bool:
        """Whether it is not surely within one segment."""
        if self.outside(finding.source) or self.outside(finding.destination):
            return False
        one, other = self.segments(finding.source), self.segments(finding.destination)
        return not (len(one) == 1 and one == other)

    def within(self, name: str, segments: tuple[str, ...]) -> bool:
        """Whether it may be in one of some segments; without names, in any of what is here."""
        if self.outside(name):
            return False
        found = self.segments(name)
        return not segments or not found or bool(found & set(segments))


def _whole(name: str) -> str:
    """Of a piece of a site or the internet."""
    return name.partition(" (")[0]


def _by_place(evidence: Evidence, matters: Callable[[NamedPlaces, Finding], bool]) -> Matters:
    places = NamedPlaces(evidence) if evidence.judgement else None
    return lambda finding: places is not None and matters(places, finding)


# The questions


def _flows_declared(evidence: Evidence) -> Iterator[Checked]:
    flows = evidence.judgement.flows if evidence.judgement else 0
    return _judged(
        evidence,
        "flows",
        _OPENS,
        well=f"nothing is open but the {flows} flows that are declared: proved over all packets",
    )


def _flows_work(evidence: Evidence) -> Iterator[Checked]:
    return _judged(
        evidence,
        "flows",
        frozenset({FindingKind.MISSING, FindingKind.UNTOLD, FindingKind.EXPECTATION}),
        well="every declared flow is open both ways, and the topology's own tests hold",
        also_undetermined=False,
    )


def _inbound(evidence: Evidence) -> Iterator[Checked]:
    """Without a declaration it is decided only where nothing comes in."""
    if evidence.judgement is None and not any(evidence.arriving.values()):
        if evidence.arriving:
            yield passes("", "inbound flows", "nothing untrusted gets in: proved over all packets")
        return
    yield from _judged(
        evidence,
        "inbound flows",
        _OPENS,
        _by_place(evidence, lambda places, finding: places.untrusted(finding.source)),
        well="nothing comes in from untrusted places but what is declared: proved",
    )


def _outbound(evidence: Evidence) -> Iterator[Checked]:
    return _judged(
        evidence,
        "outbound flows",
        _OPENS,
        _by_place(evidence, lambda places, finding: places.outside(finding.destination)),
        well="nothing goes out but what is declared: proved",
    )


def _cde_inbound(evidence: Evidence, *, segments: tuple[str, ...]) -> Iterator[Checked]:
    return _judged(
        evidence,
        "flows into the CDE",
        _OPENS,
        _by_place(
            evidence,
            lambda places, finding: (
                places.within(finding.destination, segments)
                and (not segments or not _surely_inside(places, finding.source, segments))
                and (bool(segments) or places.outside(finding.source))
            ),
        ),
        well=f"nothing comes into {_named(segments)} but what is declared: proved",
    )


def _cde_outbound(evidence: Evidence, *, segments: tuple[str, ...]) -> Iterator[Checked]:
    return _judged(
        evidence,
        "flows out of the CDE",
        _OPENS,
        _by_place(
            evidence,
            lambda places, finding: (
                places.within(finding.source, segments)
                and (not segments or not _surely_inside(places, finding.destination, segments))
                and (bool(segments) or places.outside(finding.destination))
            ),
        ),
        well=f"nothing leaves {_named(segments)} but what is declared: proved",
    )


def _surely_inside(places: NamedPlaces, name: str, segments: tuple[str, ...]) -> bool:
    found = places.segments(name)
    return bool(found) and found <= set(segments) and not places.outside(name)


def _named(segments: tuple[str, ...]) -> str:
    return ", ".join(segments) if segments else "all that is here"


def _segments_apart(evidence: Evidence) -> Iterator[Checked]:
    return _judged(
        evidence,
        "flows between segments",
        _OPENS,
        _by_place(evidence, lambda places, finding: places.apart(finding)),
        well="nothing passes between segments but what is declared: proved",
    )


def _each_layer(evidence: Evidence) -> Iterator[Checked]:
    judged = _judged(
        evidence,
        "layers",
        frozenset({FindingKind.LAYER}),
        well="groups alone, and network ACLs alone, let through no more than they must",
    )
    declaration = evidence.declaration
    if declaration is None or not declaration.widened:
        yield from judged
        return
    for wide in declaration.widened:
        yield fails(
            declaration.topology,
            "layers",
            f"{wide}; security groups alone deny them",
            "join segments or ports until exact entries fit, or have the quota raised",
        )
    yield from (each for each in judged if each.outcome is not Outcome.PASS)


def _justified(evidence: Evidence) -> Iterator[Checked]:
    """Each flow, by what its sockets say under `why:`."""
    declaration = evidence.declaration
    if declaration is None:
        yield undecided("", "flows", "nobody said what is declared", _FOR)
        return
    without = [str(each) for each in declaration.flows if not each.why]
    if without:
        yield undecided(
            declaration.topology,
            "flows",
            f"{len(without)} of {len(declaration.flows)} flows do not say why they are needed",
            "say it under `why:` of one of their sockets",
            *without[:_MOST],
        )
    else:
        yield passes(declaration.topology, "flows", "each says why it is needed")


def _needed_still(evidence: Evidence) -> Iterator[Checked]:
    """Each flow that was needed until a day, held against today."""
    declaration = evidence.declaration
    if declaration is None:
        yield undecided("", "flows", "nobody said what is declared", _FOR)
        return
    dated = [each for each in declaration.flows if each.until]
    expired = [each for each in dated if each.until and each.until < evidence.today]
    for each in expired:
        yield fails(
            declaration.topology,
            "flows",
            f"{each} was needed until {each.until}, and is declared still",
            "take it out of the topology, or say until when it is needed now",
        )
    if not expired:
        said = f"{len(dated)} of {len(declaration.flows)} flows say until when they are needed"
        yield passes(declaration.topology, "flows", f"{said}, and none of these days has passed")


def _as_planned(evidence: Evidence) -> Iterator[Checked]:
    judgement = evidence.judgement
    if not evidence.stands:
        yield undecided(
            "",
            "configuration",
            "what is planned, or what an engine holds, is not what stands there",
            "audit the account itself, or its describe-* answers, with --for TOPOLOGY",
        )
        return
    yield from _judged(
        evidence,
        "configuration",
        _STATE,
        well="every part of the plan stands there as planned, and nothing else",
        also_undetermined=False,
    )
    for each in judgement.unknown if judgement else ():
        yield undecided(judgement.topology if judgement else "", "configuration", each)


def _flow_check(
    id_: str,
    title: str,
    run: Callable[..., Iterator[Checked]],
    *,
    severity: Severity = Severity.MEDIUM,
    risk: str = "A ZeroMQ socket talks to whoever reaches its port.",
    remedy: str = "Declare it, or take out the rules that let it through.",
    **config: tuple[str, ...],
) -> Check:
    return Check(
        id=id_,
        title=title,
        severity=severity,
        risk=risk,
        remedy=remedy,
        run=run,
        about=("vpcs", "interfaces"),
        config=config,
    )


DECLARED: Final = (
    _flow_check(
        "flows-declared",
        "Nothing is open but what is declared",
        _flows_declared,
        severity=Severity.HIGH,
    ),
    _flow_check(
        "flows-work",
        "What is declared is open, both ways",
        _flows_work,
        risk="What was approved does not work.",
        remedy="Restore the rules that it needs.",
    ),
    _flow_check(
        "flows-justified",
        "Of each flow somebody says why it is needed",
        _justified,
        severity=Severity.LOW,
        risk="Nobody dares to close what nobody can explain.",
        remedy="Keep the approval of each flow with the topology.",
    ),
    _flow_check(
        "flows-needed-still",
        "No flow is declared that was needed until a day which has passed",
        _needed_still,
        risk="What was opened for a while stays open.",
        remedy="Take it out of the topology, or say until when it is needed now.",
    ),
    _flow_check(
        "inbound-from-untrusted-declared",
        "Nothing comes in from untrusted places but what is declared",
        _inbound,
        severity=Severity.HIGH,
    ),
    _flow_check(
        "outbound-declared",
        "Nothing goes out but what is declared",
        _outbound,
        risk="Whoever takes over a host sends data out.",
    ),
    _flow_check(
        "cde-inbound-declared",
        "Nothing comes into the cardholder data environment but what is declared",
        _cde_inbound,
        severity=Severity.HIGH,
        segments=(),
    ),
    _flow_check(
        "cde-outbound-declared",
        "Nothing leaves the cardholder data environment but what is declared",
        _cde_outbound,
        severity=Severity.HIGH,
        segments=(),
    ),
    _flow_check(
        "segments-apart",
        "Nothing passes between segments but what is declared",
        _segments_apart,
    ),
    _flow_check(
        "each-layer-holds",
        "Each layer alone lets through no more than it must",
        _each_layer,
        severity=Severity.LOW,
        risk="One mistake in the other layer, and it is open.",
        remedy="Close the layer that lets it through.",
    ),
    _flow_check(
        "as-planned",
        "What stands there is what was planned",
        _as_planned,
        risk="Nobody knows any more what the network is.",
        remedy="Put it right, or plan it.",
    ),
)
