"""The answer in one sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from bulkhead.compare import ChangeKind
from bulkhead.judge import FindingKind
from bulkhead.network import Verdict
from bulkhead.review.interruption import Interruption

if TYPE_CHECKING:
    from bulkhead.review.reviewed import Review, ReviewedFlow

_VERBS: Final = {
    ChangeKind.OPENED: "opens",
    ChangeKind.HALF_BROKEN: "breaks",
    ChangeKind.CLOSED: "closes",
    ChangeKind.MENDED: "mends",
    ChangeKind.UNDETERMINED: "leaves",
    ChangeKind.KNOWN: "settles",
}


_TUNNELS: Final = (Interruption.BOTH_TUNNELS, Interruption.ONE_TUNNEL)
_LONGEST: Final = 80
_MOST: Final = 3


def sentence(review: Review) -> str:
    """'Opens 2 flows and breaks 1: the internet reaches broker.in tcp 5561.'"""
    said = _listed([*_counted(review)])
    lead = _lead(review)
    aside = [*_asides(review)]
    if not said:
        said = (
            _PAST_GROUPS
            if any(not each.scaled for each in review.past_groups)
            else "no flow changes"
        )
    # What is counted are flows between known hosts; who gets in may be beside them.
    counted = review.flows and not (review.untrusted and review.untrusted[0].past_groups)
    text = f"{said}{':' if counted else ';'} {lead}" if lead else said
    return f"{'; '.join((text[:1].upper() + text[1:], *aside))}."


_PAST_GROUPS: Final = "no flow between known hosts changes, only what others could do there"


def _counted(review: Review) -> Iterator[str]:
    named = False
    for kind, verb in _VERBS.items():
        if number := review.counts.get(kind, 0):
            things = str(number) if named else _flows(number, by_place=review.by_place)
            named = True
            yield f"{verb} {things}{' undetermined' * (kind is ChangeKind.UNDETERMINED)}"


def _flows(number: int, *, by_place: bool) -> str:
    if by_place:
        return f"{number} kind{'s' * (number > 1)} of flows"
    return f"{number} flow{'s' * (number > 1)}"


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _first(words: Sequence[str]) -> list[str]:
    more = [f"{len(words) - _MOST} more"] if len(words) > _MOST else []
    return [*words[:_MOST], *more]


def _lead(review: Review) -> str:
    """What matters most, by name: who of the untrusted gets in; else what breaks; else the one."""
    if reached := review.untrusted:
        more = len(reached) - 1
        return _reaches(reached[0]) + (f" (and {more} more from untrusted places)" if more else "")
    broken = [each for each in review.flows if each.kind is ChangeKind.HALF_BROKEN]
    if broken:
        others = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        ends = f"from {_to(broken[0])} to {_from(broken[0])}"
        return f"replies {ends} are lost{_extent(broken[0])}{others}"
    first = review.flows[:1]
    alone = first and review.counts[first[0].kind] == 1 and not review.by_place
    return _reaches(first[0]) if alone else ""


def _reaches(flow: ReviewedFlow) -> str:
    if flow.change.after is Verdict.DENIED and flow.kind is ChangeKind.KNOWN:
        return f"{_from(flow)} does not reach {_to(flow)}"
    verb = {
        ChangeKind.CLOSED: "no longer reaches",
        ChangeKind.UNDETERMINED: "may or may not reach",
        ChangeKind.HALF_BROKEN: "gets no replies from",
        ChangeKind.MENDED: "gets replies again from",
    }.get(flow.kind, "could reach" if flow.past_groups else "reaches")
    return f"{_from(flow)} {verb} {_to(flow)}{_extent(flow)}"


def _extent(flow: ReviewedFlow) -> str:
    """Of how many it is so, where it is not so of all of that name that have the flow."""
    change = flow.change
    if not flow.partly or flow.kind is ChangeKind.KNOWN:
        return ""
    better = flow.kind in (ChangeKind.OPENED, ChangeKind.MENDED)
    others = "others did before" if better else "others still do"
    return f" ({change.hosts:,} of {change.of_hosts:,} pairs; {others})"


def _from(flow: ReviewedFlow) -> str:
    return _called(flow.change.source.name)


def _to(flow: ReviewedFlow) -> str:
    return f"{_called(flow.change.to)} {_short(flow.change.traffic)}"


def _called(name: str) -> str:
    return f"the {name}" if name == "internet" else _short(name)


def _short(name: str) -> str:
    """A sentence names what it is about, and lists nothing."""
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


def _asides(review: Review) -> Iterator[str]:
    yield from _interruptions(review)
    for several, way in ((review.declared.cut_off, "in"), (review.declared.released, "out of")):
        if several:
            names = [each.service for each in several]
            yield f"{_names(names)} {_is(names)} put {way}{'to' * (way == 'in')} quarantine"
    yield from map(str, review.declared.trust)
    if weaker := review.declared.weaker:
        number = len(weaker)
        ways = _first([*dict.fromkeys(f"{each.before} -> {each.after}" for each in weaker)])
        are = "s are" if number > 1 else " is"
        yield f"{number} flow{are} secured less ({', '.join(ways)})"
    if review.scaled:
        number = len(review.scaled)
        yield f"{number} flow{'s have' if number > 1 else ' has'} more or fewer hosts"
    tests = sum(each.kind is FindingKind.EXPECTATION for each in review.findings)
    if tests:
        yield f"{tests} test{'s' * (tests > 1)} of the topology fail{'s' * (tests == 1)}"
    if number := len(review.findings) - tests:
        yield f"{number} thing{'s are' if number > 1 else ' is'} not as planned"


def _interruptions(review: Review) -> Iterator[str]:
    """What is cut meanwhile, the tunnels first; a service that is renamed is no more than that."""
    told: dict[str, list[str]] = defaultdict(list)
    for each in review.interrupting:
        if each.renamed or each.interrupts in _TUNNELS:
            told["renamed" if each.renamed else each.interrupts].append(each.name)
        else:
            inside = " and all in it" if each.kind == "VPC" else ""
            told["replaced"].append(f"{each.kind} {each.name}{inside}")
    if both := told[Interruption.BOTH_TUNNELS]:
        yield f"both tunnels of {_names(both)} go down at once"
    if one := told[Interruption.ONE_TUNNEL]:
        yield f"one tunnel of {_names(one)} goes down"
    if renamed := told["renamed"]:
        yield f"{_names(renamed)} {_is(renamed)} renamed"
    if replaced := told["replaced"]:
        yield f"{_names(replaced)} {_is(replaced)} replaced, which interrupts"


def _names(names: Sequence[str]) -> str:
    return _listed(_first([*dict.fromkeys(map(_short, names))]))


_SEVERAL: Final = ("interfaces ", "client ports ")


def _is(names: Sequence[str]) -> str:
    several = len(names) > 1 or names[0].startswith(_SEVERAL)
    return "are" if several else "is"
