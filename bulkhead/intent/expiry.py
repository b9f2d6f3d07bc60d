"""Until when something is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.wiring import Owner, ends_of


def today() -> date:
    """The day against which `until` is held; everywhere the same one."""
    return datetime.now(UTC).date()


def warn_of_expired(owners: Mapping[str, Owner], complain: Complain) -> None:
    """Of every socket that was needed until a day that has passed."""
    for end in ends_of(owners):
        warn_if_expired(end.reference, end.written.until, (*end.path, "until"), complain)


def warn_if_expired(name: str, until: date | None, path: KeyPath, complain: Complain) -> None:
    """A day that has passed closes nothing: whoever deploys something else is not held up."""
    if until is not None and until < today():
        what = f"{name} was needed until {until}, and it is open still"
        complain.warn(path, what, "remove it, or say until when it is needed now")
