"""`drill` as a sheet: every pair that was measured, and the judgement where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.agree import Drilled, Fit, Pair
from bulkhead.judge import Judgement
from bulkhead.lint import Severity
from bulkhead.network import Declaration, Network
from bulkhead.network.origins import Origins
from bulkhead.network.provenance import Provenance
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.check import entries_of
from bulkhead.report.sheets.prove import pair_identity, pair_said
from bulkhead.report.sheets.stable import StableNames
from bulkhead.report.unmodelled import unjudged
from bulkhead.report.verdict import drill_verdict_of
from bulkhead.report.words import LEGEND

CONTRADICTED: Final = EntryKind(
    id="drill-contradicts",
    title="A drill contradicts the proof",
    describes="A real socket in the twin did what was proved impossible, or could not do what "
    "was proved to work: the prover or the twin is wrong.",
    remedy="Report it, with the network: the proof of this network cannot be relied on.",
    severity=Severity.HIGH,
)
NOT_DRILLED: Final = EntryKind(
    id="not-drilled",
    title="No drill could run",
    describes="The network was proved, and nothing was measured.",
    remedy="Run it where network namespaces may be made: docs/drill.md.",
    severity=Severity.MEDIUM,
)
ALL_KINDS: Final = (CONTRADICTED, NOT_DRILLED)


def drill(
    source: str,
    subject: str,
    network: Network,
    drilled: Drilled[Judgement],
    declaration: Declaration | None = None,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Sheet:
    """What contradicts the proof, what is not as declared, then what is as it should be."""
    names = StableNames(network)
    entries = [*_contradictions(drilled, names), *_missed(source, drilled)]
    if drilled.judgement and declaration:
        entries += entries_of(network, drilled.judgement, declaration, origins=origins)
    entries += _measured(drilled, names)
    measured = drilled.comparison.drill
    return sheet(
        "drill",
        source,
        entries,
        verdict=drill_verdict_of(subject, drilled),
        ok=drilled.ok,
        notes=(*(measured.notes if measured else ()), *map(str, unjudged(network))),
        provenance=provenance,
    )


def _contradictions(drilled: Drilled[Judgement], names: StableNames) -> Iterator[Entry]:
    for each in drilled.comparison.disagreements:
        one = each.measurement
        where = one.listener.name if one.listener else f"{one.target.name} {one.port}"
        yield Entry(
            kind=CONTRADICTED,
            message=str(each),
            subject=f"{one.source} -> {where}",
            identity=(
                *(names.text(str(end)) for end in (one.source, one.target)),
                f"{one.protocol} {one.port}",
                str(one.source_port or ""),
            ),
        )


def _missed(source: str, drilled: Drilled[Judgement]) -> Iterator[Entry]:
    if drilled.comparison.fit is Fit.NOT_DRILLED:
        yield Entry(
            kind=NOT_DRILLED,
            outcome=Outcome.FAIL if drilled.required else Outcome.NOT_DECIDED,
            message=f"not drilled: {drilled.comparison.reason}",
            subject=source,
            identity=("all of it",),
        )


def _measured(drilled: Drilled[Judgement], names: StableNames) -> Iterator[Entry]:
    """Pairs of the matrix; one whose measurement contradicts the proof is told above."""
    for pair in drilled.matrix.pairs.values() if drilled.comparison.drill else ():
        # Of those without a proof nobody asks: a host does not call itself over a network.
        if pair.as_proved and pair.proved is not None:
            yield _pair(pair, names)


def _pair(pair: Pair, names: StableNames) -> Entry:
    measured = pair.measured is not None
    proved = LEGEND[pair.proved] if pair.proved is not None else "nothing"
    said = f"measured {LEGEND[pair.measured]}" if pair.measured is not None else "not measured"
    return Entry(
        kind=CONTRADICTED,
        outcome=Outcome.PASS if measured else Outcome.NOT_DECIDED,
        severity=None if measured else Severity.NOTE,
        message=f"{pair_said(pair)}: proved {proved}, {said}",
        subject=f"{pair.sender} -> {pair.socket}",
        why="" if measured else "It was proved, and the twin tried no connection of it.",
        identity=("pair", *pair_identity(pair, names)),
    )
