"""Advice to remove a rule, held against the proof before anybody is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto

from bulkhead.lint.smell import Smell
from bulkhead.network import AclEntry, Action, Network, Route
from bulkhead.network.without import without
from bulkhead.prove.reach import Reach
from bulkhead.prove.reprove import unchanged, untouched


class _Kind(Enum):
    """Without a rule that allows, no more packets pass; without one that denies, no fewer."""

    ALLOWING = auto()
    DENYING = auto()
    ROUTE = auto()


def borne_out(reach: Reach, idle: Iterable[Smell]) -> list[Smell]:
    """Those whose rules can go, any part of them or all, and every packet fares as it did.

    Rules of one kind are taken out all at once. If nothing changes then, nothing
    changes without any part of them, nor without parts of each kind: what is left
    passes no more and no fewer than these two proofs say.
    """
    by_kind: dict[_Kind, list[Smell]] = {kind: [] for kind in _Kind}
    for each in idle:
        by_kind[_kind(each)].append(each)
    return [
        *_removable(reach, by_kind[_Kind.ALLOWING], unchanged),
        *_removable(reach, by_kind[_Kind.DENYING], unchanged),
        *_removable(reach, by_kind[_Kind.ROUTE], untouched),
    ]


def _kind(smell: Smell) -> _Kind:
    match smell.rules[0]:
        case Route():
            return _Kind.ROUTE
        case AclEntry(action=Action.DENY):
            return _Kind.DENYING
        case _:
            return _Kind.ALLOWING


def _removable(
    reach: Reach, several: Sequence[Smell], same: Callable[[Reach, Network], bool]
) -> Sequence[Smell]:
    """All of them; where that is not borne out, one after the other as many as can go."""
    if not several or same(reach, _without(reach.network, several)):
        return several
    kept: list[Smell] = []
    for each in several:
        if same(reach, _without(reach.network, (*kept, each))):
            kept.append(each)
    return kept


def _without(network: Network, smells: Iterable[Smell]) -> Network:
    return without(network, {(each.component, rule) for each in smells for rule in each.rules})
