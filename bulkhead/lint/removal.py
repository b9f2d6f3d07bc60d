"""Advice to remove a rule, held against the proof before anybody is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bulkhead.explain import RuleRef
from bulkhead.explain.rules import Rule
from bulkhead.lint.smell import Removal, Severity, Smell, SmellKind
from bulkhead.network import AclEntry, Action, Network, Route
from bulkhead.network.without import Held, without
from bulkhead.prove.reach import Reach
from bulkhead.prove.reprove import reprove, unchanged, untouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """What seems to do nothing; only a proof makes a finding of it.

    `rests_on`: why that may be otherwise, where the source does not list all that matters;
    '' where it does, or where the component's own text says it (`by_text`). `also` are rules
    that have to go with it. `unless`: what else may be done; `first`: what to look at before.
    """

    kind: SmellKind
    component: str
    name: str
    rules: tuple[Rule, ...] = ()
    why: str
    by: tuple[RuleRef, ...] = ()
    by_text: bool = False
    rests_on: str = ""
    also: tuple[Held, ...] = ()
    unless: str = ""
    first: str = ""
    propagated: bool = False
    """Nobody wrote it in the table, so nobody can take it out."""

    @property
    def gone(self) -> tuple[Held, ...]:
        """All that goes."""
        return (*((self.component, rule) for rule in self.rules), *self.also)

    def proved(self) -> Smell:
        """The finding, once everything that it takes away has been seen to matter to nobody."""
        known = "nothing changes" if self.by_text else "nothing that is known here changes"
        return Smell(
            kind=self.kind,
            component=self.component,
            name=self.name,
            rules=self.rules,
            why=self.why,
            by=self.by,
            removal=Removal(self.by_text, self._remedy(known)),
            grave=Severity.NOTE if self.propagated else None,
        )

    def _remedy(self, known: str) -> str:
        if self.propagated:
            return f"nothing: it is propagated, and without it {known}"
        return f"{self.first}remove it: {known}{self.unless and '; '}{self.unless}"

    def unproved(self) -> Smell:
        """What can be said of it where the source does not list all that matters."""
        return Smell(
            kind=SmellKind.UNSURE,
            component=self.component,
            name=self.name,
            rules=self.rules,
            why=f"{self.why}, as far as this source lists it: {self.rests_on}",
            advice="nothing, until a source that lists everything says so too",
            by=self.by,
        )


class _Kind(Enum):
    """Without a rule that allows, no more packets pass; without one that denies, no fewer."""

    ALLOWING = auto()
    DENYING = auto()
    ROUTE = auto()


def findings(reach: Reach, suspects: Iterable[Suspect]) -> list[Smell]:
    """What is proved of the suspects, as findings; of what cannot be proved here, a note."""
    every = list(suspects)
    open_ = [each for each in every if each.rests_on]
    proved = borne_out(reach, (each for each in every if not each.rests_on))
    return [*(each.proved() for each in proved), *(each.unproved() for each in open_)]


def borne_out(reach: Reach, suspects: Iterable[Suspect]) -> list[Suspect]:
    """Those whose rules can go, any part of them or all, and every packet fares as it did.

    Rules of one kind are taken out all at once. If nothing changes then, nothing
    changes without any part of them, nor without parts of each kind: what is left
    passes no more and no fewer than these two proofs say.
    """
    by_kind: dict[_Kind, list[Suspect]] = {kind: [] for kind in _Kind}
    for each in suspects:
        by_kind[_kind(each)].append(each)
    return [
        *_removable(reach, by_kind[_Kind.ALLOWING], unchanged),
        *_removable(reach, by_kind[_Kind.DENYING], unchanged),
        *_removable(reach, by_kind[_Kind.ROUTE], untouched),
    ]


def _kind(suspect: Suspect) -> _Kind:
    match suspect.rules[:1]:
        case (Route(),):
            return _Kind.ROUTE
        case (AclEntry(action=Action.DENY),):
            return _Kind.DENYING
        case _:
            return _Kind.ALLOWING


def _removable(
    reach: Reach, several: Sequence[Suspect], same: Callable[[Reach, Reach], bool]
) -> Sequence[Suspect]:
    """All of them; where that is not borne out, as many as can go one after the other."""
    if not any(each.gone for each in several):
        return several
    return _taken_out(reach, several, same)[0]


def _taken_out(
    reach: Reach, several: Sequence[Suspect], same: Callable[[Reach, Reach], bool]
) -> tuple[Sequence[Suspect], Reach]:
    """Those that can go, and the proof without them: all at once, or else half by half.

    Each half is held against the proof without what has gone before it. So the few that
    cannot go are found in few proofs, and each proof has only to look at what its own half touches.
    """
    after = reprove(reach, _without(reach.network, several))
    if same(reach, after):
        return several, after
    if len(several) == 1:
        return (), reach
    half = len(several) // 2
    first, reach = _taken_out(reach, several[:half], same)
    rest, reach = _taken_out(reach, several[half:], same)
    return (*first, *rest), reach


def _without(network: Network, suspects: Iterable[Suspect]) -> Network:
    return without(network, {held for each in suspects for held in each.gone})
