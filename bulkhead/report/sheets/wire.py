"""`discover wire` as a sheet: every finding, and the kinds of which there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.discover.wire import OnTheWire, WireFinding, WireFindingKind, WireJudged
from bulkhead.lint import Severity
from bulkhead.network.provenance import Provenance
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.wire import finding_said, notes
from bulkhead.report.wire import verdict as verdict_of

_ENCRYPT: Final = "Use CURVE at both ends, or carry it in a VPN, and ask a ZAP handler who may."

KINDS: Final = {
    WireFindingKind.CREDENTIALS: EntryKind(
        id="wire-credentials",
        title="A password of PLAIN crosses in the clear",
        describes="PLAIN sends a name and a password that everybody on the way can read.",
        remedy=_ENCRYPT,
        severity=Severity.HIGH,
    ),
    WireFindingKind.PLAINTEXT: EntryKind(
        id="wire-plaintext",
        title="ZeroMQ in plaintext across a network that is not trusted",
        describes="Who is on the way can read the messages, and send some.",
        remedy=_ENCRYPT,
        severity=Severity.HIGH,
    ),
    WireFindingKind.UNDECIDED: EntryKind(
        id="wire-undecided",
        title="Whether ZeroMQ is encrypted cannot be told",
        describes="It crosses networks, and the capture does not show its mechanism.",
        remedy="Capture it from its beginning, and whole.",
        severity=Severity.MEDIUM,
        undecided=True,
    ),
    WireFindingKind.ACROSS: EntryKind(
        id="wire-null-between-subnets",
        title="ZeroMQ in plaintext between subnets",
        describes="It leaves its subnet without encryption: only rules of the network protect it.",
        remedy=_ENCRYPT,
        severity=Severity.MEDIUM,
    ),
    WireFindingKind.FOREIGN: EntryKind(
        id="wire-foreign",
        title="Another protocol was sent to a peer of ZeroMQ",
        describes="A health check, a scanner or a client at the wrong port talks to it.",
        severity=Severity.NOTE,
    ),
}
ALL_KINDS: Final = tuple(KINDS.values())


def wire(seen: OnTheWire, judged: WireJudged, *, provenance: Provenance | None = None) -> Sheet:
    """The worst first."""
    subject = seen.captures[0].name
    return sheet(
        "discover-wire",
        subject,
        [*map(_entry, judged.findings), *_nowhere(subject, judged)],
        verdict=verdict_of(seen, judged),
        ok=judged.ok,
        notes=notes(seen, judged),
        provenance=provenance,
    )


def _entry(finding: WireFinding) -> Entry:
    undecided = finding.kind is WireFindingKind.UNDECIDED
    said = finding_said(finding)
    return Entry(
        kind=KINDS[finding.kind],
        outcome=Outcome.NOT_DECIDED if undecided else Outcome.FAIL,
        message=f"{said}: {finding.why}",
        subject=said,
        identity=(finding.client, finding.server, str(finding.port), finding.transport),
        evidence=tuple(f"packet {each}" for each in finding.frames),
    )


def _nowhere(subject: str, judged: WireJudged) -> Iterator[Entry]:
    """The kinds of which there is none: a pass only where networks were named and all was read."""
    found = {each.kind for each in judged.findings}
    why = ""
    if judged.unread:
        why = f"Not all was read: {judged.unread[0]}"
    elif not judged.asked:
        why = "No network was named to judge it by"
    for kind, described in KINDS.items():
        if kind in found or described.severity is Severity.NOTE or described.undecided:
            continue
        open_ = why or (
            "Of some nobody can tell whether they leave their subnet"
            if judged.unplaced and kind is not WireFindingKind.PLAINTEXT
            else ""
        )
        yield Entry(
            kind=described,
            outcome=Outcome.NOT_DECIDED if open_ else Outcome.PASS,
            severity=Severity.NOTE if open_ else None,
            message=f"{subject}: none was found ({kind})",
            why=open_,
            subject=subject,
            identity=("all of it",),
        )
