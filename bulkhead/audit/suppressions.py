"""What somebody answers for until a date: findings that are shown, and do not fail the audit."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulkhead.audit.check import Check, Checked
from bulkhead.audit.controls import Control
from bulkhead.files import read_file
from bulkhead.problems import InputError, Problem

if TYPE_CHECKING:
    from bulkhead.intent.document import KeyPath

_KEYS: Final = ("check", "control", "resource", "reason", "owner", "expires")
_FORM: Final = (
    "write check (or control), resource, reason, owner and expires, as docs/audit.md shows"
)

Complain = Callable[["KeyPath", str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One entry of the file. Of `check` and `control` one is '', and matches any."""

    check: str
    control: str
    resource: str
    """A pattern with * and ?, over the id or the name of a resource."""
    reason: str
    owner: str
    expires: date
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def about(self) -> str:
        return f"{self.check or self.control} of {self.resource}"

    def expired(self, today: date) -> bool:
        """Whether it no longer counts: the day that it names is the last on which it does."""
        return today > self.expires

    def speaks_of(self, control: Control, check: Check) -> bool:
        if self.check:
            return self.check == check.id
        return self.control.casefold() == control.name.casefold()

    def matches(self, control: Control, check: Check, checked: Checked) -> bool:
        """Whether it is about what a check says of a resource, as a part of a control."""
        # What a name holds in brackets is a part of it: only * and ? stand for something.
        pattern = self.resource.replace("[", "[[]")
        return self.speaks_of(control, check) and any(
            fnmatchcase(each, pattern) for each in (checked.resource, checked.name)
        )

    def __str__(self) -> str:
        return f"until {self.expires} by {self.owner}: {self.reason}"


def beside(topology: Path) -> Path:
    """Where a topology's suppressions are looked for: trading.suppressions.yaml."""
    return topology.with_name(f"{topology.stem}.suppressions.yaml")


def read_suppressions(
    path: Path, checks: Collection[str], controls: Collection[str]
) -> tuple[Suppression, ...]:
    """Every entry of a file. Raises InputError with all that is wrong with them."""
    # Most have none, and YAML takes longer to import than a small answer.
    from bulkhead.intent.document import (  # noqa: PLC0415
        EMPTY,
        LARGEST_FILE,
        FileLine,
        nearest,
        read_document,
    )

    data = read_file(path, largest=LARGEST_FILE, remedy="name a file of suppressions that is there")
    document = read_document(str(path), data)
    problems = [
        # An empty topology lacks something else.
        replace(each, remedy=_FORM) if each.what == EMPTY else each
        for each in document.problems
    ]
    if document.root is None:
        raise InputError(problems)
    places, whole = document.root.places(), FileLine(str(path), 1)

    def complain(at: KeyPath, what: str, remedy: str) -> None:
        problems.append(Problem(*nearest(places, at, whole), what, remedy))

    root = document.root.plain()
    entries = root.get("suppressions") if isinstance(root, dict) else None
    if not isinstance(entries, list) or not isinstance(root, dict):
        complain((), "has no list `suppressions:`", _FORM)
        raise InputError(problems)
    for key in root.keys() - {"suppressions"}:
        complain((key,), f"{key!r} means nothing here", "remove it")
    found = []
    for index, entry in enumerate(entries):
        at: KeyPath = ("suppressions", index)
        wrong = len(problems)
        values = _entry(entry, at, complain)
        _known(values, at, checks, controls, complain)
        expires = _date(values, at, complain)
        if expires is not None and len(problems) == wrong:
            found.append(
                Suppression(
                    check=values.get("check", ""),
                    control=values.get("control", ""),
                    resource=values["resource"],
                    reason=values["reason"],
                    owner=values["owner"],
                    expires=expires,
                    file=str(path),
                    line=nearest(places, at, whole).line,
                )
            )
    if problems:
        raise InputError(problems)
    return tuple(found)


def _entry(entry: Any, at: KeyPath, complain: Complain) -> dict[str, str]:
    """What it says of each key in one line of text; complains of all else."""
    if not isinstance(entry, dict):
        complain(at, "is no suppression", _FORM)
        return {}
    values: dict[str, str] = {}
    for key in entry.keys() - set(_KEYS):
        complain((*at, key), f"{key!r} means nothing here", f"it is one of {', '.join(_KEYS)}")
    if ("check" in entry) == ("control" in entry):
        complain(at, "has to name a check or a control, and not both", _FORM)
    for key in ("resource", "reason", "owner", "expires"):
        if key not in entry:
            complain(at, f"has no {key}", _FORM)
    for key in entry.keys() & set(_KEYS):
        if not isinstance(entry[key], str) or not entry[key].strip():
            complain((*at, key), f"{key} is no text", f"write a text: {_FORM}")
        elif len(entry[key].splitlines()) > 1:
            complain((*at, key), f"{key} is more than one line of text", "write one line")
        else:
            values[key] = entry[key]
    return values


def _known(
    values: dict[str, str],
    at: KeyPath,
    checks: Collection[str],
    controls: Collection[str],
    complain: Complain,
) -> None:
    check, control = values.get("check"), values.get("control")
    if check and check not in checks:
        complain((*at, "check"), f"no check is called {check!r}", _nearest(check, checks))
    if control and control.casefold() not in {each.casefold() for each in controls}:
        complain((*at, "control"), f"no control is called {control!r}", _nearest(control, controls))


def _nearest(word: str, words: Collection[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for those who misspell

    close = get_close_matches(word, words, n=3)
    return f"did you mean {', '.join(close)}?" if close else "docs/audit.md lists them"


def _date(values: dict[str, str], at: KeyPath, complain: Complain) -> date | None:
    if (text := values.get("expires")) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        complain(
            (*at, "expires"),
            f"{text!r} is no date",
            "write the last day on which it counts: 2027-03-31",
        )
        return None
