"""Answers of no verb in particular: entries and sheets with a text wherever one can stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bulkhead.compare import compare
from bulkhead.lint import Severity
from bulkhead.network import Network
from bulkhead.network.origins import Origin
from bulkhead.network.provenance import Digest, Provenance
from bulkhead.report.html import of_two
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet


def kind(text: str = "it", id_: str = "a-kind", **other: Any) -> EntryKind:
    return EntryKind(id=id_, title=text, describes=text, remedy=text, **other)


def entry(text: str = "it", outcome: Outcome = Outcome.FAIL, **other: Any) -> Entry:
    given: dict[str, Any] = {
        "kind": kind(text),
        "message": text,
        "subject": text,
        "identity": (text,),
        "why": text,
        "remedy": text,
        "origin": Origin(file=text, line=3),
        "evidence": (text,),
        "severity": Severity.HIGH,
        "outcome": outcome,
    }
    return Entry(**{**given, **other})


def answer(*entries: Entry, text: str = "it", ok: bool = False) -> Sheet:
    read = Provenance(
        time=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        version=text,
        accounts=(text,),
        regions=(text,),
        digests=(Digest(name=text, sha256=text),),
    )
    return sheet("check", text, entries, verdict=text, ok=ok, notes=(text,), provenance=read)


def page_of_change(told: Sheet, before: Network, after: Network) -> str:
    return of_two(told, before, after, compare(before, after).changes, title="it")
