"""What each difference from the plan does to packets, found by putting only that one right.

What is wrong with packets in the account, and no longer is where one difference is
mended, is an effect of that difference. So causes are told, with what follows under them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import differences, unknown
from bulkhead.judge.state.folding import RootCause, causes
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.judge.state.words import Words
from bulkhead.network import Declaration, Network, Verdict
from bulkhead.prove.reach import Reach
from bulkhead.prove.reprove import reprove

_MOST_TRIED: Final = 16
_ENDS_TRIED: Final = 6000
"""How many proofs: so many at most, and fewer where each has very many ends."""


def held_against_plan(
    reach: Reach, declaration: Declaration, planned: Network, wrong: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Differences from the plan with their effects, then what is wrong for no such reason.

    And what of the plan nobody observed, in words.
    """
    found = matched(planned, reach.network)
    words = Words(found)
    unseen = tuple(unknown(found))
    told = tuple(words.unknown(each) for each in unseen if each.name)
    wrong = (*wrong, *(_unseen(words.unknown(each)) for each in unseen if not each.name))
    every = tuple(differences(found))
    if not every:
        return wrong, told
    reasons = causes(every)
    trial = _Trial(reach, declaration, Mending(found, every), wrong)
    following = trial.effects(reasons)
    findings = [
        _finding(cause, words, [wrong[place] for place in sorted(following[number])])
        for number, cause in enumerate(reasons)
    ]
    explained = set().union(*following.values())
    first = sorted(findings, key=lambda each: -_weight(each))
    left = [each for place, each in enumerate(wrong) if place not in explained]
    return (*first, *left), told


def _unseen(what: str) -> Finding:
    return Finding(
        kind=FindingKind.UNDETERMINED,
        message=f"it is not known {what}",
        why="It was planned, and nobody observed whether it is there.",
        verdict=Verdict.UNDETERMINED,
    )


def _finding(cause: RootCause, words: Words, effects: Sequence[Finding]) -> Finding:
    found = words.finding(cause.difference)
    return replace(
        found,
        why=_doing(effects) or found.why,
        effects=(*(words.finding(each) for each in cause.following), *effects),
    )


_DOING: Final = (
    (FindingKind.MISSING, "Breaks", "declared flow"),
    (FindingKind.EXTRA, "Opens", "flow that nobody declared"),
    (FindingKind.UNDETERMINED, "Leaves undetermined", "flow"),
    (FindingKind.EXPECTATION, "Fails", "test of the topology"),
)


def _doing(effects: Sequence[Finding]) -> str:
    """'Breaks 3 declared flows.', or that it weakens a layer; '' where it does nothing today."""
    said = []
    for kind, verb, what in _DOING:
        if several := sum(each.kind is kind for each in effects):
            first, *rest = what.split(" ")
            noun = what if several == 1 else _plural(first, rest)
            said.append(f"{verb} {several} {noun}")
    if said:
        return f"{', '.join(said)}.".replace(", ", "; ")
    if any(each.kind is FindingKind.LAYER for each in effects):
        return "Opens nothing today, and weakens a layer that must hold alone."
    return ""


def _plural(first: str, rest: Sequence[str]) -> str:
    words = [first, *rest]
    noun = next(place for place, word in enumerate(words) if word in ("flow", "test"))
    return " ".join(f"{word}s" if place == noun else word for place, word in enumerate(words))


def _weight(finding: Finding) -> int:
    """What does most comes first; of what does nothing today, as it was found."""
    today = (FindingKind.MISSING, FindingKind.EXTRA, FindingKind.UNDETERMINED)
    return sum(2 if each.kind in today else 1 for each in finding.effects)


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

    def effects(self, reasons: Sequence[RootCause]) -> dict[int, set[int]]:
        """Per cause, which of what is wrong it does. Nothing is proved if nothing is wrong."""
        found: dict[int, set[int]] = defaultdict(set)
        left = set(range(len(self._wrong)))
        tried = max(2, min(_MOST_TRIED, _ENDS_TRIED // len(self._reach.endpoints)))
        for number, cause in enumerate(reasons[:tried] if left else ()):
            found[number] = self._gone(cause.every)
        left -= set().union(*found.values()) if found else set()
        # What two differences do together, or each of them alone, or one that was not tried.
        if left and len(reasons) > 1:
            gone = self._gone(each for cause in reasons for each in cause.every) & left
            for place in gone:
                found[self._likely(place, reasons)].add(place)
        return found

    def _gone(self, several: Iterable[object]) -> set[int]:
        network = self._mending.mended(several)  # type: ignore[arg-type]
        still = {_key(each) for each in packets(reprove(self._reach, network), self._declaration)}
        return {place for place, each in enumerate(self._wrong) if _key(each) not in still}

    def _likely(self, place: int, reasons: Sequence[RootCause]) -> int:
        """The first cause whose thing is in a rule of the finding; else the first."""
        named = {each.component for each in self._wrong[place].rules}
        for number, cause in enumerate(reasons):
            if getattr(cause.difference.observed, "id", None) in named:
                return number
        return 0


def _key(finding: Finding) -> Hashable:
    """What it is about, whatever it names as the reason."""
    return replace(finding, message="", why="", rules=(), codes=(), effects=())
