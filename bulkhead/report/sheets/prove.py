"""`prove` as a sheet: what is open, what cannot be told, and who contradicts the proof.

That something is open is no fault here: nobody said what should be. It is a pass where replies
return, a note where they do not, and not decided where it depends on what is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.agree import FlowMatrix, Pair
from bulkhead.doubt import Doubts
from bulkhead.lint import Severity
from bulkhead.network import Network, Verdict
from bulkhead.network.origins import Origins
from bulkhead.network.provenance import Provenance
from bulkhead.network.traffic import listed, traffic
from bulkhead.prove import PARTLY, Summary
from bulkhead.prove.overview import Overview, Receiver
from bulkhead.report.doubt import verdict as doubted
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.stable import StableNames
from bulkhead.report.unmodelled import unjudged
from bulkhead.report.words import LEGEND, count

OPEN: Final = EntryKind(
    id="pair-open",
    title="A pair is open",
    describes="Requests arrive and replies return. Nobody said here whether that is meant.",
    remedy="Hold it against a topology: bulkhead check TOPOLOGY --on SOURCE.",
    severity=Severity.NOTE,
)
HALF_OPEN: Final = EntryKind(
    id="pair-half-open",
    title="A pair is half-open",
    describes="Requests arrive, and from some client ports no reply returns.",
    remedy="Ask `bulkhead explain` which layer drops the replies.",
    severity=Severity.NOTE,
)
DIFFERING: Final = EntryKind(
    id="pair-partly",
    title="A pair differs between replicas, zones or addresses",
    describes="Of some of its hosts it is otherwise than of others: open, half-open or unknown.",
    remedy="Ask `bulkhead reach --from A --to B` for each host.",
    severity=Severity.NOTE,
)
UNDETERMINED: Final = EntryKind(
    id="pair-undetermined",
    title="Whether a pair is open cannot be told",
    describes="It depends on something that is not known or not modelled.",
    remedy="Make known what decides it: read all of the account, or write the rule out.",
    severity=Severity.NOTE,
    undecided=True,
)
EXPOSED: Final = EntryKind(
    id="internet-reaches",
    title="The internet reaches it",
    describes="Packets of any public address arrive.",
    remedy="Hold it against a topology: bulkhead check TOPOLOGY --on SOURCE.",
    severity=Severity.NOTE,
)
CONTRADICTED: Final = EntryKind(
    id="proof-contradicted",
    title="A packet contradicts the proof",
    describes="A second opinion on the same network says otherwise of one packet: one is wrong.",
    remedy="Report it, with the network: the proof of this network cannot be relied on.",
    severity=Severity.HIGH,
)
ALL_KINDS: Final = (OPEN, HALF_OPEN, DIFFERING, UNDETERMINED, EXPOSED, CONTRADICTED)

_KIND: Final[Mapping[Summary, EntryKind]] = {
    Verdict.ALLOWED: OPEN,
    Verdict.HALF_OPEN: HALF_OPEN,
    Verdict.UNDETERMINED: UNDETERMINED,
    PARTLY: DIFFERING,
}
_OUTCOME: Final[Mapping[Summary, Outcome]] = {
    Verdict.ALLOWED: Outcome.PASS,
    Verdict.HALF_OPEN: Outcome.FAIL,
    Verdict.UNDETERMINED: Outcome.NOT_DECIDED,
    PARTLY: Outcome.FAIL,
}


def prove(
    source: str,
    network: Network,
    found: FlowMatrix | Overview,
    doubts: Doubts | None = None,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Sheet:
    """Pair by pair; of what no table can hold, what the internet reaches and what is unsure."""
    names = StableNames(network)
    told = _pairs(found, names, origins) if isinstance(found, FlowMatrix) else _large(found, names)
    entries = [*_doubts(doubts), *told]
    return sheet(
        "prove",
        source,
        entries,
        verdict=_verdict(source, entries, doubts),
        ok=doubts is None or doubts.ok,
        notes=map(str, unjudged(network)),
        provenance=provenance,
    )


def _verdict(source: str, entries: list[Entry], doubts: Doubts | None) -> str:
    undecided = sum(each.outcome is Outcome.NOT_DECIDED for each in entries)
    said = f"{source}: proved over all packets"
    if undecided:
        said += f" but those of {count(undecided, 'pair')} that cannot be told"
    return f"{said}; {doubted(doubts)[2]}" if doubts else said


def _pairs(matrix: FlowMatrix, names: StableNames, origins: Origins | None) -> Iterator[Entry]:
    for pair in matrix.pairs.values():
        if pair.proved is not None and pair.proved is not Verdict.DENIED:
            yield _pair(pair, pair.proved, names, origins)


def _pair(pair: Pair, proved: Summary, names: StableNames, origins: Origins | None) -> Entry:
    known = origins and (origins.named(pair.socket) or origins.named(pair.sender))
    return Entry(
        kind=_KIND[proved],
        outcome=_OUTCOME[proved],
        message=f"{pair_said(pair)}: {LEGEND[proved]}",
        subject=f"{pair.sender} -> {pair.socket}",
        identity=pair_identity(pair, names),
        origin=known or (origins.whole if origins else None),
    )


def pair_said(pair: Pair) -> str:
    """'momentum -> ticker.ticks (tcp 5556)'."""
    where = f" at {pair.address}" if pair.address else ""
    return f"{pair.sender} -> {pair.socket}{where} ({traffic(pair.protocol, (pair.ports,))})"


def pair_identity(pair: Pair, names: StableNames) -> tuple[str, ...]:
    """Who, where to and on which ports."""
    ends = (str(pair.sender_kind), names.text(pair.sender), names.text(pair.socket))
    return (*ends, traffic(pair.protocol, (pair.ports,)), str(pair.address or ""))


def _large(found: Overview, names: StableNames) -> Iterator[Entry]:
    for each in found.exposed:
        yield _receiver(EXPOSED, Outcome.FAIL, each, "the internet reaches", names)
    for each in found.unsure:
        yield _receiver(UNDETERMINED, Outcome.NOT_DECIDED, each, "it cannot be told who", names)


def _receiver(
    kind: EntryKind, outcome: Outcome, each: Receiver, says: str, names: StableNames
) -> Entry:
    what = listed(each.traffic)
    tail = "" if kind is EXPOSED else " reaches"
    return Entry(
        kind=kind,
        outcome=outcome,
        message=f"{says}{tail} {each.name} on {what}",
        subject=each.name,
        identity=(names.text(each.name), what),
    )


def _doubts(doubts: Doubts | None) -> Iterator[Entry]:
    if doubts is None:
        return
    for each in doubts.contradictions:
        yield Entry(
            kind=CONTRADICTED,
            message=str(each),
            subject=f"{each.source} -> {each.destination}",
            identity=(each.opinion, each.question, str(each.witness)),
        )
    for left in doubts.left_out:
        yield Entry(
            kind=CONTRADICTED,
            outcome=Outcome.NOT_DECIDED,
            message=f"not asked or not answered: {left}",
            subject=left,
            identity=("left out", left),
        )
    if doubts.ok and doubts.complete:
        yield Entry(
            kind=CONTRADICTED,
            outcome=Outcome.PASS,
            message="no packet contradicts the proof",
            subject="the proof",
            identity=("all of it",),
        )
