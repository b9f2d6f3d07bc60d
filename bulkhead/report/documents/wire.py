"""`bulkhead.discover-wire/1`, `bulkhead.discover-probe/1`."""

from __future__ import annotations

from collections.abc import Sequence

from bulkhead.discover.wire import (
    Answered,
    Cidr,
    FrameAt,
    OnTheWire,
    ProbeAnswer,
    Shown,
    WireConnection,
    WireDatagrams,
    WireEnd,
    WireFinding,
    WireJudged,
    crossing,
)
from bulkhead.network import Provenance
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.wire import moment, notes, probe_verdict
from bulkhead.report.wire import verdict as verdict_of


def wire(
    seen: OnTheWire,
    judged: WireJudged,
    *,
    subnets: Sequence[Cidr] = (),
    provenance: Provenance | None = None,
) -> Document:
    """Every connection of captures, and what of them is a finding."""
    return {
        "schema": "bulkhead.discover-wire/1",
        "provenance": made_from(provenance),
        "verdict": verdict_of(seen, judged),
        "ok": judged.ok,
        "captures": [
            {
                "name": each.name,
                "packets": each.packets,
                "damage": each.damage,
                "passed": dict(each.passed),
            }
            for each in seen.captures
        ],
        "connections": [_connection(each, subnets) for each in seen.connections],
        "datagrams": [_datagrams(each) for each in seen.datagrams],
        "findings": [_finding(each) for each in judged.findings],
        "others": dict(seen.others),
        "notes": list(notes(seen, judged)),
    }


def _connection(connection: WireConnection, subnets: Sequence[Cidr]) -> Document:
    return {
        "client": _end(connection.client),
        "server": _end(connection.server),
        "transport": connection.transport,
        "opened": connection.opened.name.lower(),
        "sure": str(connection.sure),
        "because": connection.because,
        "version": connection.version,
        "mechanism": connection.mechanism,
        "secrecy": str(connection.secrecy),
        "handshake": connection.agreed,
        "alone": _alone(connection),
        "credentials": connection.credentials,
        "crosses": crossing(connection, subnets).name.lower(),
        "packets": connection.packets,
        "closed": connection.closed,
        "first": _frame(connection.first),
        "last": _frame(connection.last),
    }


def _alone(connection: WireConnection) -> str | None:
    if connection.alone is None:
        return None
    return "client" if connection.alone is connection.client else "server"


def _end(end: WireEnd) -> Document:
    return {
        "address": end.address,
        "port": end.port,
        "hops": end.hops,
        "foreign": end.foreign,
        **_shown(end.shown),
    }


def _shown(shown: Shown) -> Document:
    return {
        "greeted": shown.greeted,
        "version": shown.version,
        "mechanism": shown.mechanism,
        "as_server": shown.as_server,
        "socket_type": shown.socket_type,
        "identity_bytes": shown.identity,
        "properties": list(shown.properties),
        "commands": dict(shown.commands),
        "error": shown.error,
        "messages": shown.messages,
        "sealed": shown.sealed,
        "subscriptions": shown.subscriptions,
        "bytes": shown.size,
        "trouble": shown.trouble,
    }


def _frame(at: FrameAt) -> Document:
    return {"file": at.file, "number": at.number, "time": moment(at.time)}


def _datagrams(flow: WireDatagrams) -> Document:
    return {
        "transport": flow.transport,
        "sender": flow.sender,
        "target": flow.target,
        "port": flow.port,
        "sure": str(flow.sure),
        "because": flow.because,
        "groups": list(flow.groups),
        "packets": flow.packets,
        "bytes": flow.size,
        "first": _frame(flow.first),
        "last": _frame(flow.last),
    }


def _finding(finding: WireFinding) -> Document:
    return {
        "kind": str(finding.kind),
        "fault": finding.fault,
        "client": finding.client,
        "server": finding.server,
        "port": finding.port,
        "transport": finding.transport,
        "why": finding.why,
        "count": finding.count,
        "frames": [_frame(each) for each in finding.frames],
    }


def probes(answers: Sequence[ProbeAnswer], *, provenance: Provenance | None = None) -> Document:
    """What each target said to a greeting."""
    return {
        "schema": "bulkhead.discover-probe/1",
        "provenance": made_from(provenance),
        "verdict": probe_verdict(answers),
        "ok": all(each.answered is Answered.ZMTP for each in answers),
        "targets": [
            {
                "host": each.target.host,
                "port": each.target.port,
                "answered": each.answered.name.lower(),
                "decided": each.decided,
                "failed": each.failed,
                "address": each.address,
                "sent_bytes": each.sent,
                "said": each.said or None,
                "seconds": round(each.seconds, 4),
                "peer": _shown(each.shown) if each.shown else None,
            }
            for each in answers
        ],
    }
