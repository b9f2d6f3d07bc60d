"""`diff` as a sheet: every flow that differs, from whom to which socket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.compare import Change, ChangeKind, Delta
from bulkhead.ends import EndpointKind
from bulkhead.lint import Severity
from bulkhead.network import Network
from bulkhead.network.origins import Origin, Origins
from bulkhead.network.provenance import Provenance
from bulkhead.report.delta import details, headline, surprises
from bulkhead.report.delta import verdict as verdict_of
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.stable import StableNames

KINDS: Final = {
    ChangeKind.OPENED: EntryKind(
        id="flow-opened",
        title="A flow opens",
        describes="Requests arrive that did not arrive before.",
        remedy="Take back the rules that open it, unless it is meant.",
        severity=Severity.MEDIUM,
    ),
    ChangeKind.CLOSED: EntryKind(
        id="flow-closed",
        title="A flow closes",
        describes="Requests arrived before, and no longer do.",
        remedy="Put back the rules that let it pass, unless it is meant.",
        severity=Severity.LOW,
    ),
    ChangeKind.HALF_BROKEN: EntryKind(
        id="flow-half-broken",
        title="A flow loses its replies",
        describes="It worked; now requests arrive and replies are dropped: no connection opens.",
        remedy="Let the replies pass, or the requests no longer.",
        severity=Severity.MEDIUM,
    ),
    ChangeKind.MENDED: EntryKind(
        id="flow-mended",
        title="A flow gets its replies back",
        describes="Replies were lost, and now return.",
        severity=Severity.NOTE,
    ),
    ChangeKind.UNDETERMINED: EntryKind(
        id="flow-now-undetermined",
        title="What becomes of a flow cannot be told",
        describes="It was known; now it depends on something that is not known or not modelled.",
        remedy="Make known what decides it: read all of the account, or write the rule out.",
        severity=Severity.MEDIUM,
        undecided=True,
    ),
    ChangeKind.KNOWN: EntryKind(
        id="flow-now-known",
        title="What becomes of a flow is known now",
        describes="It was undetermined, and no longer is.",
        severity=Severity.NOTE,
    ),
}
SAME: Final = EntryKind(
    id="flows-same",
    title="Flows differ",
    describes="Some flow fares otherwise in the one network than in the other.",
    severity=Severity.MEDIUM,
)
ALL_KINDS: Final = (*KINDS.values(), SAME)

_OUTSIDE: Final = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)


def diff(
    before: str,
    after: str,
    networks: tuple[Network, Network],
    delta: Delta,
    *,
    origins: tuple[Origins | None, Origins | None] = (None, None),
    provenance: Provenance | None = None,
) -> Sheet:
    """In the order of the answer. Pairs are of before and after; `provenance` is of after."""
    names = StableNames(*networks)
    entries = [change_entry(each, names, origins) for each in delta.changes]
    if delta.same:
        entries = [_same(before, after, delta)]
    return sheet(
        "diff",
        after,
        entries,
        verdict=verdict_of(before, after, delta),
        ok=delta.same,
        notes=surprises(delta),
        provenance=provenance,
    )


def change_entry(
    change: Change,
    names: StableNames,
    origins: tuple[Origins | None, Origins | None] = (None, None),
) -> Entry:
    """One flow that fares otherwise: `review` says it too."""
    undecided = change.kind is ChangeKind.UNDETERMINED
    return Entry(
        kind=KINDS[change.kind],
        outcome=Outcome.NOT_DECIDED if undecided else Outcome.FAIL,
        severity=_severity(change),
        message=headline(change),
        why=str(change.effect or ""),
        subject=f"{change.source.name} -> {change.to}",
        identity=(
            names.text(change.source.name),
            names.text(change.to),
            change.traffic,
            str(change.before),
            str(change.after),
        ),
        evidence=tuple(details(change)),
        origin=next(filter(None, _written(change, origins)), None),
    )


def _severity(change: Change) -> Severity | None:
    """What the internet gets into is worst; None: the usual."""
    opened = change.kind is ChangeKind.OPENED
    return Severity.HIGH if opened and change.source.kind in _OUTSIDE else None


def _written(
    change: Change, origins: tuple[Origins | None, Origins | None]
) -> Iterable[Origin | None]:
    before, after = origins
    for cause in change.causes:
        known = before if cause.gone else after
        if known and cause.holder:
            yield known.of(cause.holder, cause.written)
    for known in (after, before):
        if known:
            yield known.named(change.to)
            yield known.named(change.source.name)
            yield known.whole


def _same(before: str, after: str, delta: Delta) -> Entry:
    return Entry(
        kind=SAME,
        outcome=Outcome.PASS,
        message=verdict_of(before, after, delta),
        subject=f"{before} -> {after}",
        identity=("all of it",),
    )
