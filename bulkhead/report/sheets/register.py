"""`discover register` as a sheet: each boundary at its line in the code, or as declared."""

from __future__ import annotations

from typing import Final

from bulkhead.discover.register import (
    BoundaryRegister,
    BoundaryStanding,
    HeldAgainst,
    SeenBoundary,
    StandingKind,
)
from bulkhead.lint import Severity
from bulkhead.network.origins import Origin
from bulkhead.network.provenance import Provenance
from bulkhead.report.register import boundary_said, held_verdict, verdict
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet

FOUND: Final = EntryKind(
    id="boundary-found",
    title="A boundary of ZeroMQ",
    describes="One program connects to a socket of another.",
    severity=Severity.NOTE,
)
ONE_END: Final = EntryKind(
    id="boundary-one-end",
    title="A socket of which the other end is not known",
    describes="It binds and nobody was seen to connect, or it connects to nobody that was seen.",
    severity=Severity.NOTE,
)
KINDS: Final = {
    StandingKind.SHADOW: EntryKind(
        id="boundary-shadow",
        title="A boundary that no topology declares",
        describes="A connection was seen, in code or running, that the topology does not have.",
        remedy="Declare it (discover register --update writes it down), or take it away.",
        severity=Severity.HIGH,
    ),
    StandingKind.DIFFERS: EntryKind(
        id="boundary-differs",
        title="A boundary that is declared otherwise",
        describes="Its port, its types, its mechanism or who binds is not as the topology says.",
        remedy="Let the topology and the program say the same.",
        severity=Severity.HIGH,
    ),
    StandingKind.UNTOLD: EntryKind(
        id="boundary-untold",
        title="A boundary of which nobody can tell whether it is declared",
        describes="Both ends are in the code of one program.",
        remedy="Say which roles it has: --service NAME=PATH.",
        severity=Severity.LOW,
        undecided=True,
    ),
    StandingKind.UNSEEN: EntryKind(
        id="boundary-unseen",
        title="A declared connection that nobody saw",
        describes="No evidence that was searched shows it, which does not prove it absent.",
        remedy="Look where it runs, or take it out of the topology if it is not needed.",
        severity=Severity.NOTE,
        undecided=True,
    ),
    StandingKind.LOCAL: EntryKind(
        id="boundary-local",
        title="A connection within one host",
        describes="No network has a rule for it, so it is not held against the topology.",
        severity=Severity.NOTE,
    ),
    StandingKind.AS_DECLARED: EntryKind(
        id="boundary-declared",
        title="A boundary as it is declared",
        describes="It was seen, and the topology has it.",
        severity=Severity.NOTE,
    ),
}
ALL_KINDS: Final = (FOUND, ONE_END, *KINDS.values())
_OUTCOMES: Final = {
    StandingKind.SHADOW: Outcome.FAIL,
    StandingKind.DIFFERS: Outcome.FAIL,
    StandingKind.UNTOLD: Outcome.NOT_DECIDED,
    StandingKind.UNSEEN: Outcome.NOT_DECIDED,
    StandingKind.LOCAL: Outcome.PASS,
    StandingKind.AS_DECLARED: Outcome.PASS,
}


def register(found: BoundaryRegister, *, provenance: Provenance | None = None) -> Sheet:
    """Each boundary as a note: that there is one is no fault."""
    return sheet(
        "discover register",
        "what was searched",
        [_note(each) for each in found.boundaries],
        verdict=verdict(found),
        ok=True,
        notes=(*(f"searched: {each}" for each in found.searched), *found.notes),
        provenance=provenance,
    )


def held(
    answer: HeldAgainst, found: BoundaryRegister, *, provenance: Provenance | None = None
) -> Sheet:
    """How each stands to the topology, the worst first."""
    return sheet(
        "discover register",
        answer.file,
        [_entry(each) for each in answer.standings],
        verdict=held_verdict(answer),
        ok=answer.ok,
        notes=(*(f"searched: {each}" for each in found.searched), *found.notes),
        provenance=provenance,
    )


def _note(each: SeenBoundary) -> Entry:
    return Entry(
        kind=ONE_END if each.unbound else FOUND,
        message=boundary_said(each),
        subject=str(each),
        identity=_identity(each),
        why="; ".join((each.unbound, *each.why) if each.unbound else each.why),
        origin=_in_code(each),
        evidence=tuple(map(str, each.evidence)),
    )


def _entry(each: BoundaryStanding) -> Entry:
    declared = each.declared_at and Origin(file=each.declared_at.file, line=each.declared_at.line)
    in_code = _in_code(each.boundary) if each.boundary else None
    connection = each.connection
    identity = _identity(each.boundary) if each.boundary else ()
    if connection is not None:
        identity = (
            connection.client_socket.reference,
            connection.server_socket.reference,
            *identity,
        )
    unsure = (f"unsure: {'; '.join(each.matched)}",) if each.unsure else ()
    also = (f"declared at {declared}",) if declared and in_code else ()
    return Entry(
        kind=KINDS[each.kind],
        outcome=_OUTCOMES[each.kind],
        message=f"{each.differs}: {each.what}" if each.differs else each.what,
        subject=str(each.boundary or connection or ""),
        identity=identity,
        why="; ".join((*unsure, *also, *(each.boundary.why if each.boundary else ()))),
        remedy=each.remedy,
        origin=in_code or declared,
        evidence=tuple(map(str, each.boundary.evidence)) if each.boundary else (),
    )


def _identity(each: SeenBoundary) -> tuple[str, ...]:
    return (
        each.client.name if each.client else "",
        each.server.name if each.server else "",
        each.at,
        each.endpoint if each.unbound else "",
    )


def _in_code(each: SeenBoundary) -> Origin | None:
    return Origin(file=each.place.file, line=each.place.line) if each.place else None
