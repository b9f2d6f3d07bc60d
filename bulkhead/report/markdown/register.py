"""The register of boundaries as Markdown: a table to commit, or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.discover.register import (
    BoundaryRegister,
    BoundaryStanding,
    HeldAgainst,
    SeenBoundary,
    StandingKind,
)
from bulkhead.report.markdown.escaping import escaped
from bulkhead.report.register import held_verdict, standing_said, verdict

_MOST_EVIDENCE: Final = 3
_MOST_LISTED: Final = 50


def register(found: BoundaryRegister) -> str:
    """All boundaries in a table, those of one end in another, and what was searched."""
    return "\n".join(_page(found)).rstrip() + "\n"


def held(answer: HeldAgainst, found: BoundaryRegister) -> str:
    """How the register stands to a topology: the worst first, what is as declared as a number."""
    return "\n".join(_held(answer, found)).rstrip() + "\n"


def _page(found: BoundaryRegister) -> Iterator[str]:
    yield "# Boundaries of ZeroMQ"
    yield ""
    yield escaped(verdict(found))
    yield ""
    if found.bound:
        yield "| client | server | at | types | mechanism | crosses | sure | evidence |"
        yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
        yield from map(_row, found.bound)
        yield ""
    if found.unbound:
        yield "## One end alone"
        yield ""
        yield "| client | server | at | types | why | evidence |"
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from map(_row_alone, found.unbound)
        yield ""
    yield from _searched(found)


def _row(each: SeenBoundary) -> str:
    crosses = f"{each.crosses} ({each.crosses_why})"
    return _cells(
        str(each.client or "?"), str(each.server or "?"), each.at, _types(each),
        "/".join(each.mechanisms), crosses, f"{each.certainty}: {'; '.join(each.why)}",
        _evidence(each),
    )  # fmt: skip


def _row_alone(each: SeenBoundary) -> str:
    client, server = str(each.client or "?"), str(each.server or "?")
    return _cells(client, server, each.at, _types(each), each.unbound, _evidence(each))


def _types(each: SeenBoundary) -> str:
    sides = ["/".join(one) or "?" for one in (each.client_types, each.server_types)]
    return " to ".join(sides) if sides != ["?", "?"] else ""


def _evidence(each: SeenBoundary) -> str:
    said = [f"{one.kind}: {one.where}" for one in each.evidence]
    more = [f"and {len(said) - _MOST_EVIDENCE} more"] if len(said) > _MOST_EVIDENCE else []
    return "; ".join([*said[:_MOST_EVIDENCE], *more])


def _cells(*words: str) -> str:
    return f"| {' | '.join(escaped(each) for each in words)} |"


def _held(answer: HeldAgainst, found: BoundaryRegister) -> Iterator[str]:
    yield f"**{escaped(held_verdict(answer))}**"
    yield ""
    for kind in StandingKind:
        standings = answer.of(kind)
        if not standings or kind in (StandingKind.AS_DECLARED, StandingKind.LOCAL):
            continue
        yield f"### {str(kind).capitalize()} ({len(standings)})"
        yield ""
        yield from _listed(standings)
        yield ""
    yield from _searched(found)


def _listed(standings: Iterable[BoundaryStanding]) -> Iterator[str]:
    standings = tuple(standings)
    for each in standings[:_MOST_LISTED]:
        unsure = f" Unsure: {'; '.join(each.matched)}." if each.unsure else ""
        yield f"- {escaped(standing_said(each))}{escaped(unsure)}"
    if len(standings) > _MOST_LISTED:
        yield f"- and {len(standings) - _MOST_LISTED} more"


def _searched(found: BoundaryRegister) -> Iterator[str]:
    yield "Searched; what is not here may be where nobody looked:"
    yield ""
    yield from (f"- {escaped(each)}" for each in (*found.searched, *found.notes))
