"""Which part of a source an answer is about, and what was left out: each by its id, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bulkhead.network import LeftOut, Provenance, Scope
from bulkhead.report.words import MOST_SHOWN, count

_MOST_REASONS = MOST_SHOWN // 2


def scope_lines(scope: Scope | None) -> Iterator[str]:
    """In sentences; none where all of the source was asked about, or there is no more of it."""
    if scope is None or not (scope.left_out or scope.neighbours or scope.others):
        return
    asked = (scope.topology, scope.stack and f"stack {scope.stack}")
    of = ", ".join(filter(None, asked))
    yield f"judged: {', '.join(scope.vpcs)}{f' (of {of})' if of else ''}"
    for called, ids in (("VPC", scope.neighbours), ("subnet of others", scope.others)):
        if ids:
            yield f"beside it, for what they exchange ({called}): {_some(ids)}"
    reasons = list(_by_reason(scope.left_out))
    for why, several in reasons[:_MOST_REASONS]:
        yield f"left out: {_some([*map(_called, several)])}: {why}"
    if untold := sum(len(several) for _, several in reasons[_MOST_REASONS:]):
        yield f"left out: {count(untold, 'thing')} more (--json lists all)"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    rest = f" and {more} more (--json lists all)" if more > 0 else ""
    return ", ".join(names[:MOST_SHOWN]) + rest


def left_out(provenance: Provenance | None) -> Iterator[str]:
    """Each thing that was not asked about, one by one: 'vpc vpc-0e (prod): of stack prod'."""
    scope = provenance.scope if provenance else None
    if scope is not None:
        yield from map(str, scope.left_out)
        yield from (f"vpc {each}: its own rules, as a neighbour" for each in scope.neighbours)
        yield from (f"subnet {each}: its own rules, as others'" for each in scope.others)


def print_scope(console: Console, *provenances: Provenance) -> None:
    """Of each source that was read in part."""
    for each in provenances:
        for line in scope_lines(each.scope):
            console.print(Text(line, "dim"))


def _by_reason(several: Iterable[LeftOut]) -> Iterator[tuple[str, list[LeftOut]]]:
    found: dict[str, list[LeftOut]] = defaultdict(list)
    for each in several:
        found[each.why].append(each)
    yield from found.items()


def _called(thing: LeftOut) -> str:
    return thing.id if thing.name == thing.id else f"{thing.id} ({thing.name})"
