"""The record of a drill: what `bulkhead drill --json` wrote down, and whether it counts here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.problems import InputError, Problem, printable

_REMEDY: Final = "write it with `bulkhead drill SOURCE --for TOPOLOGY --json`"
_SCHEMA: Final = "bulkhead.drill/"
_NOT_DRILLED: Final = "proved, not drilled"
_LIMITS: Final = (
    "what a real kernel does with the rules in a twin on one machine: not AWS's own data plane",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRecord:
    """A test of a network with real sockets: when, of what, with which version, how it ended.

    `problem`: why it does not count as a test of what is audited; '' where it does.
    """

    file: str
    day: date
    version: str
    source: str
    digests: tuple[tuple[str, str], ...]
    """Of every file that was read: its name and SHA-256."""
    network: str
    """The fingerprint of the state that was drilled."""
    agreed: bool
    """Whether everything was as proved."""
    connections: int
    untried: int = 0
    """Pairs of ends over IPv6, of which a twin tries none."""
    disagreements: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    """What a drill does not test, in its own words."""
    problem: str = ""


def read_drill(path: Path, network: str) -> DrillRecord:
    """The record in a file, held against the fingerprint of the network that is audited.

    Raises InputError where it is none.
    """
    document = _document(path)
    made = document.get("provenance")
    if not isinstance(made, Mapping):
        raise _wrong(path, "does not say when and from what it was made (provenance)")
    try:
        day = _day(str(made.get("time")))
        measured, differing = document["measurements"], document["disagreements"]
        digests = tuple((_text(each["name"]), _text(each["sha256"])) for each in made["digests"])
        return DrillRecord(
            file=str(path),
            day=day,
            version=_text(made.get("version")),
            source=_text(document.get("source")),
            digests=digests,
            network=_text(document.get("network")),
            agreed=document["verdict"] == "as proved" and not differing,
            connections=len(measured),
            untried=_count(document.get("by_proof_alone", 0)),
            disagreements=tuple(map(_said, differing)),
            limits=(*_LIMITS, *map(_text, document.get("notes") or ())),
            problem=_problem(document, network),
        )
    except (KeyError, TypeError, ValueError):
        raise _wrong(path, "is no whole record of a drill") from None


def _day(text: str) -> date:
    """In UTC, as the day on which it is asked; a time without a zone is of UTC."""
    time = datetime.fromisoformat(text)
    return (time.astimezone(UTC) if time.tzinfo else time).date()


def _document(path: Path) -> Mapping[str, Any]:
    data = read_file(path, largest=LARGEST_ANSWER, remedy=_REMEDY)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _wrong(path, "is not JSON") from None
    if not isinstance(found, Mapping) or not str(found.get("schema")).startswith(_SCHEMA):
        raise _wrong(path, "is no record of a drill")
    return found


def _wrong(path: Path, what: str) -> InputError:
    return InputError([Problem(str(path), 0, what, _REMEDY)])


def _text(value: object) -> str:
    return printable(value) if isinstance(value, str) else ""


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _problem(document: Mapping[str, Any], network: str) -> str:
    """Why it is no test of this network, which may have changed since."""
    if document["verdict"] == _NOT_DRILLED:
        return f"nothing was drilled: {_text(document.get('reason'))}"
    if not document["measurements"]:
        return "nothing was measured in it"
    if not document.get("network"):
        return "it does not say of which state of a network it is: drill again"
    if document["network"] != network:
        return (
            f"it is of another network, or of another state of this one "
            f"({_text(document.get('source'))}): drill again, with the same SOURCE and --for"
        )
    return ""


def _said(measurement: Mapping[str, Any]) -> str:
    return (
        f"{_text(measurement['from']['name'])} -> {_text(measurement['to']['name'])} "
        f"{_text(measurement['protocol'])} {measurement['port']}: proved "
        f"{_text(measurement['proved'])}, measured {_text(measurement['measured'])}"
    )
