"""What each difference from the plan does to packets, found by putting only that one right.

What is wrong with packets in the account, and no longer is where one difference is
mended, is an effect of that difference. So causes are told, with what follows under them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.of_lists import changed_lists, unseen_lists
from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import (
    Difference,
    differences,
    unknown,
    waits_for_its_block,
)
from bulkhead.judge.state.folding import RootCause, causes
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.judge.state.words import Words, is_tag
from bulkhead.network import Declaration, Network, Verdict, Vpc
from bulkhead.prove.reach import Reach
from bulkhead.prove.reprove import reprove

_MOST_TRIED: Final = 16
_ENDS_TRIED: Final = 6000
"""How many proofs: so many at most, and fewer where each has very many ends."""


def held_against_plan(
    reach: Reach, declaration: Declaration, planned: Network, wrong: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Differences from the plan with their effects, then what is wrong for no such reason.

    Before that, what of the plan may be lacking: it may be the reason. And what of the plan
    nobody observed, in words.
    """
    found = matched(planned, reach.network)
    lines = TopologyLines(declaration.origins)
    words = Words(found, lines)
    unseen = tuple(unknown(found))
    told = tuple(words.unknown(each) for each in unseen if each.name)
    unsure = (
        *(_unseen(words.unknown(each)).at(lines.unseen(each)) for each in unseen if not each.name),
        *(_over_ipv6(each.thing) for each in unseen if waits_for_its_block(each)),
    )
    unsure = (*changed_lists(planned, reach.network, lines), *unsure)
    told = (*told, *unseen_lists(planned, reach.network))
    every = tuple(sorted(differences(found), key=lambda each: each.of_part))
    if not every:
        return (*unsure, *wrong), told
    reasons = causes(every)
    trial = _Trial(reach, declaration, Mending(found, every), wrong)
    alone, together = trial.effects(reasons)
    findings = [
        _finding(
            cause,
            words,
            [wrong[place] for place in sorted(alone[number])],
            [wrong[place] for place in sorted(together[number])],
        )
        for number, cause in enumerate(reasons)
    ]
    explained = set().union(*alone.values(), *together.values())
    ranked = _addresses_first(sorted(zip(findings, reasons, strict=True), key=_order))
    first = [finding for finding, _ in ranked]
    left = [each for place, each in enumerate(wrong) if place not in explained]
    return (*first, *unsure, *left), told


def _unseen(what: str) -> Finding:
    return Finding(
        kind=FindingKind.UNDETERMINED,
        message=f"it is not known {what}",
        why="It was planned, and nobody observed whether it is there.",
        verdict=Verdict.UNDETERMINED,
    )


def _over_ipv6(vpc: Vpc) -> Finding:
    return Finding(
        kind=FindingKind.UNDETERMINED,
        message=f"it is not known what passes over IPv6 in VPC {vpc.name}",
        why="AWS says which block it gives when it gives it; until then no rule and no host has an "
        "address of it. Ask again of the state, or of the account, behind `pulumi up`.",
        verdict=Verdict.UNDETERMINED,
    )


def _finding(
    cause: RootCause, words: Words, alone: Sequence[Finding], together: Sequence[Finding]
) -> Finding:
    """With what mending just this one mends, and what it takes others besides to mend."""
    found = words.finding(cause.difference)
    granted = words.grants(cause.difference)
    doing = _doing_of(cause)
    today = (
        doing(alone, "Read by it, " if is_tag(cause.difference) else ""),
        doing(together, "Together with other differences, "),
    )
    said = (granted, *today) if granted or any(today) else (found.why,)
    following = [words.finding(each) for each in cause.following]
    return replace(
        found,
        why=" ".join(each for each in said if each),
        mend=" && ".join(dict.fromkeys(filter(None, (found.mend, *_mended_after(cause, words))))),
        effects=(*following, *alone, *together),
    )


def _mended_after(cause: RootCause, words: Words) -> Iterator[str]:
    """What was planned does not come back by what takes away the stranger in its place."""
    if cause.difference.planned is None:
        for each in cause.following:
            if each.observed is None:
                yield words.finding(each).mend


_Verbs = Sequence[tuple[FindingKind, str, str, str]]
_DOING: Final = (
    (FindingKind.MISSING, "breaks", "declared flow", "declared flows"),
    (FindingKind.UNTOLD, "loses large packets of", "service", "services"),
    (FindingKind.EXTRA, "opens", "flow that nobody declared", "flows that nobody declared"),
    (FindingKind.UNDETERMINED, "leaves undetermined", "flow", "flows"),
    (FindingKind.EXPECTATION, "fails", "test of the topology", "tests of the topology"),
)


def _doing_of(cause: RootCause) -> Callable[[Sequence[Finding], str], str]:
    """One more that calls itself a planned end breaks nothing, unless it keeps that away."""
    more = _is_one_more(cause.difference) and all(each.observed for each in cause.following)
    verbs = {FindingKind.MISSING: "is left out of"} if more else {}
    return partial(
        _doing, verbs=[(each[0], verbs.get(each[0], each[1]), *each[2:]) for each in _DOING]
    )


def _is_one_more(difference: Difference) -> bool:
    """An interface, an address of one or a network behind a VPN, beside all that was planned."""
    if difference.kind == "interfaces" and difference.planned is None:
        return True
    if difference.name in ("secondary_addresses", "ipv6_addresses", "routes"):
        planned, observed = (
            getattr(each, difference.name) for each in (difference.planned, difference.observed)
        )
        return not difference.of_part and set(planned) < set(observed)
    return False


def _doing(effects: Sequence[Finding], how: str, verbs: _Verbs) -> str:
    """'Breaks 3 declared flows.', or that it weakens a layer; '' where it does nothing today."""
    number = Counter(each.kind for each in effects)
    said = "; ".join(
        f"{verb} {number[kind]} {one if number[kind] == 1 else several}"
        for kind, verb, one, several in verbs
        if number[kind]
    )
    if not said and number[FindingKind.LAYER]:
        said = "opens nothing today, and weakens a layer that must hold alone"
    text = f"{how}{said}." if said else ""
    return text[:1].upper() + text[1:]


_KEPT_BY_USERS: Final = ("security_groups", "nacls", "route_tables", "subnets", "vpcs")
"""Nobody deletes one that something else still uses, nor a block of one."""


def _order(told: tuple[Finding, RootCause]) -> tuple[int, int]:
    """What does most comes first; of what does nothing today, as it was found.

    And what cannot be deleted before another is mended comes after that.
    """
    finding, cause = told
    today = (FindingKind.MISSING, FindingKind.EXTRA, FindingKind.UNDETERMINED)
    weight = sum(2 if each.kind in today else 1 for each in finding.effects)
    kind, name = cause.difference.kind, cause.difference.name
    kept = kind in _KEPT_BY_USERS and (
        cause.difference.planned is None or name in ("cidrs", "ipv6_cidrs")
    )
    return -weight, _KEPT_BY_USERS.index(kind) + 1 if kept else 0


def _addresses_first(
    ranked: Sequence[tuple[Finding, RootCause]],
) -> Sequence[tuple[Finding, RootCause]]:
    """An internet gateway leaves a VPC in which nothing has a public address any more
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html)."""
    leaving = [place for place, (_, cause) in enumerate(ranked) if _is_a_way_out(cause)]
    if not leaving:
        return ranked
    before, after = ranked[: leaving[0]], ranked[leaving[0] :]
    return (
        *before,
        *(each for each in after if _has_public_address(each[1])),
        *(each for each in after if not _has_public_address(each[1])),
    )


def _is_a_way_out(cause: RootCause) -> bool:
    return cause.difference.kind == "internet_gateways" and cause.difference.planned is None


def _has_public_address(cause: RootCause) -> bool:
    """Whether mending it takes one away."""
    of, thing = cause.difference, cause.difference.observed
    return of.kind == "interfaces" and (
        of.name in ("public_address", "more_public")
        or (of.planned is None and bool(thing.public_address or thing.more_public))
    )


_Places = dict[int, set[int]]
"""Place of a cause -> places of what is wrong."""


class _Trial:
    """Proves what is left of what is wrong when some of the causes are mended."""

    def __init__(
        self,
        reach: Reach,
        declaration: Declaration,
        mending: Mending,
        wrong: Sequence[Finding],
    ) -> None:
        self._reach = reach
        self._declaration = declaration
        self._mending = mending
        self._wrong = wrong

    def effects(self, reasons: Sequence[RootCause]) -> tuple[_Places, _Places]:
        """Per cause, which of what is wrong it does alone, and which with others.

        With others: what takes both of two differences, what either of them does, and what
        was not tried alone. Nothing is proved if nothing is wrong.
        """
        alone: _Places = defaultdict(set)
        together: _Places = defaultdict(set)
        left = set(range(len(self._wrong)))
        tried = max(2, min(_MOST_TRIED, _ENDS_TRIED // len(self._reach.endpoints)))
        for number, cause in enumerate(reasons[:tried] if left else ()):
            alone[number] = self._gone(cause.every)
        left -= set().union(*alone.values())
        if left and len(reasons) > 1:
            for place in self._gone(each for cause in reasons for each in cause.every) & left:
                together[self._likely(place, reasons)].add(place)
        return alone, together

    def _gone(self, several: Iterable[Difference]) -> set[int]:
        network = self._mending.mended(several)
        still = {_key(each) for each in packets(reprove(self._reach, network), self._declaration)}
        return {place for place, each in enumerate(self._wrong) if _key(each) not in still}

    def _likely(self, place: int, reasons: Sequence[RootCause]) -> int:
        """The first cause that the finding speaks of, by a rule or an end; else the first."""
        finding = self._wrong[place]
        said = {each.component for each in finding.rules}
        ends = (finding.source, finding.destination)
        said |= {each for end in ends for each in (end, end.rpartition(".")[0])}
        for number, cause in enumerate(reasons):
            if not said.isdisjoint(_names(cause.difference)):
                return number
        return 0


def _names(difference: Difference) -> Iterator[str]:
    for thing in (difference.planned, difference.observed):
        for name in ("id", "name", "service", "site"):
            if held := getattr(thing, name, None):
                yield held


def _key(finding: Finding) -> Hashable:
    """What it is about, whatever it names as the reason, and wherever that is written."""
    told = replace(
        finding, message="", why="", rules=(), codes=(), file="", line=0, revision="", effects=()
    )
    # What is open and should not be is no less so when its replies are mended.
    return replace(told, verdict=None) if finding.kind is FindingKind.EXTRA else told
