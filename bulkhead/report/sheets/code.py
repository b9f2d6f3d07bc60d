"""`discover code` as a sheet: what of a scan is worth a look, at its line in the code."""

from __future__ import annotations

from typing import Final

from bulkhead.discover.code.changes import CodeChanges, CodeEndChanged
from bulkhead.discover.code.found import CodeFinding, CodeFindingKind, CodeScan
from bulkhead.lint import Severity
from bulkhead.network.origins import Origin
from bulkhead.network.provenance import Provenance
from bulkhead.report.code import SEVERITIES, verdict
from bulkhead.report.code_changes import changes_verdict, end_said
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet


def _kind(kind: CodeFindingKind, title: str, describes: str, remedy: str) -> EntryKind:
    return EntryKind(
        id=f"code-{kind}",
        title=title,
        describes=describes,
        remedy=remedy,
        severity=SEVERITIES[kind],
    )


KINDS: Final = {
    CodeFindingKind.PICKLE: _kind(
        CodeFindingKind.PICKLE,
        "A message is taken for objects",
        "What unpickles a message runs what its sender wrote in it.",
        "Send JSON, MessagePack or a schema, or let nobody but this host reach the socket.",
    ),
    CodeFindingKind.SECRET: _kind(
        CodeFindingKind.SECRET,
        "A secret is written in the code",
        "A secret key or a password stands where everybody reads it who has the code.",
        "Read it from where secrets are kept, and give out a new one.",
    ),
    CodeFindingKind.UNENCRYPTED: _kind(
        CodeFindingKind.UNENCRYPTED,
        "A socket is open to other hosts without encryption",
        "It binds an address that others reach, and nothing in the code sets a mechanism.",
        "Use CURVE with a ZAP handler, bind a loopback address, or let rules say who gets there.",
    ),
    CodeFindingKind.UNAUTHENTICATED: _kind(
        CodeFindingKind.UNAUTHENTICATED,
        "A CURVE server accepts every client",
        "It encrypts, and with no ZAP handler in the program any key is accepted.",
        "Start an authenticator that knows the clients' keys.",
    ),
    CodeFindingKind.PLAIN: _kind(
        CodeFindingKind.PLAIN,
        "A password crosses the network in the clear",
        "PLAIN authenticates and encrypts nothing.",
        "Use CURVE.",
    ),
    CodeFindingKind.MISTAKEN: _kind(
        CodeFindingKind.MISTAKEN,
        "An endpoint means something else than it says",
        "libzmq refuses it, or takes it for another one without an error.",
        "Write the endpoint as libzmq reads it.",
    ),
}
NEW: Final = EntryKind(
    id="code-new-boundary",
    title="A boundary is new in the code",
    describes="A socket binds or connects where no socket did at the revision that was named.",
    remedy="Declare it in the topology, if it is meant.",
    severity=Severity.MEDIUM,
)
ALL_KINDS: Final = (*KINDS.values(), NEW)


def code(
    scan: CodeScan,
    changes: CodeChanges | None = None,
    *,
    ok: bool,
    provenance: Provenance | None = None,
) -> Sheet:
    """The worst first; a kind of which there is none passes, unless files were not read."""
    new = [_new(each, changes.since) for each in changes.boundaries] if changes else []
    there = {each.kind for each in scan.findings}
    where = ", ".join(scan.roots)
    unread = bool(scan.skipped or scan.left_out)
    none = [
        Entry(
            kind=described,
            outcome=Outcome.NOT_DECIDED if unread else Outcome.PASS,
            message=f"{where}: none was found ({kind})",
            why="Not every file was read." if unread else "",
            subject=where,
            identity=("all of it",),
        )
        for kind, described in KINDS.items()
        if kind not in there
    ]
    return sheet(
        "discover code",
        scan.roots[0] if scan.roots else "",
        [*new, *map(_entry, scan.findings), *none],
        verdict=changes_verdict(changes) if changes else verdict(scan),
        ok=ok,
        notes=(
            *(f"skipped, {each.reason}: {each.file}" for each in scan.skipped),
            *(f"left out: {each}" for each in scan.left_out),
        ),
        provenance=provenance,
    )


def _new(each: CodeEndChanged, since: str) -> Entry:
    socket, end = each.socket, each.end
    return Entry(
        kind=NEW,
        message=end_said(each),
        why=f"No socket of {socket.program} did so at {since}.",
        subject=f"{socket.program}: {socket.name or end.place}",
        identity=(socket.program, *socket.types, end.side, end.text),
        origin=Origin(file=end.place.file, line=end.place.line),
    )


def _entry(finding: CodeFinding) -> Entry:
    socket = finding.socket
    return Entry(
        kind=KINDS[finding.kind],
        message=finding.what,
        why=finding.why,
        subject=f"{socket.program}: {socket.name or socket.place}",
        identity=(socket.program, finding.place.file, socket.within, socket.name, finding.what),
        origin=Origin(file=finding.place.file, line=finding.place.line),
    )
